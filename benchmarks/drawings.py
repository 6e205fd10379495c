"""Pictures for measuring speed: drawn by inkread, written as files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from figures import say
from numpy.typing import NDArray

from inkread.alphabet import BYCLASS
from inkread.datasets.drawn import Camera, Paper, draw, drawn, on_paper
from inkread.picture import encode_png

HANDS = 16


def small_pngs(folder: Path, count: int) -> list[Path]:
    """``count`` PNGs of 28-60 pixels, on papers and in boxes of all kinds; each drawing is used in several sizes."""
    say(f"drawing {count:,} small pictures ...")
    drawings = drawn(BYCLASS, HANDS, seed=7)
    pictures = [drawings.pictures[at] for at in range(min(len(drawings), count))]
    sides = np.random.default_rng(7).integers(28, 61, count)
    written = []
    for at in range(count):
        picture = _scaled(pictures[at % len(pictures)], int(sides[at]))
        written.append(_write(folder / f"{at:05d}.png", encode_png(picture)))
    return written


def plain_pngs(folder: Path, count: int) -> list[Path]:
    """``count`` PNGs of 28-60 pixels as a scanner gives them of a form: dark ink on even, light paper, nothing else."""
    say(f"drawing {count:,} plain pictures ...")
    rng = np.random.default_rng(5)
    pictures = [on_paper(draw(BYCLASS[at % len(BYCLASS)], rng), rng, Paper()) for at in range(min(count, HANDS * len(BYCLASS)))]
    sides = rng.integers(28, 61, count)
    return [_write(folder / f"{at:05d}.png", encode_png(_scaled(pictures[at % len(pictures)], int(sides[at])))) for at in range(count)]


def photos(folder: Path, count: int) -> list[Path]:
    """``count`` JPEGs of 100-1,000 pixels (evenly on the logarithm) as a camera gives them: light, noise, blur, lines."""
    say(f"drawing {count:,} photo-like pictures ...")
    written = []
    for at in range(count):
        rng = np.random.default_rng([11, at])
        side = int(np.exp(rng.uniform(np.log(100), np.log(1000))))
        paper = Paper.random(rng)
        paper = replace(paper, camera=Camera(blur=paper.camera.blur))
        ink = draw(BYCLASS[at % len(BYCLASS)], rng)
        picture = _scaled(on_paper(_scaled(ink, side // 2), rng, paper), side)
        written.append(_write(folder / f"{at:05d}.jpg", cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()))
    return written


def _scaled(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    factor = side / max(picture.shape)
    size = (max(round(picture.shape[1] * factor), 1), max(round(picture.shape[0] * factor), 1))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
