"""``inkread study resume``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ...interrupt import ending_at_once
from ..extras import needing
from .shared import JSON, OUT, folder_of, placed, where


@click.command(epilog="JSON: as `inkread study report`.")
@click.argument("study", metavar="NAME|FOLDER")
@placed
@OUT
@JSON
def resume(study: str, out: Path, as_json: bool, **options: Any) -> int:
    """Go on with a study that was broken off, as it was begun.

    What has finished is not done again, a training that was killed goes on from its last epoch, a failed one is tried
    once more. Exit code: 0 done, 1 done but some trials failed, 2 not done.
    """
    with ending_at_once(), needing("study"):
        from ... import study as room
        from .work import worked

    plan, folder = room.go_on(folder_of(study, out))
    asked = folder.asked()
    return worked(plan, folder, where(**options, threads=asked.threads, device=asked.device), as_json=as_json)
