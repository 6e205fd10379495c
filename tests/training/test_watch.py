"""A training that somebody watches, and breaks off."""

from __future__ import annotations

import json
from pathlib import Path

from inkread.recipes import Recipe
from inkread.training import Circumstances, Pool, fit
from tiny_training import tiny_recipe


def test_a_watched_training_tells_each_epoch_and_is_broken_off_when_told_so(two_pools: list[Pool], tmp_path: Path) -> None:
    recipe: Recipe = tiny_recipe(epochs=4)
    told: list[tuple[int, float]] = []

    def watch(epoch: int, accuracy: float) -> bool:
        told.append((epoch, accuracy))
        return epoch == 2

    run = fit(recipe, two_pools, tmp_path / "run", Circumstances(watch=watch))
    rows = [json.loads(line) for line in (tmp_path / "run" / "history.jsonl").read_text().splitlines()]
    assert told == [(each["epoch"], each["val/accuracy"]) for each in rows]
    assert (run.metrics["epochs"], run.metrics["broken_off"], run.metrics["stopped"]) == (2, True, "")
    assert not (tmp_path / "run" / "last.ckpt").exists(), "it has ended, and is not gone on with"


def test_a_training_that_nobody_breaks_off_is_as_one_that_nobody_watches(two_pools: list[Pool], tmp_path: Path) -> None:
    recipe = tiny_recipe(epochs=2)
    watched = fit(recipe, two_pools, tmp_path / "watched", Circumstances(watch=lambda epoch, accuracy: False))
    alone = fit(recipe, two_pools, tmp_path / "alone")
    assert watched.metrics == alone.metrics
    assert not watched.metrics["broken_off"]
