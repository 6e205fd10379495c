"""The embedded reader tells which way drawn characters lie, and is not sure where nothing tells."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.datasets.drawn import drawn
from inkread.preparation import Preparation
from inkread.reading import Reader, facing

CHARACTERS = "2345679FGJRe"


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.uint8]:
    return np.asarray(drawn(CHARACTERS, 3, 5).prepared(Preparation()).pictures)


LABELS = [each for each in CHARACTERS for _ in range(3)]


@pytest.mark.parametrize("labelled", [True, False])
def test_transposed_pictures_are_told(pictures: NDArray[np.uint8], labelled: bool) -> None:
    reader = Reader()
    upright = facing(pictures, LABELS if labelled else None, reader)
    stored = facing(pictures.swapaxes(1, 2), LABELS if labelled else None, reader)
    assert (upright.best, upright.sure, upright.says) == (0, True, "as given")
    assert (stored.best, stored.sure, stored.says) == (4, True, "transposed (rows and columns exchanged)")
    assert stored.answers == upright.answers
    assert stored.gains is not None
    assert stored.gains[4] > 0 == stored.gains[0]


def test_crosses_and_rings_tell_nothing() -> None:
    ring = np.zeros((28, 28), np.uint8)
    ring[4:24, 4:24], ring[7:21, 7:21] = 255, 0
    assert not facing(np.stack([ring] * 10), None, Reader()).sure
