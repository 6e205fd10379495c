"""What a study has to say by now: its rows, their comparison, and sentences from the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..recipes import parse
from .comparison import Comparison, compared
from .design import Design, Varied
from .finding import Finding
from .findings import findings
from .folder import StudyFolder
from .job import Job
from .plan import PILOT_SEED, Plan
from .row import Row
from .worth import worth_findings

LAST = ("silent", "failed", "spread", "limits")
"""Findings that come after all others."""


@dataclass(frozen=True, eq=False)
class Answer:
    """``rows``: of the plan, those that only chose a value (pilots) apart. ``classes``: that were told apart."""

    plan: Plan
    name: str
    rows: Sequence[Row]
    pilots: Sequence[Row]
    classes: int

    @cached_property
    def comparison(self) -> Comparison:
        """Settings, effects and what can be told apart."""
        return self._by(self.plan.study.compare)

    @cached_property
    def also(self) -> Comparison | None:
        """The same by the other measure that the study is about; None where there is one measure only."""
        return self._by(self.plan.study.also) if self.plan.study.also else None

    def _by(self, measure: str) -> Comparison:
        study, plan = self.plan.study, self.plan
        varied = tuple(Varied(each.name, each.label, tuple(level.name for level in each.levels)) for each in plan.factors)
        design = Design(study.name, study.question, study.design, measure, varied, plan.base, self.classes, study.questions)
        return compared(design, self._finalists() if plan.searches else list(self.rows))

    def _finalists(self) -> list[Row]:
        """The rows of a search's settings that were trained with the most seeds: the luckiest of many single ones is not the best."""
        seeds = Counter(row.setting for row in self.rows if row.finished)
        most = max(seeds.values(), default=0)
        return [row for row in self.rows if seeds[row.setting] == most]

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """Sentences, each with the numbers that it comes from."""
        told = findings(self.comparison)
        first = next((at for at, each in enumerate(told) if each.kind in LAST), len(told))
        return (*told[:first], *worth_findings(self.plan.study.worth, self.comparison, self.rows), *told[first:])

    @property
    def finished(self) -> int:
        """How many trainings gave a value."""
        return sum(row.finished for row in (*self.rows, *self.pilots))

    @property
    def failed(self) -> list[Row]:
        """Trials that gave nothing."""
        return [row for row in (*self.rows, *self.pilots) if row.error]

    def best(self) -> Row | None:
        """The row of the best setting's first seed; None where nothing has finished."""
        told = [row for row in self.rows if row.finished and row.setting == self.comparison.best]
        return min(told, key=lambda row: row.seed, default=None)

    def _repr_html_(self) -> str:
        """In a notebook: what was found, and the charts."""
        from html import escape

        from .charts import figures

        sentences = "".join(f"<li>{escape(each.sentence)}</li>" for each in self.findings)
        drawn = "".join(each.drawing for each in figures(self) if isinstance(each.drawing, str))
        return f"<p>{escape(self.plan.study.question)}</p><ul>{sentences}</ul>{drawn}"

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        study = self.plan.study
        told: dict[str, Any] = {"study": study.name, "name": self.name, "question": study.question}
        told |= {"planned": self.plan.total(), "finished": self.finished}
        told |= {"comparison": self.comparison.as_dict(), "findings": [each.as_dict() for each in self.findings]}
        told |= {"also": self.also.as_dict() if self.also else None}
        return told | {"rows": [row.as_dict() for row in (*self.rows, *self.pilots)]}


def answer(plan: Plan, folder: StudyFolder) -> Answer:
    """What the finished trials of a plan say; rows of a folder that are none of the plan's are left out."""
    known = folder.by_name()
    rows = known if plan.searches else {name: row for name, row in known.items() if name in plan.jobs(known)}
    told = [rows[name] for name in sorted(rows)]
    pilots = [row for row in told if row.seed == PILOT_SEED]
    jobs = [folder.job(name) for name in sorted(rows) if rows[name].seed != PILOT_SEED]
    return Answer(plan, folder.name, [row for row in told if row.seed != PILOT_SEED], pilots, _classes(jobs))


def _classes(jobs: Sequence[Job]) -> int:
    """How many classes the trials tell apart; 0 where they differ or the labels decide."""
    from ..alphabet import alphabet

    names = {each.transfer["alphabet"] if each.transfer else parse(each.recipe).alphabet for each in jobs}
    found = {len(alphabet(name)) if name else 0 for name in names}
    return found.pop() if len(found) == 1 else 0
