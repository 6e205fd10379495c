"""Checks of labels: how many of each there are, which are missing, and whether they belong to their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import NAMED
from .checked import Checked, Finding

if TYPE_CHECKING:
    from .judge import Judgement

UNEVEN, STARVED = 3.0, 100.0
"""How many times as many pictures the largest class has as the smallest, to be told, and to spoil."""

MOST_MISSING = 0.2
"""The share of an alphabet's classes up to which they count as missing: with more the source is another alphabet."""

FEWEST_RIGHT, SHIFT_GAIN = 0.4, 0.3
"""The share read as labelled below which labels are doubted; how much higher it has to be with labels one further on."""


def counts(part: Checked, published: Mapping[str, int]) -> Iterator[Finding]:
    """Counts that differ from the published ones: pictures are missing, or it is another set."""
    wrong = [
        f"{label} {part.counts.get(label, 0):,} for {published.get(label, 0):,}"
        for label in sorted({*published, *part.counts})
        if part.counts.get(label, 0) != published.get(label, 0)
    ]
    if wrong:
        more = f" and {len(wrong) - 6} more" if len(wrong) > 6 else ""
        says = f"counts differ from the published ones: {', '.join(wrong[:6])}{more}"
        yield Finding("counts", True, part.name, says, "`inkread data fetch` brings the published files")


def unlabelled(part: Checked) -> Iterator[Finding]:
    """Pictures that nothing tells the character of."""
    missing = int((part.opened.codes < 0).sum())
    if missing:
        says = "no picture has a label" if missing == len(part) else f"{missing:,} of {len(part):,} pictures have no label"
        yield Finding("unlabelled", False, part.name, says)


def balance(part: Checked) -> Iterator[Finding]:
    """Classes that differ much in size."""
    if len(part.counts) < 2:
        return
    most = max(part.counts, key=lambda label: part.counts[label])
    least = min(part.counts, key=lambda label: part.counts[label])
    ratio = part.counts[most] / part.counts[least]
    if ratio >= UNEVEN:
        says = f"unbalanced, {ratio:,.0f} to 1: {most} has {part.counts[most]:,} pictures, {least} {part.counts[least]:,}"
        hint = "weigh the classes or draw them evenly; judge by the accuracy of each class"
        yield Finding("balance", ratio >= STARVED, part.name, says, hint)


def missing_classes(part: Checked) -> Iterator[Finding]:
    """Classes of the alphabet that the labels seem to be of, but that have no picture: labels that start at 1 leave one."""
    told = _alphabet(part.opened.kinds)
    if told is None:
        return
    name, classes = told
    missing = [each for each in classes if each not in part.counts]
    if not missing:
        return
    first = f" ({classes[0]} is the first: do the labels start at 1?)" if missing == [classes[0]] else ""
    says = f"no picture of {', '.join(missing)}, all other labels are those of {name}{first}"
    yield Finding("missing", False, part.name, says, "a class without pictures is never answered")


def classes_between(parts: Sequence[Checked]) -> Iterator[Finding]:
    """Classes that are tested but not trained."""
    trained = {kind for each in parts if each.opened.part in ("train", "") for kind in each.opened.kinds}
    for part in parts:
        if trained and part.opened.part in ("test", "validation"):
            known = set("".join(trained))
            only = [kind for kind in part.opened.kinds if not set(kind) & known]
            if only:
                yield Finding("classes", True, part.name, f"labels that no training part has: {', '.join(only[:12])}")


def labelled(part: Checked, labels: Sequence[str], judgement: Judgement) -> Iterator[Finding]:
    """Labels that are not what a reader sees, and whether they would be if all were one class further on or back."""
    told = _alphabet(part.opened.kinds)
    if judgement.right is None or not len(labels):
        return
    if told is not None:
        for step, says in ((-1, "one too high"), (1, "one too low")):
            right = _right_when_moved(labels, judgement.answers, told[1], step)
            if right > judgement.right + SHIFT_GAIN:
                beside = "before" if step < 0 else "after"
                shares = f"{judgement.right:.0%} of the pictures are read as labelled, {right:.0%} as the class {beside}"
                yield Finding("labels", True, part.name, f"labels seem to be {says}: {shares}", "do the labels start at 1, or at 0?")
                return
    if judgement.right < FEWEST_RIGHT:
        says = f"labels do not seem to belong to the pictures: only {judgement.right:.0%} are read as labelled"
        yield Finding("labels", True, part.name, says, "look at them: `inkread data show --by-class`")


def _right_when_moved(labels: Sequence[str], answers: Sequence[str], classes: Sequence[str], step: int) -> float:
    place = {label: at for at, label in enumerate(classes)}
    moved = [classes[(place[label] + step) % len(classes)].casefold() if label in place else "" for label in labels]
    return float(np.mean([answer.casefold() in label for answer, label in zip(answers, moved, strict=True)]))


def _alphabet(kinds: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """The smallest alphabet with a name that all of these labels may be of, and its labels; None where there is none."""
    fitting = []
    for name, alphabet in NAMED.items():
        if name != "vin" and set(kinds) <= set(alphabet.stands_for):
            fitting.append((len(alphabet), name, alphabet.stands_for))
    if not kinds or not fitting:
        return None
    size, name, classes = min(fitting)
    return (name, classes) if len(kinds) >= (1 - MOST_MISSING) * size else None
