"""A list of suspected labels as a CSV that people edit, and its corrections put into effect."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError, FormatError, SourceNotFound, UsageError, reason

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from .opening import Opened

NEEDED = ("part", "picture", "given", "digest", "label")
"""The columns that are read back, and `source` where it is there; the others are for people."""

_MARKS = (",", ";", "\t")
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True)
class SuspectRow:
    """A line of the list. ``number``: its place on the sheet of pictures, from 1. ``picture``: its index in ``part``.

    ``digest``: tells the picture, ``x`` and 16 hexadecimal digits (the letter keeps spreadsheets from making a number of
    it). ``label``: what is to become of it: another label, the ``given`` one, or nothing, which leaves the picture out.
    ``source``: the one of several joined sources that the picture is in.
    """

    number: int
    part: str
    picture: int
    name: str
    given: str
    suggested: str
    look_alike: str
    quality: float
    digest: str
    label: str
    source: str = ""


@dataclass(frozen=True)
class Relabelled:
    """How many pictures got another label, were left out, or were listed and kept as they are."""

    changed: int
    left_out: int
    kept: int


@dataclass(frozen=True)
class _Line:
    """What a line asks for."""

    line: int
    source: str
    part: str
    picture: int
    given: str
    digest: str
    label: str


def told_digest(digest: int) -> str:
    """A picture's hash as it stands in the list."""
    return f"x{int(digest):016x}"


