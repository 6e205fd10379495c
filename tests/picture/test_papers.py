"""What paper, light, print and dirt do to a picture must not change the character that is prepared from it."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.datasets.drawn import Border, Dirt, Frame, Hand, Light, Paper, Ruling, draw, on_paper
from inkread.picture import prepare

CHARACTERS = "ABEGKRS258"
CLEAN = Paper(dirt=Dirt(noise=0.0))

PAPERS = {
    "a hard shadow": (Paper(light=Light(shadow=0.45, softness=0.02, towards=30.0)), 4),
    "a soft shadow": (Paper(light=Light(shadow=0.5, softness=0.2, towards=120.0)), 4),
    "a lamp's fall-off": (Paper(light=Light(slope=0.5, towards=200.0)), 4),
    "dark ruled lines": (Paper(ruling=Ruling(0.4, dark=0.6)), 6),
    "leaning ruled lines": (Paper(ruling=Ruling(0.5, dark=0.4, tilt=2.0)), 4),
    "dark squares": (Paper(ruling=Ruling(0.25, squared=True, dark=0.55)), 12),
    "fine squares": (Paper(ruling=Ruling(0.12, squared=True, dark=0.35)), 8),
    "a box in a shadow": (Paper(border=Border(0.02), light=Light(shadow=0.4, softness=0.03)), 4),
    "a box in falling light": (Paper(border=Border(0.03), light=Light(slope=0.4, towards=90.0)), 4),
    "a thick box, light on dark": (Paper(border=Border(0.06), inverted=True), 4),
    "specks": (Paper(dirt=Dirt(specks=6)), 5),
    "small in a corner": (Paper(frame=Frame(0.4, 0.9, 0.9)), 12),
}


def spoilt(paper: Paper) -> list[float]:
    """Mean grey levels by which each character differs from the one prepared from clean paper, in rising order."""
    found = []
    for seed, character in enumerate(CHARACTERS):
        ink = draw(character, np.random.default_rng(seed), Hand())
        one, other = (prepare(on_paper(ink, np.random.default_rng(seed), each)).picture.astype(int) for each in (CLEAN, paper))
        found.append(float(np.abs(one - other).mean()))
    return sorted(found)


@pytest.mark.parametrize("what", PAPERS)
def test_the_character_stays_as_it_was_on(what: str) -> None:
    paper, most = PAPERS[what]
    # one of the ten may be spoilt: a stroke that runs along a printed line, a speck that touches the ink
    assert spoilt(paper)[-2] < most


def test_neighbours_that_do_not_come_near_are_left_out() -> None:
    assert spoilt(Paper(dirt=Dirt(neighbours=2)))[len(CHARACTERS) // 2] < 1


@pytest.mark.parametrize(("specks", "says"), [(1, "1 speck or neighbour removed"), (2, "2 specks or neighbours removed")])
def test_specks_are_counted_in_words(specks: int, says: str) -> None:
    picture = np.full((64, 64), 240, np.uint8)
    picture[10:54, 30:35] = 20
    for at in range(specks):
        picture[20 + 20 * at : 23 + 20 * at, 50:53] = 20
    assert says in prepare(picture).notes


def test_two_characters_side_by_side_are_told() -> None:
    picture = np.full((64, 90), 240, np.uint8)
    picture[10:54, 20:25] = 20
    picture[12:50, 60:65] = 20
    assert any("2 pieces of a character's size side by side" in note for note in prepare(picture).notes)
