"""The pictures of `samples/`: a VIN in its boxes, every character once, and strange pictures of characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...alphabet import BYCLASS
from ...errors import UsageError
from ...picture import Pen
from .files import jpeg, png
from .hand import Hand, draw
from .paper import Border, Camera, Dirt, Frame, Light, Paper, Ruling, on_paper

VIN = "1NKREAD51HZ049783"
"""A vehicle that does not exist; position 9 is its check digit."""

PLAIN = Paper(ink=40, ground=242, dirt=Dirt(noise=0.7), frame=None)
VIN_HAND, LETTERS_SEED = 20, 64
CLEAR = {"1": "barb", "I": "serif", "Z": "crossed", "l": "looped", "q": "flicked", "9": "straight"}
"""Forms that tell look-alikes apart as far as a form can."""

SHEET = replace(PLAIN, frame=Frame(0.62))


def samples() -> dict[str, bytes]:
    """Every sample as path (POSIX, below `samples/`) and bytes of the file; always the same ones."""
    boxes = vin_boxes()
    files = {f"vin/{place:02d}.png": png(box) for place, box in enumerate(boxes, 1)}
    files["vin-row.png"] = png(vin_row(boxes))
    files |= {f"letters/{_kind(character)}_{character}.png": png(picture) for character, picture in _letters()}
    return files | {f"strange/{name}": file for name, file in _strange()}


def write(folder: Path) -> list[Path]:
    """Writes the samples into ``folder`` and gives their paths. :class:`UsageError` where files stand that are not samples' own."""
    files = samples()
    for place in ("vin", "letters", "strange"):
        foreign = sorted(each.name for each in (folder / place).glob("*") if f"{place}/{each.name}" not in files)
        if foreign:
            raise UsageError(f"files that are no samples stand in {folder / place}: {', '.join(foreign)}", "remove them first")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [folder / name for name in files]


def vin_boxes() -> list[NDArray[np.uint8]]:
    """The 17 boxes of the VIN, uint8 (78, 62) each, written by one hand into a printed form and cut out a little roughly."""
    hand = _clear(replace(Hand.random(np.random.default_rng(VIN_HAND)), pen=Pen(0.075, softness=0.15, pressure=0.35)))
    boxes = []
    for place, character in enumerate(VIN):
        rng = np.random.default_rng([VIN_HAND, place])
        ink = _centred(draw(character, rng, hand, size=80), (78, 62), rng)
        border = Border(0.022, gap=0.012 + float(rng.normal(0.0, 0.005)), dark=0.72, tilt=float(rng.normal(0.0, 0.35)), running=True)
        boxes.append(on_paper(ink, rng, replace(PLAIN, ink=45, border=border, camera=Camera(blur=0.006), light=Light(slope=0.04))))
    return boxes


