"""Why two characters are taken for each other, in sentences that say only what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pairs import ConfusedPair, Origin
    from .shapes import Looks

LOPSIDED = 1.5
"""How many times as frequent the one direction is, from which on it is told."""

CLOSEST, ALIKE = 0.05, 0.3
"""Share of all pairs among which a pair is one of the closest, and beyond which it is not alike."""

MIXED, TOUCHING = 0.3, 0.12
"""Share of pictures whose nearest neighbour is of the other class: no shape to tell them by, or only some hands that do so."""

SECOND, SELDOM_SECOND = 0.9, 0.6
"""Share of mistakes whose right answer came second, from which on and below which it is told."""

SEVERAL = 3
"""Mistakes below which no cause is named."""

FEW = 8
"""Mistakes below which nothing is said about where they come from."""

CONCENTRATED = 1.5
"""How many times its share of the pictures a source's share of the mistakes must be to be named."""


def sentences(pair: ConfusedPair) -> tuple[str, ...]:
    """The explanation of a pair: how often and which way, what the two are, what their looks say, where the mistakes are.

    Of fewer than :data:`SEVERAL` mistakes only how often and which way: they say nothing about why.
    """
    if pair.count < SEVERAL:
        return tuple(_counts(pair))
    return (*_counts(pair), *_kinship(pair), *_looks(pair), *_second(pair), *_origins(pair), *_resembled(pair))


def reason(pair: ConfusedPair) -> str:
    """The likeliest cause in a few words, or why none is named."""
    if pair.kind == "twins of case":
        return "one shape in two sizes"
    if pair.kind == "look-alikes":
        return "one shape in many hands"
    if pair.count < SEVERAL:
        return "too few to explain"
    if pair.looks is None:
        return pair.kind if pair.kind == "cases of one letter" else "no pictures to tell" if _unseen(pair) else "too few pictures to tell"
    if pair.looks.crossing >= MIXED:
        return "shape alone hardly tells them apart"
    if pair.looks.crossing >= TOUCHING:
        return "some hands write one as the other"
    return "unusual forms" if pair.looks.rank > ALIKE * pair.looks.pairs else "alike, yet to be told apart"


def quoted(character: str) -> str:
    """A character inside a sentence, so that I, l, 1, 0 and O are not taken for words or numbers of it."""
    return f"‘{character}’"


def _unseen(pair: ConfusedPair) -> bool:
    return all(each.picture is None for each in pair.examples)


def _counts(pair: ConfusedPair) -> Iterator[str]:
    often, seldom = pair.directions
    first, second = quoted(often.truth), quoted(often.answer)
    share = f"{_share(pair.of_mistakes)} of all mistakes"
    if not seldom.count:
        yield f"{_times(often.count).capitalize()} {first} is read as {second}, never the other way: {share}."
    elif often.count < LOPSIDED * seldom.count:
        yield (
            f"{_many(pair.count, 'mistake')}, {share}, and about as many either way: {_share(often.of_truth)} of all {first} "
            f"are read as {second}, {_share(seldom.of_truth)} of all {second} as {first}."
        )
    else:
        yield (
            f"{_many(pair.count, 'mistake')}, {share}: {_times(often.count)} {first} is read as {second}, "
            f"{often.count / seldom.count:.1f} times as often as the other way ({_number(seldom.count)})."
        )
    if often.count >= max(FEW, LOPSIDED * seldom.count):
        yield from _leaning(pair)


def _leaning(pair: ConfusedPair) -> Iterator[str]:
    often, seldom = pair.directions
    first, second = quoted(often.truth), quoted(seldom.truth)
    if not seldom.pictures:
        yield f"There is no {second} in this test."
    elif seldom.pictures >= LOPSIDED * often.pictures:
        ratio = f"{seldom.pictures / often.pictures:.1f} times as many {second} as {first}"
        yield f"There are {ratio} in this test: the answers lean to the more frequent of the two."
    elif often.pictures >= LOPSIDED * seldom.pictures:
        ratio = f"{often.pictures / seldom.pictures:.1f} times as many {first} as {second}"
        yield (
            f"There are {ratio} in this test: by share, {_share(often.of_truth)} of all {first} are read as {second} "
            f"and {_share(seldom.of_truth)} of all {second} as {first}."
        )
    else:
        middle = f"the border that the reader draws between them lies on the side of {first}"
        yield f"The two are about as frequent here, so {middle}."


