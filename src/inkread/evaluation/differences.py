"""Settings that were measured over the same seeds or folds: how far apart they are, and whether more than chance is in it.

What an interval here is about: the held-back pictures are the same for every setting and every seed, so an interval over seeds says
what another seed would give on *these* pictures, not what other pictures would give; one over pictures says the reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError, MissingExtra
from .accuracy import wilson
from .compare import LEVEL, holm
from .plain import fields_of

FAR_LARGER = 0.01
"""How likely a variance may be by chance, before its setting is too unlike the others to share theirs."""

FEWEST = 4
"""Degrees of freedom from which on a variance says that another is far larger: below, accuracies in whole pictures agree too easily."""

NO_SPREAD = 1e-18
"""A variance below which values are the same but for rounding: then there is nothing to measure chance by."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contrast:
    """A difference between settings, or any other sum of them whose weights add up to nothing.

    ``difference``: -1..1 for accuracies. ``low``, ``high``: its 95 % interval, of this difference by itself. ``p``: how likely one
    at least as large is where there is none; ``corrected``: for all that were asked for together (Holm 1979). ``over``: what the
    interval is about, ``seeds``, ``folds`` or ``pictures``. ``pairs``: seeds or folds that all its settings have. ``freedom``: degrees of
    freedom of its variance; ``pooled``: whether that variance comes from all settings, or from these alone. NaN where
    nothing can be told; the difference of two single trainings has an interval over pictures, but no p, since what it is wanted for, the
    chance of the seed, was not measured.
    """

    difference: float
    low: float
    high: float
    p: float
    over: str
    pairs: int
    freedom: int = 0
    pooled: bool = False
    corrected: float = nan

    @property
    def told_apart(self) -> bool:
        """Whether there is a difference beyond chance, all that were looked at together."""
        return self.corrected < LEVEL

    @property
    def hinted(self) -> bool:
        """Whether it would be beyond chance had only this one been looked at, but is not among so many."""
        return self.p < LEVEL <= self.corrected

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    def reversed(self) -> Contrast:
        """The second minus the first."""
        return replace(self, difference=-self.difference, low=-self.high, high=-self.low)

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return fields_of(self) | {"told_apart": self.told_apart}


@dataclass(frozen=True)
class OverBlocks:
    """What seeds say: ``contrasts`` in the order of their weights; ``pooled`` bool (S,): the settings whose variance is shared;
    ``deviation``: of one training of these, what all have from the seed taken off (NaN where unknown), with its ``freedom``."""

    contrasts: tuple[Contrast, ...]
    pooled: tuple[bool, ...]
    deviation: float
    freedom: int


def differences(settings: int, pairs: Sequence[tuple[int, int]]) -> Floats:
    """The weights float64 (C, S) that take the second of each pair of settings from the first."""
    weights = np.zeros((len(pairs), settings))
    for row, (first, second) in zip(weights, pairs, strict=True):
        row[first], row[second] = 1.0, -1.0
    return weights


def over_blocks(values: ArrayLike, weights: ArrayLike, may_pool: ArrayLike | None = None) -> OverBlocks:
    """Contrasts of settings that were each trained with the same seeds: a randomised block design, every seed a block.

    ``values`` float64 (S, B): of each setting and seed, NaN where there is none. ``weights`` float64 (C, S), each row adds up to 0.
    ``may_pool`` bool (S,): settings that may share their variance; leave out those that did not learn.

    Three seeds say next to nothing of the variance of one difference, but S settings together say a good deal of that of all: the
    residual of setting + seed + error, by least squares where cells are missing, is pooled over them (Montgomery, "Design and Analysis of
    Experiments", chapter 4). That seeds differ by more than many a published gain: Bouthillier et al. 2021, "Accounting for
    variance in machine learning benchmarks". A setting that adds far more to the residual sum of squares than the others led to
    expect (F test at :data:`FAR_LARGER`, the worst first, until none is left) is taken out of the pool. Whatever concerns one outside it,
    and what varies that much more by itself, is judged by its own paired differences (Student 1908), with their few degrees of
    freedom, and never by less than the pooled variance. Where the seeds changed nothing at all there is neither interval nor p.

    Where nothing but chance is at work and all settings vary alike, one contrast or more is told apart in 5 % of studies (simulated:
    4 to 6 %); where one or two of eight vary two to five times as much as the others, which three seeds often do not show, in 10 to 20 %.
    """
    given, rows = _checked(values, weights, 2)
    allowed = np.ones(len(given), np.bool_) if may_pool is None else np.asarray(may_pool, np.bool_)
    pool = _pool(given, allowed)
    shared = _Additive.of(given[pool])
    found = [_over_seeds(row, given, pool, shared) for row in rows]
    deviation = sqrt(shared.variance) if shared.freedom else nan
    return OverBlocks(_corrected(found), tuple(pool.tolist()), deviation, shared.freedom)


