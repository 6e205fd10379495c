"""A job done: trained into a run folder, or found there finished, and what came out as a row."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from math import nan
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from ..recipes import Recipe, parse
from .crossed import transfer_of
from .failure import told
from .job import Job
from .ledger import watching
from .row import Row

if TYPE_CHECKING:
    from ..training import Pool, Run

FIFTH = 5
"""The part of the epochs, the last ones, whose median counts as what it had come to."""


@dataclass(frozen=True)
class Bench:
    """Where jobs are done: ``folder`` of the study, ``threads`` of the processor (0: PyTorch's choice), ``device``."""

    folder: Path
    threads: int = 0
    device: str = "cpu"


def perform(job: Job, bench: Bench) -> Row:
    """The row of a job: trained now, gone on with from its last epoch, or read where it has finished.

    A job that cannot be done is a row with its error; only Ctrl-C goes through.
    """
    try:
        return _crossed(job, bench) if job.transfer else _performed(job, bench.folder / "runs" / job.name, bench)
    except Exception as error:  # whatever a network or a library raises is a row, not the end of the study
        return failed(job, told(error))


def _crossed(job: Job, bench: Bench) -> Row:
    from .transfer import transferred

    row = transferred(transfer_of(job, bench.folder, max(bench.threads, 1)))
    return replace(row, setting=job.setting, levels=dict(job.levels), run=f"runs/{job.name}")


def _performed(job: Job, place: Path, bench: Bench) -> Row:
    from ..training import Circumstances, run_in

    recipe, pools = opened(job)
    watch = watching(*job.reports_to) if job.reports_to else None
    run = run_in(place, recipe, pools, Circumstances(threads=bench.threads, device=bench.device, watch=watch, weights=job.weights))
    return _row(job, run, sum(map(len, pools)))


@lru_cache(maxsize=4)
def _given(data: str, alphabet: str, preparation: Any) -> tuple[Recipe, tuple[Pool, ...]]:
    """Data opened once for all trials that are after the same pictures, with a recipe that tells their names."""
    from ..training import given

    recipe, pools = given(Recipe("any", alphabet=alphabet, preparation=preparation), data)
    return recipe, tuple(pools)


def fitted(job: Job) -> tuple[Recipe, tuple[Pool, ...]]:
    """The recipe of a job for its data, and all their pictures. Errors as :func:`inkread.training.given`."""
    recipe = parse(job.recipe)
    found, pools = _given(job.data, recipe.alphabet, recipe.preparation)
    return recipe.on(found.sources, found.alphabet), pools


def opened(job: Job) -> tuple[Recipe, list[Pool]]:
    """As :func:`fitted`, with as many of the pictures as the job wants."""
    from ..training import limited

    recipe, pools = fitted(job)
    return recipe, limited(pools, recipe, job.pictures, job.held)


def _row(job: Job, run: Run, pictures: int) -> Row:
    from ..networks import size

    history = [json.loads(line) for line in (run.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()]
    scores = list(run.metrics["scores"].values())
    accuracy = [float(each["val/accuracy"]) for each in history]
    stopped = run.metrics["stopped"]
    return Row(
        setting=job.setting,
        levels=dict(job.levels),
        seed=job.seed,
        accuracy=_mean([each["accuracy"] for each in scores]),
        last=float(median(accuracy[-max(len(accuracy) // FIFTH, 1) :])),
        loss=_mean([each["loss"] for each in scores]),
        macro_accuracy=_mean([each["macro_accuracy"] for each in scores]),
        count=len(run.validation().targets),
        parameters=int(run.metrics["parameters"]),
        multiply_adds=size(run.network()).multiply_adds,
        pictures=pictures,
        epochs=int(run.metrics["epochs"]),
        best_epoch=int(run.metrics["best_epoch"]),
        seconds=sum(float(each.get("seconds") or nan) for each in history),
        speed=float(median([float(each.get("pictures_per_second") or nan) for each in history])),
        train=tuple(float(each["train/accuracy"]) for each in history),
        validation=tuple(accuracy),
        run=f"runs/{job.name}",
        error=stopped,
        pruned=bool(run.metrics["broken_off"]),
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def failed(job: Job, why: str) -> Row:
    """The row of a job that gave nothing."""
    return Row(job.setting, dict(job.levels), job.seed, run=f"runs/{job.name}", error=why)
