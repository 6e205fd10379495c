"""Pictures changed a little: what the numbers mean, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.picture import warped


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_a_scale_that_is_none_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale must be above 0"):
        warped(np.zeros((1, 28, 28), np.uint8), scale=scale)


def test_a_larger_scale_makes_the_ink_larger() -> None:
    square = np.zeros((1, 28, 28), np.uint8)
    square[:, 10:18, 10:18] = 255
    assert (warped(square, scale=0.5) > 127).sum() < (square > 127).sum() < (warped(square, scale=1.5) > 127).sum()
