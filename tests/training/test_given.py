"""What follows `--data`: parts, alphabets and names are found, and nothing without a label trains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import DataError, UsageError
from inkread.recipes import Recipe, SourceUse
from inkread.training import given, small
from tiny_training import shape_folder, shapes


def course(file: Path) -> Path:
    """The course's six arrays: three parts of two letters."""
    arrays = {}
    for part, count in (("train", 12), ("validate", 6), ("test", 4)):
        arrays[f"{part}_images"] = shapes(count, 1)[0].astype(np.float32) / 255
        arrays[f"{part}_labels"] = np.eye(27, dtype=np.float32)[1 + np.arange(count) % 2]
    np.savez(file, **arrays)
    return file


def test_labels_choose_the_alphabet_where_the_recipe_names_none(tmp_path: Path) -> None:
    recipe, (pool,) = given(Recipe("x"), str(shape_folder(tmp_path / "mine")))
    assert (recipe.alphabet, recipe.main_source, pool.name) == ("ABC", "mine", "mine")
    assert pool.renderings.shape == (1, 30, 28, 28)
    assert pool.targets.shape == (30, 3)
    assert list(pool.data) == ["mine"]


def test_a_named_alphabet_leaves_out_what_it_does_not_know(tmp_path: Path) -> None:
    mixed = shape_folder(tmp_path / "mixed", "A7b")
    recipe, (pool,) = given(Recipe("x", alphabet="digits"), str(mixed))
    assert recipe.alphabet == "digits"
    assert 0 < len(pool) < 30
    assert pool.targets[:, 7].all()
    with pytest.raises(DataError, match="outside the alphabet lower"):
        given(Recipe("x", alphabet="lower"), str(shape_folder(tmp_path / "capitals")))


def test_a_validation_part_comes_along(tmp_path: Path) -> None:
    recipe, (pool,) = given(Recipe("x"), str(course(tmp_path / "letters.npz")))
    assert recipe.alphabet == "letters"
    assert pool.held is not None
    assert (len(pool), len(pool.held), pool.held.name) == (12, 6, pool.name)


def test_several_sources_are_pools_of_their_own_each_with_a_name(tmp_path: Path) -> None:
    one, other = shape_folder(tmp_path / "a" / "same"), shape_folder(tmp_path / "b" / "same")
    recipe, pools = given(Recipe("x"), f"{one}+{other}")
    assert [pool.name for pool in pools] == ["same-1", "same-2"] == [each.name for each in recipe.sources]


def test_a_recipes_own_sources_are_used_as_it_says(tmp_path: Path) -> None:
    mine = shape_folder(tmp_path / "mine")
    sources = (SourceUse("first", str(mine)), SourceUse("second", f"{mine}:train", repeat=2.0, validation=0.25))
    recipe, pools = given(Recipe("x", sources, main_source="second"))
    assert [(pool.name, pool.repeat, pool.validation) for pool in pools] == [("first", 1.0, -1.0), ("second", 2.0, 0.25)]
    assert (recipe.main_source, recipe.sources[1].repeat) == ("second", 2.0)
    assert given(recipe, str(mine))[0].sources[0].repeat == 1.0


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        ((), "no data to train on"),
        ((SourceUse("drawn", "drawn", renderings=3),), "of which the recipe draws 3 renderings is not opened here: drawn"),
        ((SourceUse("both", "a+b"),), "a recipe names each source apart: both is "),
    ],
)
def test_sources_that_cannot_be_opened_are_told(tmp_path: Path, sources: tuple[SourceUse, ...], says: str) -> None:
    for name in "ab":
        shape_folder(tmp_path / name)
    sources = tuple(replace(each, data=each.data.replace("a+b", f"{tmp_path / 'a'}+{tmp_path / 'b'}")) for each in sources)
    with pytest.raises(UsageError, match=says):
        given(Recipe("x", sources))


def test_a_small_share_has_some_of_every_class(tmp_path: Path) -> None:
    _, pools = given(Recipe("x"), str(shape_folder(tmp_path / "mine", count=60)))
    (few,) = small(pools, 0.01, 1)
    assert 20 <= len(few) <= 28
    assert few.targets.any(axis=0)[:3].all()
