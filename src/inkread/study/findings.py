"""What a study found, in sentences: each is written from the numbers, and says no more than they carry."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from .comparison import Comparison, Result
from .costs import costs
from .factor_findings import factor_findings, interaction_findings
from .finding import Finding
from .wording import between, decimals, listed, percent, points, sentence

SHOWN = 4
"""Settings that are named where many are alike."""

FEW = 3
"""Seeds up to which the report says that they are few."""


def findings(found: Comparison) -> tuple[Finding, ...]:
    """All that can be said, the answer first and the limits last. A difference is claimed only where it holds after Holm's correction."""
    if not found.best:
        return (Finding("limits", "No training has finished, so there is nothing to compare."), *_failed(found))
    told = (*_best(found), *factor_findings(found), *interaction_findings(found), *costs(found))
    return (*told, *_silent(found), *_failed(found), *_spread(found), *_limits(found))


def _best(found: Comparison) -> Iterator[Finding]:
    best = found.result(found.best)
    value = f"{found.named(best)} with {_interval(found, best)}"
    contrasts = tuple(each.contrast for each in found.ahead)
    failed = f"; {len(best.failed)} of its {len(best.failed) + len(best.seeds)} seeds failed, though" if best.failed else ""
    if not best.learnt:
        yield Finding("best", sentence(f"no setting learnt anything with every seed; highest came out {value}"), contrasts=contrasts)
    elif not found.ahead:
        yield Finding("best", sentence(f"only one setting finished: {value}{failed}"))
    elif found.over == "pictures":
        told = f"highest came out {value}; from one training of each setting nobody can tell whether it is the best"
        yield Finding("best", sentence(told + failed), contrasts=contrasts)
    elif not any(each.contrast.told_apart for each in found.ahead):
        others = "the only other one" if len(found.ahead) == 1 else "any of the others"
        told = (
            f"no setting can be called the best: the highest mean is that of {value}, and these {found.over} cannot tell it from {others}"
        )
        yield Finding("best", sentence(told + failed), contrasts=contrasts)
    else:
        yield Finding("best", sentence(f"the best is {value}{_over_base(found)}{failed}"), contrasts=contrasts)
        yield Finding("best", sentence(_over_others(found)), contrasts=contrasts)


def _interval(found: Comparison, result: Result) -> str:
    if isnan(result.low):
        return percent(result.mean)
    places = max(decimals((result.high - result.low) / 2), 1)
    over = " by the chance of the pictures alone" if found.over == "pictures" else ""
    return f"{100 * result.mean:.{places}f} % ({100 * result.low:.{places}f} to {100 * result.high:.{places}f}{over})"


def _over_base(found: Comparison) -> str:
    told = next((each.contrast for each in found.ahead if each.setting == found.base), None)
    if told is None:
        return ""
    if told.told_apart:
        return f", {points(told)} ahead of the base setting"
    if isnan(told.p):
        return ""
    if told.hinted:
        return f"; its lead over the base setting, {points(told)}, is a hint, but no more among so many comparisons"
    return f", which these {found.over} cannot tell from the base setting ({between(told)})"


def _over_others(found: Comparison) -> str:
    alike = [each for each in found.ahead if not each.contrast.told_apart]
    if not alike:
        next_best = min(found.ahead, key=lambda each: each.contrast.difference)
        name = found.named(found.result(next_best.setting))
        every = "the only other one" if len(found.ahead) == 1 else "every other setting, from the next"
        return f"it can be told apart from {every}, {name}, by {points(next_best.contrast)}"
    alike.sort(key=lambda each: each.contrast.difference)
    names = [found.named(found.result(each.setting)) for each in alike]
    return f"these {found.over} cannot tell it from {len(alike)} of the {len(found.ahead)} others: {listed(names, SHOWN)}"


def _silent(found: Comparison) -> Iterator[Finding]:
    for each in found.results:
        if each.silent:
            seeds = f"with {each.silent} of {len(each.seeds)} seeds" if each.silent < len(each.seeds) else "at all"
            guess = (
                f"{percent(min(each.values))}, and guessing among {found.design.classes} classes gives {percent(1 / found.design.classes)}"
            )
            yield Finding("silent", sentence(f"{found.named(each)} learnt nothing {seeds}: {guess}"))


def _failed(found: Comparison) -> Iterator[Finding]:
    by_error: dict[str, list[str]] = {}
    for each in found.results:
        for error in dict.fromkeys(failure.error for failure in each.failed):
            seeds = [failure.seed for failure in each.failed if failure.error == error]
            every = len(seeds) == len(each.failed) + len(each.seeds)
            told = f"{found.named(each)}" + ("" if every else f" with seed {listed([str(seed) for seed in seeds])}")
            by_error.setdefault(error, []).append(told)
    for error, where in by_error.items():
        yield Finding("failed", sentence(f"{listed(where, SHOWN)} failed: {error}"))
    pruned = sum(each.pruned for each in found.results)
    if pruned:
        yield Finding("failed", sentence(f"{pruned} trial{'s were' if pruned > 1 else ' was'} broken off, since others were far ahead"))


def _spread(found: Comparison) -> Iterator[Finding]:
    wide = [each for each in found.results if found.over == "seeds" and each.learnt and not each.pooled and len(each.seeds) > 1]
    for each in wide if found.freedom else ():
        places = max(decimals(found.deviation), 1)
        told = f"a standard deviation of {100 * each.deviation:.{places}f} points against {100 * found.deviation:.{places}f}"
        judged = "so its own seeds alone are what it is judged by, and they say little"
        yield Finding("spread", sentence(f"{found.named(each)} varies far more from seed to seed than the others ({told}), {judged}"))


def _limits(found: Comparison) -> Iterator[Finding]:
    pictures = f"the same {found.count:,} held-back pictures" if found.count else "the same held-back pictures"
    if found.over == "pictures":
        told = f"One seed only: intervals say what others than {pictures} would give of these very trainings"
        seed = "what another seed would change was not measured, so no setting is called better"
        yield Finding("limits", sentence(f"{told}; {seed}. Three seeds or more are needed"))
        return
    compared = sum(each.contrast.p == each.contrast.p for each in (found.effects or found.ahead))
    if compared:
        each = "a difference is claimed only where it holds for all that were looked at together (Holm 1979)"
        count = f", {compared} between levels" if found.effects and compared > 1 else ""
        yield Finding("limits", sentence(f"± is half of a 95 % interval of one difference by itself; {each}{count}"))
    elif found.ahead:
        yield Finding(
            "limits", sentence(f"these {found.over} change nothing, or settings have none in common: there is nothing to measure chance by")
        )
    if found.over == "folds":
        told = f"Intervals are over the folds of {found.seeds} repetition{'s' if found.seeds > 1 else ''} of a cross-validation"
        yield Finding("limits", sentence(f"{told}, corrected for the pictures that trainings share (Nadeau and Bengio 2003)"))
    else:
        few = f"; {found.seeds} seeds are few, and small differences need more" if found.seeds <= FEW else ""
        yield Finding("limits", sentence(f"Intervals say what other seeds would give on {pictures}, not what other pictures would{few}"))
    if found.design.kind == "search":
        yield Finding("limits", "A search goes where others did well: it finds a setting, and does not say what each factor is worth.")
    if found.ahead:
        told = "the best was chosen by these very figures, so its own is a little flattered: a test that chose nothing tells its worth"
        yield Finding("limits", sentence(told))
