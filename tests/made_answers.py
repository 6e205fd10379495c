"""Answers whose scores are known, and the strokes that they are answers to."""

from __future__ import annotations

import numpy as np

from inkread.alphabet import Alphabet
from inkread.evaluation import Answered, Labelled, Model


def said(rows: list[list[float]], characters: str = "ABC", **facts: object) -> Answered:
    """A model that says these probabilities."""
    return Answered(Alphabet(characters), np.array(rows, np.float64), **facts)  # type: ignore[arg-type]


def labelled(labels: str, characters: str = "ABC", **facts: object) -> Labelled:
    """A test whose pictures show these characters."""
    alphabet = Alphabet(characters)
    return Labelled(np.eye(len(alphabet), dtype=bool)[[alphabet.index(each) for each in labels]], alphabet, **facts)  # type: ignore[arg-type]


def sure(answers: str, characters: str = "ABC", name: str = "model", probability: float = 0.8) -> Answered:
    """A model that gives each answer this probability, and the rest evenly to the others."""
    rows = np.full((len(answers), len(characters)), (1 - probability) / (len(characters) - 1))
    rows[np.arange(len(answers)), [characters.index(each) for each in answers]] = probability
    return Answered(Alphabet(characters), rows, model=Model(name))


def bars(labels: str, seed: int = 0, dim: int = 40) -> np.ndarray:
    """Pictures: A a bar on the left, B one on the right, C one at the bottom; a shift and noise of up to ``dim`` on each."""
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, dim, (len(labels), 28, 28)).astype(np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        move = int(rng.integers(-1, 2))
        where = {"A": np.s_[4:24, 5 + move : 9 + move], "B": np.s_[4:24, 18 + move : 22 + move], "C": np.s_[19 + move : 23 + move, 4:24]}
        picture[where[label]] = 255
    return pictures
