"""Suspicions: every kind is told with its numbers, and only what explains an unsure answer is suspicious."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.picture import Survey
from inkread.reading import Finding, Reading
from inkread.reading.suspicions import suspicions

SOUND = Survey(contrast=180, dark=0.1, size=60, proportion=0.7, abreast=1)


def reading(ranking: dict[str, float], outside: float = 0.0, notes: tuple[str, ...] = ("inverted",)) -> Reading:
    ranked = tuple(ranking.items())
    return Reading(ranked[0][0], ranked[0][1], ranked, True, outside, False, np.zeros((28, 28), np.uint8), notes)


A = reading({"A": 0.99, "H": 0.01})
BLANK = Reading("", 0.0, (), False, 0.0, True, np.zeros((28, 28), np.uint8), ("inverted", "no ink found"))


def told(given: Reading, survey: Survey = SOUND, beyond: tuple[str, float] | None = None) -> tuple[Finding, ...]:
    return suspicions(given, survey, given.probability >= 0.8, beyond)


def test_a_sound_picture_with_a_sure_answer_is_not_suspicious() -> None:
    assert told(A) == ()


def test_a_blank_picture_is_told_with_its_greys() -> None:
    (finding,) = told(BLANK, Survey(contrast=6.2))
    assert (finding.code, finding.suspicious) == ("blank", True)
    assert finding.says == "no ink was found: light and dark parts of the picture differ by 6 of 255 grey levels"


def test_an_empty_box_is_told_as_one() -> None:
    (finding,) = told(replace(BLANK, notes=("border removed (4 sides)", "no ink found")))
    assert finding.says == "nothing is written inside the printed box"


def test_an_unsure_answer_names_its_runner_up() -> None:
    (finding,) = told(reading({"H": 0.5, "A": 0.3, "N": 0.2}))
    assert (finding.code, finding.says) == ("unsure", "the answer is unsure: `H` 50 %, then `A` 30 %")


@pytest.mark.parametrize(
    ("ranking", "says", "way"),
    [
        ({"O": 0.5, "0": 0.3, "o": 0.2}, "the shape alone cannot tell `O` 50 % from `0` 30 %, `o` 20 %", "--alphabet"),
        ({"c": 0.6, "C": 0.39, "G": 0.01}, "the shape alone cannot tell `c` 60 % from `C` 39 %", "--case fold"),
        ({"1": 0.55, "I": 0.3, "l": 0.14, "7": 0.01}, "the shape alone cannot tell `1` 55 % from `I` 30 %, `l` 14 %", "--alphabet"),
    ],
)
def test_look_alikes_are_told_instead_of_a_doubt(ranking: dict[str, float], says: str, way: str) -> None:
    (finding,) = told(reading(ranking))
    assert (finding.code, finding.says) == ("look_alikes", says)
    assert way in finding.hint


def test_a_look_alike_of_little_weight_explains_nothing() -> None:
    assert [each.code for each in told(reading({"O": 0.4, "Q": 0.35, "0": 0.25}))] == ["unsure"]


def test_what_lies_outside_the_alphabet_is_named() -> None:
    (finding,) = told(reading({"8": 0.99, "3": 0.01}, outside=0.93), beyond=("B", 0.91))
    assert (finding.code, finding.says) == ("outside", "93 % of the probability lies outside the alphabet: on `B` 91 %")


@pytest.mark.parametrize(
    ("survey", "code", "part"),
    [
        (replace(SOUND, abreast=2), "several", "2 pieces of a character's size"),
        (replace(SOUND, proportion=2.6), "several", "2.6 times as wide as it is high"),
        (replace(SOUND, contrast=22.4), "faint", "differ by 22 of 255"),
        (replace(SOUND, size=7.6), "small", "8 pixels long"),
        (replace(SOUND, edges=("left",)), "edge", "runs into the left edge"),
        (replace(SOUND, edges=("top", "bottom", "left")), "edge", "nearly all around"),
        (replace(SOUND, removed=0.4), "removed", "40 % of the ink"),
        (replace(SOUND, dark=0.52), "polarity", "52 % of the picture is dark, and the dark part was taken for ink"),
    ],
)
def test_what_is_odd_about_a_picture_is_told(survey: Survey, code: str, part: str) -> None:
    (finding,) = told(A, survey)
    assert finding.code == code
    assert part in finding.says
    assert finding.suspicious == (code == "several")


def test_what_is_odd_becomes_suspicious_where_the_answer_is_unsure() -> None:
    found = told(reading({"H": 0.5, "A": 0.5}), replace(SOUND, size=8, contrast=20))
    assert [(each.code, each.suspicious) for each in found] == [("unsure", True), ("faint", True), ("small", True)]


@pytest.mark.parametrize(
    ("note", "code", "says"),
    [
        ("border removed (3 sides)", "border", "a printed border was found and removed (3 sides)"),
        ("ruled lines removed", "rules", "ruled lines were found and removed"),
        ("light evened out", "light", "the light is uneven and was evened out"),
    ],
)
def test_what_the_preparation_took_away_is_noted(note: str, code: str, says: str) -> None:
    (finding,) = told(replace(A, notes=("inverted", note)))
    assert (finding.code, finding.says, finding.suspicious) == (code, says, False)