def over_folds(values: ArrayLike, weights: ArrayLike, test_share: float) -> tuple[Contrast, ...]:
    """Contrasts of settings that were cross-validated on the same folds, by the corrected resampled t test.

    ``values`` float64 (S, N): accuracy of each setting on each of the N folds of all repetitions, NaN where there is none. ``weights``
    float64 (C, S); a single 1 in a row gives the mean of that setting (its p then means nothing). ``test_share``: pictures tested
    by pictures trained on in one fold, 1/9 for ten folds. Trainings share most of their pictures, so the variance of the mean is not
    1/N of that of one but (1/N + test_share) of it (Nadeau & Bengio 2003, "Inference for the generalization error"; for repeated
    cross-validation Bouckaert & Frank 2004).
    """
    given, rows = _checked(values, weights, 2)
    found = []
    for row in rows:
        told = _together(row, given)
        found.append(_student(told, told.var(ddof=1) * (1 / len(told) + test_share), "folds") if len(told) > 1 else _untold(told, "folds"))
    return _corrected(found)


def over_pictures(values: ArrayLike, counts: ArrayLike, weights: ArrayLike) -> tuple[Contrast, ...]:
    """Contrasts of settings that were trained once each: what other held-back pictures would give of these very trainings.

    ``values`` float64 (S,): accuracies; ``counts`` (S,): pictures. Wilson's intervals of the settings are put together as Newcombe
    (1998) does for two shares and Zou & Donner (2008) for any sum. All settings are right and wrong on much the same pictures, which is
    not used here: the interval is too wide rather than too narrow. It holds nothing of the chance of the seed, so it comes without p.
    """
    given, rows = _checked(values, weights, 1)
    ends = np.array([wilson(value * count, count) for value, count in zip(given, np.asarray(counts), strict=True)])
    found = []
    for row in rows:
        used = row != 0
        scaled, reached = row[used, None] * ends[used], row[used] * given[used]
        value = float(reached.sum())
        low = value - float(np.linalg.norm(reached - scaled.min(axis=1)))
        high = value + float(np.linalg.norm(scaled.max(axis=1) - reached))
        found.append(Contrast(value, low, high, nan, "pictures", 1))
    return tuple(found)


def _checked(values: ArrayLike, weights: ArrayLike, dimensions: int) -> tuple[Floats, Floats]:
    given, rows = np.asarray(values, np.float64), np.asarray(weights, np.float64)
    if given.ndim != dimensions or rows.ndim != 2 or rows.shape[1] != len(given):
        raise DataError(f"each contrast has one weight for each of {len(given)} settings: {rows.shape}")
    return given, rows


def _corrected(found: Sequence[Contrast]) -> tuple[Contrast, ...]:
    """Holm's correction over those that have a p: what could not be tested was no look at the data."""
    tested = [at for at, each in enumerate(found) if each.p == each.p]
    told = list(found)
    for at, p in zip(tested, holm([found[at].p for at in tested]), strict=True):
        told[at] = replace(found[at], corrected=p)
    return tuple(told)


def _together(weights: Floats, values: Floats) -> Floats:
    """The contrast in each block that has all its settings, float64 (n,)."""
    used = values[weights != 0]
    return np.asarray(weights[weights != 0] @ used[:, np.isfinite(used).all(axis=0)], np.float64)


def _over_seeds(weights: Floats, values: Floats, pool: NDArray[np.bool_], shared: _Additive) -> Contrast:
    own = _paired(weights, values, shared.variance)
    wide = None if weights[~pool].any() else shared.contrast(weights[pool])
    if wide is None or (own.pairs > 1 and _too_wide(_together(weights, values), weights, shared)):
        return own
    return wide


def _too_wide(told: Floats, weights: Floats, shared: _Additive) -> bool:
    if shared.freedom < FEWEST:
        return False
    expected = max(shared.variance * float(weights @ weights), NO_SPREAD)
    return float(_distributions().f.sf(told.var(ddof=1) / expected, len(told) - 1, shared.freedom)) < FAR_LARGER


def _paired(weights: Floats, values: Floats, pooled_variance: float) -> Contrast:
    told = _together(weights, values)
    if len(told) < 2:
        return _untold(told, "seeds")
    least = pooled_variance * float(weights @ weights) if pooled_variance == pooled_variance else 0.0
    return _student(told, max(float(told.var(ddof=1)), least) / len(told), "seeds")


