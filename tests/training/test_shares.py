"""Making do with fewer pictures: how many, of which classes, and which ones for which seed."""

from __future__ import annotations

import numpy as np

from inkread.training import limited
from inkread.training.shares import held_back
from tiny_training import shape_pool, tiny_recipe

RECIPE = tiny_recipe()


def pictures(pool):  # type: ignore[no-untyped-def]
    return {each.tobytes() for each in pool.renderings[0]}


def test_no_limit_leaves_the_pools_as_they_are() -> None:
    pools = [shape_pool("one")]
    assert limited(pools, RECIPE)[0] is pools[0]


def test_so_many_pictures_of_every_class_train_and_validate() -> None:
    pools = [shape_pool("one", 400), shape_pool("two", 200, 1)]
    found = limited(pools, RECIPE, pictures=240, held=60)
    assert abs(sum(map(len, found)) - 240) <= 3
    assert abs(sum(len(each.held) for each in found if each.held) - 60) <= 3
    assert 1.8 < len(found[0]) / len(found[1]) < 2.2, "as many of each source as it has"
    for pool, whole in zip(found, pools, strict=True):
        assert np.abs(pool.targets.mean(axis=0) - whole.targets.mean(axis=0)).max() < 0.05


def test_what_validates_is_never_trained_on_and_is_held_back_without_a_limit_too() -> None:
    pool = shape_pool("one", 400)
    (few,) = limited([pool], RECIPE, pictures=100, held=20)
    train, validate = held_back(pool, RECIPE)
    whole_train, whole_held = ({each.tobytes() for each in pool.renderings[0][at]} for at in (train, validate))
    assert few.held is not None
    assert pictures(few) <= whole_train
    assert pictures(few.held) <= whole_held
    kept, of_them = held_back(few, RECIPE)
    assert (len(kept), len(of_them)) == (len(few), len(few.held)), "all of it trains, all of that validates"


def test_seeds_differ_in_what_they_train_on_and_not_in_what_they_validate_on() -> None:
    pool = shape_pool("one", 400)
    (one,), (same,), (other,) = (limited([pool], RECIPE.changed({"seed": seed}), pictures=100, held=20) for seed in (1, 1, 2))
    assert one.held
    assert same.held
    assert other.held
    assert np.array_equal(one.renderings, same.renderings)
    assert not np.array_equal(one.renderings, other.renderings)
    assert np.array_equal(one.held.renderings, other.held.renderings)


def test_a_limit_beyond_what_there_is_takes_all() -> None:
    pool = shape_pool("one", 100)
    (found,) = limited([pool], RECIPE, pictures=10**6, held=10**6)
    assert found.held is not None
    assert (len(found) + len(found.held), len(found.held)) == (100, len(held_back(pool, RECIPE)[1]))


def test_a_source_that_brings_what_validates_keeps_to_it() -> None:
    from dataclasses import replace

    brought = shape_pool("one", 60, seed=5)
    (found,) = limited([replace(shape_pool("one", 200), held=brought)], RECIPE, pictures=50, held=15)
    assert found.held is not None
    assert (abs(len(found) - 50) <= 2, abs(len(found.held) - 15) <= 2) == (True, True)
    assert pictures(found.held) <= pictures(brought)
