"""Whole assignments as data: a question, what is varied, trials that are never done twice, and an answer from the numbers."""

from __future__ import annotations

from .begin import begin, begun, go_on
from .estimate import Estimate, measured
from .factors import Factor, Level, Range
from .folder import ASKED, Asked, StudyFolder
from .job import Ground, Job, base_recipe
from .plan import Plan, plan, ranking, winner
from .row import Row
from .run import Runner, State
from .study import BUDGETS, Budget, Study, load, names, parse, text_of
from .trial import Bench
from .where import Here, Processes, Where

__all__ = [
    "ASKED",
    "BUDGETS",
    "Asked",
    "Bench",
    "Budget",
    "Estimate",
    "Factor",
    "Ground",
    "Here",
    "Job",
    "Level",
    "Plan",
    "Processes",
    "Range",
    "Row",
    "Runner",
    "State",
    "Study",
    "StudyFolder",
    "Where",
    "base_recipe",
    "begin",
    "begun",
    "go_on",
    "load",
    "measured",
    "names",
    "parse",
    "plan",
    "ranking",
    "text_of",
    "winner",
]
