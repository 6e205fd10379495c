"""Files that are published ones, whatever they are called: known by size and sha256."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

from .cards import UNVERIFIED, Card
from .catalogue import CARDS
from .files import file_digest

_LABELS, _PICTURES = b"\0\0\x08\x01", b"\0\0\x08\x03"
"""What idx files of one and of three dimensions begin with."""

_GZIP = b"\x1f\x8b"


def card_of_files(files: Sequence[Path]) -> Card | None:
    """The card whose pictures these files hold; None where no picture is known, some are not, or several cards have them.

    Labels decide nothing, and what lies beside them (a README) neither. Only a file that has a published size is read for its checksum.
    """
    found = {each: card for each in files if (card := _card_of(each)) is not None}
    if not found:
        return None
    begins = {each: _begins(each) for each in files}
    cards = [found.get(each) for each in files if begins[each] == _PICTURES or (each in found and begins[each] != _LABELS)]
    return cards[0] if cards and all(each is cards[0] for each in cards) else None


def _card_of(path: Path) -> Card | None:
    size = path.stat().st_size
    published = {each.sha256: card for card in CARDS.values() for each in card.files if each.size == size and each.sha256 != UNVERIFIED}
    return published.get(file_digest(path)) if published else None


def _begins(path: Path) -> bytes:
    """The first four bytes, of what is gzipped those inside; none where they cannot be read."""
    try:
        with open(path, "rb") as file:
            head = file.read(4)
            if not head.startswith(_GZIP):
                return head
            file.seek(0)
            with gzip.open(file) as inside:
                return inside.read(4)
    except (OSError, EOFError, zlib.error):
        return b""
