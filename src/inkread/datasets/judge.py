"""What this room needs to know of a reader, which it may not import: `cli` passes one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .opening import Opened


@dataclass(frozen=True)
class Judgement:
    """What a reader makes of a sample of pictures, each tried in eight views, "as given" first.

    ``best``: the number of the view they are read best in, ``says`` the same in words; ``sure``: no other comes near.
    ``evidence``: a line a view for people. ``used``: which pictures of the sample had ink; ``answers``: what each of
    these is read as in the best view. ``right``: the share of them read as labelled in the best view, None without labels.
    """

    best: int
    says: str
    sure: bool
    evidence: tuple[str, ...]
    used: tuple[int, ...]
    answers: tuple[str, ...]
    right: float | None


Judge: TypeAlias = Callable[["Sequence[NDArray[np.uint8]]", "Sequence[str] | None"], Judgement]
"""Pictures uint8 (H,W) and their labels, where there are some -> a judgement."""

SAMPLE = 400
"""Pictures that are enough to be sure of what concerns all of them."""


def sample(opened: Opened, count: int = SAMPLE, seed: int = 0) -> NDArray[np.int64]:
    """Places of ``count`` pictures, about as many of each label as there are, int64, rising, the same for the same seed."""
    rng = np.random.default_rng(seed)
    codes = opened.codes
    order = rng.permutation(len(codes))
    # the first of every label, then the second of every label, ...
    by_label = order[np.argsort(codes[order], kind="stable")]
    starts = np.searchsorted(codes[by_label], codes[by_label])
    turn = np.arange(len(by_label)) - starts
    chosen = by_label[np.lexsort((rng.random(len(by_label)), turn))[:count]]
    return np.sort(chosen)
