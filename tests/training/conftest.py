"""The tiny training as fixtures."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from inkread.recipes import Recipe
from inkread.training import Pool
from tiny_training import shape_pool, tiny_recipe


@pytest.fixture
def recipe() -> Recipe:
    return tiny_recipe()


@pytest.fixture
def two_pools() -> list[Pool]:
    return [shape_pool("one"), shape_pool("two", 60, 1, (0, 2))]
