"""Trials that are cross-validations on a small set: trained bodies, and what is done with them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UsageError, nearest
from .factors import Level
from .job import Ground, Job, job
from .reuse import Body
from .settings import Setting
from .transfer import METHODS, Transfer
from .transfer.asked import BODILESS

if TYPE_CHECKING:
    from .study import Budget, Study

PREFIX = "transfer."
"""Keys of a transfer (:class:`.transfer.Transfer`) where those of a recipe stand otherwise."""
KEYS = tuple(each.name for each in fields(Transfer) if each.name not in ("data", "alphabet", "repetition", "threads"))


def body_job(study: Study, budget: Budget, body: Body, seed: int, ground: Ground) -> Job:
    """The training of a body. :class:`UsageError` where its recipe cannot be."""
    plain = [{key: value for key, value in each.set.items() if not key.startswith(PREFIX)} for each in (study, budget)]
    study, budget = replace(study, set=plain[0]), replace(budget, set=plain[1])
    own = Level(body.name, body.set, recipe=body.recipe, data=body.data, alphabet=body.alphabet)
    return job(study, budget, Setting(f"body {body.name}", {}, (own,)), seed, ground)


def body_of(study: Study, budget: Budget, setting: Setting) -> str:
    """The name of the body that a setting reuses; empty where it begins from nothing. Errors as :func:`_values`."""
    told = _values(study, budget, setting)
    return "" if told["method"] == BODILESS else str(told.get("body", ""))


def transfer_job(study: Study, budget: Budget, setting: Setting, seed: int, ground: Ground, bodies: Mapping[str, str]) -> Job:
    """The cross-validation of a setting in the repetition ``seed``. ``bodies``: name -> folder of the run, as :attr:`Job.body` has it.

    :class:`UsageError` for values that a transfer does not know or take.
    """
    told = _values(study, budget, setting)
    name = str(told.pop("body", ""))
    if told["method"] == BODILESS:
        name = ""
    elif name not in bodies:
        raise UsageError(f"the study {study.name} has no body of this name: {name}", nearest(name, tuple(bodies)))
    told["alphabet"] = study.alphabet
    made = Job(setting.name, setting.names, "", ground.source(study), seed, transfer=told, body=bodies.get(name, ""))
    transfer_of(made, Path())
    return made


def transfer_of(asked: Job, folder: Path, threads: int = 1) -> Transfer:
    """What a job asks for. ``folder``: of the study, where its own bodies are."""
    body = folder / asked.body if asked.body else None
    return Transfer(data=asked.data, body=body, repetition=asked.seed, threads=threads, **asked.transfer)


def _values(study: Study, budget: Budget, setting: Setting) -> dict[str, Any]:
    """Values of the transfer by key: the study's, the budget's, then those of the levels; of ``body`` its name."""
    found: dict[str, Any] = {}
    for told in (study.set, budget.set, *(each.set for each in setting.applied)):
        found |= {key.removeprefix(PREFIX): value for key, value in told.items() if key.startswith(PREFIX)}
    for level in setting.applied:
        odd = [key for key in level.set if not key.startswith(PREFIX)]
        if odd:
            raise UsageError(f"levels of a transfer set what is reused how, not a recipe: {odd[0]}", f"such as {PREFIX}method")
    for key, value in found.items():
        if key not in KEYS:
            raise UsageError(f"a transfer has no such key: {PREFIX}{key}", nearest(key, KEYS))
        if not isinstance(value, str if key in ("method", "body", "preparation") else int) or isinstance(value, bool):
            raise UsageError(f"{PREFIX}{key} cannot be this: {value!r}")
    if "method" not in found:
        raise UsageError(f"the study {study.name} names no method: {setting.name}", f"{PREFIX}method is one of: {', '.join(METHODS)}")
    return found
