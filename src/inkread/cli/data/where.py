"""``inkread data where``: the folder of a fetched set."""

from __future__ import annotations

import click

from ...interrupt import ending_at_once
from ..commands import DONE, SOMETHING_TO_TELL
from ..output import say


@click.command(epilog="JSON: name, folder, here, files (path, bytes), and arrays (folder, bytes): made of it, to be made again.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Folder and files as one JSON object.")
def where(name: str | None, as_json: bool) -> int:
    """Tell the folder of the data set NAME, or without a name that of the cache.

    Exit code: 0 it is there, 1 it was not fetched yet (the folder is told all the same), 2 no such name.
    """
    with ending_at_once():
        from ...datasets import cache_folder, card, holding

    if name is None:
        _tell(str(cache_folder()), {"folder": str(cache_folder()), "here": cache_folder().is_dir()}, as_json)
        return DONE
    known = card(name)
    held = holding(known)
    facts = {
        "name": name,
        "folder": str(held.folder),
        "here": held.complete,
        "files": [{"path": str(each), "bytes": each.stat().st_size} for each in held.files],
        "arrays": [{"folder": str(each), "bytes": size} for each, size in held.arrays()],
    }
    _tell(str(held.folder), facts, as_json)
    if not held.complete:
        click.echo(f"not fetched yet: {name}\n\nhint: inkread data fetch {name}", err=True)
        return SOMETHING_TO_TELL
    if known.drawn:
        click.echo(f"this is the program that draws it\n\nhint: inkread data convert {name} FOLDER", err=True)
    return DONE


def _tell(folder: str, facts: dict[str, object], as_json: bool) -> None:
    if as_json:
        from ..lines import written

        say(written(facts))
    else:
        say(folder)
