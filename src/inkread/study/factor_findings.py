"""What each factor of a study does, which matters most, and whether one depends on another, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

import numpy as np

from ..evaluation import Contrast
from .comparison import Comparison
from .design import Varied, is_number
from .effects import Effect, Interaction, widest
from .finding import Finding
from .trend import trend
from .verdicts import change, nothing, verdicts
from .wording import between, decimals, listed, percent, points, sentence


def factor_findings(found: Comparison) -> Iterator[Finding]:
    """One finding a factor or a step, before them which matters most."""
    kind = found.design.kind
    if kind == "steps":
        yield from _steps(found)
    elif kind == "add-and-leave-out":
        yield from _added_and_left_out(found)
    elif kind == "questions":
        for factor, where in asked_at(found):
            yield from Factored(found, factor, where).finding()
    elif kind != "search":
        yield from _which_matters(found)
        for each in found.design.factors:
            yield from Factored(found, each).finding()


def interaction_findings(found: Comparison) -> Iterator[Finding]:
    """Of every two factors of a grid whether the effect of one depends on the other."""
    for each in found.interactions:
        text = _depends(found, each) if each.contrast.told_apart else _does_not_depend(found, each)
        if text:
            yield Finding("interaction", sentence(text), each.first, each.levels[0], (each.contrast,))


def asked_at(found: Comparison) -> Iterator[tuple[Varied, Mapping[str, str]]]:
    """Each factor that is asked about with the levels of the others at which it is."""
    for factor in found.design.factors:
        mine = [each.where for each in found.effects if each.factor == factor.name]
        for at, where in enumerate(mine):
            if where not in mine[:at]:
                yield factor, where


def called(factor: Varied, level: str) -> str:
    """A level in a sentence: ``dropout 0.5``, ``relu``."""
    return f"{factor.name} {level}" if is_number(level) else level


class Factored:
    """One factor of a comparison: its effects, averaged over the others where these were varied too, by pairs of levels.

    ``where``: the levels of the others at which alone it is looked at; empty: their bases, or all that are averaged over.
    """

    def __init__(self, found: Comparison, factor: Varied, where: Mapping[str, str] | None = None) -> None:
        self.found, self.factor, self.where = found, factor, dict(where or {})
        mine = [each for each in found.effects if each.factor == factor.name and (where is None or each.where == where)]
        averaged = [each for each in mine if each.kind == "averaged"]
        self.averaged = bool(averaged)
        self.effects = averaged or [each for each in mine if each.learnt]
        self.pairs = {(each.level, each.against): each.contrast for each in self.effects}

    def between(self, level: str, against: str) -> Contrast | None:
        straight = self.pairs.get((level, against))
        turned = self.pairs.get((against, level))
        return straight or (turned.reversed() if turned else None)

    @property
    def levels(self) -> list[str]:
        """Those that can be compared, in order."""
        told = {level for pair in self.pairs for level in pair}
        there = [each for each in self.factor.levels if each in told]
        return sorted(there, key=float) if self.factor.ordered else there

    def mean(self, level: str) -> float:
        return fmean(each.mean for each in self.found.results if each.seeds and self._is_at(each.levels, level))

    def _is_at(self, levels: object, level: str) -> bool:
        design = self.found.design
        key = design.key(levels)  # type: ignore[arg-type]
        return key[design.factors.index(self.factor)] == level and (
            self.averaged or key == design.key({**self.where, self.factor.name: level})
        )

    def finding(self) -> Iterator[Finding]:
        levels = self.levels
        if not levels:
            return
        told = None
        if self.factor.ordered and self.found.over != "pictures":
            told = trend(levels, [self.mean(each) for each in levels], self.between, self.found.over)
        text, contrasts = told or self._against_one(levels)
        if contrasts:
            yield Finding("effect", sentence(f"{self._named()}: {text}{self._missing()}"), self.factor.name, "", contrasts)

    def _named(self) -> str:
        if self.found.over == "pictures":
            return f"{self.factor.label}, one training each"
        others = [each.label for each in self.found.design.factors if each is not self.factor]
        if self.averaged:
            return f"{self.factor.label}, averaged over {listed(others)}"
        factors = {each.name: each for each in self.found.design.factors}
        other = [called(factors[name], level) for name, level in self.where.items() if level != self.found.design.base.get(name)]
        return f"{self.factor.label}, with {listed(other)}" if other else self.factor.label

    def _against_one(self, levels: Sequence[str]) -> tuple[str, tuple[Contrast, ...]]:
        base = self.found.design.base.get(self.factor.name, "")
        one = base if base in levels else max(levels, key=self.mean)
        items = [(each, told) for each in levels if each != one and (told := self.between(each, one))]
        named = [(called(self.factor, each), told) for each, told in items]
        contrasts = tuple(told for _, told in items)
        text = f"against {called(self.factor, one)}, {verdicts(named, self.found.over)}"
        far = widest(self.effects)
        if far is None or not far.contrast.told_apart or one in (far.level, far.against) or any(each.told_apart for each in contrasts):
            return text, contrasts
        ends = listed([called(self.factor, each) for each in sorted((far.level, far.against), key=levels.index)])
        return f"{text}; {ends} can be told apart, by {points(far.contrast)}", (*contrasts, far.contrast)

    def _missing(self) -> str:
        """The levels that cannot be compared with the others, and why."""
        if self.averaged:
            return ""
        told = ""
        for level in self.factor.levels:
            result = self.found.at({**self.where, self.factor.name: level})
            if result and not result.seeds and result.failed:
                told += f"; {called(self.factor, level)} failed"
            elif result and result.silent:
                some = "" if result.silent == len(result.seeds) else f" with {result.silent} of {len(result.seeds)} seeds"
                told += f"; {called(self.factor, level)} learnt nothing{some}"
        return told


def _which_matters(found: Comparison) -> Iterator[Finding]:
    """By the two levels furthest apart; one factor matters more than the next only where the intervals of the two leave each other free."""
    ranges = [(each, wide) for each in found.design.factors if (wide := widest(_of(found, each)))]
    if len(ranges) < 2 or found.over == "pictures":
        return
    apart = sorted((each for each in ranges if each[1].contrast.told_apart), key=lambda each: -abs(each[1].contrast.difference))
    flat = [factor.label for factor, wide in ranges if not wide.contrast.told_apart]
    if not apart:
        yield Finding("factors", sentence(f"of {listed(flat)}, none makes a difference that these {found.over} can show"))
        return
    least = min(abs(apart[0][1].contrast.low), abs(apart[0][1].contrast.high))
    first = [each for each in apart if each is apart[0] or _reach(_of(found, each[0])) >= least]
    rest = [each for each in apart if each not in first]
    text = f"over the levels that were tried, {_spans(first, ' points')} matter{'s' if len(first) == 1 else ''} most"
    if len(first) > 1:
        text += f", and these {found.over} cannot tell which of them more"
    text += f"; then {_spans(rest, '')}" if rest else ""
    open_ = any(_reach(_of(found, factor)) >= least for factor, wide in ranges if not wide.contrast.told_apart)
    text += f"; for {listed(flat)} {nothing(found.over)}" if flat else ""
    text += ", which leaves room for one as large" if open_ else ""
    yield Finding("factors", sentence(text), apart[0][0].name, "", tuple(wide.contrast for _, wide in apart))


def _of(found: Comparison, factor: Varied) -> list[Effect]:
    return [each for each in found.effects if each.factor == factor.name]


def _reach(effects: Sequence[Effect]) -> float:
    """How far two levels may be apart, by the intervals."""
    wanted = [each for each in effects if each.kind == "averaged"] or [each for each in effects if each.learnt]
    return max((max(-each.contrast.low, each.contrast.high) for each in wanted if each.contrast.p == each.contrast.p), default=0.0)


def _spans(ranges: Sequence[tuple[Varied, Effect]], unit: str) -> str:
    told = []
    for factor, wide in ranges:
        ends = (wide.level, wide.against) if wide.contrast.difference < 0 else (wide.against, wide.level)
        told.append(f"{factor.label} ({points(wide.contrast, unit)} from {ends[0]} to {ends[1]})")
    return listed(told)


def _steps(found: Comparison) -> Iterator[Finding]:
    for each in found.effects:
        if each.kind == "step":
            text = f"{each.level}, after {each.against}: {_one(each.contrast, found.over)}"
            yield Finding("effect", sentence(text), each.factor, each.level, (each.contrast,))
        else:
            ends = [found.at({each.factor: level}) for level in (each.against, each.level)]
            means = [percent(end.mean, each.contrast.half) for end in ends if end]
            text = f"all steps together, from {each.against} ({means[0]}) to {each.level} ({means[1]}): {_one(each.contrast, found.over)}"
            yield Finding("effect", sentence(text), each.factor, each.level, (each.contrast,))


def _one(contrast: Contrast, over: str) -> str:
    return verdicts([("it", contrast)], over).removeprefix("it ").replace(": it (", " (")


def _added_and_left_out(found: Comparison) -> Iterator[Finding]:
    for factor in found.design.factors:
        mine = {each.kind: each.contrast for each in found.effects if each.factor == factor.name}
        parts = []
        if "added" in mine:
            parts.append(f"added to nothing, {_worth(mine['added'], found.over)}")
        if "left-out" in mine:
            parts.append(f"added to all the others, {_worth(mine['left-out'], found.over)}")
        if parts:
            yield Finding("effect", sentence(f"{factor.label}: {'; '.join(parts)}"), factor.name, factor.levels[-1], tuple(mine.values()))
    for each in found.effects:
        if each.kind == "whole":
            text = f"all of them together, against none: {_one(each.contrast, found.over)}"
            if each.contrast.told_apart and each.contrast.difference > 0:
                text = f"all of them together gain {points(each.contrast)} over none"
            yield Finding("effect", sentence(text), "", "", (each.contrast,))


def _worth(contrast: Contrast, over: str) -> str:
    return f"it {change(contrast)}" if contrast.told_apart else _one(contrast, over)


def _depends(found: Comparison, each: Interaction) -> str:
    """The factor whose effect changes, and how: at every level of the other where only two were varied."""
    told = max((_simple(found, each, turned) for turned in (True, False)), key=lambda both: both[0])
    return told[1]


def _does_not_depend(found: Comparison, each: Interaction) -> str:
    factors = {factor.name: factor for factor in found.design.factors}
    if found.over == "pictures":
        return ""
    text = f"that the effect of {factors[each.second].label} depends on {factors[each.first].label} cannot be shown with these {found.over}"
    clearest = f"the clearest of {each.looked} changes of it" if each.looked > 1 else "its change"
    return f"{text}: {clearest}, {points(each.contrast)}, may be chance" if each.contrast.p == each.contrast.p else text


def _simple(found: Comparison, each: Interaction, turned: bool) -> tuple[tuple[bool, int], str]:
    """How good a sentence it makes, and the sentence: the second factor's effect at levels of the first where ``turned``."""
    factors = {factor.name: factor for factor in found.design.factors}
    of, at = (each.second, each.first) if turned else (each.first, each.second)
    levels, places = (each.at, each.levels) if turned else (each.levels, each.at)
    speaker, place = factors[of], factors[at]
    base = found.design.base.get(of)
    level, against = levels[::-1] if levels[0] == base else levels
    direct = [
        told for told in found.effects if told.factor == of and told.kind == "direct" and {told.level, told.against} == {level, against}
    ]
    items = [(told.where[at], told.contrast if told.level == level else told.contrast.reversed()) for told in direct if len(factors) == 2]
    good = (place.ordered and not speaker.ordered, sum(contrast.told_apart for _, contrast in items))
    start = f"the effect of {speaker.label} depends on {place.label}"
    pair = f"{called(speaker, level)} against {called(speaker, against)}"
    if not items:
        others = listed([factor.label for factor in found.design.factors if factor.name not in (of, at)])
        over = f", averaged over {others}" if others else ""
        ends = [f"{_lead(each, speaker, place, (level, against), end)} {_at(place, end)}" for end in places[::-1]]
        lead = f"{called(speaker, level)} over {called(speaker, against)}"
        return good, f"{start}{over}: the lead of {lead} goes from {ends[0]} to {ends[1]}, a change of {points(each.contrast)}"
    sure = [(where, told) for where, told in items if told.told_apart]
    parts = [f"{change(told, '' if at else ' points')} {_at(place, where)}" for at, (where, told) in enumerate(sure)]
    rest = [f"{_at(place, where)} ({between(told)})" for where, told in items if not told.told_apart]
    text = f"{pair} {listed(parts)}" if parts else pair
    return good, f"{start}: {text}" + (f"; {nothing(found.over)} {listed(rest)}" if rest else "")


def _lead(each: Interaction, speaker: Varied, place: Varied, pair: tuple[str, str], end: str) -> str:
    """What the cells say of two levels of a factor at one level of the other, with its sign."""
    table = np.array(each.cells) if speaker.name == each.first else np.array(each.cells).T
    one, other = (table[speaker.levels.index(level), place.levels.index(end)] for level in pair)
    return f"{100 * (one - other):+.{decimals(each.contrast.half)}f}".replace("-", "−")


def _at(place: Varied, level: str) -> str:
    return f"{'at' if is_number(level) else 'with'} {called(place, level)}"
