"""Several models that answer together, named `A+B+C`: what each part is, and how the mean of them is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import RunError, UsageError
from ..interrupt import ending_at_once
from .exams import RUNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .subjects import Network, Subject

KIND = "ensemble"


def members(which: str, known: Sequence[str] = ()) -> list[str]:
    """The models that ``which`` joins by `+`: a path that is there, else a name in ``known`` or of a run in runs/, told as its path.

    The longest part that is there is one model. What is there by no name is one part as well: whoever opens it says so.
    """

    def placed(part: str) -> str:
        if part in known or Path(part).exists():
            return part
        return str(RUNS / part) if part and (RUNS / part).is_dir() else ""

    found, rest = [], which.split("+")
    while rest:
        there = ((size, placed("+".join(rest[:size]))) for size in range(len(rest), 0, -1))
        size, part = next(((size, part) for size, part in there if part), (1, rest[0]))
        found.append(part)
        rest = rest[size:]
    if "" in found:
        raise UsageError(f"a model is missing beside a +: {which}", "several are joined as in runs/a+runs/b")
    return found


def run_folders(which: str) -> list[Path]:
    """The folders of the runs that ``which`` joins by `+`; :class:`SourceNotFound` with the nearest names in runs/."""
    from ..runs import find

    return [Path(each) if Path(each).exists() else find(each, RUNS).folder for each in members(which)]


def check_greedy(parts: Sequence[str | Path], greedy: bool) -> None:
    """:class:`UsageError` where there is nothing to choose from."""
    if greedy and len(parts) < 2:
        raise UsageError(f"a greedy choice is among several models: {parts[0]}", "join runs by +, such as runs/a+runs/b")


def together(subjects: Sequence[Subject], *, greedy: bool) -> Subject:
    """The mean of the calibrated probabilities of these models as one of them.

    Runs that held back the same pictures have a temperature of their own, and ``greedy`` chooses on these pictures how
    often each counts. :class:`AlphabetError` and :class:`RunError` where they do not answer the same question,
    :class:`UsageError` for predictions, and for a choice among models without held-back pictures.
    """
    _check(subjects)
    weights, measured, remark = _measured(subjects, greedy)
    counting = [each for each, weight in zip(subjects, weights, strict=True) if weight]
    # of the mean nothing was measured: a small letter counts in it as in the members on average
    temperature, case_weight = measured or (1.0, sum(each.case_weight for each in counting) / len(counting))
    told = [f"{each.name} {weight}" for each, weight in zip(subjects, weights, strict=True)]
    remarks = [*(each.remark for each in subjects), remark, f"chosen greedily: {', '.join(told)}" if greedy else "", _views(counting)]
    parameters, adds = ([getattr(each, name) for each in counting] for name in ("parameters", "multiply_adds"))
    return replace(
        subjects[0],
        name="+".join(each.name for each in counting),
        kind=KIND,
        network=_joint([each.network for each in counting if each.network], [each for each in weights if each], temperature),
        case_weight=case_weight,
        views=max(each.views for each in counting),
        parameters=None if None in parameters else sum(parameters),
        multiply_adds=None if None in adds else sum(adds),
        trained_by=_trained_by(counting),
        looked_into=None,
        run=None,
        remark="; ".join(filter(None, remarks)),
    )


def _views(subjects: Sequence[Subject]) -> str:
    """What is to be said where some average more views of a picture than others."""
    if len({each.views for each in subjects}) < 2:
        return ""
    return f"views of each picture: {', '.join(f'{each.name} {each.views}' for each in subjects)}"


def _trained_by(subjects: Sequence[Subject]) -> dict[str, str]:
    """The sources of all of them; where the same name stands for other files, the digests of both."""
    found: dict[str, dict[str, None]] = {}
    for each in subjects:
        for source, digests in each.trained_by.items():
            found.setdefault(source, {}).update(dict.fromkeys(digests.split("+")))
    return {source: "+".join(digests) for source, digests in found.items()}


def _check(subjects: Sequence[Subject]) -> None:
    from ..evaluation import check_together

    for each in subjects:
        if each.network is None:
            raise UsageError(f"predictions cannot answer together with other models: {each.name}", "join runs and bundles")
    check_together([(each.name, each.alphabet, each.preparation) for each in subjects])


def _measured(subjects: Sequence[Subject], greedy: bool) -> tuple[list[int], tuple[float, float] | None, str]:
    """How often each counts, temperature and case weight of their mean where they can be measured, and what is to be said about it."""
    equal = [1] * len(subjects)
    bundles, runs = [each.name for each in subjects if each.run is None], tuple(each.run for each in subjects if each.run)
    if greedy and bundles:
        raise UsageError(
            f"a greedy choice goes by held-back pictures, which a bundle has not: {bundles[0]}", "join runs, or leave --greedy out"
        )
    if bundles:
        return equal, None, ""
    with ending_at_once():
        from ..training import Ensemble, temperature_and_case_weight

    if greedy:
        chosen = Ensemble.greedy(runs)
        return list(chosen.weights), temperature_and_case_weight(chosen), ""
    try:
        return equal, temperature_and_case_weight(Ensemble(runs)), ""
    except RunError as error:
        return equal, None, f"{error.message}; the mean of them is not calibrated itself"


def _joint(networks: Sequence[Network], weights: Sequence[int], temperature: float) -> Network:
    import numpy as np

    from ..evaluation import pooled
    from .subjects import Network

    def logits(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        return pooled([each.logits(pictures) / each.temperature for each in networks], weights).astype(np.float32)

    prior = np.log(np.mean([np.exp(each.log_prior) / np.exp(each.log_prior).sum() for each in networks], axis=0))
    return Network(networks[0].alphabet, logits, temperature, prior)
