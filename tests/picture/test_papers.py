"""What paper, light, print and dirt do to a picture must not change the character that is prepared from it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.datasets.drawn import Border, Dirt, Frame, Hand, Light, Paper, Ruling, draw, on_paper
from inkread.datasets.drawn.hand import strokes_of
from inkread.picture import Pen, prepare, render

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
    # in four of the ten they come so near that nobody can say whose stroke it is
    assert spoilt(Paper(dirt=Dirt(neighbours=2)))[:6][-1] < 1


@pytest.mark.parametrize("character", "BDEO")
@pytest.mark.parametrize("margin", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("side", [64, 900])
def test_the_margin_of_a_tight_crop_is_not_taken_for_a_box(character: str, margin: float, side: int) -> None:
    ink = np.zeros((100, 100), np.uint8)
    size = cv2.getTextSize(character, cv2.FONT_HERSHEY_SIMPLEX, 2.5, 9)[0]
    cv2.putText(ink, character, (50 - size[0] // 2, 50 + size[1] // 2), cv2.FONT_HERSHEY_SIMPLEX, 2.5, 255, 9, cv2.LINE_AA)
    left, top, width, height = cv2.boundingRect(ink)
    around = round(margin * max(width, height))
    crop = cv2.copyMakeBorder(ink[top : top + height, left : left + width], around, around, around, around, cv2.BORDER_CONSTANT, value=0)
    crop = cv2.resize(crop, (side * crop.shape[1] // max(crop.shape), side * crop.shape[0] // max(crop.shape)))
    for picture, taken in ((crop, "ink is light"), (255 - crop, "inverted")):
        assert prepare(picture).notes[0] == taken


@pytest.mark.parametrize("character", "BDE")
def test_a_closer_look_keeps_to_what_was_ink(character: str) -> None:
    picture = np.full((1200, 1600), 235, np.uint8)
    cv2.putText(picture, character, (700, 700), cv2.FONT_HERSHEY_SIMPLEX, 5.0, 30, 24, cv2.LINE_AA)
    prepared = prepare(picture)
    assert "looked at closely" in prepared.notes
    assert prepared.picture.mean() < 110


def test_a_bar_that_stands_apart_in_a_tight_crop_is_no_printed_line() -> None:
    picture = np.full((64, 44), 240, np.uint8)
    picture[3:8, 3:41] = 20
    picture[14:61, 20:25] = 20
    assert not any("removed" in note for note in prepare(picture).notes)


@pytest.mark.parametrize("margin", [0, 2])
def test_straight_strokes_of_a_thin_pen_that_fill_their_frame_are_no_ruled_lines(margin: int) -> None:
    taken = 0
    for character in "AHLMNTUZfmt147":
        for seed in range(10):
            picture = render(strokes_of(character, np.random.default_rng(seed)), Pen(width=0.035), margin=margin)
            taken += any("lines removed" in note for note in prepare(picture).notes)
    assert taken <= 16  # of 140; a bar at the very edge of its frame may also be print


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
