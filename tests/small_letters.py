"""A small set as Binary AlphaDigits is one, drawn; and bodies that know such letters a little."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inkread.datasets.drawn import drawn
from inkread.picture import prepare
from inkread.recipes import LAST, NetworkUse, Recipe, SourceUse, Training
from inkread.training import Pool, fit

CHARACTERS = "ABC"
PER_CLASS = 9


def small_file(where: Path, per_class: int = PER_CLASS, seed: int = 5) -> Path:
    """An npz of 20x16 pictures of 0 and 1, cut to the ink, with one-hot labels of 27 places."""
    glyphs = drawn(CHARACTERS, per_class, seed, paper=False)
    images = np.stack([_tight(np.asarray(each)) for each in glyphs.pictures])
    np.savez(where, images=images, labels=np.eye(27, dtype=np.uint8)[glyphs.single_labels() + 1])
    return where


def _tight(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero((ink > 99).any(axis=1)), np.flatnonzero((ink > 99).any(axis=0))
    down = np.linspace(rows[0], rows[-1], 20).round().astype(int)
    across = np.linspace(columns[0], columns[-1], 16).round().astype(int)
    return np.asarray(ink[np.ix_(down, across)] > 99, np.uint8)


def body_run(folder: Path, characters: str) -> Path:
    """A run of a tiny dense network that tells ``characters``, trained on 15 drawn hands."""
    glyphs = drawn(characters, 15, 1, paper=False)
    pictures = np.stack([prepare(np.asarray(each)).picture for each in glyphs.pictures])
    training = Training(epochs=5, batch=8, rate=5e-3, average=0.0, validation=0.1, choose_by=LAST)
    recipe = Recipe(
        "tiny", (SourceUse("drawn", "drawn"),), alphabet=characters, network=NetworkUse("mlp", {"width": 24}), training=training
    )
    return fit(recipe, [Pool("drawn", pictures[None], glyphs.targets)], folder).folder
