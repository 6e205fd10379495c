"""``inkread study list``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ...interrupt import ending_at_once
from ..commands import DONE, count, plain
from ..lines import written
from ..output import say
from .shared import JSON, OUT


@click.command(
    epilog="JSON: `studies`, each with name, question, design, recipe, factors and budgets (smoke, small, full -> minutes); `assignments`, "
    "each with name, question and studies; `begun`, those in the folder, each with name, study, budget, trainings (finished) and failed."
)
@OUT
@JSON
def list(out: Path, as_json: bool) -> int:
    """List the studies and assignments that come with inkread, and the studies that were begun in a folder."""
    with ending_at_once():
        from ... import study as room

    studies = [_facts(room.load(each)) for each in room.names()]
    whole = [_whole(room.load_assignment(each)) for each in room.assignments()]
    begun = [_begun(each) for each in room.begun(out)]
    if as_json:
        say(written({"studies": studies, "assignments": whole, "begun": begun}))
        return DONE
    wide = max(len(each["name"]) for each in (*studies, *whole))
    lines = [f"{each['name']:{wide}}  {each['question']}" for each in studies]
    lines += ["", "whole assignments:", *(f"{each['name']:{wide}}  {each['question']}" for each in whole)]
    if begun:
        lines += ["", f"in {plain(str(out))}:"]
        lines += [f"{plain(each['name'])}: {count(each['trainings'], 'training')} done" + _failed(each["failed"]) for each in begun]
    say("\n".join(lines))
    return DONE


def _facts(study: Any) -> dict[str, Any]:
    told = {name: getattr(study, name) for name in ("name", "question", "design", "recipe")}
    budgets = {name: each.minutes for name, each in study.budgets.items()}
    return told | {"factors": [each.name for each in study.factors], "budgets": budgets}


def _whole(assignment: Any) -> dict[str, Any]:
    return {"name": assignment.name, "question": assignment.question, "studies": [each.name for each in assignment.parts if each.study]}


def _begun(folder: Any) -> dict[str, Any]:
    asked, rows = folder.asked(), folder.rows()
    counts = {"trainings": sum(not row.error for row in rows), "failed": sum(bool(row.error) for row in rows)}
    return {"name": folder.name, "study": asked.study, "budget": asked.budget, **counts}


def _failed(number: int) -> str:
    return f", {number} failed" if number else ""
