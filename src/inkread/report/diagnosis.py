"""The doctor's page: one picture, what was done to it, how it is read and why, and what is suspicious."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..picture import Canvas, fitted, sheet, shortened, text_width, thumbnail, wrapped
from .contact import NO_BREAK, kind_of, percent

Picture = NDArray[np.uint8]

WIDTH, MARGIN = 1128, 18
CELL, LARGE, SMALL = 128, 252, 84
"""Pixels of a step's picture, of what the network sees, of a neighbour."""

FOR, AGAINST = (206, 38, 38), (32, 92, 214)
COVER = (240, 150, 40)
ALARM, CALM, BAR, BAR_OTHER = (196, 84, 10), (120, 140, 160), (38, 84, 150), (164, 182, 206)
HEADING, TEXT, LINE = 16, 15, 21
FEWEST_FALLS = 0.05
"""Fall of the logarithm below which the map stays pale, or an answer that nothing shakes would look torn."""


@dataclass(frozen=True)
class Remark:
    """A sentence on what was found, a hint, and whether it is suspicious."""

    says: str
    hint: str = ""
    suspicious: bool = True


@dataclass(frozen=True)
class Covered:
    """A patch of ``patch`` pixels with its upper left one at ``row``, ``column``, and what is read where it covers the ink."""

    row: int
    column: int
    patch: int
    caption: str


@dataclass(frozen=True, eq=False)
class Examined:
    """What stands on the page of one picture.

    ``name``: its path. ``character``: the answer, empty for a blank picture, with ``probability`` 0..1 and ``state``
    (``sure``, ``unsure``, ``blank``). ``ranking``: answers with their probabilities, the answer first. ``steps``, ``neighbours``:
    captions (lines parted by newlines) and pictures uint8. ``done``: what was done, in words. ``seen``: uint8 (28, 28).
    ``falls``: float64 (28, 28), how much the logarithm of the answer's probability falls where a pixel is covered, or
    ``None``. ``why``: sentences on that. ``flips``: patches that change the answer. ``source``: where the neighbours are from.
    """

    name: str
    character: str
    probability: float
    state: str
    ranking: Sequence[tuple[str, float]]
    steps: Sequence[tuple[str, Picture]]
    done: str
    seen: Picture
    falls: NDArray[np.float64] | None = None
    why: Sequence[str] = ()
    flips: Sequence[Covered] = ()
    remarks: Sequence[Remark] = ()
    neighbours: Sequence[tuple[str, Picture]] = ()
    source: str = ""


def diagnosis_page(examined: Examined) -> Picture:
    """The page of one picture: RGB uint8 (H, 1128, 3)."""
    parts = [_head(examined), _steps(examined)]
    if examined.falls is not None:
        parts.append(_reasons(examined, examined.falls))
    parts.append(_remarks(examined.remarks))
    if examined.neighbours:
        parts.append(_neighbours(examined))
    foot = Canvas(WIDTH, 6)
    return np.concatenate([*parts, foot.pixels])


def stacked(pages: Sequence[Picture]) -> Picture:
    """Several pages as one, a line between them."""
    rule = np.full((2, WIDTH, 3), Canvas.FAINT, np.uint8)
    parts = [part for page in pages for part in (rule, page)]
    return np.concatenate(parts[1:])


def heat(seen: Picture, falls: NDArray[np.float64]) -> Picture:
    """RGB uint8 (28, 28, 3): the ink grey on white, red where it speaks for the answer and blue where against it."""
    ink = 255.0 - 0.62 * seen[..., None].astype(np.float64)
    strength = 0.85 * np.sqrt(np.clip(np.abs(falls) / max(float(np.abs(falls).max()), FEWEST_FALLS), 0, 1))[..., None]
    colour = np.where(falls[..., None] >= 0, FOR, AGAINST)
    return np.rint(ink * (1 - strength) + colour * strength).astype(np.uint8)


