"""What people write after `--data`: a path, a published set's name, a part of it, several joined; an existing path wins."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import FormatError, SourceNotFound, nearest
from ..formats import is_there, parts_of
from .cards import Card
from .catalogue import CARDS
from .store import holding

_PART = re.compile(r"[\w-]+(/[\w-]+)?")
"""`train`, or `letters/train` where a source holds several sets."""


@dataclass(frozen=True)
class Place:
    """One source: its path and the part asked for, None where none was; ``card``: the published set's name, "" for none."""

    path: Path
    part: str | None = None
    card: str = ""

    @property
    def known(self) -> Card | None:
        """The card of the published set that was asked for by name."""
        return CARDS[self.card] if self.card else None

    def parts(self) -> tuple[str, ...]:
        """What :func:`open_source` accepts as the part of this source: the one asked for, else all there are; `("",)` where it has none."""
        if self.part:
            return (self.part,)
        return self.known.parts if self.known else parts_of(self.path)

    def __str__(self) -> str:
        start = self.card or str(self.path)
        return f"{start}:{self.part}" if self.part else start


def places(source: str | os.PathLike[str], base: str | os.PathLike[str] = "") -> list[Place]:
    """The sources that ``source`` means: `PATH`, `PATH:PART`, a name of the catalogue with or without `:PART`, or several joined by `+`.

    Wherever a path of that name is there, `+` and `:` in it mean nothing, nor does the catalogue; the longest such path
    wins. What begins with `./`, `../` or `/` is always a path. ``base``: the folder that paths are relative to.
    :class:`SourceNotFound` where a path is not there, with the names nearest to it, and for a set that was not fetched
    yet; :class:`FormatError` for a part that a set does not have.
    """
    text = os.fspath(source)
    found = _split(text, Path(base))
    if found is None:
        missing = next((each for each in text.split("+") if _one(each, Path(base)) is None), text)
        raise SourceNotFound(f"no such file or folder: {missing}", _near(missing, Path(base)))
    return [each if isinstance(each, Place) else _fetched(*each) for each in found]


def with_part(place: Place, part: str) -> Place:
    """The place with this part asked for; of a published set it is the file of the part. :class:`FormatError` where that has none."""
    return _fetched(place.card, part) if place.card else replace(place, part=part)


_Name = tuple[str, str | None]
"""A set of the catalogue and the part that is asked of it."""


def _split(text: str, base: Path) -> list[Place | _Name] | None:
    whole = _one(text, base)
    if whole is not None:
        return [whole]
    for at in (at for at in reversed(range(len(text))) if text[at] == "+"):
        first = _one(text[:at], base)
        rest = _split(text[at + 1 :], base) if first else None
        if first and rest:
            return [first, *rest]
    return None


def _one(text: str, base: Path) -> Place | _Name | None:
    if _there(text, base):
        return Place(base / text)
    path, colon, part = text.rpartition(":")
    if text in CARDS:
        return text, None
    if not colon or not _PART.fullmatch(part):
        return None
    if _there(path, base):
        return Place(base / path, part)
    return (path, part) if path in CARDS else None


def _there(text: str, base: Path) -> bool:
    """Whether there is such a file or folder, on disk or in a zip."""
    return bool(text) and is_there(base / text)


def _fetched(name: str, part: str | None) -> Place:
    card = CARDS[name]
    held = holding(card)
    if not held.complete:
        raise SourceNotFound(f"not fetched yet: {name}", f"inkread data fetch {name}")
    wanted = card.parts[0] if part is None and len(card.parts) == 1 else part
    if wanted is None:
        return Place(held.folder, None, name)
    if wanted not in card.opens:
        known = ", ".join(each for each in card.parts if each) or "none"
        raise FormatError(f"the set has no part of this name: {name}:{part}", f"its parts: {known}")
    return Place(held.folder / card.opens[wanted], wanted or None, name)


def _near(missing: str, base: Path) -> str:
    folder = (base / missing).parent
    try:
        names = sorted(os.listdir(folder))
    except (OSError, ValueError):
        names = []
    hints = [nearest(Path(missing).name, names) if names else "", nearest(missing.partition(":")[0], tuple(CARDS))]
    return next((each for each in hints if each.startswith("did you mean")), "")
