"""``inkread evaluate``: how good a model is on a test, and why it errs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..alphabet import NAMED
from ..errors import MissingExtra, UsageError, reason
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
    import numpy as np
    from numpy.typing import NDArray

    from ..evaluation import Answered, Evaluation, Labelled
    from .exams import Exam
    from .subjects import Subject


PREDICTIONS = "predictions.npz"
OWN = (
    "report.html",
    "report.json",
    "confusion.png",
    "characters.png",
    "calibration.png",
    "risk.png",
    "pairs.png",
    "weights.png",
    "evidence.png",
)
"""What a report folder may hold of ours beside the predictions: those of an older report go before a new one is made."""


@dataclass(frozen=True)
class Wanted:
    """The options of ``inkread evaluate``."""

    which: str
    data: str
    labels: Path | None = None
    training: str | None = None
    letter: str = ""
    case: str = "keep"
    alphabet: str | None = None
    prior: str | None = None
    tta: bool = False
    greedy: bool = False
    as_json: bool = False
    report: Path | None = None
    threads: int | None = None


@click.command(
    epilog="The model is a run's folder or its name in runs/, a bundle's name or file, or predictions that any program wrote: npz or CSV "
    "of probabilities or of classes, in the pictures' order or with their names; several runs and bundles joined by + answer with "
    "the mean of their probabilities. Labels of test parts are handed out on record: runs/test-reads.csv gets a line. JSON, "
    "explained in docs/reports.md: `accuracy`, `interval`, `macro_accuracy`, `ece`, `n`, `right`; `model` (name, kind, parameters, "
    "multiply_adds, pictures_per_second, views, prior, trained_on); `test` (name, pictures, outside, ambiguous, characters, "
    "absent, has_pictures, blank); `alphabet`, `case`; `top` (k, and accuracy as right, count, value, low, high); `likelihood`; "
    "`calibration` (temperature, before, after: error, bins of low, high, count, probability, accuracy; by_chance of mean, high); "
    "`selective` (curve of threshold, coverage, risk, area; thresholds of error, probability, coverage, risk, kept, wrong, low, "
    "high, too_few); `spaces` (name, says, classes, accuracy, macro_accuracy, outside); `cases` (policy ...); `characters` "
    "(character, count, right, accuracy, low, high, answered, precision, f1); `evenness` (spread, gini, lowest, highest, range, "
    "best, worst, range_by_chance and spread_by_chance of mean, high); `confusion` (characters, counts); `pairs` (first, second, "
    "count, of_mistakes, directions of truth, answer, count, of_truth, pictures; kind, runner_up, probability, between, looks of "
    "separation, rank, pairs, crossing, nearest_own, nearest_other, differ; sources and writers of name, mistakes, pictures; half, "
    "hands, reason, explanation, examples); `mistakes` (index, truth, answer, probability, truth_probability, name, source, "
    "writer, nearest of index, label, distance; blank); `suspects` (count, look_alikes, estimated, estimated_look_alikes, shown of "
    "example, suggested, quality; misread, errs_too_often); `letter` (asked of given, character, says; members, accuracy, "
    "precision, cases, swapped, taken_for and taken_for_it of character, count, share; wrong, intruders, examples, intruding, "
    "typical); `robustness` (pictures, whole, damages of name, means, strengths of strength, network, prepared); `saliency` "
    "(example, for_answer, for_truth, place, flip, flip_place); `published` (published of of, network, value, basis, remark, high; "
    "split).",
)
@click.argument("which", metavar="RUN|BUNDLE|PREDICTIONS")
@data_option
@labels_option
@click.option("--training", metavar="SOURCE", help="What it learnt from: misread pictures are shown beside the nearest of these.")
@click.option("--letter", default="", metavar="LETTER|NAME", help="A page on one letter, or the first of a family name (Жуков, Petrov).")
@case_option
@click.option(
    "--alphabet",
    type=AlphabetName(),
    metavar="NAME|CHARACTERS",
    help=f"Score over these answers only: {', '.join(NAMED)}, or the characters.  [default: all that it knows]",
)
@scored_prior_option
@views_option
@click.option("--greedy", is_flag=True, help="Of runs joined by +: count each as often as serves the pictures that they held back.")
@reading_threads_option
@click.option("--report", type=click.Path(path_type=Path), metavar="DIR", help="Write the page, charts, report.json, predictions.npz here.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def evaluate(**given: Any) -> int:
    """Say how good a model is on labelled pictures, and why it errs.

    Accuracy with its interval, every label space and case policy, each character, the pairs most often confused and why,
    calibration, and what share of pictures a person must see for 0.5, 1 or 2 % error. With --report also how it stands
    damaged pictures, and what of a picture it looks at.
    """
    return _Run(Wanted(**{each.name: given[each.name] for each in fields(Wanted)})).run()


def reported(wanted: Wanted) -> Evaluation:
    """Evaluates and writes the report into ``wanted.report``; nothing is told on standard output."""
    assert wanted.report is not None
    run = _Run(wanted)
    answered = run.subject.answered(run.exam, views=wanted.tta)
    run._keep(wanted.report, answered)
    evaluation = run._evaluation(answered)
    run._write(wanted.report, evaluation)
    return evaluation


class _Run:
    """One run of the command: load, read, evaluate, tell, write."""

    def __init__(self, wanted: Wanted) -> None:
        with ending_at_once():
            from .exams import Asked, exam
            from .subjects import subject

        _check(wanted)
        self.wanted = wanted
        found = subject(wanted.which, wanted.prior, wanted.alphabet, wanted.threads, greedy=wanted.greedy)
        asked = Asked(wanted.data, wanted.labels, f"evaluate {wanted.which}", found.beside)
        self.exam: Exam = exam(asked, "".join(found.alphabet.stands_for), found.preparation)
        self.subject: Subject = found.settled(self.exam, narrow=True)

    def run(self) -> int:
        """Evaluate and tell; gives the exit code."""
        answered = self.subject.answered(self.exam, views=self.wanted.tta)
        folder = self.wanted.report
        if folder is not None:
            self._keep(folder, answered)
        evaluation = self._evaluation(answered)
        if self.wanted.as_json:
            from .lines import written

            say(written(evaluation.as_dict()))
        else:
            from .findings import summary

            say(summary(evaluation))
        if folder is not None:
            self._write(folder, evaluation)
        for line in self._asides(evaluation):
            click.echo(line, err=True)
        return DONE

    def _evaluation(self, answered: Answered) -> Evaluation:
        from ..alphabet import alphabet
        from ..evaluation import PASSES, ROBUST, Wishes
        from ..evaluation import evaluate as evaluated
        from ..picture import prepare
        from .progress import Progress

        wanted, told = self.wanted, self.subject.alphabet
        target = None if wanted.alphabet is None else alphabet(wanted.alphabet)
        wishes = Wishes(target, wanted.case, wanted.letter, self.exam.card, self.exam.whole, thorough=wanted.report is not None)
        predictor = self.subject.predictor((target or told).with_case(wanted.case), views=wanted.tta)
        passes = PASSES * min(ROBUST, len(self.exam.labelled)) if wishes.thorough and predictor else 0
        with Progress(passes, wanted=bool(passes)) as progress:
            return evaluated(
                answered,
                self.exam.labelled,
                wishes,
                predictor=predictor,
                training=self._training(),
                prepared=lambda picture: prepare(picture, self.subject.preparation).picture,
                advance=progress.advance,
            )

    def _training(self) -> Labelled | None:
        """The pictures that misread ones are shown beside, where they were named."""
        from .exams import lessons

        if self.wanted.training is None:
            return None
        return lessons(self.wanted.training, "".join(self.subject.alphabet.stands_for), self.subject.preparation)

    def _keep(self, folder: Path, answered: Answered) -> None:
        """The answers, before anything is made of them: what took long is there whatever happens then."""
        from ..formats import Origin, write_predictions

        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for name in OWN:
                (folder / name).unlink(missing_ok=True)
        told = answered.alphabet
        origin = Origin(answered.model.name, answered.temperature, self.subject.trained_by)
        names = self.exam.labelled.names
        write_predictions(folder / PREDICTIONS, rows_of(answered), told.characters, names, told.stands_for, origin)

    def _write(self, folder: Path, evaluation: Evaluation) -> None:
        files = self._files(evaluation)
        with _writing(folder):
            for name, content in files.items():
                (folder / name).write_bytes(content)
        click.echo(f"written {plain(os.path.join(folder, ''))}: {', '.join(files)}, {PREDICTIONS}", err=True)

    def _files(self, evaluation: Evaluation) -> dict[str, bytes]:
        """The report's files by name: the page, the same values for programs, and where matplotlib is there the charts for handing in."""
        from datetime import date

        from .. import __version__
        from ..report import About, evaluation_figures, evaluation_page
        from .lines import written

        today = date.today()
        notes = tuple(f"{each[:1].upper()}{each[1:]}." for each in (self.subject.remark, _unaudited(evaluation)) if each)
        drawn = {} if self.subject.looked_into is None else self._looked_into(evaluation)
        about = About(
            f"{today.day} {today:%B %Y}",
            self.exam.test,
            tuple(self.subject.trained_by),
            notes,
            __version__,
            drawn.get("weights.png", b""),
            drawn.get("evidence.png", b""),
        )
        page, facts = evaluation_page(evaluation, about), written(evaluation.as_dict(), indent=1) + "\n"
        files = {"report.html": page.encode("utf-8", "backslashreplace"), "report.json": facts.encode()} | drawn
        try:
            return files | evaluation_figures(evaluation)
        except MissingExtra as missing:
            click.echo(f"note: no PNGs are written: {missing}", err=True)
            return files

    def _looked_into(self, evaluation: Evaluation) -> dict[str, bytes]:
        """Of a linear network: the weights of each class as a picture, and what spoke for the answers that the page explains."""
        from ..report import evidence_picture, weights_picture

        assert self.subject.looked_into is not None
        weights, evidence = self.subject.looked_into
        characters = self.subject.alphabet.characters
        explained = [each.example for each in evaluation.saliency if each.example.answer in characters]
        files = {"weights.png": weights_picture(weights, characters)}
        return files | ({"evidence.png": evidence_picture(explained, evidence, characters)} if explained else {})

    def _asides(self, evaluation: Evaluation) -> list[str]:
        """What is worth knowing beside the figures, as lines for people."""
        exam, lines = self.exam, [f"note: {each}" for each in self._limits(evaluation)]
        if exam.test:
            lines.append(f"test labels were read: {plain(str(exam.record))}")
        return lines

    def _limits(self, evaluation: Evaluation) -> list[str]:
        """What limits the figures, as sentences."""
        exam, lines = self.exam, [self.subject.remark] if self.subject.remark else []
        if len(exam.rows) < exam.pictures:
            lines.append(f"{count(exam.pictures - len(exam.rows), 'picture')} without a label left out")
        if evaluation.test.outside:
            shown = "".join(sorted(evaluation.test.outside))
            left = count(sum(evaluation.test.outside.values()), "picture")
            lines.append(f"{left} left out, whose labels are not in the alphabet ({shown[:40]}{'…' if len(shown) > 40 else ''})")
        if self.wanted.report is not None and (missing := _unaudited(evaluation)):
            lines.append(missing)
        if evaluation.test.blank:
            lines.append(f"{count(evaluation.test.blank, 'picture')} without ink")
        if evaluation.model.trained_on:
            files = ", ".join(map(plain, evaluation.model.trained_on))
            lines.append(f"it was trained on {files}; how it reads a stranger's hand is not measured here")
        elif not exam.test:
            lines.append("this is no test part; a model that learnt from these pictures is flattered by them")
        return lines


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"the report cannot be written ({reason(error)}): {folder}", "name a folder of your own") from error


