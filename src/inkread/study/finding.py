"""A sentence and what it is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..evaluation import Contrast, plain


@dataclass(frozen=True)
class Finding:
    """One thing that a study found. ``kind``: ``best``, ``factors`` (which matters most), ``effect``, ``interaction``, ``cost``,
    ``silent`` (learnt nothing), ``failed``, ``spread`` or ``limits``. ``factor``, ``level``: where it is about one. ``contrasts``: the
    differences that it tells."""

    kind: str
    sentence: str
    factor: str = ""
    level: str = ""
    contrasts: tuple[Contrast, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        told: dict[str, Any] = plain(dict(self.__dict__))
        return told
