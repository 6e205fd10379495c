from __future__ import annotations

import numpy as np
import pytest

from inkread.alphabet import BYCLASS, NAMED, Alphabet
from inkread.datasets import GlyphSet, joined
from inkread.errors import DataError
from made_files import many

AB = Alphabet("ABab")


def _three() -> GlyphSet:
    targets = np.array([[1, 0, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0]], bool)
    return GlyphSet(many(3), targets, AB, "three", np.array(["u", "v", "w"]), ("x", "y", "z"))


def test_several_targets_and_none_are_no_single_label() -> None:
    assert _three().single_labels().tolist() == [0, -1, -1]
    assert _three().counts() == {"A": 1, "B": 0, "a": 0, "b": 0}


def test_taking_keeps_everything_of_a_picture_together() -> None:
    taken = _three().take([2, 0])
    assert [int(picture[0, 0]) for picture in taken.pictures] == [3, 1]
    assert taken.targets.tolist() == [[False] * 4, [True, False, False, False]]
    assert (taken.names, taken.writer.tolist() if taken.writer is not None else None) == (("z", "x"), ["w", "u"])


def test_a_mask_takes_where_it_is_true() -> None:
    assert _three().take(np.array([False, True, False])).names == ("y",)


def test_lazy_pictures_are_made_only_when_asked_for() -> None:
    made: list[int] = []

    class Counting(list):  # type: ignore[type-arg]
        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            made.append(index)
            return many(5)[index]

    lazy = GlyphSet(Counting(range(5)), np.zeros((5, 4), bool), AB)
    taken = joined([lazy, _three()]).take([7, 4, 1])
    assert made == []
    assert [int(taken.pictures[at][0, 0]) for at in range(3)] == [3, 5, 2]
    assert int(taken.pictures[-1][0, 0]) == 2
    assert made == [4, 1, 1]
    assert len(taken.pictures[1:]) == 2
    with pytest.raises(IndexError):
        taken.pictures[3]


def test_joined_arrays_stay_an_array_and_missing_names_are_empty() -> None:
    nameless = GlyphSet(many(1), np.zeros((1, 4), bool), AB, "one")
    both = joined([_three(), nameless])
    assert isinstance(both.pictures, np.ndarray)
    assert (both.names, both.source) == (("x", "y", "z", ""), "three+one")
    assert both.writer is not None
    assert both.writer.tolist() == ["u", "v", "w", ""]


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(DataError, match=r"targets must be bool of shape \(3, 62\): bool \(3, 4\)"):
        GlyphSet(many(3), np.zeros((3, 4), bool))
    with pytest.raises(DataError, match="targets must be bool"):
        GlyphSet(many(3), np.zeros((3, 62), np.uint8))  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"names must have one entry a picture \(3\): 1"):
        GlyphSet(many(3), np.zeros((3, 62), bool), names=("a",))
    with pytest.raises(DataError, match="sets of different alphabets cannot be joined"):
        joined([GlyphSet(many(1), np.zeros((1, len(each)), bool), each) for each in (BYCLASS, NAMED["digits"])])
    with pytest.raises(DataError, match="no set to join"):
        joined([])
