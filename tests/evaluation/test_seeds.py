"""The interval over seeds, against a textbook's table."""

from __future__ import annotations

import pytest

pytest.importorskip("scipy")

from inkread.errors import DataError
from inkread.evaluation import over_seeds


def test_the_interval_is_students() -> None:
    found = over_seeds([1.0, 2.0, 3.0])
    # t for 97.5 % and two degrees of freedom is 4.3027
    assert (found.count, found.mean, found.deviation) == (3, 2.0, 1.0)
    assert found.high - found.mean == pytest.approx(4.3027 / 3**0.5, abs=1e-4)
    assert found.mean - found.low == pytest.approx(found.high - found.mean)


def test_one_seed_has_no_interval() -> None:
    with pytest.raises(DataError, match="needs two or more: 1"):
        over_seeds([1.0])
