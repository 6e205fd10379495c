"""Runs beside each other: what differs in how they were made, and what that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..alphabet import log_prior_of
from ..errors import UsageError
from ..evaluation import LEVEL, Accuracy, bootstrap, holm, mcnemar, newcombe, right, unpaired
from ..recipes import flat
from .record import Record, readable

NOT_COMPARED = ("name", "claim")
"""Keys of a recipe that decide nothing."""


@dataclass(frozen=True)
class Change:
    """How the validation accuracy of ``run`` differs from that of ``against`` on ``source``.

    ``difference``: accuracy of ``run`` minus that of ``against``, with its 95 % interval ``low`` to ``high``. ``paired``: both held
    back the same ``pictures``, so that each is its own control; then ``p`` is McNemar's and the interval that of a bootstrap, else
    they are those of two independent shares. ``corrected``: ``p`` for all changes at once (Holm).
    """

    run: str
    against: str
    source: str
    pictures: int
    difference: float
    low: float
    high: float
    paired: bool
    p: float
    corrected: float

    @property
    def told_apart(self) -> bool:
        """Whether the better run is better by more than chance."""
        return self.corrected < LEVEL

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self) | {"told_apart": self.told_apart}


@dataclass(frozen=True)
class Comparison:
    """``runs``: in the order given. ``differences``: dotted key -> a value of each run (None where it has none), of the recipe and,
    with ``from `` before them, of the provenance. ``changes``: each run against the first."""

    runs: tuple[Record, ...]
    differences: Mapping[str, tuple[Any, ...]]
    changes: tuple[Change, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {
            "runs": [each.as_dict() for each in self.runs],
            "differences": [{"key": key, "values": list(values)} for key, values in self.differences.items()],
            "changes": [each.as_dict() for each in self.changes],
        }


def compared(runs: Sequence[Record]) -> Comparison:
    """Two or more runs, each against the first. :class:`UsageError` for fewer."""
    if len(runs) < 2:
        raise UsageError(f"to compare takes two runs or more: {len(runs)}")
    recipes = [{key: value for key, value in flat(each.recipe).items() if key not in NOT_COMPARED} for each in runs]
    origins = [{f"from {key}": value for key, value in _origin(each).items()} for each in runs]
    first, *others = runs
    changes = [change for other in others for change in _changes(other, first)]
    corrected = holm([each.p for each in changes])
    told = tuple(replace(each, corrected=p) for each, p in zip(changes, corrected, strict=True))
    return Comparison(tuple(runs), _differing(recipes) | _differing(origins), told)


def _origin(run: Record) -> dict[str, Any]:
    """What a provenance says beyond the recipe; of the runs that it started from and learnt from, only which weights they had."""
    told = {key: value for key, value in run.provenance.items() if key not in ("recipe", "seed")}
    with readable(run.folder):
        if told.get("started_from"):
            told["started_from"] = told["started_from"]["weights"]
        told["teachers"] = {str(at): each["weights"] for at, each in enumerate(told.get("teachers", ()))}
    return flat(told)


def _differing(tables: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Any, ...]]:
    keys = dict.fromkeys(key for table in tables for key in table)
    found = {key: tuple(table.get(key) for table in tables) for key in keys}
    return {key: values for key, values in found.items() if len(set(values)) > 1}


def _changes(run: Record, against: Record) -> Iterator[Change]:
    ours, theirs = _Answers.of(run), _Answers.of(against)
    if ours is None or theirs is None:
        return
    same = ours.same_pictures(theirs)
    for source in [each for each in theirs.names if each in ours.names]:
        a, b = ours.right_on(source), theirs.right_on(source)
        first, second = (Accuracy.of(int(each.sum()), len(each)) for each in (a, b))
        low, high = bootstrap(a, b) if same else newcombe(first, second)
        p = mcnemar(a, b).p if same else unpaired(first, second)
        yield Change(run.name, against.name, source, len(a), first.value - second.value, low, high, same, p, p)


@dataclass(frozen=True, eq=False)
class _Answers:
    """validation.npz with the class counts of each source, and the sample of pictures that tells which they were."""

    logits: NDArray[np.float32]
    targets: NDArray[np.bool_]
    sources: NDArray[np.str_]
    sample: NDArray[np.uint8]
    counts: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, run: Record) -> _Answers | None:
        """None where the run has not ended, or does not hold them."""
        file, sample = run.folder / "validation.npz", run.folder / "sample.npz"
        if not run.metrics or not file.is_file() or not sample.is_file():
            return None
        with readable(run.folder), np.load(file, allow_pickle=False) as held, np.load(sample, allow_pickle=False) as kept:
            return cls(held["logits"], held["targets"], held["sources"], kept["pictures"], run.metrics["counts"])

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(self.sources.tolist()))

    def same_pictures(self, other: _Answers) -> bool:
        """Whether both held back the same pictures: their labels agree one by one, and so do the first pictures of each source."""
        pairs = ((self.sources, other.sources), (self.targets, other.targets), (self.sample, other.sample))
        return all(np.array_equal(ours, theirs) for ours, theirs in pairs)

    def right_on(self, source: str) -> NDArray[np.bool_]:
        """Which answers are right with the source's own class frequencies, as the run's validation counts them."""
        mine = self.sources == source
        answers = (self.logits[mine] + log_prior_of(list(self.counts[source].values()))).argmax(axis=1)
        return right(answers, self.targets[mine])
