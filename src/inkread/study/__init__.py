"""Whole assignments as data: a question, what is varied, trials that are never done twice, and an answer from the numbers."""

from __future__ import annotations

from .answer import Answer, answer
from .ask import ask
from .assignment import Assignment, Part, assignment_text, assignments, is_assignment, load_assignment
from .begin import begin, begun, go_on
from .brought import brought
from .comparison import Ahead, Comparison, Failure, Result, compared
from .design import Design, Varied
from .effects import Effect, Interaction
from .estimate import Estimate, measured
from .factors import Factor, Level, Range
from .finding import Finding
from .findings import findings
from .folder import ASKED, Asked, StudyFolder
from .job import Ground, Job, base_recipe
from .joint import Chosen, chosen_section, joint, study_section
from .ledger import JOURNAL
from .page import About
from .plan import Plan, plan, ranking, winner
from .questions import Question
from .ray import Ray
from .reuse import Body, Worth
from .row import Row
from .run import Runner, State
from .study import BUDGETS, Budget, Study, load, names, parse, text_of
from .trial import Bench, perform
from .where import Here, Processes, Where
from .wording import duration, interval
from .written import about, write_document, write_report

__all__ = [
    "ASKED",
    "About",
    "Ahead",
    "Answer",
    "Asked",
    "Assignment",
    "BUDGETS",
    "Bench",
    "Body",
    "Budget",
    "Chosen",
    "Comparison",
    "Design",
    "Effect",
    "Estimate",
    "Factor",
    "Failure",
    "Finding",
    "Ground",
    "Here",
    "Interaction",
    "JOURNAL",
    "Job",
    "Level",
    "Part",
    "Plan",
    "Processes",
    "Question",
    "Range",
    "Ray",
    "Result",
    "Row",
    "Runner",
    "State",
    "Study",
    "StudyFolder",
    "Varied",
    "Where",
    "Worth",
    "about",
    "answer",
    "ask",
    "assignment_text",
    "assignments",
    "base_recipe",
    "begin",
    "begun",
    "brought",
    "chosen_section",
    "compared",
    "duration",
    "findings",
    "go_on",
    "interval",
    "is_assignment",
    "joint",
    "load",
    "load_assignment",
    "measured",
    "names",
    "parse",
    "perform",
    "plan",
    "ranking",
    "study_section",
    "text_of",
    "winner",
    "write_document",
    "write_report",
]
