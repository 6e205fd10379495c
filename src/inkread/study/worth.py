"""How many labels reuse is worth, from the rows of a study that varies the amount of labels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from ..evaluation import LabelWorth, label_worth
from .comparison import Comparison
from .design import Design, is_number
from .finding import Finding
from .reuse import Worth
from .row import Row
from .wording import listed, percent, sentence

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """Settings that differ in the amount alone: ``name`` in words, ``where`` they are; by amount, ``values`` float64 (N,) of folds or
    seeds, and the ``settings``."""

    name: str
    where: Mapping[str, str]
    values: Mapping[int, Floats]
    settings: Mapping[int, str]


def place(design: Design, where: Mapping[str, str], always: Collection[str] = ()) -> str:
    """Levels of other factors in words: those that the base has not, and those of the factors ``always``."""
    told = [level for name, level in where.items() if level != design.base.get(name) or name in always]
    return ", ".join(told) or "all else as in the base"


def lines(worth: Worth, found: Comparison, rows: Sequence[Row]) -> list[Line]:
    """Every line of two amounts or more."""
    told: dict[tuple[tuple[str, str], ...], dict[int, list[Row]]] = {}
    for row in rows:
        levels = {each.name: row.levels[each.name] for each in found.design.factors}
        level = levels.pop(worth.of, "")
        if row.finished and level and level in _levels(worth, found):
            amount = round(float(level)) if is_number(level) else row.pictures
            told.setdefault(tuple(levels.items()), {}).setdefault(amount, []).append(row)
    method = _method(worth, found)
    made = []
    for where, amounts in told.items():
        if len(amounts) > 1:
            values = {amount: _values(found, of) for amount, of in sorted(amounts.items())}
            settings = {amount: of[0].setting for amount, of in sorted(amounts.items())}
            made.append(Line(place(found.design, dict(where), (method,)), dict(where), values, settings))
    return made


def _values(found: Comparison, rows: Sequence[Row]) -> Floats:
    """Of all folds, or of all seeds, in the order of the seeds."""
    ordered = sorted(rows, key=lambda row: row.seed)
    return np.concatenate([row.folds if row.folds else (getattr(row, found.design.measure),) for row in ordered])


def from_nothing(worth: Worth, found: Comparison, told: Sequence[Line]) -> Line | None:
    """The line of those that begin from nothing."""
    return next((each for each in told if each.where.get(_method(worth, found)) == worth.against), None)


def worths(worth: Worth, scratch: Line, line: Line, test_share: float) -> tuple[LabelWorth, ...]:
    """What a line is worth at each amount that both have; none of fewer than two amounts or values."""
    amounts = [each for each in scratch.values if each in line.values]
    if len(amounts) < 2:
        return ()
    count = min(len(each.values[amount]) for each in (scratch, line) for amount in amounts)
    nothing, reuse = (np.stack([each.values[amount][:count] for amount in amounts]) for each in (scratch, line))
    return label_worth(amounts, nothing, reuse, test_share) if count > 1 else ()


def without_labels(worth: Worth, found: Comparison, rows: Sequence[Row], scratch: Line) -> Line | None:
    """What needs no label, as accurate at every amount."""
    at = {name: level for name, level in scratch.where.items() if found.design.key({name: level}) == found.design.key({})}
    result = found.at({**at, _method(worth, found): worth.without}) if worth.without else None
    if result is None or not result.seeds:
        return None
    values = _values(found, [row for row in rows if row.setting == result.setting and row.finished])
    return Line(worth.without, result.levels, dict.fromkeys(scratch.values, values), dict.fromkeys(scratch.values, result.setting))


def test_share(rows: Sequence[Row]) -> float:
    """Pictures tested by pictures trained on; 0 where trainings share none."""
    folds = max((len(row.folds) for row in rows), default=0)
    return 1 / (folds - 1) if folds > 1 else 0.0


def worth_findings(worth: Worth | None, found: Comparison, rows: Sequence[Row]) -> Iterator[Finding]:
    """A sentence a line: so many labels with reuse are worth so many from nothing."""
    if worth is None:
        return
    told = lines(worth, found, rows)
    scratch = from_nothing(worth, found, told)
    if scratch is None:
        return
    share = test_share(rows)
    bare = without_labels(worth, found, rows, scratch)
    if bare is not None and (worthy := worths(worth, scratch, bare, share)):
        mean = percent(fmean(bare.values[worthy[0].labels]))
        text = f"{worth.without}, without any label, reads {mean}: {worth.against} needs {worthy[0].says} {worth.unit} for that"
        yield Finding("worth", sentence(text), worth.of, worth.without)
    for each in told:
        less = worths(worth, scratch, each, share)[:-1] if each is not scratch else ()  # of the most, more is not known
        parts = [f"{one.labels} ({percent(one.accuracy)}) are worth {one.says}" for one in less]
        if parts:
            text = f"{each.name}, in {worth.unit} of {worth.against}: {listed(parts)}"
            yield Finding("worth", sentence(text), worth.of)


def _levels(worth: Worth, found: Comparison) -> tuple[str, ...]:
    return next((each.levels for each in found.design.factors if each.name == worth.of), ())


def _method(worth: Worth, found: Comparison) -> str:
    """The factor one of whose levels begins from nothing."""
    return next((each.name for each in found.design.factors if worth.against in each.levels), "")
