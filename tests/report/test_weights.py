"""Pictures of a linear network's weights and evidence: as many as there are classes, and signs that mean what they say."""

from __future__ import annotations

import numpy as np

from inkread.evaluation import Example
from inkread.picture import decode
from inkread.report import evidence_picture, heat, weights_picture


def test_every_class_has_its_picture() -> None:
    weights = np.random.default_rng(0).normal(size=(5, 28, 28))
    few, many = (decode(weights_picture(weights[:count], "ABCDE"[:count])) for count in (1, 5))
    assert many.shape[0] * many.shape[1] > 3 * few.shape[0] * few.shape[1]


def test_what_speaks_for_an_answer_is_red_and_what_speaks_against_it_blue() -> None:
    drawn = heat(np.zeros((28, 28), np.uint8), np.pad([[1.0, -1.0]], ((0, 27), (0, 26))))
    red, blue = drawn[0, 0].astype(int), drawn[0, 1].astype(int)
    assert red[0] > red[2]
    assert blue[2] > blue[0]


def test_evidence_has_a_row_a_picture_also_of_right_answers_and_unknown_truths() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 13:16] = 255
    rows = [Example(at, truth, "A", 0.9, 0.9, picture=picture) for at, truth in enumerate("ABZ")]
    asked = []

    def evidence(shown: np.ndarray) -> np.ndarray:
        asked.append(shown)
        return np.stack([shown / 255.0, -shown / 255.0, shown / 510.0])

    three, one = (decode(evidence_picture(rows[:count], evidence, "ABC")) for count in (3, 1))
    assert len(asked) == 4
    assert three.shape[1] == one.shape[1]
    assert three.shape[0] > 2 * one.shape[0]