def _head(examined: Examined) -> Picture:
    """The path, the answer in large type, and the most probable answers as bars."""
    ranking = [each for place, each in enumerate(examined.ranking[:6]) if place < 3 or each[1] >= 0.002]
    page = Canvas(WIDTH, 62 + max(110, 26 * len(ranking) + 6))
    page.write(shortened(examined.name, 20, WIDTH - 2 * MARGIN), MARGIN, 36, 20, weight=600)
    page.card(MARGIN, 54, 104, 104)
    shown = examined.character or "–"
    page.write(shown, MARGIN + 52 - text_width(shown, 72, 600) // 2, 131, 72, weight=600)
    left = MARGIN + 122
    if examined.state == "blank":
        page.write("blank", left, 90, 26, weight=600)
        page.write("no ink, no answer", left, 118, TEXT, Canvas.FAINT)
        return page.pixels
    kind = kind_of(examined.character)
    page.write(f"{kind} letter" if kind in ("capital", "small") else kind, left, 76, TEXT, Canvas.FAINT)
    page.write(percent(examined.probability), left, 108, 28, weight=600)
    page.write(examined.state, left, 136, HEADING, BAR if examined.state == "sure" else ALARM, 600)
    for row, (character, probability) in enumerate(ranking):
        _bar(page, 430, 58 + 26 * row, character, probability)
    return page.pixels


def _bar(page: Canvas, left: int, top: int, character: str, probability: float) -> None:
    longest = WIDTH - MARGIN - left - 130
    page.write(character, left + 11 - text_width(character, 18, 600) // 2, top + 18, 18, weight=600)
    page.fill(left + 36, top + 3, longest, 18, (232, 232, 228))
    page.fill(left + 36, top + 3, max(1, round(longest * probability)), 18, BAR if top == 58 else BAR_OTHER)
    page.write(percent(probability), left + 46 + longest, top + 18, TEXT, Canvas.FAINT)


def _steps(examined: Examined) -> Picture:
    """Every step side by side, and in words what was done."""
    captions, pictures = zip(*examined.steps, strict=True)
    steps = sheet([_filled(each, CELL) for each in pictures], captions, columns=7, cell=CELL)[8:-8]
    return np.concatenate([_heading("What was done"), _to_width(steps), _paragraph([(_sentence(examined.done), Canvas.INK)])])


def _filled(picture: Picture, side: int) -> Picture:
    """The picture with its longer side at ``side`` pixels: enlarged by a whole factor, then brought down to fit."""
    factor = -(-side // max(picture.shape[:2]))
    return thumbnail(picture.repeat(factor, axis=0).repeat(factor, axis=1), side)


def _reasons(examined: Examined, falls: NDArray[np.float64]) -> Picture:
    """What the network sees, what in it speaks for the answer, and what would change it."""
    page = Canvas(WIDTH, LARGE + 66)
    page.write("Why it is read so", MARGIN, 24, HEADING, weight=600)
    for column, picture in enumerate((examined.seen, heat(examined.seen, falls))):
        left = MARGIN + column * (LARGE + 34)
        page.card(left, 38, LARGE + 18, LARGE + 18)
        page.paste(fitted(picture, LARGE), left + 9, 47)
    left = MARGIN + 2 * (LARGE + 34) + 6
    _legend(page, left, 40, examined.character)
    lines = [line for text in examined.why for line in wrapped(_sentence(text), TEXT, WIDTH - MARGIN - left)]
    for row, line in enumerate(lines):
        page.write(line, left, 104 + LINE * row, TEXT)
    for column, flip in enumerate(examined.flips):
        _flip(page, left + 168 * column, 128 + LINE * (len(lines) - 1), examined.seen, flip)
    return page.pixels


def _flip(page: Canvas, left: int, top: int, seen: Picture, flip: Covered) -> None:
    """The picture with the patch on it, and what it is then read as."""
    shown = np.repeat(seen[..., None], 3, axis=2)
    shown[flip.row : flip.row + flip.patch, flip.column : flip.column + flip.patch] = COVER
    size = 28 * 5
    page.card(left, top, size + 12, size + 12)
    page.paste(fitted(shown, size), left + 6, top + 6)
    page.write(flip.caption, left + (size + 12 - text_width(flip.caption, TEXT)) // 2, top + size + 30, TEXT)


def _legend(page: Canvas, left: int, top: int, character: str) -> None:
    """The colours of the map and what they mean."""
    shades = np.linspace(-1, 1, 28)[None, :].repeat(28, axis=0)
    strip = heat(np.zeros((28, 28), np.uint8), shades)[:2].repeat(7, axis=0).repeat(17, axis=1)
    page.paste(strip, left, top)
    against, speaks = f"ink against {character}", f"ink for {character}"
    page.write(against, left, top + 31, 13, Canvas.FAINT)
    page.write(speaks, left + strip.shape[1] - text_width(speaks, 13), top + 31, 13, Canvas.FAINT)


def _remarks(remarks: Sequence[Remark]) -> Picture:
    """What was found, each with its hint: suspicious things behind an orange bar, others behind a grey one."""
    suspicious = sum(remark.suspicious for remark in remarks)
    heading = _heading("What is suspicious" if suspicious else "Nothing suspicious" + (". Worth knowing:" if remarks else ""))
    return np.concatenate([heading, *(_remark(remark) for remark in remarks)])


def _remark(remark: Remark) -> Picture:
    text = _paragraph([(_sentence(remark.says), Canvas.INK), (_sentence(remark.hint), Canvas.FAINT)], indent=16)
    text[4:-6, MARGIN : MARGIN + 5] = ALARM if remark.suspicious else CALM
    return text


def _neighbours(examined: Examined) -> Picture:
    captions, pictures = zip(*examined.neighbours, strict=True)
    found = sheet(pictures, captions, columns=10, cell=SMALL)[8:-8]
    return np.concatenate([_heading(f"The nearest glyphs of {examined.source}"), _to_width(found)])


def _heading(text: str) -> Picture:
    page = Canvas(WIDTH, 34)
    page.write(shortened(text, HEADING, WIDTH - 2 * MARGIN), MARGIN, 26, HEADING, weight=600)
    return page.pixels


def _paragraph(texts: Sequence[tuple[str, tuple[int, int, int]]], indent: int = 0) -> Picture:
    """Wrapped sentences, each in its colour, under one another."""
    lines = [(line, colour) for text, colour in texts for line in wrapped(text, TEXT, WIDTH - 2 * MARGIN - indent)]
    page = Canvas(WIDTH, LINE * len(lines) + 10)
    for row, (line, colour) in enumerate(lines):
        page.write(line, MARGIN + indent, LINE * row + 19, TEXT, colour)
    return page.pixels


def _sentence(text: str) -> str:
    """The text with a capital and an end, quotation marks in place of backticks, and no number without its percent sign."""
    text = re.sub(r"(?<=\d) %", f"{NO_BREAK}%", text)
    return re.sub("`([^`]*)`", "“\\1”", f"{text[:1].upper()}{text[1:]}{'' if text.endswith(':') else '.'}") if text else ""


def _to_width(picture: Picture) -> Picture:
    page = Canvas(WIDTH, picture.shape[0])
    page.paste(picture, 0, 0)
    return page.pixels
