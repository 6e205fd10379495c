"""A picture resized whatever that does to its proportions."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.picture import stretched


@pytest.mark.parametrize("shape", [(20, 16), (28, 28), (56, 112)])
def test_what_is_left_and_above_stays_there_and_edges_stay_edges(shape: tuple[int, int]) -> None:
    picture = np.zeros(shape, np.uint8)
    picture[: shape[0] // 2, : shape[1] // 2] = 200
    square = stretched(picture, 28)
    assert (square.shape, square.dtype) == ((28, 28), np.uint8)
    assert (square[:13, :13] > 190).all()
    assert (square[15:].max(), square[:, 15:].max()) == (0, 0)
