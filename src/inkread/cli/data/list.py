"""``inkread data list``: the published sets that are known by name, and which of them are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...interrupt import ending_at_once
from ..commands import DONE
from ..output import say

if TYPE_CHECKING:
    from ...datasets import Card, Holding


@click.command(
    "list",
    epilog="JSON: `sets`, each with name, title, why, parts (pictures by part: train, test), classes, orientation, licence, citation, "
    "page, size (in bytes, null where unverified), files (name, size, sha256, addresses, member), counts (by part and class, or "
    "`unverified`), unverified (what could not be verified), facts (where the rest was read), here, folder, bytes (here), begun "
    "(bytes of an unfinished fetch); `cache`, the folder.",
)
@click.option("--json", "as_json", is_flag=True, help="All that the cards say as one JSON object.")
def list_sets(as_json: bool) -> int:
    """List the data sets that `--data` and `inkread data fetch` know by name."""
    with ending_at_once():
        from ...datasets import CARDS, cache_folder, holding

    held = {name: holding(card) for name, card in CARDS.items()}
    if as_json:
        from ..lines import written

        say(written({"sets": [_facts(card, held[name]) for name, card in CARDS.items()], "cache": str(cache_folder())}))
        return DONE
    for name, card in CARDS.items():
        say(f"{name:<15} {_state(held[name]):<11} {megabytes(card.size):>10}  {sum(card.pictures.values()):>9,} pictures  {card.title}")
        say(f"{'':<15} {card.why}; {card.licence}")
    return DONE


list = list_sets


def megabytes(size: int | None) -> str:
    """``36 MB``, ``0.5 MB``; ``unverified`` where nobody knows."""
    if size is None:
        return "unverified"
    return f"{size / 1e6:,.0f} MB" if size >= 9.5e6 else f"{size / 1e6:.1f} MB"


def _state(held: Holding) -> str:
    if held.complete:
        return "here"
    return "begun" if held.files or held.begun else "not here"


def _facts(card: Card, held: Holding) -> dict[str, object]:
    counts = {part: told if isinstance(told, str) else dict(zip(card.classes, told, strict=True)) for part, told in card.counts.items()}
    files = [
        {"name": each.name, "size": each.size, "sha256": each.sha256, "addresses": each.addresses, "member": each.member}
        for each in card.files
    ]
    return {
        "name": card.name,
        "title": card.title,
        "why": card.why,
        "parts": dict(card.pictures),
        "classes": card.classes,
        "orientation": card.orientation,
        "licence": card.licence,
        "citation": card.citation,
        "page": card.page,
        "size": card.size,
        "files": files,
        "counts": counts,
        "unverified": card.unverified,
        "facts": dict(card.facts),
        "here": held.complete,
        "folder": str(held.folder),
        "bytes": held.size,
        "begun": held.begun,
    }
