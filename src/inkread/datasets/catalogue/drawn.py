"""Characters that inkread draws itself."""

from __future__ import annotations

from ...alphabet import BYCLASS
from ..cards import Card

DRAWN = Card(
    name="drawn",
    title="Characters drawn by a program, 62 classes",
    files=(),
    classes=tuple(BYCLASS),
    orientation="upright",
    pictures={"train": 60 * 62, "test": 20 * 62},
    counts={"train": (60,) * 62, "test": (20,) * 62},
    opens={"train": "source.py", "test": "source.py"},
    licence="drawn by inkread itself, Apache-2.0",
    citation="none: a figure on it says nothing about handwriting",
    why="always here, and no handwriting: to try commands and networks, for tests and lessons",
    page="",
    facts={"pictures": "inkread/datasets/drawn/source.py, which draws them", "counts": "every hand draws each character once"},
)
