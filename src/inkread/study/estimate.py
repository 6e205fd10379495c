"""How long a study takes: measured on a few steps before it begins, corrected by what its trainings really take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..recipes import Recipe, parse
from .job import Job
from .plan import Plan
from .row import Row
from .trial import opened

START = 1.5
"""Seconds that a training takes before its first step and after its last: opening, checks, files."""
EACH = 0.4
"""Seconds after each epoch: validation, weights, charts."""


@dataclass
class Estimate:
    """``speed``: what trains alike -> pictures a second. ``pictures``: of a job, where its budget does not limit them."""

    speed: Mapping[str, float]
    pictures: int
    _ratio: list[float] = field(default_factory=list)

    def seconds(self, job: Job, epochs: int = 0) -> float:
        """What a job takes from its epoch ``epochs`` on, in seconds."""
        recipe = parse(job.recipe)
        pictures = min(job.pictures or self.pictures, self.pictures)
        speed = self.speed.get(likeness(recipe)) or max(self.speed.values(), default=1.0)
        each = pictures / speed + EACH
        return START + each * max(recipe.training.epochs - epochs, 0)

    def learn(self, job: Job, row: Row) -> None:
        """A job has ended: the next ones take as much more or less than was thought."""
        if row.finished and row.seconds > 0:
            self._ratio.append(row.seconds / self.seconds(job))

    @property
    def ratio(self) -> float:
        """By how much what was measured before was wrong so far."""
        latest = sorted(self._ratio[-9:])
        return latest[len(latest) // 2] if latest else 1.0

    def left(self, plan: Plan, rows: Sequence[Row], running: Mapping[str, tuple[Job, int]], workers: int) -> float:
        """What is still to be done with so many workers, in seconds."""
        jobs = self._jobs(plan, rows)
        done = {row.run.rpartition("/")[2] for row in rows}
        open_ = sum(self.seconds(job) for name, job in jobs.items() if name not in done and name not in running)
        going = sum(self.seconds(job, epochs) for job, epochs in running.values())
        mean = sum(map(self.seconds, jobs.values())) / len(jobs) if jobs else 0.0
        unknown = max(plan.total() - len(jobs), 0) * mean
        return (open_ + going + unknown) * self.ratio / max(workers, 1)

    def _jobs(self, plan: Plan, rows: Sequence[Row]) -> dict[str, Job]:
        return plan.jobs({row.run.rpartition("/")[2]: row for row in rows})


def likeness(recipe: Recipe) -> str:
    """What decides how fast a recipe trains: trainings of one likeness are as fast."""
    network = sorted((key, value) for key, value in recipe.network.as_dict().items() if "dropout" not in key and key != "initialisation")
    return f"{network} {recipe.training.batch} {recipe.training.precision} {recipe.augmentation.changes}"


def measured(plan: Plan, threads: int, device: str, most: int = 24) -> Estimate:
    """The estimate for a plan: every kind of training in it is tried for a few steps, ``most`` of them at most.

    The data of its first trial are opened for it, so that what is wrong with them is told before anything begins.
    """
    from ..training import pace

    kinds: dict[str, Recipe] = {}
    jobs = list(plan.jobs({}).values()) or [plan.job(each, plan.seeds[0]) for each in plan.examples()]
    for job in jobs:
        recipe = opened(job)[0]
        kinds.setdefault(likeness(recipe), recipe)
    tried = list(kinds.items())[:: max(len(kinds) // most, 1)]
    pools = opened(jobs[0])[1]
    pictures = sum(map(len, pools))
    return Estimate({name: pace(recipe, threads=threads, device=device) for name, recipe in tried}, pictures)
