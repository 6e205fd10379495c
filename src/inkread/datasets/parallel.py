"""The same work for many pieces, in threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias, TypeVar

Progress: TypeAlias = Callable[[int, int], object]
"""Is told how many pictures are done and how many there are."""

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def in_parallel(work: Callable[[Piece], Result], pieces: Iterable[Piece], threads: int | None = None) -> Iterator[Result]:
    """What ``work`` gives for each piece, in their order; ``threads``: None for as many as there are processors.

    The first error comes out, and pieces that were not begun are left then.
    """
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        yield from pool.map(work, pieces)
