"""``inkread data remove``: fetched sets and the arrays made of them leave the disk."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ...interrupt import ending_at_once
from ..commands import DONE, SOMETHING_TO_TELL
from ..output import say
from .list import megabytes

if TYPE_CHECKING:
    from ...datasets import Card, Holding


@click.command(epilog="JSON: removed (names), freed (bytes).")
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--arrays", is_flag=True, help="Remove all arrays in the cache; they are made again when a source is opened.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="What was removed as one JSON object.")
def remove(names: tuple[str, ...], arrays: bool, yes: bool, as_json: bool) -> int:
    """Remove fetched data sets, with the arrays that were made of them, and tell what that frees.

    Exit code: 0 removed, 1 nothing was there or you said no.
    """
    with ending_at_once():
        from ...datasets import card, holding, remove_arrays
        from ...datasets import remove as gone

    if not names and not arrays:
        raise UsageError("nothing is named to remove", "inkread data remove NAME, or --arrays")
    cards = [each for each in map(card, dict.fromkeys(names)) if _is_here(holding(each), each)]
    told = [*(each.name for each in cards), *(["all arrays"] if arrays else [])]
    freed = 0
    if told and _agreed(told, yes):
        freed = sum(gone(each) for each in cards) + (remove_arrays() if arrays else 0)
    else:
        told = []
    if as_json:
        from ..lines import written

        say(written({"removed": told, "freed": freed}))
    else:
        say(f"removed {', '.join(told)}: {megabytes(freed)} freed" if told else "nothing was removed")
    return DONE if told else SOMETHING_TO_TELL


def _is_here(held: Holding, card: Card) -> bool:
    """Whether there is anything to remove: files or, of a set that inkread draws itself, arrays."""
    return bool(held.arrays()) if card.drawn else held.folder.is_dir()


def _agreed(told: list[str], yes: bool) -> bool:
    """Whether the user wants it; :class:`UsageError` where nobody can be asked."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"nobody can be asked whether to remove {', '.join(told)}", "say it beforehand: --yes")
    return click.confirm(f"Remove {', '.join(told)}?", err=True)
