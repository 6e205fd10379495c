"""A study begun, gone on with, or taken under a new name: its plan and its folder."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..errors import RunError, UsageError
from ..recipes import Recipe
from .brought import check_brought
from .folder import ASKED, Asked, StudyFolder
from .job import Ground, base_recipe, best_of
from .plan import Plan, plan
from .study import Study, parse, text_of


def begin(asked: Asked, out: Path, name: str = "", fork: str = "") -> tuple[Plan, StudyFolder]:
    """The plan of what is asked and the folder ``out``/``name`` for it, which may hold a part of its runs already.

    ``name``: the study's and the budget's, where there is none. ``fork``: a new name under which what has changed goes on
    with every run of ``name`` that is still the same. Errors: what is wrong with study, data or folder, before
    anything is written.
    """
    for each in (name, fork):
        if each in (".", "..") or any(sign in each for sign in "/\\"):
            raise UsageError(f"this is no name of a folder: {each!r}", "--out names the folder of the studies")
    text = text_of(asked.study)
    study = parse(text, asked.study)
    before = out / (name or f"{study.name}-{asked.budget}")
    if fork == before.name:
        raise UsageError(f"a fork has a new name: {fork}")
    if fork and not (before / ASKED).is_file():
        raise RunError(f"there is no study to fork: {before}", "--name names it")
    if asked.recipe and study.brings_recipes:
        bringer = "each body" if study.transfers else "each level"
        raise UsageError(f"{bringer} of the study {study.name} brings its own recipe: {asked.recipe}", "leave out --recipe")
    if study.otherwise and not asked.recipe and best_of(study.recipe, out, asked.budget) is None:
        asked = replace(asked, recipe=study.otherwise)
    which = asked.recipe or study.recipe
    base = base_recipe(which, out, asked.budget) if which else None
    made = _planned(study, asked, base)
    check_brought(made)
    folder = StudyFolder(out / fork if fork else before)
    folder.begin(text, asked, base)
    if fork:
        other = StudyFolder(before)
        while folder.take_over(other, made.own(other.jobs(), {**other.by_name(), **folder.by_name()})):
            pass  # what was tuned is known once its pilots are there
    return made, _own(made, folder)


def go_on(path: Path) -> tuple[Plan, StudyFolder]:
    """The plan of the study in this folder, as it was begun; :class:`RunError` where it holds none."""
    folder = StudyFolder(path)
    asked = folder.asked()
    made = _planned(parse(folder.text(), str(path)), asked, folder.base())
    return made, _own(made, folder)


def begun(studies: Path) -> list[StudyFolder]:
    """The studies in a folder, by name; what is none, or damaged, is passed over."""
    found = []
    for each in sorted(studies.glob(f"*/{ASKED}")):
        folder = StudyFolder(each.parent)
        with suppress(RunError):
            folder.asked()
            found.append(folder)
    return found


def _planned(study: Study, asked: Asked, base: Recipe | None) -> Plan:
    if asked.recipe:
        study = replace(study, recipe=asked.recipe, otherwise="")
    ground = Ground(base, asked.data, asked.named, asked.changes, asked.weights, asked.bodies)
    return plan(study, study.budget(asked.budget), ground, asked.seeds)


def _own(made: Plan, folder: StudyFolder) -> StudyFolder:
    folder.only(made.own(folder.jobs(), folder.by_name()))
    return folder
