"""A lying-proof letter: an F, which no turn or mirror leaves as it is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture
def letter() -> NDArray[np.uint8]:
    """An F of 40 rows and 24 columns, white ink on black."""
    picture = np.zeros((40, 24), dtype=np.uint8)
    picture[4:36, 4:8] = picture[4:8, 4:20] = picture[18:22, 4:14] = 255
    return picture
