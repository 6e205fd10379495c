"""What `evaluate` and `compare` are given: a run, a bundle or a file of predictions, and what each says of a test."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from ..errors import BundleError, BundleTooNew, RunError, SourceNotFound, UsageError, nearest
from ..interrupt import ending_at_once
from .exams import RUNS
from .extras import needing
from .meanings import Meaning, applied, chosen, meanings, narrowed
from .options import available_cores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..alphabet import Alphabet
    from ..evaluation import Answered, Model, Predictor
    from ..formats import Predictions
    from ..preparation import Preparation
    from ..training import Run
    from .exams import Exam

    Evidence = Callable[[NDArray[np.uint8]], NDArray[np.floating]]
    Logits = Callable[[NDArray[np.uint8]], NDArray[np.float32]]

CHUNK = 2048
PREDICTIONS = (".npz", ".npy", ".csv", ".tsv", ".txt", ".gz", ".pkl", ".pickle")


@dataclass(frozen=True, eq=False)
class Network:
    """A run or a bundle at work: logits divided by ``temperature``, with the log prior (K,) added, are its answers.

    ``joint_temperature``: where it is told, logits and prior are divided by it together: a run is asked as it was trained, and
    what it answers does not depend on how sure it is.
    """

    alphabet: Alphabet
    logits: Logits
    temperature: float
    log_prior: NDArray[np.float64]
    joint_temperature: float | None = None

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Probabilities (N,K) over all answers of prepared pictures uint8 (N,28,28)."""
        return self.calibrated(self.logits(pictures))

    def calibrated(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probabilities (N,K) that these logits come to."""
        from ..evaluation import softmax

        if self.joint_temperature is not None:
            return softmax((logits + self.log_prior) / self.joint_temperature)
        return softmax(logits / self.temperature + self.log_prior)


@dataclass(frozen=True, eq=False)
class Subject:
    """One thing to be evaluated.

    ``alphabet``: all its answers. ``preparation``: how its pictures are prepared. Either ``network`` or ``predictions`` is
    there. ``looked_into``: where it is linear, its weights float (K,28,28) and what the pixels of a picture add to each
    logit. ``views``: of each picture that it averages by itself. ``trained_by``: the sources that trained it with the
    SHA-256 of their files, as far as it tells. ``beside``: the folder where a reading of test labels is noted. ``remark``: what
    was assumed, or empty. ``run``: where it is one. ``meanings``: the ways in which predictions can be read, until
    :meth:`settled`; ``asked``: the alphabet to read them in.
    """

    name: str
    kind: str
    alphabet: Alphabet
    preparation: Preparation
    network: Network | None = None
    predictions: Predictions | None = None
    looked_into: tuple[NDArray[np.float32], Evidence] | None = None
    case_weight: float = 0.0
    parameters: int | None = None
    multiply_adds: int | None = None
    views: int = 1
    prior: str = "flat"
    trained_by: Mapping[str, str] = field(default_factory=dict, repr=False)
    beside: Path = RUNS
    remark: str = ""
    run: Run | None = None
    meanings: tuple[Meaning, ...] = ()
    asked: str | None = None

    def answered(self, exam: Exam, *, views: bool = False) -> Answered:
        """What it says of a test; ``views``: of every picture in several views, averaged."""
        if self.network is not None:
            return _read(self, self.network, exam, views)
        settled = self.settled(exam)
        if settled.remark != self.remark:
            click.echo(f"note: {settled.remark}", err=True)
        return settled._predicted(exam)

    def settled(self, exam: Exam, *, narrow: bool = False) -> Subject:
        """The same with its predictions in the order of a test and in the sense that fits its labels best, as ``remark`` tells.

        ``narrow``: classes that do not tell which there are become those of the smallest named alphabet that has them and the labels.
        """
        if self.predictions is None or not self.meanings:
            return self
        found = self.predictions.for_pictures(exam.pictures, exam.names)
        way, assumed = chosen(found.at(exam.rows), self.meanings, exam.labelled, self.asked)
        predictions, alphabet, odd = replace(applied(found, way), ids=None), way.alphabet, ""
        bare = found.classes is not None and found.columns is None and (found.characters is None or not found.complete)
        if narrow and bare and self.asked is None:
            predictions, alphabet, odd = narrowed(predictions, alphabet, exam.labelled)
        remark = "; ".join(filter(None, (self.remark, found.remark, assumed, odd)))
        return replace(self, alphabet=alphabet, predictions=predictions, remark=remark, meanings=())

    def predictor(self, target: Alphabet, *, views: bool = False) -> Predictor | None:
        """It at work over the answers of ``target``; None where there are only predictions."""
        from ..evaluation import Averaged, Restricted

        if self.network is None:
            return None
        whole: Predictor = Averaged(self.network) if views else self.network
        return whole if target == self.alphabet else Restricted(whole, target, self.case_weight)

    def model(self, exam: Exam) -> Model:
        """What is known of it beside its answers."""
        from ..evaluation import Model
        from .truth import trained_on

        known = trained_on(exam.files, self.trained_by.values())
        return Model(self.name, self.kind, self.parameters, self.multiply_adds, prior=self.prior, trained_on=known)

    def _predicted(self, exam: Exam) -> Answered:
        from ..evaluation import Answered, answered_by_classes

        assert self.predictions is not None
        found, model = self.predictions.at(exam.rows), self.model(exam)
        if found.classes is not None:
            return answered_by_classes(found.classes, self.alphabet, model)
        assert found.probabilities is not None
        return Answered(self.alphabet, found.probabilities, temperature=found.origin.temperature, model=model)


def subject(
    which: str, prior: str | None = None, columns: str | None = None, threads: int | None = None, *, greedy: bool = False
) -> Subject:
    """What ``which`` names: a run's folder or its name in runs/, a bundle's name or file, a file of predictions, or several joined by `+`.

    ``prior``: how frequent characters are expected to be (see :func:`inkread.reading.prior_over`), None as in the training
    of a run and flat for anything else: a run is scored as it was trained, a reader as it is used. ``columns``: the
    alphabet of predictions that do not name their characters. ``greedy``: see :func:`inkread.cli.together.together`, which
    tells what is the matter with models that cannot answer together. :class:`SourceNotFound`, and the errors of what is read.
    """
    with ending_at_once():
        from ..bundle import names
    from .together import check_greedy, members, together

    parts = members(which, names())
    check_greedy(parts, greedy)
    if len(parts) > 1:
        expected = prior or ("training" if all(map(os.path.isdir, parts)) else "flat")
        return together([_one(each, expected, columns, threads) for each in parts], greedy=greedy)
    return _one(parts[0], prior, columns, threads)


def _one(which: str, prior: str | None, columns: str | None, threads: int | None) -> Subject:
    path = Path(which)
    if path.is_dir():
        return _run(path, prior or "training", threads)
    if path.is_file() and path.name.lower().endswith(PREDICTIONS):
        return _predictions(path, prior or "flat", columns)
    return _bundle(which, prior or "flat", threads)


def _bundle(which: str, prior: str, threads: int | None) -> Subject:
    with ending_at_once():
        from ..bundle import names
        from ..reading import Reader, log_prior

    if which not in names() and not Path(which).exists():
        runs = [each.name for each in RUNS.iterdir() if each.is_dir()] if RUNS.is_dir() else []
        raise SourceNotFound(f"neither a run, a bundle nor predictions: {which}", nearest(which, [*names(), *sorted(runs)]))
    try:
        reader = Reader(which, threads=threads or available_cores()).expecting(CHUNK, callers=1)
    except BundleError as error:
        if which in names() or Path(which).suffix == ".onnx" or isinstance(error, BundleTooNew):
            raise
        raise BundleError(
            f"neither a bundle nor predictions: {which}", "predictions are an npz, npy or CSV, a bundle is an .onnx"
        ) from error
    manifest = reader.bundle.manifest
    temperature = manifest.head.temperature if manifest.head else manifest.temperature
    return Subject(
        name=manifest.name,
        kind="bundle",
        alphabet=manifest.answers,
        preparation=manifest.preparation,
        network=Network(manifest.answers, reader.logits, temperature, log_prior(prior, manifest)),
        case_weight=manifest.case_weight,
        parameters=_whole(manifest.figures.get("parameters")),
        multiply_adds=_whole(manifest.figures.get("multiply_adds")),
        views=_whole(manifest.figures.get("views")) or 1,
        prior=prior,
        trained_by=manifest.data,
    )


def _whole(told: object) -> int | None:
    """A figure of a manifest, which any program may have written, where it is a whole number."""
    return told if isinstance(told, int) else None


def _run(folder: Path, prior: str, threads: int | None) -> Subject:
    if not (folder / "recipe.toml").is_file():
        raise RunError(f"this folder is no run: {folder}", "a run is what `inkread train` leaves; pictures are named with --data")
    with ending_at_once(), needing("train"):
        from .. import networks
        from ..alphabet import alphabet
        from ..reading import prior_over
        from ..training import Run, joint_temperature_of, logits_of, read_with, temperature_and_case_weight

    if threads:
        read_with(threads)
    run = Run(folder)
    network, told = run.network(), alphabet(run.recipe.alphabet)
    linear = run.recipe.network.name == "linear"
    counts, size = run.metrics["counts"][run.recipe.main_source], networks.size(network)
    temperature, case_weight = temperature_and_case_weight(run)
    return Subject(
        name=folder.resolve().name,
        kind="run",
        alphabet=told,
        preparation=run.recipe.preparation,
        network=Network(
            told, lambda pictures: logits_of(network, pictures), temperature, prior_over(told, prior, counts), joint_temperature_of(run)
        ),
        case_weight=case_weight,
        run=run,
        looked_into=(networks.weight_pictures(network), partial(networks.evidence, network)) if linear else None,
        parameters=size.parameters,
        multiply_adds=size.multiply_adds,
        prior=prior,
        trained_by=run.learnt_from,
        beside=folder.parent if folder.name else folder.resolve().parent,
    )


def _predictions(path: Path, prior: str, columns: str | None) -> Subject:
    from ..formats import read_predictions
    from ..preparation import Preparation

    if prior != "flat":
        raise UsageError("predictions are evaluated as they are, a prior cannot be added", "leave --prior out")
    found = read_predictions(path)
    ways = meanings(found, columns, path)
    return Subject(
        name=found.origin.name or path.name,
        kind="predictions",
        alphabet=ways[0].alphabet,
        preparation=Preparation(),
        predictions=found,
        trained_by=found.origin.trained_by,
        meanings=ways,
        asked=columns,
    )


@dataclass(frozen=True, eq=False)
class _Twice:
    """Probabilities with the temperature and, in the K columns after them, without it: both from one pass."""

    network: Network

    @property
    def alphabet(self) -> Alphabet:
        """The answers that both halves of the columns stand for."""
        return self.network.alphabet

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Probabilities (N,2K) of prepared pictures uint8 (N,28,28)."""
        import numpy as np

        from ..evaluation import softmax

        logits = self.network.logits(pictures)
        return np.hstack([self.network.calibrated(logits), softmax(logits + self.network.log_prior)])


def _read(which: Subject, network: Network, exam: Exam, views: bool) -> Answered:
    """What a network says of a test, and how fast."""
    import numpy as np

    from ..evaluation import VIEWS, Answered, Averaged
    from .progress import Progress

    asked: Predictor = Averaged(_Twice(network)) if views else _Twice(network)
    parts, began = [], perf_counter()
    with Progress(len(exam.seen)) as progress:
        for start in range(0, len(exam.seen), CHUNK):
            parts.append(asked.probabilities(np.asarray(exam.seen[start : start + CHUNK])))
            progress.advance(len(parts[-1]))
    speed = len(exam.seen) / max(perf_counter() - began, 1e-9)
    model = replace(which.model(exam), pictures_per_second=speed, views=which.views * (len(VIEWS) if views else 1))
    after, before = np.hsplit(np.concatenate(parts), 2)
    if which.kind == "bundle":  # a reader says of a picture without ink that it is blank, whatever its network makes of it
        blank = ~np.asarray(exam.seen).any(axis=(1, 2))
        after[blank] = before[blank] = 0.0
    return Answered(network.alphabet, after, True, network.joint_temperature or network.temperature, before, which.case_weight, model)