def vin_row(boxes: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The row of the form from which the boxes come, uint8 (H, W), with some paper round it; neighbours share a line."""
    height, width = boxes[0].shape
    step = width - 4
    sheet = np.full((height + 30, step * (len(boxes) - 1) + width + 30), 242, np.uint8)
    for place, box in enumerate(boxes):
        part = sheet[15 : 15 + height, 15 + place * step : 15 + place * step + width]
        np.minimum(part, box, out=part)
    return sheet


def _letters() -> Iterator[tuple[str, NDArray[np.uint8]]]:
    for character in BYCLASS:
        rng = np.random.default_rng([LETTERS_SEED, ord(character)])
        hand = _clear(Hand.random(rng))
        hand = replace(hand, pen=replace(hand.pen, width=float(np.clip(hand.pen.width, 0.035, 0.09))))
        ink = draw(character, rng, hand, size=64)
        border = Border(float(rng.uniform(0.01, 0.03)), dark=float(rng.uniform(0.4, 0.9))) if rng.random() < 0.3 else None
        paper = replace(PLAIN, ink=int(rng.integers(15, 100)), ground=int(rng.integers(225, 255)), border=border)
        ink = np.pad(ink, 6 if border else 2)
        yield character, on_paper(ink, rng, replace(paper, inverted=bool(rng.random() < 0.15), camera=Camera(blur=0.006)))


def _clear(hand: Hand) -> Hand:
    return replace(hand, forms=tuple((dict(hand.forms) | CLEAR).items()))


def _kind(character: str) -> str:
    return "digit" if character.isdigit() else "upper" if character.isupper() else "lower"


def _strange() -> Iterator[tuple[str, bytes]]:
    """Name and file of each strange picture; a name that begins with a character tells what it shows."""
    for number, (name, (paper, width, size)) in enumerate(PAPERS.items()):
        rng = np.random.default_rng([7, number])
        hand = replace(Hand.random(rng), pen=Pen(width, softness=0.1, pressure=0.3), forms=())
        picture = on_paper(draw(name[0], rng, hand, size=size), rng, paper)
        if name.endswith(".jpg"):
            yield name, jpeg(picture, paper.camera.quality)
        else:
            yield name, png(picture)
    yield from _files()


PAPERS: dict[str, tuple[Paper, float, int]] = {
    "A_white_on_black.png": (replace(SHEET, inverted=True), 0.08, 96),
    "5_half_in_shadow.png": (replace(SHEET, light=Light(slope=0.2, shadow=0.5, towards=20.0, softness=0.1)), 0.07, 96),
    "G_light_falls_off.png": (replace(SHEET, ground=225, light=Light(slope=0.45, vignette=0.5, towards=225.0)), 0.07, 96),
    "h_ruled_paper.png": (replace(SHEET, ruling=Ruling(0.42, 0.012, dark=0.4, tilt=1.2, phase=0.3)), 0.07, 96),
    "K_squared_paper.png": (replace(SHEET, ruling=Ruling(0.17, 0.01, True, 0.35, -2.0, 0.4)), 0.07, 110),
    "M_thick_marker.png": (SHEET, 0.2, 96),
    "e_thin_pencil.png": (replace(SHEET, ink=120, dirt=Dirt(noise=1.0, grain=0.35)), 0.028, 150),
    "S_tight_crop.png": (replace(SHEET, frame=Frame(1.0, aspect=0.0)), 0.1, 96),
    "4_ten_pixels.png": (replace(SHEET, frame=Frame(0.9), camera=Camera(side=10)), 0.11, 96),
    "9_far_off_centre.png": (replace(SHEET, frame=Frame(0.22, 0.8, -0.7)), 0.08, 40),
    "8_thick_border.png": (replace(SHEET, border=Border(0.06, 0.02, dark=0.85, tilt=1.0)), 0.08, 84),
    "H_border_touches_ink.png": (replace(SHEET, frame=Frame(1.0), border=Border(0.03, 0.0, dark=0.8)), 0.08, 84),
    "3_border_on_two_sides.png": (replace(SHEET, border=Border(0.03, 0.03, "bl", 0.8, running=True)), 0.08, 84),
    "Y_white_border_on_black.png": (replace(SHEET, border=Border(0.025, 0.03, dark=0.9), inverted=True), 0.08, 84),
    "i_neighbours_cut_off.png": (replace(SHEET, frame=Frame(0.75), dirt=Dirt(0.7, neighbours=2)), 0.055, 110),
    "2_specks.png": (replace(SHEET, dirt=Dirt(0.7, specks=14)), 0.07, 84),
    "E_grey_on_grey.png": (replace(SHEET, ink=128, ground=168), 0.08, 84),
    "b_noise.png": (replace(SHEET, ink=70, ground=200, dirt=Dirt(noise=22.0)), 0.09, 64),
    "w_out_of_focus.png": (replace(SHEET, camera=Camera(blur=0.035)), 0.08, 96),
    "t_one_bit.png": (replace(SHEET, dirt=Dirt(9.0), camera=Camera(blur=0.008, binary=True)), 0.07, 96),
    "Q_low_resolution.jpg": (replace(SHEET, camera=Camera(side=22, quality=35)), 0.08, 96),
    "R_large_photo.jpg": (
        replace(
            SHEET,
            ground=205,
            frame=Frame(0.5, 0.3, 0.1, 1.3),
            light=Light(slope=0.3, vignette=0.3, towards=150.0),
            ruling=Ruling(0.2, 0.003, True, 0.18, 3.0),
            dirt=Dirt(noise=3.0),
            camera=Camera(blur=0.002, side=1000, quality=45),
        ),
        0.06,
        950,
    ),
}
"""Paper, width of the pen and pixels of the hand's line for the strange pictures that come from paper alone."""


def _files() -> Iterator[tuple[str, bytes]]:
    """Strange by what the file is, or by what is on it."""
    rng = np.random.default_rng(70)
    hand = replace(Hand.random(rng), pen=Pen(0.08))
    ink = {character: np.pad(draw(character, rng, hand, size=84), 10) for character in "BWdFPA7"}
    sheets = {character: on_paper(each, rng, PLAIN) for character, each in ink.items()}
    yield "B_ink_in_alpha.png", png(np.dstack([np.zeros((*ink["B"].shape, 3), np.uint8), ink["B"]]))
    yield "W_blue_on_yellow.png", png(_tinted(sheets["W"], (35, 60, 160), (250, 236, 170)))
    yield "d_sixteen_bits.png", png(sheets["d"].astype(np.uint16) * 257)
    yield "F_transposed.png", png(np.ascontiguousarray(sheets["F"].T))
    yield "P_turned_by_exif.jpg", jpeg(np.rot90(sheets["P"]), 85, turned=True)
    yield "two_characters.png", png(np.concatenate([sheets["A"], sheets["7"]], axis=1))
    yield "blank.png", png(on_paper(np.zeros((80, 70), np.uint8), rng, PLAIN))
    yield "blank_box.png", png(on_paper(np.zeros((80, 70), np.uint8), rng, replace(PLAIN, border=Border(0.025, 0.03))))


def _tinted(grey: NDArray[np.uint8], ink: tuple[int, int, int], ground: tuple[int, int, int]) -> NDArray[np.uint8]:
    """RGB (H, W, 3) with these colours for black and white."""
    share = grey[..., None].astype(np.float32) / 255.0
    return np.asarray(np.rint(np.array(ink) + (np.array(ground) - np.array(ink)) * share), np.uint8)


def _centred(ink: NDArray[np.uint8], shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The ink, cut to what there is of it, about the middle of a black picture of this shape."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    picture = np.zeros(shape, np.uint8)
    free = np.array(shape) - ink.shape
    top, left = np.clip(np.rint(free / 2.0 + rng.normal(0.0, 2.0, 2)), 0, free).astype(int)
    picture[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return picture