def rows_of(answered: Answered) -> NDArray[np.float64] | NDArray[np.int64]:
    """What is kept of a model's answers: probabilities, equal ones where it gave no answer, or classes, -1 for none."""
    import numpy as np

    rows = answered.probabilities
    if not answered.sure:
        return np.where(rows.any(axis=1), rows.argmax(axis=1), -1)
    return np.where(rows.any(axis=1, keepdims=True), rows, 1.0 / rows.shape[1])


def _unaudited(evaluation: Evaluation) -> str:
    """What to say where the labels of a report were not audited though there are probabilities; else empty."""
    if evaluation.suspects is not None or evaluation.calibration is None:
        return ""
    return "labels that may be wrong are not looked for: that needs cleanlab, of the extra inkread[train]"


def _check(wanted: Wanted) -> None:
    """:class:`UsageError` for what cannot be meant, before any work is done."""
    if wanted.report is not None:
        _check_folder(wanted.report)
    if wanted.letter:
        from ..evaluation import asked_letter

        asked_letter(wanted.letter)


def _check_folder(folder: Path) -> None:
    """:class:`UsageError` where no report could be written: known before labels of a test are handed out for it."""
    there = next((each for each in (folder, *folder.parents) if os.path.exists(each)), folder)
    if not there.is_dir():
        raise UsageError(f"--report names a folder, and this is a file: {there}")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"the report cannot be written there: {folder}", "name a folder of your own")