def _untold(told: Floats, over: str) -> Contrast:
    return Contrast(float(told.mean()) if len(told) else nan, nan, nan, nan, over, len(told))


def _student(told: Floats, variance: float, over: str) -> Contrast:
    return _judged(float(told.mean()), variance, over, len(told), len(told) - 1, False)


def _judged(difference: float, variance: float, over: str, pairs: int, freedom: int, pooled: bool) -> Contrast:
    """``variance``: of the difference itself."""
    if variance < NO_SPREAD:
        return Contrast(difference, nan, nan, nan, over, pairs, freedom, pooled)
    t = _distributions().t
    error = sqrt(variance)
    half = float(t.ppf(1 - LEVEL / 2, freedom)) * error
    p = 2 * float(t.sf(abs(difference) / error, freedom))
    return Contrast(difference, difference - half, difference + half, p, over, pairs, freedom, pooled)


def _pool(values: Floats, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which settings share one variance, bool (S,)."""
    pool = allowed & np.isfinite(values).any(axis=1)
    while pool.sum() > 2:
        whole = _Additive.of(values[pool])
        chances = [(_chance(whole, _Additive.of(values[pool & (np.arange(len(values)) != at)])), at) for at in np.flatnonzero(pool)]
        least, worst = min(chances)
        if least >= FAR_LARGER:
            break
        pool[worst] = False
    return pool


def _chance(whole: _Additive, without: _Additive) -> float:
    """How likely a setting of the others' variance adds so much to the residual sum of squares: the sum without it and what it adds are
    independent, so their ratio is distributed as F."""
    more = whole.freedom - without.freedom
    if more < 1 or without.freedom < FEWEST or whole.variance < NO_SPREAD:
        return 1.0
    added = max(whole.residual - without.residual, 0.0) / more
    return float(_distributions().f.sf(added / max(without.variance, NO_SPREAD), more, without.freedom))


@dataclass(frozen=True, eq=False)
class _Additive:
    """Setting + seed + error, fitted by least squares. Settings are taken off row by row, which leaves B equations for the seeds.

    ``means`` (S,): of each setting's cells, which ``held`` bool (S, B) marks; ``seeds`` (B,): the effects of the seeds; ``normal`` and its
    ``inverse`` (B, B): of their equations; ``residual``: sum of squares, with its ``freedom``.
    """

    means: Floats
    held: NDArray[np.bool_]
    seeds: Floats
    inverse: Floats
    normal: Floats
    residual: float
    freedom: int

    @classmethod
    def of(cls, values: Floats) -> _Additive:
        held = np.isfinite(values)
        counts = np.maximum(held.sum(axis=1), 1)
        cells = np.where(held, values, 0.0)
        means = cells.sum(axis=1) / counts
        centred = np.where(held, cells - means[:, None], 0.0)
        normal = np.diag(held.sum(axis=0).astype(np.float64)) - (held / counts[:, None]).T @ held
        # the tolerance is one of counts of cells: what is no whole share of one is rounding
        inverse = np.linalg.pinv(normal, rcond=1e-9, hermitian=True)
        seeds = inverse @ centred.sum(axis=0)
        left = np.where(held, centred - (seeds - (held * seeds).sum(axis=1, keepdims=True) / counts[:, None]), 0.0)
        freedom = int(held.sum() - held.any(axis=1).sum()) - int(np.linalg.matrix_rank(normal, tol=1e-9, hermitian=True))
        return cls(means, held, seeds, inverse, normal, float((left**2).sum()), freedom)

    @property
    def variance(self) -> float:
        """Of the error, NaN where no cell is left over to say."""
        return self.residual / self.freedom if self.freedom else nan

    def contrast(self, weights: Floats) -> Contrast | None:
        """None where these cells cannot tell it."""
        used = weights != 0
        counts = np.maximum(self.held.sum(axis=1), 1)
        share = (weights / counts) @ self.held
        reached = np.allclose(self.normal @ self.inverse @ share, share, atol=1e-9)
        if not self.freedom or not reached or not self.held[used].any(axis=1).all():
            return None
        difference = float(weights @ self.means - share @ self.seeds)
        factor = float((weights**2 / counts).sum() + share @ self.inverse @ share)
        pairs = int(self.held[used].all(axis=0).sum())
        return _judged(difference, self.variance * factor, "seeds", pairs, self.freedom, True)


def _distributions() -> Any:
    try:
        from scipy import stats
    except ImportError as error:
        raise MissingExtra("SciPy", "data") from error
    return stats
