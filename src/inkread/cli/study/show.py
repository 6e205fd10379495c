"""``inkread study show``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from ...interrupt import ending_at_once
from ..commands import DONE, count
from ..lines import written
from ..output import say
from .shared import JSON


@click.command(
    epilog="JSON: name, question, method, limits, recipe, otherwise, set, data, alphabet, design, compare, also, sampler, prune, "
    "procedure, `bodies`, `questions`, `worth`; `factors`, each with name, label, key, base, `levels` (name, set: dotted key, as "
    "training.rate, -> value, recipe, data, alphabet, weights, pictures, rate_rule, tune, reason, published) or `range` (low, high, log, "
    "whole); `budgets`: smoke, small, full -> pictures, held, epochs, seeds, minutes, trials, finalists, set, values. Of an assignment "
    "name, question, data, alphabet and `parts` (heading, study, recipe, best_of)."
)
@click.argument("study", metavar="STUDY")
@click.option("--toml", "as_toml", is_flag=True, help="The file as it is, to write one's own after it.")
@JSON
def show(study: str, as_toml: bool, as_json: bool) -> int:
    """Tell a study whole: its question, what it varies, and what its budgets spend.

    STUDY is a name or a TOML file, of a study or of an assignment, whose parts are told.
    """
    with ending_at_once():
        from ... import study as room

    whole = room.is_assignment(study)
    if as_toml:
        say((room.assignment_text(study) if whole else room.text_of(study)).rstrip("\n"))
        return DONE
    if whole:
        told = room.load_assignment(study)
        say(written(asdict(told), indent=2) if as_json else "\n".join(_parts(told)))
        return DONE
    found = room.load(study)
    say(written(found.as_dict(), indent=2) if as_json else "\n".join(_lines(found)))
    return DONE


def _parts(assignment: Any) -> list[str]:
    lines = [assignment.question, ""]
    for part in assignment.parts:
        does = f"the best of {' and '.join(part.best_of)}, trained on everything" if part.best_of else part.study
        lines.append(f"{part.heading}: {does}" + (f", from {part.recipe}" if part.recipe else ""))
    return lines


def _lines(study: Any) -> list[str]:
    base = (study.recipe or "each level brings its own") + (f", else {study.otherwise}" if study.otherwise else "")
    lines = [study.question, "", f"base: {base}    design: {study.design}"]
    lines += [f"always: {', '.join(f'{key} = {value}' for key, value in study.set.items())}"] if study.set else []
    lines += [f"data: {study.data}" + (f", as {study.alphabet}" if study.alphabet else "")] if study.data else []
    lines += [f"body {each.name}: {each.recipe} trained on {each.data}, as {each.alphabet}" for each in study.bodies]
    lines += ["", *(f"{each.label}: {_levels(each)}" for each in study.factors), ""]
    for name, budget in study.budgets.items():
        spent = [count(budget.pictures, "picture") if budget.pictures else "all pictures"]
        spent += [count(budget.epochs, "epoch")] if budget.epochs else []
        spent += [count(budget.seeds, "seed"), f"about {budget.minutes:g} minutes on two cores"]
        lines.append(f"{name}: {', '.join(spent)}")
    return lines


def _levels(factor: Any) -> str:
    if factor.range is None:
        return ", ".join(each.name for each in factor.levels)
    over = factor.range
    return f"{over.low:g} to {over.high:g}" + (" (evenly in its logarithm)" if over.log else "")
