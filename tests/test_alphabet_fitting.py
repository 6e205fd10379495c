"""Alphabets: which one labels are of."""

from __future__ import annotations

import pytest

from inkread.alphabet import CAPITALS, DIGITS, SMALL, fitting
from inkread.errors import AlphabetError


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        ([*"9876543210"], "digits"),
        (["2", "1"], "12"),
        ([*CAPITALS], "upper"),
        (["B", "A"], "AB"),
        ([*SMALL], "lower"),
        (["Aa", "Bb"], "letters"),
        ([*DIGITS, *CAPITALS], "alnum36"),
        (["Cc", "a", "A", "1"], "balanced"),
        ([*DIGITS, *CAPITALS, *SMALL], "byclass"),
        (["C", "c", "1"], "1Cc"),
        (["C", "c", "Cc"], "byclass"),
        (["β", "α"], "αβ"),
    ],
)
def test_the_alphabet_that_labels_are_of(labels: list[str], name: str) -> None:
    assert str(fitting(labels)) == name


def test_labels_that_say_nothing_have_no_alphabet() -> None:
    with pytest.raises(AlphabetError, match="no picture has a label"):
        fitting([])
