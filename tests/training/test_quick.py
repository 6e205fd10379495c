"""A training that leaves nothing behind gives the network that a run gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from inkread.errors import RunError, UsageError
from inkread.recipes import Recipe, SourceUse
from inkread.training import Pool, fit, logits_and_features_of, logits_of, quickly
from tiny_training import shape_pool, tiny_recipe


def one_source(**changes: object) -> Recipe:
    return tiny_recipe(choose_by="last", **changes).on([SourceUse("one", "drawn")], "ABC")


@pytest.mark.parametrize(
    "changes",
    [
        {"average": 0.8, "repeat": 1.5},
        {"average": 0.0, "schedule": "step", "steps": (0.5,), "optimizer": "sgd", "clip": 0.5, "keep_last": True},
        {"imbalance": "none", "mixup": 0.2, "smoothing": 0.1, "precision": "bfloat16"},
        {"imbalance": "sampler", "optimizer": "adam"},
    ],
)
def test_the_network_is_that_of_a_run_on_the_same_pictures(tmp_path: Path, changes: dict[str, object]) -> None:
    repeat = float(str(changes.pop("repeat", 1.0)))
    recipe, pictures, held = one_source(**changes), shape_pool("one", 60), shape_pool("one", 9, 1)
    pool = Pool("one", pictures.renderings[:1], pictures.targets, repeat, held=held)
    run = fit(recipe, [pool], tmp_path / "run").network()
    asked = shape_pool("asked", 30, 2).renderings[0]
    assert np.allclose(logits_of(quickly(recipe, pool), asked), logits_of(run, asked), atol=1e-5)


def test_going_on_from_a_network_leaves_that_network_as_it_was() -> None:
    pool = shape_pool("one", 60)
    start = quickly(one_source(), pool)
    before = {name: value.clone() for name, value in start.state_dict().items()}
    further = quickly(one_source(rate=1e-9), pool, start)
    assert all(torch.equal(value, before[name]) for name, value in start.state_dict().items())
    weight = "classify.weight"
    assert torch.allclose(further.state_dict()[weight], before[weight], atol=1e-6)
    assert not torch.allclose(quickly(one_source(), pool, start).state_dict()[weight], before[weight], atol=1e-3)


def test_fewer_pictures_than_a_batch_are_one_batch() -> None:
    assert logits_of(quickly(one_source(batch=64), shape_pool("one", 6)), shape_pool("asked", 2).renderings[0]).shape == (2, 3)


def test_what_needs_held_back_pictures_is_refused() -> None:
    with pytest.raises(UsageError, match=r"cannot look at it: training\.choose_by = mean/loss"):
        quickly(one_source().changed({"training.choose_by": "mean/loss"}), shape_pool("one", 6))


def test_a_loss_that_is_no_number_is_told() -> None:
    with pytest.raises(RunError, match="the loss is no number any more in epoch"):
        quickly(one_source(rate=1e30, optimizer="sgd", average=0.0), shape_pool("one", 60))


def test_features_are_what_the_last_layer_makes_logits_of() -> None:
    network = quickly(one_source(), shape_pool("one", 30))
    logits, features = logits_and_features_of(network, shape_pool("asked", 8).renderings[0], batch=3)
    with torch.no_grad():
        again = network.classify(torch.from_numpy(features))  # type: ignore[operator]
    assert np.allclose(again.numpy(), logits, atol=1e-5)
