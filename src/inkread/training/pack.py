"""A finished run and what strangers' handwriting says of its like -> the bundle that travels, and its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import networks
from ..alphabet import BYCLASS, Alphabet, alphabet, conversion
from ..bundle import MAX_LEFT_OUT, Bundle, Manifest, RiskData, parse, save, write
from ..evaluation import accuracy, confusion, expected_calibration_error, softmax
from .calibrate import Group, groups_of, shared_temperature
from .ensemble import Ensemble
from .export import export
from .quantize import Quantized, quantize
from .run import Answers, Run
from .views import Viewed

CAPITAL_ALPHABETS = ("upper", "alnum36", "vin")
COMPARED = 1024
"""Held-back pictures on which an export must answer as the network does."""
CASE_WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)


def pack(run: Run | Ensemble | Viewed, strangers: Sequence[Run], file: Path, bits: int = 0) -> Bundle:
    """Exports the run, calibrates it and writes the bundle to ``file``; of several runs that answer together, or of several views
    of each picture, one graph.

    ``strangers``: runs of the same recipe that each left a source out (:meth:`Run.left_out`). Temperature and case
    weight are chosen on them and on the held-back pictures of the main source; their answers become the risk data.
    Without strangers the held-back pictures of every source are all there is. ``bits``: 8 or 32; 0 takes the recipe's.
    :class:`RunError` where the export does not answer as PyTorch does.
    """
    told = alphabet(run.recipe.alphabet)
    main = run.recipe.main_source
    validation = run.validation()
    known = [main] if strangers else list(run.metrics["scores"])
    groups = [Group.of(name, validation.take(validation.sources == name)) for name in known]
    for answers in filter(None, (each.left_out() for each in strangers)):
        groups += [Group.of(name, answers.take(answers.sources == name)) for name in np.unique(answers.sources)]
    temperature, case_weight = _fitted(groups, told)
    sample = run.sample()
    network = run.network()
    exported = export(network, sample.few(COMPARED))
    smaller = quantize(exported.model, sample.pictures, sample.targets) if (bits or run.recipe.export.bits) == 8 else None
    manifest = Manifest(
        name=file.stem,
        characters=told.characters,
        stands_for=told.stands_for,
        preparation=run.recipe.preparation,
        temperature=temperature,
        case_weight=case_weight,
        main_source=main,
        counts=run.metrics["counts"],
        risk=risk_data(groups[1:] if strangers else groups, run.recipe.seed),
        recipe=run.recipe.as_dict(),
        data=run.learnt_from,
        figures=_figures(run, groups, len(known), told, temperature)
        | {"multiply_adds": networks.size(network).multiply_adds, "parity": exported.parity}
        | _narrowed(smaller),
    )
    bundle = parse(write(smaller.model if smaller else exported.model, manifest), file)
    save(file, bundle)
    return bundle


def _narrowed(smaller: Quantized | None) -> dict[str, Any]:
    """What the card tells of the numbers' width."""
    if smaller is None:
        return {}
    return {"eight_bits": {key: value for key, value in asdict(smaller).items() if key != "model"}}


def temperature_and_case_weight(run: Run | Ensemble) -> tuple[float, float]:
    """The temperature and the case weight that :func:`pack` gives a run, from its held-back pictures alone; 1 and 0 where it held
    none back."""
    return _fitted(groups_of(run.validation()), alphabet(run.recipe.alphabet))


def _fitted(groups: Sequence[Group], told: Alphabet) -> tuple[float, float]:
    if not groups:
        return 1.0, 0.0
    temperature = shared_temperature(groups)
    return temperature, best_case_weight(groups, told, temperature)


def best_case_weight(groups: Sequence[Group], told: Alphabet, temperature: float) -> float:
    """How much of a small letter's mass counts for its capital where the alphabet has only capitals.

    The one of :data:`CASE_WEIGHTS` under which most pictures are told right with the alphabets `upper`, `alnum36` and
    `vin`, mean over groups and alphabets; pictures of small letters, which are the exception there, count a tenth.
    """

    def quality(weight: float) -> float:
        each = [_told_right(group, told, temperature, name, weight) for group in groups for name in CAPITAL_ALPHABETS]
        return float(np.mean(each))

    if not all(character in told for character in BYCLASS):
        return 0.0
    return max(CASE_WEIGHTS, key=quality)


def _told_right(group: Group, told: Alphabet, temperature: float, target: str, weight: float) -> float:
    labels = _labels(group.answers)
    to = conversion(told, target, weight)
    full = to.labels(np.arange(len(told)))
    capital = conversion(told, target, 1.0).weights
    anyhow = np.where(capital.max(axis=1) > 0, capital.argmax(axis=1), -1)
    known = (labels >= 0) & (anyhow[labels] >= 0)
    answers = to.mass(softmax(group.answers.logits[known] / temperature)).argmax(axis=1)
    importance = np.where(full[labels[known]] >= 0, 1.0, 0.1)
    return float(np.average(answers == anyhow[labels[known]], weights=importance)) if known.any() else 1.0


def risk_data(groups: Sequence[Group], seed: int) -> RiskData:
    """At most 4,000 answers to pictures whose character is known for certain, chosen by ``seed``, source by source."""
    parts = []
    for number, group in enumerate(groups):
        labels = _labels(group.answers)
        at = np.random.default_rng((seed, number)).permutation(np.flatnonzero(labels >= 0))[: MAX_LEFT_OUT // len(groups)]
        at.sort()
        parts.append((group.answers.logits[at], labels[at], [group.name] * len(at)))
    logits, labels, names = (np.concatenate([part[column] for part in parts]) for column in range(3))
    return RiskData(logits.astype(np.float16), labels.astype(np.int16), tuple(names.tolist()))


def _labels(answers: Answers) -> NDArray[np.int64]:
    return np.where(answers.targets.sum(axis=1) == 1, answers.targets.argmax(axis=1), -1)


def _figures(run: Run | Ensemble | Viewed, groups: Sequence[Group], own: int, told: Alphabet, temperature: float) -> dict[str, Any]:
    """``own``: how many of the groups, the first ones, were trained on; the others were left out."""
    return {
        "temperature": temperature,
        **{key: run.metrics[key] for key in ("best_epoch", "members", "parameters", "views") if key in run.metrics},
        "held_back": {name: dict(of) for name, of in run.metrics["scores"].items()},
        "chosen_on": [group.name for group in groups],
        "read": {group.name: _measured(group, told, temperature) | {"left_out": at >= own} for at, group in enumerate(groups)},
    }


def _measured(group: Group, told: Alphabet, temperature: float) -> dict[str, Any]:
    """Accuracies of one group: under a flat prior over all characters, with case folded, and under its own prior."""
    targets, scaled = group.answers.targets, group.answers.logits / temperature
    flat = softmax(scaled)
    own = softmax(scaled + group.prior)
    folded = conversion(told, told.with_case("upper"))
    return {
        "flat": accuracy(flat.argmax(axis=1), targets).as_dict(),
        "flat_case_folded": accuracy(folded.mass(flat).argmax(axis=1), targets @ (folded.weights > 0)).as_dict(),
        "own_prior": accuracy(own.argmax(axis=1), targets).as_dict(),
        "calibration_error_flat": expected_calibration_error(flat, targets),
        "calibration_error_own_prior": expected_calibration_error(own, targets),
        "most_confused": [list(pair) for pair in confusion(flat.argmax(axis=1), targets, told).worst(12)],
    }
