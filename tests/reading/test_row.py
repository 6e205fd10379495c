from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from inkread.datasets.drawn import Hand, draw
from inkread.errors import PictureError
from inkread.reading import cut_row

TEXT = "1HGCM82633A004352"
HEIGHT, WIDTH, MARGIN = 60, 46, 16


@dataclass(frozen=True)
class Printed:
    """A row as it is printed: ``gap`` between boxes, ``before`` which boxes a wider gap stands, what is drawn."""

    gap: int = 0
    wider: tuple[int, ...] = ()
    sides: bool = True
    comb: bool = False
    line: int = 2


def composed(printed: Printed, text: str = TEXT, seed: int = 0) -> tuple[np.ndarray, list[int]]:
    """A dark-on-light row of drawn characters, and the left edge of every box."""
    rng = np.random.default_rng(seed)
    hand = Hand.random(rng)
    lefts, x = [], MARGIN
    for at in range(len(text)):
        x += 18 if at in printed.wider else 0
        lefts.append(x)
        x += WIDTH + printed.gap
    ink = np.zeros((HEIGHT + 2 * MARGIN, x - printed.gap + MARGIN), np.uint8)
    for left, character in zip(lefts, text, strict=True):
        glyph = draw(character, rng, hand, size=48)
        glyph = glyph[: HEIGHT - 8, : WIDTH - 8]
        top, start = MARGIN + (HEIGHT - glyph.shape[0]) // 2, left + (WIDTH - glyph.shape[1]) // 2
        ink[top : top + glyph.shape[0], start : start + glyph.shape[1]] = glyph
    for left in lefts:
        edges = (slice(MARGIN, MARGIN + HEIGHT), slice(left, left + WIDTH + printed.line))
        if printed.sides:
            for rows in (slice(MARGIN, MARGIN + printed.line), slice(MARGIN + HEIGHT - printed.line, MARGIN + HEIGHT)):
                ink[rows, edges[1]] = 255
            for columns in (slice(left, left + printed.line), slice(left + WIDTH, left + WIDTH + printed.line)):
                ink[edges[0], columns] = 255
        if printed.comb:
            ink[MARGIN + HEIGHT - printed.line : MARGIN + HEIGHT, edges[1]] = 255
            for columns in (slice(left, left + printed.line), slice(left + WIDTH, left + WIDTH + printed.line)):
                ink[MARGIN + HEIGHT * 7 // 10 : MARGIN + HEIGHT, columns] = 255
    return 255 - ink, lefts


def turned(picture: np.ndarray, degrees: float) -> np.ndarray:
    import cv2

    width = picture.shape[1]
    room = int(abs(np.sin(np.deg2rad(degrees))) * width / 2) + 2
    wide = cv2.copyMakeBorder(picture, room, room, 6, 6, cv2.BORDER_CONSTANT, value=255)
    matrix = cv2.getRotationMatrix2D((wide.shape[1] / 2, wide.shape[0] / 2), degrees, 1)
    return cv2.warpAffine(wide, matrix, wide.shape[::-1], borderMode=cv2.BORDER_CONSTANT, borderValue=255)


LAYOUTS = {
    "adjoining": (Printed(), "boxes"),
    "thick": (Printed(line=5), "boxes"),
    "apart": (Printed(gap=10), "boxes"),
    "groups": (Printed(wider=(3, 9)), "boxes"),
    "comb": (Printed(sides=False, comb=True), "comb"),
    "spaces": (Printed(sides=False), "spaces"),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("degrees", [0.0, 2.5, -3.0])
def test_seventeen_boxes_are_found(name: str, degrees: float) -> None:
    printed, layout = LAYOUTS[name]
    picture, lefts = composed(printed)
    row = cut_row(turned(picture, degrees) if degrees else picture, 17)
    assert row.layout == layout
    assert row.angle == pytest.approx(-degrees, abs=0.4)
    centres = [(left + right) / 2 for left, _, right, _ in row.places]
    steps = [after - before for before, after in pairwise(left + WIDTH / 2 for left in lefts)]
    loose = 12 if layout == "spaces" else 4
    assert np.diff(centres) == pytest.approx(steps, abs=loose)


@pytest.mark.parametrize("name", LAYOUTS)
def test_light_ink_on_dark_paper_is_cut_alike(name: str) -> None:
    picture, _ = composed(LAYOUTS[name][0])
    assert cut_row(255 - picture, 17).places == cut_row(picture, 17).places


def test_a_cut_box_holds_its_character_without_the_printed_lines() -> None:
    picture, lefts = composed(Printed(line=3))
    bare, _ = composed(Printed(sides=False))
    for box, left in zip(cut_row(picture, 17).boxes, lefts, strict=True):
        assert min(box[:, 0].min(), box[:, -1].min()) > 200
        own = (bare[MARGIN : MARGIN + HEIGHT, left : left + WIDTH] < 128).sum()
        assert (box < 128).sum() == pytest.approx(own, rel=0.05)


def test_a_shadow_across_the_row_does_not_matter() -> None:
    picture, _ = composed(Printed())
    shaded = (picture * np.linspace(1.0, 0.45, picture.shape[1])).astype(np.uint8)
    assert len(cut_row(shaded, 17).boxes) == 17


@pytest.mark.parametrize("count", [12, 16, 18])
@pytest.mark.parametrize("name", ["adjoining", "apart", "comb"])
def test_another_number_of_boxes_is_told(name: str, count: int) -> None:
    picture, _ = composed(LAYOUTS[name][0], (TEXT * 2)[:count])
    with pytest.raises(PictureError, match=rf"17 boxes .* found: {count}") as caught:
        cut_row(picture, 17)
    assert "folder" in caught.value.hint


def test_too_few_characters_without_boxes_are_told() -> None:
    picture, _ = composed(Printed(sides=False), TEXT[:9])
    with pytest.raises(PictureError, match=r"17 characters .* found: 9"):
        cut_row(picture, 17)


@pytest.mark.parametrize("shape", [(40, 600), (1, 1), (3, 2000)])
def test_an_empty_picture_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match="no ink"):
        cut_row(np.full(shape, 240, np.uint8), 17)


@pytest.mark.parametrize("seed", range(6))
def test_noise_is_refused_or_cut_but_never_a_crash(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(int(each) for each in rng.integers(1, 300, 2))
    with suppress(PictureError):
        assert len(cut_row(rng.integers(0, 256, shape).astype(np.uint8), 17).boxes) == 17
