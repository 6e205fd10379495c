"""The occlusion map of a network whose reasons are known: it looks at one pixel for A and at another against it."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.picture import Occlusion, occlusion
from inkread.picture.occlusion import PATCH

FOR, AGAINST = (6, 8), (20, 21)


def explained(character: str = "A") -> Occlusion:
    """A has the logit 4 from the pixel FOR, B 2 from the pixel AGAINST, C always 0."""
    first = np.zeros((784, 2))
    first[FOR[0] * 28 + FOR[1], 0] = first[AGAINST[0] * 28 + AGAINST[1], 1] = 1 / 255
    second = np.array([[4.0, 0, 0], [0, 2.0, 0]])

    def probabilities(pictures: np.ndarray) -> np.ndarray:
        powers = np.exp(pictures.reshape(-1, 784) @ first @ second)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    seen = np.zeros((28, 28), np.uint8)
    seen[4:24, 5:25] = 255
    return occlusion(seen, character, "ABC", probabilities)


def log_share(of: float, *logits: float) -> float:
    return of - float(np.log(np.exp(logits).sum()))


def test_the_fall_is_that_of_the_log_probability_where_every_patch_covers_the_pixel() -> None:
    expected = log_share(4, 4, 2, 0) - log_share(0, 0, 2, 0)
    assert explained().falls[FOR] == pytest.approx(expected, rel=1e-4)


def test_ink_for_the_answer_is_positive_and_ink_against_it_negative() -> None:
    falls = explained().falls
    assert np.unravel_index(falls.argmax(), falls.shape) == FOR
    assert np.unravel_index(falls.argmin(), falls.shape) == AGAINST
    assert falls[AGAINST] < 0


def test_where_no_patch_reaches_a_reason_nothing_falls() -> None:
    falls = explained().falls
    assert (falls[20:, :5] == 0).all()
    reach = np.argwhere(falls > 0)
    assert np.abs(reach - FOR).max() == PATCH - 1


def test_flips_tell_what_is_read_instead_and_where() -> None:
    (flip,) = explained().flips
    assert (flip.character, flip.place) == ("B", "upper left")
    assert flip.probability == pytest.approx(np.exp(log_share(2, 0, 2, 0)), rel=1e-4)
    assert flip.row <= FOR[0] < flip.row + PATCH
    assert flip.column <= FOR[1] < flip.column + PATCH


def test_the_least_probability_is_told() -> None:
    assert explained().least == pytest.approx(np.exp(log_share(0, 0, 2, 0)), rel=1e-4)