def _kinship(pair: ConfusedPair) -> Iterator[str]:
    if pair.kind == "twins of case":
        yield "Both are one letter of one shape in two sizes, and a picture scaled to its frame no longer shows its size."
    elif pair.kind == "look-alikes":
        yield "Many hands write both with one shape; on paper the words around them tell which is meant."
    elif pair.kind == "cases of one letter":
        yield "Both are one letter, though most hands give its two cases different shapes."


def _looks(pair: ConfusedPair) -> Iterator[str]:
    looks = pair.looks
    if looks is None:
        return
    place, apart = looks.rank / looks.pairs, f"{looks.separation:.2f} of their spread apart"
    rank = f"{_ordinal(looks.rank)} closest of {looks.pairs:,}"
    if looks.rank == 1:
        yield f"No other two mean pictures are as close ({apart})."
    elif place <= CLOSEST:
        yield f"Their mean pictures are the {rank} pairs, {apart}, and differ most {_at(looks.differ)}."
    elif place <= ALIKE:
        yield f"Their mean pictures are alike, {apart} ({rank}), and differ most {_at(looks.differ)}."
    else:
        yield f"Their mean pictures are not alike, {apart} ({rank}): it is unusual forms that are misread."
    yield _neighbours(looks)


def _neighbours(looks: Looks) -> str:
    told = f"{_share(looks.crossing)} of their pictures have their nearest neighbour in the other character"
    if not looks.crossing:
        return "None of their pictures has its nearest neighbour in the other character: the shapes differ, and a better reader could tell."
    if looks.crossing >= MIXED:
        return f"{told} (50 % would be chance): shape alone hardly tells."
    if looks.crossing >= TOUCHING:
        return f"{told}: some hands write one as others write the other."
    return f"Only {told}: the shapes differ, and a better reader could tell."


def _second(pair: ConfusedPair) -> Iterator[str]:
    if pair.runner_up is None or pair.probability is None or pair.count < FEW:
        return
    if pair.runner_up >= SECOND:
        always = "every one" if pair.runner_up == 1 else _share(pair.runner_up)
        yield f"In {always} of these mistakes the right answer came second; the wrong one had {_share(pair.probability)} on average."
    elif pair.runner_up < SELDOM_SECOND and pair.between:
        other = quoted(pair.between)
        yield f"In only {_share(pair.runner_up)} of these mistakes the right answer came second: otherwise it was mostly {other}."


def _origins(pair: ConfusedPair) -> Iterator[str]:
    if pair.count < FEW:
        return
    if pair.sources:
        yield from _concentrated(pair.sources)
    if pair.half and pair.hands >= 2 * pair.half:
        yield f"{_many(pair.half, 'writer')} of {pair.hands:,} made half of them."


def _concentrated(sources: tuple[Origin, ...]) -> Iterator[str]:
    mistakes, pictures = sum(each.mistakes for each in sources), sum(each.pictures for each in sources)
    most = sources[0]
    if not mistakes:  # the sources of the misread ones are not known
        return
    if most.mistakes / mistakes >= CONCENTRATED * most.pictures / pictures:
        yield f"{_share(most.mistakes / mistakes)} of them are from {most.name}, with {_share(most.pictures / pictures)} of the pictures."


def _resembled(pair: ConfusedPair) -> Iterator[str]:
    known = [each.nearest.label == each.answer for each in pair.examples if each.nearest is not None]
    if len(known) >= FEW / 2 and any(known):
        yield f"Of the {len(known)} misread pictures shown {sum(known)} look most like a training picture of what they were taken for."


def _at(place: str) -> str:
    sides = {"top": "at the top", "bottom": "at the bottom", "middle": "in the middle", "left": "on the left", "right": "on the right"}
    return sides.get(place, f"at the {place}")


def _share(share: float) -> str:
    if 0 < share < 0.0005:
        return "less than 0.1 %"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _number(count: float) -> str:
    return f"{count:,.0f}" if abs(count - round(count)) < 1e-9 else f"{count:,.1f}"


def _many(count: float, what: str) -> str:
    return f"{_number(count)} {what}{'' if count == 1 else 's'}"


def _times(count: float) -> str:
    return ("once", "twice")[int(count) - 1] if count in (1, 2) else f"{_number(count)} times"
