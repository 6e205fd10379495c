"""Evaluations to be drawn: small, made from arrays, with whatever parts a test asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.evaluation import (
    Accuracy,
    Answered,
    Damaged,
    Evaluation,
    Labelled,
    Model,
    Robustness,
    Saliency,
    Suffered,
    Wishes,
    evaluate,
)

TINY = Model("tiny", "bundle", 1234)


def _evaluation(
    characters: str = "OQ<",
    each: int = 20,
    *,
    pictures: bool = True,
    sure: bool = True,
    letter: str = "",
    model: Model = TINY,
    name: str = "drawn",
) -> Evaluation:
    """Of every character ``each`` pictures, every fourth of them read as the next character."""
    rng = np.random.default_rng(0)
    classes = len(characters)
    truth = np.arange(classes * each) % classes
    answers = np.where(np.arange(len(truth)) // classes % 4 == 0, (truth + 1) % classes, truth)
    told = np.where(np.eye(classes, dtype=bool)[answers], 8.0, 1.0) * rng.uniform(0.8, 1.2, (len(truth), classes))
    told = told / told.sum(axis=1, keepdims=True) if sure else np.eye(classes)[answers]
    seen = rng.integers(0, 255, (len(truth), 28, 28), np.uint8) if pictures else None
    alphabet = Alphabet(characters)
    labelled = Labelled(np.eye(classes, dtype=bool)[truth], alphabet, name, seen)
    answered = Answered(alphabet, told, sure, temperature=1.5 if sure else None, before=told if sure else None, model=model)
    return evaluate(answered, labelled, Wishes(letter=letter), training=labelled if pictures else None)


@pytest.fixture
def evaluation() -> Callable[..., Evaluation]:
    """Makes an evaluation of some characters, see :func:`_evaluation`."""
    return _evaluation


@pytest.fixture
def whole() -> Evaluation:
    """An evaluation with every part there is."""
    found = _evaluation("KkO0", letter="K")
    damages = (Suffered("noise", "of so many <levels>", tuple(Damaged(at, _score(9), _score(12)) for at in (16, 40, 80))),)
    falls = np.linspace(-1, 1, 784).reshape(28, 28)
    looks = (Saliency(found.mistakes[0], falls, falls, (3, 4), "Q", "upper left"),)
    return replace(found, robustness=Robustness(20, _score(15), damages), saliency=looks)


def _score(right: int, count: int = 20) -> Accuracy:
    """So many right of so many."""
    return Accuracy.of(right, count)
