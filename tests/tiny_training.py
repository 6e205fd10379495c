"""A tiny training: shapes that a few seconds can learn, a network of a few thousand weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inkread.picture import encode_png
from inkread.recipes import Augmentation, NetworkUse, Recipe, SourceUse, Training
from inkread.training import Pool


def shapes(count: int, seed: int, classes: tuple[int, ...] = (0, 1, 2)) -> tuple[np.ndarray, np.ndarray]:
    """``count`` pictures (count,28,28) of class 0 a bar that stands, 1 one that lies, 2 a corner, and their labels."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(classes, count)
    pictures = np.zeros((count, 28, 28), np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        top, left = rng.integers(3, 12, 2)
        if label in (0, 2):
            picture[top : top + 12, left : left + 3] = 255
        if label in (1, 2):
            picture[top : top + 3, left : left + 12] = 255
    return pictures, labels


def shape_pool(name: str, count: int = 160, seed: int = 0, classes: tuple[int, ...] = (0, 1, 2)) -> Pool:
    pictures, labels = shapes(count, seed, classes)
    return Pool(name, np.stack([pictures, pictures]), np.eye(3, dtype=bool)[labels])


def shape_folder(where: Path, characters: str = "ABC", count: int = 30) -> Path:
    """A folder of such pictures, each in the folder of its character."""
    pictures, labels = shapes(count, 1, tuple(range(len(characters))))
    for at, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        file = where / characters[label] / f"{at:03d}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode_png(picture))
    return where


def tiny_recipe(**changes: object) -> Recipe:
    training = {"epochs": 2, "batch": 16, "rate": 0.02, "average": 0.8, "validation": 0.2, "precision": "float32"} | changes
    return Recipe(
        "tiny",
        (SourceUse("one", "drawn"), SourceUse("two", "drawn")),
        alphabet="ABC",
        network=NetworkUse("residual", {"stem": 4, "stem_kernel": 5, "stem_stride": 2, "widths": [6], "depths": [1]}),
        training=Training(**training),  # type: ignore[arg-type]
        augmentation=Augmentation(
            rotation=2.0, slant=2.0, scale=0.06, stretch=0.08, shift=1.0, bend=0.8, stroke=0.5, blur=0.5, contrast=0.3, erase=0.05
        ),
    )
