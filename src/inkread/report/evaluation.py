"""The report of an evaluation: one page that says how good a model is, then why, from the values alone."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet
from ..evaluation import BASES, Accuracy, CharacterScore, Confusion, Evaluation, Example, Published, quoted
from .charts import bar, bar_start, calibration_chart, damage_chart, risk_chart
from .contact import NO_BREAK, data_uri, png_uri, templates
from .diagnosis import heat
from .heatmap import heat_map, legend
from .judgement import judgement, share_of

if TYPE_CHECKING:
    from markupsafe import Markup

CONFUSIONS = 20
"""Rows of the table of the most frequent confusions."""

TILES, OF_A_KIND = 24, 3
"""Of the surest mistakes: how many are shown, and how many of one character read as one other."""

FINE = 0.9
"""Where bars begin so high, characters differ by less than a decimal place shows."""

NARROW = 0.01
"""Width of an interval below which one decimal place would hide it."""

CASES = {"keep": "kept apart", "fold": "joined where the shape is one", "upper": "all told as capitals"}

KINDS = {
    "run": "a training run",
    "bundle": "a reader",
    "ensemble": "several models together",
    "predictions": "predictions of another program",
}


@dataclass(frozen=True)
class About:
    """What stands on the page beside the evaluation itself.

    ``made``: when, as it shall be read. ``test``: whether the pictures are a test part, whose labels were handed out on
    record; None where not known. ``trained``: the sources that trained the model. ``notes``: further sentences, for the
    limits. ``version``: of the program. ``weights``, ``evidence``: of a linear network the PNGs of
    :func:`weights_picture` and :func:`evidence_picture`, else empty.
    """

    made: str = ""
    test: bool | None = None
    trained: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    version: str = ""
    weights: bytes = b""
    evidence: bytes = b""


@dataclass(frozen=True)
class Mistaken:
    """One way of a confusion: ``count`` pictures of ``truth`` read as ``answer``, the share ``of_truth`` of its pictures and
    ``of_mistakes`` of all mistakes."""

    truth: str
    answer: str
    count: float
    of_truth: float
    of_mistakes: float


def evaluation_page(found: Evaluation, about: About = About()) -> str:
    """The report as one HTML file: pictures and charts inside, nothing from elsewhere, no script.

    Parts for which the evaluation has no values (no pictures, no probabilities, no predictor) are left out.
    """
    from markupsafe import Markup

    def inline(draw: Callable[..., str]) -> Callable[..., Markup]:
        return lambda *given: Markup(draw(*given))

    start = bar_start(found.characters)
    charts = (heat_map, calibration_chart, risk_chart, damage_chart, bar)
    pages = templates()
    pages.filters |= {
        "ink": _ink,
        "glyphs": _glyphs,
        "share": share_of,
        "interval": interval,
        "count": counted,
        "uri": png_uri,
        "file": os.path.basename,
    }
    pages.globals |= {each.__name__: inline(each) for each in charts}
    pages.globals["told"] = lambda label: _label(label, found.alphabet)
    pages.globals |= {"heat": lambda each, falls: data_uri(heat(each, falls)), "cases": CASES, "kinds": KINDS}
    return pages.get_template("evaluation.html.j2").render(
        found=found,
        about=about,
        title=f"{found.model.name or 'A model'} on {found.test.name or 'labelled pictures'}",
        judgement=judgement(found),
        contents=tuple(contents(found, about)),
        confusions=confusions(found.confusion, CONFUSIONS),
        surest=few_of_a_kind(found.mistakes),
        levels=legend(),
        start=start,
        digits=2 if start >= FINE else 1,
        fine=2 if found.overall.high - found.overall.low < NARROW else 1,
        published=[(each, result(each.published), BASES[each.published.basis]) for each in found.published],
        halves=_halves(found),
    )


def contents(found: Evaluation, about: About = About()) -> Iterator[tuple[str, str]]:
    """The parts of the page that there are: the name of the place, and the heading."""
    yield "result", "How good it is"
    yield "characters", "Each character"
    yield "confusions", "What is taken for what"
    if found.pairs:
        yield "pairs", "Why: the most confused pairs"
    if found.mistakes:
        yield "mistakes", "The surest mistakes"
    if found.suspects is not None:
        yield "labels", "Labels that may be wrong"
    if found.letter is not None:
        yield "letter", f"The letter {quoted(found.letter.asked.character)}"
    if found.calibration is not None or found.selective is not None:
        yield "trust", "How far it can be trusted"
    if found.robustness is not None:
        yield "damage", "Damaged pictures"
    if found.saliency or about.weights:
        yield "looks", "What it looks at"
    yield "method", "How this was computed"


def confusions(found: Confusion, most: int) -> list[Mistaken]:
    """The ways of confusion that are most frequent."""
    wrong = float(found.counts.sum() - found.counts.trace())
    totals = dict(zip(found.alphabet.characters, found.counts.sum(axis=1).tolist(), strict=True))
    return [Mistaken(truth, answer, count, count / totals[truth], count / wrong) for truth, answer, count in found.worst(most)]


def few_of_a_kind(mistakes: Sequence[Example]) -> tuple[list[Example], list[tuple[str, str, int]]]:
    """Of the mistakes the first :data:`TILES`, at most :data:`OF_A_KIND` of a way; and of each way shown how many more there are."""
    ways: Counter[tuple[str, str]] = Counter()
    shown: list[Example] = []
    for each in mistakes:
        way = (each.truth, each.answer)
        if ways[way] < OF_A_KIND and len(shown) < TILES:
            shown.append(each)
        ways[way] += 1
    there = dict.fromkeys((each.truth, each.answer) for each in shown)
    return shown, [(*way, ways[way] - OF_A_KIND) for way in there if ways[way] > OF_A_KIND]


def result(each: Published) -> str:
    """A published accuracy or its range in percent, with the digits it was published with at most."""
    told = f"{100 * each.value:.4g}"
    return f"{told} to {100 * each.high:.4g}{NO_BREAK}%" if each.high is not None else f"{told}{NO_BREAK}%"


def interval(score: Accuracy, digits: int = 1) -> str:
    """The interval of a share in percent."""
    return f"{100 * score.low:.{digits}f} to {100 * score.high:.{digits}f}{NO_BREAK}%"


def counted(count: float) -> str:
    """A number of pictures; one that stands for parts of pictures has a decimal place."""
    return f"{count:,.0f}" if abs(count - round(count)) < 1e-6 else f"{count:,.1f}"


def _label(characters: str, alphabet: Alphabet) -> str:
    """What a picture is: the answer that stands for these characters where there is one, else each of them."""
    if characters in alphabet.stands_for:
        return alphabet[alphabet.stands_for.index(characters)]
    return " or ".join(characters)


def _glyphs(sentence: str) -> Markup:
    """A sentence whose quoted characters stand in the type of characters, where I and l, 0 and O differ."""
    from markupsafe import Markup, escape

    parts = re.split("‘(.)’", sentence)
    return Markup("").join(
        Markup('<span class="glyph">{}</span>').format(each) if at % 2 else escape(each) for at, each in enumerate(parts)
    )


def _ink(picture: NDArray[np.uint8]) -> str:
    """A prepared picture as a person would see it: dark ink on white paper."""
    return data_uri(255 - picture)


def _halves(found: Evaluation) -> list[list[CharacterScore]]:
    """The characters from best to worst in two columns."""
    ordered = sorted(found.characters, key=lambda each: (-each.accuracy, -each.count))
    middle = (len(ordered) + 1) // 2
    return [each for each in (ordered[:middle], ordered[middle:]) if each]
