"""A tiny study, and somewhere that does its trials in no time: rows made up from the recipe, nothing trained."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from inkread.recipes import Recipe, parse
from inkread.study import Asked, Bench, Estimate, Job, Plan, Row, Runner, StudyFolder, begin

WIDTHS = """
name = "widths"
question = "How wide?"
recipe = "mlp"
data = "letters"
alphabet = "ABC"

[[factors]]
key = "network.width"
values = [8, 16]
base = 8

[budgets.smoke]
pictures = 60
held = 0
epochs = 2
seeds = 2
set = { "network.layers" = 1, "training.batch" = 16 }
"""

TUNED = """
[[factors]]
name = "optimizer"
base = "adam"
[[factors.levels]]
name = "adam"
reason = "it needs no rate of its own"
[[factors.levels]]
name = "sgd"
set = { "training.optimizer" = "sgd", "training.beta2" = 0.99 }
tune = { "training.rate" = [0.001, 0.01, 0.1] }
"""

SEARCH = """
name = "rates"
question = "How fast, and how wide?"
recipe = "mlp"
data = "letters"
alphabet = "ABC"
design = "search"
prune = false

[[factors]]
key = "training.rate"
low = 1e-4
high = 1e-1
log = true

[[factors]]
key = "network.width"
values = [8, 16]

[budgets.smoke]
epochs = 2
seeds = 3
trials = 6
finalists = 2
"""


def asked(study: Path | str, **changes: object) -> Asked:
    """What `inkread study run STUDY --budget smoke` asks for."""
    told: dict[str, object] = {"budget": "smoke", "seeds": 0, "data": "", "named": {}, "recipe": "", "changes": ()}
    return Asked(**{"study": str(study), "threads": 1, "device": "cpu", "storage": "", **told, **changes})  # type: ignore[arg-type]


def written(folder: Path, text: str = WIDTHS, name: str = "own.toml") -> Path:
    """The file of a study."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def value(recipe: Recipe) -> float:
    """What a pretended training gives: best at a rate of 0.01, better for wider networks, a little other for every seed."""
    from math import log10

    return 0.9 - 0.05 * abs(log10(recipe.training.rate) + 2) + recipe.network.settings["width"] / 1000 + recipe.seed / 10000


@dataclass
class Pretend:
    """Does jobs at once. ``fails``: why a job fails, empty where it does not. ``stops``: is called before each job."""

    workers: int = 1
    fails: Callable[[Job], str] = lambda job: ""
    stops: Callable[[int], object] = lambda done: None
    done: list[Job] = field(default_factory=list)
    closed: int = 0

    def begin(self, job: Job, bench: Bench) -> Future[Row]:
        self.stops(len(self.done))
        self.done.append(job)
        told: Future[Row] = Future()
        told.set_result(made_row(job, self.fails(job)))
        return told

    def close(self) -> None:
        self.closed += 1


def made_row(job: Job, error: str = "") -> Row:
    row = Row(job.setting, dict(job.levels), job.seed, run=f"runs/{job.name}", error=error)
    if error:
        return row
    found = value(parse(job.recipe))
    return Row(**{**vars(row), "accuracy": found, "last": found, "count": 30, "epochs": 2, "seconds": 1.0, "speed": 100.0})


def runner(plan: Plan, folder: StudyFolder, where: Pretend, storage: str = "") -> Runner:
    bench = Bench(folder.path, 1, "cpu")
    return Runner(plan, folder, where, bench, storage or str(folder.path / "trials.log"), Estimate({}, 60))


def run(study: Path, out: Path, where: Pretend | None = None, storage: str = "", fork: str = "", **changes: object) -> StudyFolder:
    """A whole study, begun or gone on with."""
    plan, folder = begin(asked(study, **changes), out, fork=fork)
    runner(plan, folder, where or Pretend(), storage).run()
    return folder
