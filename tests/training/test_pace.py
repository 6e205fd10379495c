"""How fast a recipe trains, from a few steps."""

from __future__ import annotations

import time
from importlib import import_module

import pytest
import torch

from inkread.errors import UsageError
from inkread.recipes import load
from inkread.training import pace

MLP = load("mlp").changed({"alphabet": "ABC", "training.batch": 64})


def test_a_pace_is_positive_and_slower_for_what_has_more_to_compute() -> None:
    small = MLP.changed({"network.width": 8, "network.layers": 1})
    large = MLP.changed({"network.width": 2048, "network.layers": 4})
    assert pace(small, threads=1) > 2 * pace(large, threads=1) > 0


def test_the_threads_of_torch_are_as_they_were_whatever_happens() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        pace(MLP, threads=1)
        assert torch.get_num_threads() == 2
        with pytest.raises(UsageError):
            pace(MLP.changed({"network.width": -1}), threads=1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_no_step_is_begun_once_it_has_taken_long(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []

    def slow(*_: object) -> torch.Tensor:
        steps.append(0)
        time.sleep(0.02)
        return torch.zeros(64, 28, 28)

    monkeypatch.setattr(import_module("inkread.training.pace"), "augment", slow)
    pace(MLP, threads=1, most=0.01)
    assert len(steps) == 2, "one to warm up, one that counts"
