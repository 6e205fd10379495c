"""``inkread compare``: which of several models is better on the same pictures, and whether that can be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..alphabet import NAMED
from ..errors import UsageError
from ..interrupt import ending_at_once
from .commands import DONE, count, plain
from .options import (
    AlphabetName,
    case_option,
    data_option,
    labels_option,
    reading_threads_option,
    scored_prior_option,
    views_option,
)
from .output import say

if TYPE_CHECKING:
    from ..evaluation import Answered, Comparison
    from ..preparation import Preparation
    from .exams import Exam
    from .subjects import Subject


@dataclass(frozen=True)
class Wanted:
    """The options of ``inkread compare``."""

    which: tuple[str, ...]
    data: str
    labels: Path | None
    case: str
    alphabet: str | None
    prior: str | None
    tta: bool
    threads: int | None
    as_json: bool


@click.command(
    epilog="The best stands first. A difference is told apart from chance where McNemar's test on the pictures that only one of two read "
    "right stays below 0.05 after Holm's correction for all pairs of models, and likewise for characters. JSON, explained in "
    "docs/reports.md: `test`, `pictures`, `alphabet`; `models` (model of name, kind, parameters, multiply_adds, "
    "pictures_per_second, views, prior, trained_on; accuracy of right, count, value, low, high; macro_accuracy, ece); `differences` "
    "(first, second, test of first_only, second_only, difference, p; low, high, over, corrected, told_apart; characters of "
    "character, pictures, first, second, p, corrected).",
)
@click.argument("which", nargs=-1, required=True, metavar="RUN|BUNDLE|PREDICTIONS...")
@data_option
@labels_option
@case_option
@click.option(
    "--alphabet",
    type=AlphabetName(),
    metavar="NAME|CHARACTERS",
    help=f"Compare over these answers only: {', '.join(NAMED)}, or the characters.  [default: all, which must be the same]",
)
@scored_prior_option
@views_option
@reading_threads_option
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def compare(**given: Any) -> int:
    """Say which of several models is better on the same pictures.

    And whether that can be told: accuracy of each with its interval, size and speed; for every two the difference with
    its interval, a paired test, and the characters that changed.
    """
    wanted = Wanted(**{each.name: given[each.name] for each in fields(Wanted)})
    if len(wanted.which) < 2:
        raise UsageError("two models at least are compared", f"inkread evaluate {wanted.which[0]} --data {wanted.data}")
    comparison, lines = _compared(wanted)
    if wanted.as_json:
        from .lines import written

        say(written(comparison.as_dict()))
    else:
        from .differences import summary

        say(summary(comparison))
    for line in lines:
        click.echo(line, err=True)
    return DONE


def _compared(wanted: Wanted) -> tuple[Comparison, list[str]]:
    """The comparison, and what is worth knowing beside it."""
    with ending_at_once():
        from ..alphabet import alphabet
        from ..evaluation import compare as compared
        from .exams import RUNS, Asked, exam
        from .subjects import subject

    subjects = [subject(each, wanted.prior, wanted.alphabet, wanted.threads) for each in wanted.which]
    members = "".join(member for each in subjects for member in each.alphabet.stands_for)
    folder = next((each.beside for each in subjects if each.run), RUNS)
    asked = Asked(wanted.data, wanted.labels, f"compare {' '.join(wanted.which)}", folder)
    exams: dict[Preparation, Exam] = {}
    answers: list[Answered] = []
    for each, name in zip(subjects, _names(wanted.which, subjects), strict=True):
        if each.preparation not in exams:
            exams[each.preparation] = exam(asked, members, each.preparation)
        found = replace(each, name=name).answered(exams[each.preparation], views=wanted.tta)
        answers.append(found)
    some = next(iter(exams.values()))
    target = alphabet(wanted.alphabet) if wanted.alphabet else None
    comparison = compared(answers, some.labelled, target, case=wanted.case)
    remarks = [f"note: {each.remark}" for each in subjects if each.remark]
    return comparison, remarks + list(_asides(comparison, some))


def _asides(found: Comparison, exam: Exam) -> Iterator[str]:
    """What is worth knowing beside the figures, as lines for people."""
    if left := len(exam.labelled) - found.pictures:
        yield f"note: {count(left, 'picture')} left out, whose labels are not in the alphabet"
    models = [each.model for each in found.models]
    if len({model.prior for model in models}) > 1:
        told = ", ".join(f"{plain(model.name)} {plain(model.prior)}" for model in models)
        yield f"note: characters are expected differently often ({told}); --prior flat expects them alike of all"
    for model in models:
        if model.trained_on:
            yield f"note: {plain(model.name)} was trained on {', '.join(map(plain, model.trained_on))}"
    if exam.test:
        yield f"test labels were read: {plain(str(exam.record))}"
    elif not any(model.trained_on for model in models):
        yield "note: this is no test part; a model that learnt from these pictures is flattered by them"


def _names(which: tuple[str, ...], subjects: list[Subject]) -> list[str]:
    """The models' own names where they differ, else what was typed."""
    own = [each.name for each in subjects]
    return own if len(set(own)) == len(own) else list(which)
