"""A study begun, gone on with, or taken under a new name: its plan and its folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..errors import UsageError
from .folder import Asked, StudyFolder
from .job import Ground, base_recipe
from .plan import Plan, plan
from .study import Budget, Study, parse, text_of


def begin(asked: Asked, out: Path, name: str = "", fork: str = "") -> tuple[Plan, StudyFolder]:
    """The plan of what is asked and the folder ``out``/``name`` for it, which may hold a part of its runs already.

    ``name``: the study's and the budget's, where there is none. ``fork``: a new name under which what has changed goes on
    with every run of ``name`` that is still the same. Errors: what is wrong with study, data or folder, before
    anything is written.
    """
    text = text_of(asked.study)
    made = _planned(parse(text, asked.study), asked, out)
    before = out / (name or f"{made.study.name}-{asked.budget}")
    folder = StudyFolder(out / fork if fork else before)
    folder.begin(text, asked)
    if fork:
        if fork == before.name:
            raise UsageError(f"a fork has a new name: {fork}")
        folder.take_over(StudyFolder(before))
    return made, folder


def go_on(path: Path) -> tuple[Plan, StudyFolder]:
    """The plan of the study in this folder, as it was begun; :class:`RunError` where it holds none."""
    folder = StudyFolder(path)
    asked = folder.asked()
    return _planned(parse(folder.text(), str(path)), asked, path.parent), folder


def _planned(study: Study, asked: Asked, studies: Path) -> Plan:
    if asked.recipe:
        study = replace(study, recipe=asked.recipe)
    ground = Ground(base_recipe(study, studies), asked.data, asked.named, asked.changes)
    budget: Budget = study.budget(asked.budget)
    return plan(study, budget, ground, asked.seeds)
