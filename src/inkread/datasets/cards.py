"""What is known of a published data set, field by field, and where from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

UNVERIFIED = "unverified"
"""What stands where a fact was not found in a source that can be named; nothing is invented."""


@dataclass(frozen=True)
class File:
    """One file as it is kept here.

    ``name``: in the set's folder. ``sha256``: 64 hexadecimal digits or :data:`UNVERIFIED`. ``size``: bytes, None where
    unverified. ``addresses``: where it, or the archive that holds it, is published, tried in this order. ``member``: its
    name inside that archive, "" where the address is that of the file itself.
    """

    name: str
    addresses: tuple[str, ...]
    sha256: str = UNVERIFIED
    size: int | None = None
    member: str = ""


@dataclass(frozen=True)
class Card:
    """One published set.

    ``name``: how users call it. ``title``: for people. ``files``: all that has to be fetched. ``classes``: in the order
    of the set's own numbers, each a character or, where it joins several, all of them (``Aa``). ``orientation``: as
    stored, ``"upright"`` or ``"transposed"``. ``pictures``: how many each part holds. ``counts``: how many each class of
    a part holds, :data:`UNVERIFIED` where the set does not tell. ``opens``: the file of each part that is opened; others
    are found beside it. ``licence`` as its publishers state it. ``why``: what it is good for here. ``facts``: where the
    other fields were read, by field.
    """

    name: str
    title: str
    files: tuple[File, ...]
    classes: tuple[str, ...]
    orientation: str
    pictures: Mapping[str, int]
    counts: Mapping[str, tuple[int, ...] | str]
    opens: Mapping[str, str]
    licence: str
    citation: str
    why: str
    page: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def drawn(self) -> bool:
        """Whether inkread draws the set itself, so that it has no files and is always here."""
        return not self.files

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that can be asked for; one that is called "" is the whole set."""
        return tuple(self.pictures)

    @property
    def size(self) -> int | None:
        """Bytes of all files; None where one is unverified."""
        sizes = [each.size for each in self.files]
        return None if None in sizes else sum(each for each in sizes if each is not None)

    @property
    def unverified(self) -> tuple[str, ...]:
        """The fields, with the file or part they belong to, that could not be verified."""
        files = [
            f"{what} of {each.name}" for each in self.files for what in ("sha256", "size") if getattr(each, what) in (UNVERIFIED, None)
        ]
        counts = [f"counts of {part}" if part else "counts" for part, told in self.counts.items() if told == UNVERIFIED]
        return (*files, *counts, *(["licence"] if self.licence == UNVERIFIED else []))
