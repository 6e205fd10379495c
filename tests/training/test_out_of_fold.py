"""Every picture is asked of a network that never saw it; finished folds are kept, and planted wrong labels come to light."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("cleanlab")

from inkread.alphabet import Alphabet
from inkread.datasets.drawn import drawn
from inkread.errors import RunError, UsageError
from inkread.evaluation import audit
from inkread.preparation import Preparation
from inkread.recipes import load
from inkread.training import Pool, Run, dealt, out_of_fold, sized
from inkread.training.out_of_fold import kept_together
from tiny_training import shape_pool, tiny_recipe


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few steps a fold, where only what happens to the folds matters."""
    monkeypatch.setattr(import_module("inkread.training.out_of_fold"), "STEPS", 4)


def test_pictures_are_dealt_evenly_each_class_and_each_set_of_classes() -> None:
    targets = np.eye(4, dtype=bool)[np.repeat([0, 1, 2, 3], [40, 13, 5, 1])]
    targets[40:45, 0] = True
    part = dealt(targets, 5, 3)
    assert np.bincount(part, minlength=5).tolist() in ([12, 12, 12, 12, 11], [11, 12, 12, 12, 12])
    assert np.bincount(part[:40]).tolist() == [8] * 5
    assert np.bincount(part[40:45]).tolist() == [1] * 5
    assert (part == dealt(targets, 5, 3)).all()
    assert (part != dealt(targets, 5, 4)).any()


def test_equal_pictures_and_those_of_one_writer_come_into_one_fold() -> None:
    targets = np.eye(2, dtype=bool)[np.repeat([0, 1], 20)]
    twins = np.arange(40) // 2
    pictures = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)[twins]
    part = dealt(targets, 5, 0, kept_together(pictures, None, 5))
    assert (part[::2] == part[1::2]).all()
    assert np.bincount(part).tolist() == [8] * 5
    assert np.bincount(part[:20]).tolist() == [4] * 5
    writers = np.repeat(list("abcdefghij"), 4)
    part = dealt(targets, 5, 0, kept_together(pictures, writers, 5))
    assert all(len(set(part[writers == each].tolist())) == 1 for each in writers)
    assert np.bincount(part).tolist() == [8] * 5
    few = np.repeat(["a", "b"], 20)  # their folds would be halves
    assert (kept_together(pictures, few, 5) == kept_together(pictures, None, 5)).all()


@pytest.mark.usefixtures("_short")
def test_a_network_is_asked_only_about_what_it_never_saw(tmp_path: Path) -> None:
    pool, recipe = shape_pool("one", 90), tiny_recipe(epochs=1)
    begun: list[int] = []
    found = out_of_fold(recipe, pool, tmp_path, 3, 0, begun=begun.append)
    assert begun == [0, 1, 2]
    assert found.shape == (90, 3)
    assert found.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    part = dealt(pool.targets, 3, 0, kept_together(pool.renderings[0], None, 3))
    for fold in range(3):
        counts = Run(tmp_path / f"fold-{fold + 1}-of-3").metrics["counts"]["one"]
        assert sum(counts.values()) < (part != fold).sum()  # a share of the others validated


@pytest.mark.usefixtures("_short")
def test_finished_folds_are_kept_and_a_lost_one_is_trained_again_to_the_same_numbers(tmp_path: Path) -> None:
    pool, recipe = shape_pool("one", 90), tiny_recipe(epochs=1)
    first = out_of_fold(recipe, pool, tmp_path, 3)
    shutil.rmtree(tmp_path / "fold-2-of-3")
    (tmp_path / "fold-2-of-3").mkdir()
    (tmp_path / "fold-2-of-3" / "recipe.toml").write_text("killed in its first epoch")
    begun: list[int] = []
    again = out_of_fold(recipe, pool, tmp_path, 3, begun=begun.append)
    assert begun == [1]
    assert (first == again).all()


@pytest.mark.usefixtures("_short")
def test_folds_of_other_pictures_are_refused(tmp_path: Path) -> None:
    recipe = tiny_recipe(epochs=1)
    out_of_fold(recipe, shape_pool("one", 60), tmp_path, 2)
    with pytest.raises(RunError) as caught:
        out_of_fold(recipe, shape_pool("one", 60, seed=5), tmp_path, 2)
    assert str(caught.value) == f"the folder holds a run of other pictures: {tmp_path / 'fold-1-of-2'}"


@pytest.mark.parametrize(("folds", "count"), [(1, 90), (9, 80)])
def test_too_few_folds_or_pictures_are_refused(tmp_path: Path, folds: int, count: int) -> None:
    with pytest.raises(UsageError, match=rf"^at least two folds of 10 pictures each are needed: {folds} of {count} pictures$"):
        out_of_fold(tiny_recipe(), shape_pool("one", count), tmp_path, folds)


@pytest.mark.parametrize(("count", "batch", "share", "repeat"), [(100_000, 256, 0.02, 1.0), (1_000, 50, 0.1, 8.33), (60, 32, 0.1, 88.9)])
def test_small_sets_are_gone_through_more_often_in_smaller_batches(count: int, batch: int, share: float, repeat: float) -> None:
    recipe, times = sized(load("audit"), count)
    assert (recipe.training.batch, recipe.training.validation) == (batch, share)
    assert times == pytest.approx(repeat, rel=1e-3)


def test_planted_wrong_labels_are_found_by_a_real_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("inkread.training.out_of_fold"), "STEPS", 120)
    characters = Alphabet("ABCX")
    glyphs = drawn(characters.characters, 50, seed=3).prepared(Preparation())
    right = np.array([characters.index(glyphs.alphabet[at]) for at in glyphs.single_labels()])
    given = right.copy()
    at = np.random.default_rng(0).choice(len(given), 12, replace=False)
    given[at] = (given[at] + 1) % len(characters)
    targets = np.eye(len(characters), dtype=bool)[given]
    changes = {"alphabet": "ABCX", "training.precision": "float32", "network.widths": [16, 32], "network.depths": [0, 0]}
    recipe = load("audit").changed({**changes, "network.features": 32})
    found = audit(targets, out_of_fold(recipe, Pool("drawn", np.asarray(glyphs.pictures)[None], targets), tmp_path, 2), characters)
    hits = [each for each in found.suspects if each.index in at]
    assert len(hits) >= 10
    assert len(hits) >= 0.4 * len(found.suspects)  # 12 of 21; a hundred pictures a fold teach no more
    assert sum(each.suggested == characters[right[each.index]] for each in hits) >= len(hits) - 1
