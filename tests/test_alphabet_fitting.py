"""Alphabets: which one labels are of."""

from __future__ import annotations

import pytest

from inkread.alphabet import fitting
from inkread.errors import AlphabetError


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        (["1", "2"], "digits"),
        (["A", "B"], "upper"),
        (["b", "a"], "lower"),
        (["Aa", "Bb"], "letters"),
        (["0", "A"], "alnum36"),
        (["Cc", "a", "A", "1"], "balanced"),
        (["C", "c", "1"], "byclass"),
        (["C", "c", "Cc"], "byclass"),
        (["β", "α"], "αβ"),
    ],
)
def test_the_alphabet_that_labels_are_of(labels: list[str], name: str) -> None:
    assert str(fitting(labels)) == name


def test_labels_that_say_nothing_have_no_alphabet() -> None:
    with pytest.raises(AlphabetError, match="no picture has a label"):
        fitting([])
