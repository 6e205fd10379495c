"""A study run: trials handed to whoever computes them, booked, and never done twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace

from .estimate import Estimate
from .folder import StudyFolder
from .job import Job
from .ledger import Ledger, Taken
from .plan import Plan, finalists
from .row import Row
from .settings import Setting
from .trial import Bench
from .where import Where

LOOK = 1.0
"""Seconds between two looks at how far the trials are."""


@dataclass(frozen=True)
class State:
    """How far a study is. ``running``: job -> epochs that have ended. ``left``: seconds that it will still take, about."""

    plan: Plan
    rows: tuple[Row, ...]
    running: Mapping[str, tuple[Job, int]]
    total: int
    left: float


@dataclass
class Runner:
    """Does a plan's trials in the folder of a study, ``where`` there is room for them.

    ``storage``: Optuna's, as a path or URL. ``told`` is told the :class:`State` now and then.
    """

    plan: Plan
    folder: StudyFolder
    where: Where
    bench: Bench
    storage: str
    estimate: Estimate
    told: Callable[[State], object] = lambda state: None
    _going: dict[Future[Row], tuple[Taken, Job]] = field(default_factory=dict)

    def run(self) -> list[Row]:
        """Every row, those of earlier runs of the study too. Errors of the ledger as :class:`RunError`; rows are kept."""
        study = self.plan.study
        name = f"{study.name}-{self.folder.name}"
        ledger = Ledger(self.storage, name, study.sampler, self.plan.seeds[0], prune=study.prune and self.plan.searches)
        self.folder.forget_failed()
        try:
            self._work(ledger)
        finally:
            self.where.close()
        return self.folder.rows()

    def _work(self, ledger: Ledger) -> None:
        factors = () if self.plan.searches else self.plan.factors
        jobs: dict[str, Job] | None = None
        while True:
            if (now := self._jobs()) != jobs:
                jobs = now
                known = {name: row for name, row in self.folder.by_name().items() if name in jobs}
                ledger.enter(jobs, known, factors, [taken.number for taken, _ in self._going.values()])
            while len(self._going) < self.where.workers and self._begin(ledger, jobs):
                pass
            if not self._going:
                return
            self._wait(ledger)

    def _jobs(self) -> dict[str, Job]:
        """All planned jobs that can be told by now, the best of a search with every seed once it has ended."""
        jobs = self.plan.jobs(self.folder.by_name())
        if self.plan.searches and self._tried() >= self.plan.budget.trials:
            tried = [row for row in self.folder.rows() if row.seed == self.plan.seeds[0]]
            for row in finalists(tried, self.plan.study.compare, self.plan.budget.finalists):
                for seed in self.plan.seeds[1:]:
                    each = self.folder.job(row.run.rpartition("/")[2]).with_seed(seed)
                    jobs[each.name] = each
        return jobs

    def _tried(self) -> int:
        """How many settings a search has tried, whatever came out."""
        return sum(row.seed == self.plan.seeds[0] for row in self.folder.rows())

    def _begin(self, ledger: Ledger, jobs: Mapping[str, Job]) -> bool:
        """Begins one more trial, if there is one."""
        searched = self.plan.factors if self.plan.searches else ()
        taken = ledger.take(jobs, searched)
        drawing = sum(each.setting is not None for each, _ in self._going.values())
        if taken is None and searched and self._tried() + drawing < self.plan.budget.trials:
            taken = ledger.draw(searched)
        if taken is None:
            return False
        job = jobs[taken.key] if taken.setting is None else self._drawn(ledger, taken.number, taken.setting)
        self.folder.keep(job)
        self._going[self.where.begin(job, self.bench)] = (taken, job)
        return True

    def _drawn(self, ledger: Ledger, number: int, setting: Setting) -> Job:
        made = self.plan.job(setting, self.plan.seeds[0])
        return replace(made, reports_to=(ledger.storage, ledger.name, number)) if self.plan.study.prune else made

    def _wait(self, ledger: Ledger) -> None:
        """Until a trial has ended."""
        while not (done := wait(self._going, LOOK, FIRST_COMPLETED).done):
            self.told(self._state())
        for each in done:
            taken, job = self._going.pop(each)
            row = each.result()
            self.folder.add(job, row)
            self.estimate.learn(job, row)
            ledger.tell(taken.number, row, self.plan.study.compare)
        self.told(self._state())

    def _state(self) -> State:
        running = {job.name: (job, self.folder.epochs(job)) for _, job in self._going.values()}
        rows = tuple(self.folder.rows())
        left = self.estimate.left(self.plan, rows, running, self.where.workers)
        return State(self.plan, rows, running, self.plan.total(), left)
