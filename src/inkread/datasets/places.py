"""What people write after `--data`: a path, a part of it, several joined; an existing path wins over the syntax."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import SourceNotFound, nearest
from ..formats import is_there

_PART = re.compile(r"[\w-]+(/[\w-]+)?")
"""`train`, or `letters/train` where a source holds several sets."""


@dataclass(frozen=True)
class Place:
    """One source: its path and the part asked for, None where none was."""

    path: Path
    part: str | None = None

    def __str__(self) -> str:
        return str(self.path) if self.part is None else f"{self.path}:{self.part}"


def places(source: str | os.PathLike[str]) -> list[Place]:
    """The sources that ``source`` means: `PATH`, `PATH:PART`, or several of them joined by `+`.

    Wherever a path of that name is there, `+` and `:` in it mean nothing; the longest such path wins.
    :class:`SourceNotFound` where a path is not there, with the names nearest to it.
    """
    text = os.fspath(source)
    found = _split(text)
    if found is None:
        missing = next((each for each in text.split("+") if _one(each) is None), text)
        raise SourceNotFound(f"no such file or folder: {missing}", _near(missing))
    return found


def _split(text: str) -> list[Place] | None:
    whole = _one(text)
    if whole is not None:
        return [whole]
    for at in (at for at in reversed(range(len(text))) if text[at] == "+"):
        first = _one(text[:at])
        rest = _split(text[at + 1 :]) if first else None
        if first and rest:
            return [first, *rest]
    return None


def _one(text: str) -> Place | None:
    if is_there(text):
        return Place(Path(text))
    path, colon, part = text.rpartition(":")
    return Place(Path(path), part) if colon and _PART.fullmatch(part) and is_there(path) else None


def _near(missing: str) -> str:
    folder = Path(missing).parent
    try:
        names = sorted(os.listdir(folder))
    except (OSError, ValueError):
        return ""
    hint = nearest(Path(missing).name, names) if names else ""
    return hint if hint.startswith("did you mean") else ""
