"""``inkread study report``."""

from __future__ import annotations

from pathlib import Path

import click

from ...interrupt import ending_at_once
from ..extras import needing
from .shared import JSON, OUT, folder_of


@click.command(
    epilog="JSON: study, name, question, planned and finished trainings; `comparison` (design; over: seeds, folds or pictures; seeds; "
    "count of held-back pictures; base; best; deviation, freedom; `results`, `effects`, `interactions`, `ahead`); `findings`, each with "
    "its sentence and where its numbers come from; `rows`, as in rows.csv with the accuracy of train and validation by epoch."
)
@click.argument("study", metavar="NAME|FOLDER")
@OUT
@JSON
def report(study: str, out: Path, as_json: bool) -> int:
    """Write the report of a study from what has finished, and tell what it says.

    Exit code: 0 done, 1 done but some trials failed or none has finished, 2 not done.
    """
    with ending_at_once(), needing("study"):
        from ... import study as room
        from .telling import tell

    return tell(*room.go_on(folder_of(study, out)), as_json=as_json)
