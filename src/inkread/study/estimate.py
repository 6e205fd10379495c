"""How long a study takes: measured on a few steps before it begins, corrected by what its trainings really take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from ..recipes import Recipe, parse
from .job import Job
from .plan import Plan
from .row import Row
from .transfer import Transfer
from .transfer.asked import BODILESS
from .transfer.small_set import small_set
from .trial import fitted, opened

START = 1.5
"""Seconds that a training takes before its first step and after its last: opening, checks, files."""
EACH = 0.4
"""Seconds after each epoch: validation, weights, charts."""


FOLD = {"as is": 0.1, "new head": 0.4, "added layers": 0.9, "fine-tuned": 4.0, "scratch same": 11.0, "scratch small": 9.0}
"""Seconds of a fold by method: of 900 pictures and a network like ink-s, on one core."""


@dataclass
class Estimate:
    """``speed``: what trains alike -> pictures a second. ``pictures``: of a job, where its budget does not limit them."""

    speed: Mapping[str, float]
    pictures: int
    _ratio: list[float] = field(default_factory=list)

    def seconds(self, job: Job, epochs: int = 0) -> float:
        """What a job takes from its epoch ``epochs`` on, in seconds."""
        if job.transfer:
            return transfer_seconds(job.transfer)
        kind, planned = _kind(job.recipe)
        pictures = min(job.pictures or self.pictures, self.pictures)
        speed = self.speed.get(kind) or median(self.speed.values() or [1.0])
        return START + (pictures / speed + EACH) * max(planned - epochs, 0)

    def learn(self, job: Job, row: Row) -> None:
        """A job has ended: the next ones take as much more or less than was thought."""
        if row.finished and row.seconds > 0:
            self._ratio.append(row.seconds / self.seconds(job))

    @property
    def ratio(self) -> float:
        """By how much what was measured before was wrong so far."""
        return median(self._ratio[-9:] or [1.0])

    def left(self, plan: Plan, rows: Sequence[Row], running: Mapping[str, tuple[Job, int]], workers: int) -> float:
        """What is still to be done with so many workers, in seconds."""
        done = by_job(rows)
        jobs = plan.jobs(done)
        later = plan.later(done)
        begun = done.keys() | running.keys()
        waiting = sum(self.seconds(job) for name, job in jobs.items() if name not in begun)
        going = sum(self.seconds(job, epochs) for job, epochs in running.values())
        like = [self.seconds(each) for each in _some(plan, jobs)]
        unknown = max(plan.total() - len(jobs.keys() | begun) - len(later), 0) * sum(like) / len(like)
        waiting += sum(map(self.seconds, later))
        return (waiting + going + unknown) * self.ratio / max(workers, 1)


def by_job(rows: Sequence[Row]) -> dict[str, Row]:
    """Job name -> row."""
    return {row.run.rpartition("/")[2]: row for row in rows}


def _some(plan: Plan, jobs: Mapping[str, Job]) -> list[Job]:
    """Jobs like those that cannot be told yet: all that can, or examples of a search."""
    return list(jobs.values()) or [plan.job(each, plan.seeds[0]) for each in plan.examples()]


@cache
def _kind(recipe: str) -> tuple[str, int]:
    """What decides how fast the recipe in this TOML trains, and its epochs."""
    parsed = parse(recipe)
    return likeness(parsed), parsed.training.epochs


def likeness(recipe: Recipe) -> str:
    """What decides how fast a recipe trains: trainings of one likeness are as fast."""
    network = sorted((key, value) for key, value in recipe.network.as_dict().items() if "dropout" not in key and key != "initialisation")
    return f"{network} {recipe.training.batch} {recipe.training.precision} {recipe.augmentation.changes}"


def measured(plan: Plan, threads: int, device: str, rows: Sequence[Row] = (), most: int = 24) -> Estimate:
    """The estimate for a plan: every kind of training that is still to be done is tried for a few steps, ``most`` of them at most.

    ``rows``: what is done. All data are opened for it, so that what is wrong with them is told before anything begins. A
    network that cannot make a step is left out: its trials will tell why.
    """
    from ..training import pace

    done = by_job(rows)
    jobs = [*_some(plan, plan.jobs(done)), *plan.later(done)]
    kinds: dict[str, Recipe] = {}
    for job in jobs:
        if job.transfer:
            _open_small(job)
        elif job.name not in done:
            kinds.setdefault(_kind(job.recipe)[0], fitted(job)[0])
    speed: dict[str, float] = {}
    for name, recipe in list(kinds.items())[:: -(-len(kinds) // most) or 1]:
        with suppress(Exception):  # one's own network may raise anything, or take more memory than there is
            speed[name] = pace(recipe, threads=threads, device=device)
    trained = [each for each in jobs if not each.transfer]
    return Estimate(speed, sum(map(len, opened(trained[0])[1])) if trained else 0)


def transfer_seconds(transfer: Mapping[str, Any]) -> float:
    """About what a repetition of a cross-validation takes; epochs that are not the method's own are taken for a part of them."""
    asked = Transfer(data="", body=None if transfer["method"] == BODILESS else Path(), **transfer)
    own = {"fine-tuned": 10}.get(asked.method, 40)
    epochs = asked.epochs / own if asked.epochs and asked.method not in ("as is", "new head") else 1.0
    return asked.folds * FOLD[asked.method] * epochs


def _open_small(job: Job) -> None:
    """So that what is wrong with the small set is told before anything begins; whichever body it is, its pictures are these."""
    asked = {**job.transfer, "method": BODILESS}
    small_set(Transfer(data=job.data, **asked))
