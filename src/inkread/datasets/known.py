"""Files that are published ones, whatever they are called: known by size and sha256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from .cards import UNVERIFIED, Card
from .catalogue import CARDS


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal; :class:`OSError`."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def card_of_files(files: Sequence[Path]) -> Card | None:
    """The card whose files these are, every one of them; None where one is not known, or several cards have them.

    Only a file that has a published size is read for its checksum.
    """
    found = [_card_of(each) for each in files]
    return found[0] if found and all(each is found[0] for each in found) else None


def _card_of(path: Path) -> Card | None:
    size = path.stat().st_size
    published = {each.sha256: card for card in CARDS.values() for each in card.files if each.size == size and each.sha256 != UNVERIFIED}
    return published.get(file_sha256(path)) if published else None
