"""What the benchmark of teaching promises: taught and scored pictures are apart, and the interval is that of the writers."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from inkread.bundle import Bundle
from inkread.datasets import GlyphSet
from inkread.datasets.drawn import draw
from inkread.errors import DataError
from inkread.picture import prepare


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    return import_module("teach")


def test_no_picture_both_teaches_and_counts(benchmark: ModuleType) -> None:
    labels = np.repeat([3, 5, 9], [5, 4, 3])
    taught, rest = benchmark.divided(labels, 3, np.random.default_rng(0))
    assert np.bincount(labels[taught], minlength=10)[[3, 5, 9]].tolist() == [3, 3, 0]
    assert np.bincount(labels[rest], minlength=10)[[3, 5, 9]].tolist() == [2, 1, 0]
    assert not set(taught) & set(rest)
    with pytest.raises(DataError, match="more than 3"):
        benchmark.divided(np.array([1, 1, 2]), 3, np.random.default_rng(0))


def test_the_share_of_errors_gone_has_the_interval_of_its_writers(benchmark: ModuleType) -> None:
    assert benchmark.gone(np.array([10, 10, 10]), np.array([5, 5, 5])) == (50.0, 50.0, 50.0)
    share, low, high = benchmark.gone(np.array([10, 10, 10, 10]), np.array([0, 10, 0, 10]))
    assert share == 50.0
    assert low < 25.0 < 75.0 < high


def test_a_writer_is_scored_before_and_after(benchmark: ModuleType, make_tiny_bundle: Callable[..., Bundle]) -> None:
    rng = np.random.default_rng(0)
    pictures = np.stack([prepare(draw(character, rng)).picture for character in "AB7" for _ in range(5)])
    targets = np.repeat(np.eye(62, dtype=np.bool_)[[10, 11, 7]], 5, axis=0)
    writer = benchmark.measured(make_tiny_bundle(), GlyphSet(pictures, targets), rng, 1)
    assert (writer.taught, writer.pictures) == (9, 6)
    assert 0 <= writer.after["keep"] <= 6
    assert [row.figure for row in benchmark.rows_of([writer])] == [
        "digilets, 3 pictures per character, 62 classes",
        "digilets, 3 pictures per character, 36 classes",
    ]
