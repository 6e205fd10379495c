"""``inkread study run``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import UsageError
from ...interrupt import ending_at_once
from ..commands import plain
from ..extras import needing
from .shared import JSON, OUT, named_data, named_runs, placed, where

if TYPE_CHECKING:
    from ...study import Asked, Where


@click.command(
    epilog="The folder OUT/NAME holds study.toml, base.toml (the recipe that it starts from), asked.json, runs/ (one folder a training; "
    "the weights of every epoch stay in those of the best setting alone), rows.csv, best.toml (the recipe of the best setting), trials.log "
    "(Optuna's journal), report.html and report.md. The same command goes on with a study that was broken off. JSON: as `inkread study "
    "report`; of an assignment its name (assignment), folder and `parts`, each with heading and study, and either best and findings or, of "
    "a network trained on everything, setting, validation, page and `test` (accuracy, interval, n; null where the data bring none)."
)
@click.argument("study", metavar="STUDY")
@click.option("--data", multiple=True, metavar="[NAME=]SOURCE", help="What to train on; NAME= for what the study calls NAME.")
@click.option("--budget", type=click.Choice(("smoke", "small", "full")), default="small", show_default=True, help="How much to spend.")
@click.option("--seeds", type=click.IntRange(1), metavar="N", help="Trainings of each setting.  [default: the budget's]")
@click.option("--recipe", default="", metavar="NAME|FILE", help="The base recipe.  [default: the study's]")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a value of the base recipe. May be repeated.")
@click.option("--weights", default="", metavar="FILE|library", help="Weights that others trained, for a study that begins with such.")
@click.option(
    "--body", "bodies", multiple=True, metavar="NAME=RUN", help="A finished run instead of the body NAME of a study that reuses it."
)
@click.option("--name", default="", metavar="NAME", help="Name of its folder.  [default: the study's and the budget's]")
@click.option("--fork", default="", metavar="NAME", help="Go on under this name with what was edited; runs that are the same are kept.")
@click.option("--letter", default="", metavar="LETTER|NAME", help="Of an assignment: a part on one letter, or the first of a family name.")
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Threads of each training.")
@click.option("--device", type=click.Choice(("auto", "cpu", "cuda", "mps")), default="auto", show_default=True, help="Where to train.")
@click.option("--storage", default="", metavar="URL", help="A database for the trials, for several machines.  [default: a file]")
@placed
@OUT
@JSON
def run(study: str, data: tuple[str, ...], as_json: bool, out: Path, **options: Any) -> int:
    """Run a study: its trainings, their comparison and the report.

    STUDY is a name or a TOML file, of a study or of a whole assignment: several studies, each on the best of those before,
    then the best networks trained on everything and scored once. How long it will take is told before it begins. A trial
    that fails is a row with its error. Exit code: 0 done, 1 done but some trials failed, 2 not done.
    """
    with ending_at_once(), needing("study"):
        from ... import study as room
        from ...training import Circumstances
        from .work import worked

    source, named = named_data(data)
    device = Circumstances(device=options["device"]).accelerator()
    asked = room.Asked(
        study=study,
        budget=options["budget"],
        seeds=options["seeds"] or 0,
        data=source,
        named=named,
        recipe=options["recipe"],
        changes=options["changes"],
        threads=options["threads"],
        device=device,
        storage=options["storage"],
        weights=options["weights"],
        bodies=named_runs(options["bodies"]),
    )
    computes = {key: options[key] for key in ("workers", "on", "address", "threads")}
    if room.is_assignment(study):
        return _assignment(study, asked, out, options, lambda: where(**computes, device=device), as_json=as_json)
    if options["letter"]:
        raise UsageError(
            f"a letter is looked at in an assignment, and this is a study: {study}", f"such as {' or '.join(room.assignments())}"
        )
    plan, folder = room.begin(asked, out, options["name"], options["fork"])
    if folder.asked().recipe != asked.recipe:
        click.echo(
            f"what {plan.study.name} builds on has not ended in {plain(str(out))}: starts from the recipe {plan.study.recipe}", err=True
        )
    return worked(plan, folder, where(**computes, device=device), as_json=as_json)


def _assignment(study: str, asked: Asked, out: Path, options: dict[str, Any], place: Callable[[], Where], *, as_json: bool) -> int:
    """A whole assignment; what belongs to one study is refused."""
    from ... import study as room
    from .assignment import Doing

    for name in ("recipe", "fork", "storage", "weights", "bodies"):
        if options[name]:
            option = "body" if name == "bodies" else name
            raise UsageError(f"--{option} is for one study, and this is an assignment: {study}", "give it to the study alone")
    found = room.load_assignment(study)
    if options["letter"]:
        from ...alphabet import alphabet
        from ...evaluation import asked_letter

        letter = asked_letter(options["letter"]).character
        told = alphabet(found.alphabet).characters if found.alphabet else letter
        if letter.upper() not in told.upper():
            raise UsageError(f"this is not among the answers: {letter}", f"they are {told}")
    folder = out / (options["name"] or f"{found.name}-{asked.budget}")
    return Doing(found, asked, folder, place, options["letter"]).run(as_json=as_json)
