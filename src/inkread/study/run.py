"""A study run: trials handed to whoever computes them, booked, and never done twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from .estimate import Estimate
from .folder import StudyFolder
from .job import Job
from .ledger import Ledger, Search, Taken, shared
from .plan import Plan, finalists, winner
from .row import Row
from .trial import Bench
from .where import Where

LOOK = 1.0
"""Seconds between two looks at how far the trials are."""
REPEATS = 5
"""How often a search may draw what it had drawn before, for each setting that it is to try."""


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
    _repeated: int = 0

    def run(self) -> list[Row]:
        """Every row, those of earlier runs of the study too; the best setting's recipe is written down, and of its runs alone
        the weights of every epoch are kept. :class:`RunError` where another program is at this study, and those of the
        ledger; rows are kept."""
        study, plan = self.plan.study, self.plan
        search = Search(study.sampler, plan.seeds[0], study.prune) if plan.searches else None
        with nullcontext() if shared(self.storage) else self.folder.alone():
            self.folder.forget_failed()
            try:
                self._work(Ledger(self.storage, f"{study.name}-{self.folder.name}", plan.factors, study.compare, search))
            finally:
                self.where.close()
            self.folder.only(plan.own(self.folder.jobs(), self.folder.by_name()))
            self.folder.end(winner(self.folder.rows(), study.compare))
        return self.folder.rows()

    def _work(self, ledger: Ledger) -> None:
        jobs: dict[str, Job] | None = None
        while True:
            if (now := self._jobs()) != jobs:
                jobs = now
                known = {**jobs, **(self.folder.jobs() if self.plan.searches else {})}
                rows = {name: row for name, row in self.folder.by_name().items() if name in known}
                booked = {name: job for name, job in known.items() if name in jobs or name in rows}
                ledger.enter({name: self.plan.params(job) for name, job in booked.items()}, rows)
            while len(self._going) < self.where.workers and self._begin(ledger, jobs):
                pass
            if not self._going:
                return
            self._wait(ledger)

    def _jobs(self) -> dict[str, Job]:
        """All planned jobs that can be told by now, the best of a search with every seed once it has ended."""
        if shared(self.storage):
            self.folder.read()  # what other machines have done
            self.folder.only(self.plan.own(self.folder.jobs(), self.folder.by_name()))
        jobs = self.plan.jobs(self.folder.by_name())
        if self.plan.searches and not self._to_try():
            tried = [row for row in self.folder.rows() if row.seed == self.plan.seeds[0]]
            for row in finalists(tried, self.plan.study.compare, self.plan.budget.finalists):
                for seed in self.plan.seeds[1:]:
                    each = self.folder.job(row.run.rpartition("/")[2]).with_seed(seed)
                    jobs[each.name] = each
        return jobs

    def _to_try(self) -> int:
        """How many settings a search has still to try; none once it hardly comes upon new ones."""
        tried = sum(row.seed == self.plan.seeds[0] for row in self.folder.rows())
        return max(self.plan.tries - tried, 0) if self._repeated < REPEATS * self.plan.tries else 0

    def _begin(self, ledger: Ledger, jobs: Mapping[str, Job]) -> bool:
        """Begins one more trial, if there is one."""
        while True:
            taken = ledger.take(jobs)
            drawing = sum(not each.key for each, _ in self._going.values())
            if taken is None and self.plan.searches and drawing < self._to_try():
                taken = ledger.draw()
            if taken is None:
                return False
            job = jobs[taken.key] if taken.key else self._drawn(ledger, taken)
            if job is not None:
                break
        self.folder.keep(job)
        self._going[self.where.begin(job, self.bench)] = (taken, job)
        return True

    def _drawn(self, ledger: Ledger, taken: Taken) -> Job | None:
        """The job of what a search has drawn; None where that was drawn before."""
        job = self.plan.job(self.plan.drawn(taken.params), self.plan.seeds[0])
        known = self.folder.by_name().get(job.name)
        if known is not None or any(each.name == job.name for _, each in self._going.values()):
            ledger.tell(taken, known or Row(job.setting, job.levels, job.seed))
            self._repeated += 1
            return None
        ledger.note(taken, job.name)
        return replace(job, reports_to=(ledger.storage, ledger.name, taken.number)) if self.plan.study.prune else job

    def _wait(self, ledger: Ledger) -> None:
        """Until a trial has ended."""
        while not (done := wait(self._going, LOOK, FIRST_COMPLETED).done):
            ledger.beat()
            self.told(self._state())
        for each in done:
            taken, job = self._going.pop(each)
            row = each.result()
            self.folder.add(job, row)
            self.estimate.learn(job, row)
            ledger.tell(taken, row)
        self.told(self._state())

    def _state(self) -> State:
        running = {job.name: (job, self.folder.epochs(job)) for _, job in self._going.values()}
        rows = tuple(self.folder.rows())
        left = self.estimate.left(self.plan, rows, running, self.where.workers)
        return State(self.plan, rows, running, self.plan.total(), left)