def write_suspects(path: Path, rows: Sequence[SuspectRow]) -> None:
    """Write the list as CSV in UTF-8 with a byte order mark, by which spreadsheets know it; :class:`UsageError` where it cannot be."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(beside, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            writer = csv.DictWriter(file, [each.name for each in fields(SuspectRow)], lineterminator="\r\n")
            writer.writeheader()
            for row in rows:
                row = replace(row, name=_harmless(row.name), source=_harmless(row.source), quality=round(row.quality, 4))
                writer.writerow(asdict(row))
        beside.replace(path)
    except OSError as error:
        raise UsageError(f"cannot be written ({reason(error)}): {path}") from error


def relabel(parts: Sequence[Opened], path: str | os.PathLike[str]) -> tuple[list[Opened], Relabelled]:
    """The parts of a source with the corrections of an edited list, and how many there were.

    ``label`` of a line: another label is taken, an empty one leaves the picture out, the given one keeps it. What
    spreadsheets do to a CSV is understood: a byte order mark, semicolons or tabs, other columns, ``="x"`` and ``'x``.
    :class:`FormatError` for a file that is no such list; :class:`DataError` for a line whose picture is not in the source,
    has another label than the list says, or is in several sources of which the list names none, and for a picture that is
    listed twice.
    """
    lines = _read(path)
    where: dict[tuple[int, int], _Line] = {}
    for line in lines:
        at = _place(line, parts, path)
        if at in where:
            raise DataError(f"a picture is listed twice: {line.picture} in line {line.line} of {path}")
        where[at] = line
    corrected = [_corrected(part, {at: line for (number, at), line in where.items() if number == each}) for each, part in enumerate(parts)]
    left_out = sum(not line.label for line in lines)
    changed = sum(bool(line.label) and line.label != line.given for line in lines)
    return corrected, Relabelled(changed, left_out, len(lines) - left_out - changed)


def _read(path: str | os.PathLike[str]) -> list[_Line]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
        first = text[: text.find("\n") + 1] or text
        mark = max(_MARKS, key=first.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except OSError as error:
        raise SourceNotFound(f"the file cannot be opened ({reason(error)}): {path}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"not a CSV in UTF-8: {path}", "save it as `CSV UTF-8`") from error
    header = [each.strip().lower() for each in rows[0]] if rows else []
    if missing := [each for each in NEEDED if each not in header]:
        raise FormatError(f"the list lacks the column {missing[0]}: {path}", "`inkread data suspects --out FILE` writes one")
    return [_line(dict(zip(header, row, strict=False)), number, path) for number, row in enumerate(rows[1:], 2) if any(row)]


def _line(row: dict[str, str], line: int, path: str | os.PathLike[str]) -> _Line:
    if any(each not in row for each in NEEDED):
        raise FormatError(f"a line of the list is too short: line {line} of {path}")
    picture = row["picture"].strip()
    if not (picture.isascii() and picture.isdigit()):
        raise FormatError(f"no index of a picture: {picture[:20]!r} in line {line} of {path}")
    given, label = _plain(row["given"]), _plain(row["label"])
    either_case = len(label) == 2 and label[0] != label[1] and label[0].lower() == label[1].lower()
    if len(label) > 1 and not either_case and label not in (given, _plain(row.get("suggested", ""))):
        raise FormatError(f"a label is one character, or both cases of one: {label[:20]!r} in line {line} of {path}")
    source = _plain(row.get("source", ""))
    return _Line(line, source, row["part"].strip(), int(picture), given, row["digest"].strip().lower(), label)


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(_RISKY) else text


def _plain(cell: str) -> str:
    """A cell without what spreadsheets put round a text that looks like something else."""
    text = cell.strip()
    formula = _FORMULA.fullmatch(text)
    if formula:
        return formula[1].replace('""', '"')
    return text[1:] if len(text) > 1 and text[0] == "'" else text


def _place(line: _Line, parts: Sequence[Opened], path: str | os.PathLike[str]) -> tuple[int, int]:
    """Which picture of which part a line means: of the source that it names, or where it lies elsewhere now, of the only one that fits."""
    told = f"picture {line.picture} in line {line.line} of {path}"
    fitting = [number for number, part in enumerate(parts) if _is_there(line, part)]
    if not fitting:
        raise DataError(f"the source has not this picture at this place: {told}", "apply the list to the source that it was made from")
    named = [number for number in fitting if parts[number].source == line.source] or fitting
    labels = [_label(parts[number], line.picture) for number in named]
    right = [number for number, label in zip(named, labels, strict=True) if label == line.given]
    if not right:
        raise DataError(f"the picture is labelled {labels[0]!r} here, not {line.given!r}: {told}", "has the list been applied already?")
    if len(right) > 1:
        sources = " and ".join(parts[number].source for number in right)
        raise DataError(f"several sources have this picture with this label at this place, {sources}: {told}", "apply the list to one")
    return right[0], line.picture


def _is_there(line: _Line, part: Opened) -> bool:
    if part.part != line.part or line.picture >= len(part):
        return False
    return told_digest(part.take(np.array([line.picture])).digests[0]) == line.digest


def _label(part: Opened, picture: int) -> str:
    code = int(part.codes[picture])
    return part.kinds[code] if code >= 0 else ""


def _corrected(part: Opened, lines: dict[int, _Line]) -> Opened:
    if not lines:
        return part
    labels = {at: line.label for at, line in lines.items()}
    kinds = sorted({*part.kinds, *filter(None, labels.values())})
    place = {kind: code for code, kind in enumerate(kinds)}
    table = np.array([*(place[kind] for kind in part.kinds), -1], np.int64)
    codes = table[part.codes]
    for at, label in labels.items():
        codes[at] = place.get(label, -1)
    keep = np.ones(len(part), np.bool_)
    keep[[at for at, label in labels.items() if not label]] = False
    return _without_empty(replace(part, kinds=tuple(kinds), codes=codes).take(np.flatnonzero(keep)))


def _without_empty(part: Opened) -> Opened:
    """The same with only those kinds that still occur."""
    used: NDArray[np.int64] = np.flatnonzero(part.counts)
    table = np.full(len(part.kinds) + 1, -1, np.int64)
    table[used] = np.arange(len(used))
    return replace(part, kinds=tuple(part.kinds[at] for at in used.tolist()), codes=table[part.codes])
