"""What the commands of the group have in common: their options, data by name, where trials are computed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import UsageError

if TYPE_CHECKING:
    from ...study import Where

OUT = click.option("--out", type=click.Path(path_type=Path), default=Path("studies"), show_default=True, help="Folder of the studies.")
JSON = click.option("--json", "as_json", is_flag=True, help="What came out as one JSON object.")


def placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where the trials of a study are computed."""
    for option in (
        click.option("--workers", type=click.IntRange(1), metavar="N", help="Trainings at once.  [default: one a core or GPU]"),
        click.option("--on", type=click.Choice(("local", "ray")), default="local", show_default=True, help="Who computes them."),
        click.option("--address", metavar="HOST:PORT", help="Of the Ray cluster.  [default: one is started here]"),
    ):
        command = option(command)
    return command


def where(*, workers: int | None, on: str, address: str | None, threads: int, device: str) -> Where:
    """Where trials are computed; :class:`UsageError` for options that do not go together."""
    from ...study import Processes, Ray

    if on == "local" and address:
        raise UsageError("an address is that of a Ray cluster", "--on ray")
    if on == "ray":
        return Ray(workers, address or "", threads=threads, device=device)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Processes(workers or (1 if device == "cuda" else max(cores // max(threads, 1), 1)))


def folder_of(study: str, out: Path) -> Path:
    """The folder of a study, told by its path or by its name in ``out``."""
    return Path(study) if Path(study).is_dir() else out / study


def named_data(given: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """What `--data` says: the one source of the study, and the sources that it calls by name (NAME=SOURCE).

    :class:`UsageError` where two are for the same.
    """
    data, named = "", {}
    for each in given:
        name, sign, source = each.partition("=")
        if sign and not Path(each).exists():
            if name in named:
                raise UsageError(f"two sources for the same name: {name}")
            named[name] = source
        elif data:
            raise UsageError(f"two sources for one study: {data} and {each}", "join them with +, or say NAME=SOURCE")
        else:
            data = each
    return data, named


def named_runs(given: tuple[str, ...]) -> dict[str, str]:
    """What `--body` says, name -> folder of a run; :class:`UsageError` for anything else, or two for the same."""
    found: dict[str, str] = {}
    for each in given:
        name, sign, run = each.partition("=")
        if not (name and sign and run):
            raise UsageError(f"a body is told as NAME=RUN: {each}", "`inkread study show STUDY` names the bodies")
        if name in found:
            raise UsageError(f"two runs for the same body: {name}")
        found[name] = run
    return found
