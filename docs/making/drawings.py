"""The pictures in the docs: drawn samples, what was done to them, and what the embedded reader answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from inkread import Reader
from inkread.alphabet import BYCLASS
from inkread.datasets.drawn import Hand, draw
from inkread.picture import as_picture, encode_png, prepare, sheet

from . import DOCS, ROOT, traps
from .running import place

PICTURES = DOCS / "pictures"
SAMPLES = ROOT / "samples"
READ = {
    "letters/upper_R.png": "plain",
    "strange/A_white_on_black.png": "white on black",
    "strange/h_ruled_paper.png": "ruled paper",
    "strange/K_squared_paper.png": "squared paper",
    "strange/8_thick_border.png": "thick border",
    "strange/H_border_touches_ink.png": "border touched",
    "strange/Y_white_border_on_black.png": "white border",
    "strange/e_thin_pencil.png": "thin pencil",
    "strange/M_thick_marker.png": "thick marker",
    "strange/4_ten_pixels.png": "ten pixels",
    "strange/R_large_photo.jpg": "photograph",
    "strange/5_half_in_shadow.png": "half in shadow",
    "strange/2_specks.png": "specks",
    "strange/i_neighbours_cut_off.png": "neighbours",
    "strange/E_grey_on_grey.png": "grey on grey",
    "strange/b_noise.png": "noise",
    "strange/w_out_of_focus.png": "out of focus",
    "strange/t_one_bit.png": "one bit",
    "strange/W_blue_on_yellow.png": "blue on yellow",
    "letters/lower_g.png": "plain",
    "strange/blank_box.png": "empty box",
}
"""What the README's picture shows and what is difficult about it; chosen before it was known what is read right."""

EXAMINED = "samples/strange/Y_white_border_on_black.png"
STEPS = "strange/H_border_touches_ink.png"
HANDS = 12
DRAWN = "drawn by a program, not handwriting: python docs/generate.py"


def captions() -> list[str]:
    """The answer to each of :data:`READ` and what is difficult about it, on two lines."""
    reader = Reader()
    return [f"{_answer(reader, SAMPLES / name)}\n{difficulty}" for name, difficulty in READ.items()]


def write() -> None:
    """Writes all pictures."""
    PICTURES.mkdir(exist_ok=True)
    told = captions()
    _save("answers.png", sheet([as_picture(SAMPLES / each) for each in READ], told, columns=7, cell=100), told)
    steps = prepare(as_picture(SAMPLES / STEPS), explain=True).steps
    names = [each.name for each in steps]
    with place() as here:
        here.console(f"inkread doctor {EXAMINED} --out page.png")
        _save("doctor.png", decoded("page.png"), [EXAMINED])
        here.console("python examples/plant_errors.py drawn.npz")
        here.console("inkread data suspects drawn.npz --bundle embedded --sheet sheet.png")
        _save("suspects.png", decoded("sheet.png"), ["examples/plant_errors.py"])
    _save("steps.png", sheet([each.picture for each in steps], names, columns=len(steps), cell=112), names)
    write_traps()
    write_confusions()


def write_confusions() -> None:
    """Writes two charts of a report, of a test that many drawn hands wrote."""
    with place() as here:
        for number, hand in enumerate(Hand.random(np.random.default_rng(each)) for each in range(HANDS)):
            for character in BYCLASS:
                folder = Path("hands", f"{ord(character):04X}")
                folder.mkdir(parents=True, exist_ok=True)
                drawn = draw(character, np.random.default_rng((number, ord(character))), hand)
                (folder / f"{number}.png").write_bytes(encode_png(255 - drawn))
        here.console("inkread evaluate embedded --data hands --report report > summary.txt")
        for name in ("confusion.png", "pairs.png"):
            _save(name, decoded(f"report/{name}"), [f"{HANDS} drawn hands"])


def write_traps() -> None:
    """Writes what the usual code makes of well-known files."""
    shown = traps.traps()
    _save("traps.png", sheet([*shown.values()], [*shown], columns=traps.COLUMNS, cell=traps.CELL), [*shown])


def told_in(path: Path) -> list[str]:
    """The captions that were written into a picture."""
    with Image.open(path) as picture:
        told: list[str] = json.loads(picture.info["captions"])
    return told


def decoded(path: str) -> NDArray[np.uint8]:
    """The pixels of a page in colour, uint8 (H, W, 3)."""
    with Image.open(path) as page:
        return np.asarray(page.convert("RGB"), np.uint8)


def _answer(reader: Reader, path: Path) -> str:
    reading = reader.read(path)
    return "blank" if reading.blank else f"{reading.character}  {reading.probability:.2f}"


def _save(name: str, page: NDArray[np.uint8], told: Sequence[str]) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", DRAWN)
    notes.add_text("captions", json.dumps(list(told)))
    buffer = BytesIO()
    colours = Image.fromarray(page).quantize(200, dither=Image.Dither.NONE)
    colours.save(buffer, "PNG", optimize=True, pnginfo=notes)
    (PICTURES / name).write_bytes(buffer.getvalue())
