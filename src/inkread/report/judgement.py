"""What a report says first: a judgement in plain sentences, every one of them made from the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from ..alphabet import look_alike
from ..evaluation import Evaluation, Threshold, quoted
from .contact import NO_BREAK

FEW_ERRORS = 0.02
"""Share of mistakes below which they are counted, and not what is right."""

BELIEVABLE, DOUBTFUL = 0.02, 0.05
"""Calibration errors up to which probabilities can be believed, and from which they cannot."""

EVEN = 0.1
"""Range of accuracies within which characters are read about equally well."""

MANY_ALIKE = 0.4
"""Share of mistakes between characters of one shape from which on they are named as the cause."""

SCATTERED = 0.1
"""Share of mistakes below which the most confused pair is not what a model errs by."""


def judgement(found: Evaluation) -> tuple[str, ...]:
    """The answer to "is it any good?", the most important sentence first."""
    return (_how_often(found), *_cause(found), *_silent(found), _evenly(found), *_probabilities(found), *_alone(found))


def _how_often(found: Evaluation) -> str:
    share = found.overall.value
    if found.overall.right == found.overall.count:
        return f"It reads all {found.overall.count:,} pictures right."
    if not found.overall.right:
        return f"It reads none of the {found.overall.count:,} pictures right."
    return f"It misreads {_of(1 - share)}." if share >= 1 - FEW_ERRORS else f"It reads {_of(share)} right."


def _of(share: float) -> str:
    """A share as people count: so many of 100, of 1,000, of 10,000."""
    for whole in (100, 1000, 10_000):
        if share * whole >= 2:
            return f"{share * whole:.0f} of {whole:,} pictures"
    return "fewer than 2 of 10,000 pictures"


def _cause(found: Evaluation) -> Iterator[str]:
    counts, characters = found.confusion.counts, found.confusion.alphabet.characters
    wrong = float(counts.sum() - counts.trace())
    if not wrong or not found.pairs:
        return
    alike: dict[tuple[str, str], float] = {}
    for a, first in enumerate(characters):
        for b, second in enumerate(characters[:a]):
            both = counts[a, b] + counts[b, a]
            if both and look_alike(first, second):
                alike[second, first] = float(both)
    joined = {each.policy: each.accuracy.value for each in found.cases}.get("upper")
    if sum(alike.values()) / wrong >= MANY_ALIKE:
        more = f"; where upper and lower case need not be told apart it reads {share_of(joined)} right" if joined else ""
        often = ", then ".join(
            f"{quoted(first)} and {quoted(second)}" for first, second in sorted(alike, key=alike.__getitem__, reverse=True)[:2]
        )
        share = share_of(sum(alike.values()) / wrong, 0)
        yield f"{share} of its mistakes are between characters of one shape, most often {often}{more}."
        return
    pair = found.pairs[0]
    both = f"{quoted(pair.first)} and {quoted(pair.second)}"
    if pair.of_mistakes < SCATTERED:
        most = f"{both}, makes {share_of(pair.of_mistakes, 0)}"
        yield f"Its mistakes are scattered over many pairs: the most frequent one, {most} of them."
        return
    yield f"It most often confuses {both}, which makes {share_of(pair.of_mistakes, 0)} of its mistakes."


def _silent(found: Evaluation) -> Iterator[str]:
    unanswered = float(found.confusion.counts[:, -1].sum())
    if unanswered:
        yield f"It has no answer to {unanswered:,.0f} picture{'' if unanswered == 1 else 's'}, and that counts as a mistake."


def _evenly(found: Evaluation) -> str:
    even = found.evenness
    worst, best = _those_at(found, even.lowest), _those_at(found, even.highest)
    if len(found.characters) < 2:
        return "The test holds one character only, so this says little of a reader."
    if not even.beyond_chance and even.range > EVEN:
        pictures = sum(each.count for each in found.characters) / len(found.characters)
        chance = f"were all read equally well, chance alone would put {100 * even.range_by_chance.mean:.0f} points between them"
        return (
            f"Its characters, from {share_of(even.lowest)} ({worst}) to {share_of(even.highest)} ({best}), differ no more than chance "
            f"makes of about {pictures:.0f} pictures each: {chance}."
        )
    if even.range <= EVEN:
        return f"All characters are read about equally well, from {share_of(even.lowest)} ({worst}) to {share_of(even.highest)} ({best})."
    weak = sum(each.accuracy < found.overall.value - EVEN and each.high < found.overall.value for each in found.characters)
    return f"It reads them unevenly, from {share_of(even.lowest)} ({worst}) to {share_of(even.highest)} ({best})" + (
        f": {weak} of {len(found.characters)} characters {'lies' if weak == 1 else 'lie'} more than ten points below the whole."
        if weak
        else "."
    )


def _probabilities(found: Evaluation) -> Iterator[str]:
    if found.calibration is None:
        return
    bins = [each for each in found.calibration.after.bins if each.count]
    told = sum(each.count * each.probability for each in bins) / sum(each.count for each in bins)
    points = f"{100 * found.calibration.after.error:.1f} points"
    way = "more" if told > found.overall.value else "less"
    if found.calibration.after.error <= BELIEVABLE:
        yield f"Its probabilities can be believed: they are {points} off on average."
    elif not found.calibration.beyond_chance:
        chance = f"no more than chance makes of {found.overall.count:,} pictures ({100 * found.calibration.by_chance.mean:.1f})"
        yield f"Nothing speaks against its probabilities: they are {points} off on average, {chance}."
    elif found.calibration.after.error < DOUBTFUL:
        yield f"Its probabilities are a fair guide: they are {points} off on average, and promise {way} than they keep."
    else:
        yield f"Its probabilities should not be taken at their word: they are {points} off on average, and promise {way} than they keep."


def _alone(found: Evaluation) -> Iterator[str]:
    if found.selective is None:
        return
    wanted: Threshold | None = next((each for each in found.selective.thresholds if each.error == 0.01), None)
    if wanted is None or found.overall.value >= 0.99:
        return
    if wanted.coverage is None:
        yield f"No threshold makes its answers 99{NO_BREAK}% right."
    else:
        alone = share_of(wanted.coverage, 0)
        few = f"; these {wanted.kept:,} are too few to show so small an error" if wanted.too_few else ""
        yield f"At 1{NO_BREAK}% error it answers {alone} of the pictures by itself and leaves the others to a person{few}."


def _those_at(found: Evaluation, accuracy: float) -> str:
    """The character of this accuracy, or how many there are of it."""
    these = [each.character for each in found.characters if each.accuracy == accuracy]
    return quoted(these[0]) if len(these) == 1 else f"{len(these)} characters"


def share_of(value: float, digits: int = 1) -> str:
    """A measured share in percent; rounding makes none of them 100 or 0 that is not."""
    told = f"{100 * value:.{digits}f}"
    if 0 < value < 1 and float(told) in (0.0, 100.0):
        least = 10.0**-digits
        return f"> {100 - least:.{digits}f}{NO_BREAK}%" if value > 0.5 else f"< {least:.{digits}f}{NO_BREAK}%"
    return f"{'100' if value == 1 else told}{NO_BREAK}%"
