"""A CSV or JSON that lists names of pictures and the character on each, beside a folder or in a zip of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import FormatError
from .inflate import Packed
from .leaf import begins_as_leaf, json_of
from .names import character_of
from .pictures import SUFFIXES as PICTURES

NAME_COLUMNS = ("filename", "file_name", "file", "name", "path", "filepath", "image", "image_name", "image_path", "img", "picture")
LABEL_COLUMNS = ("label", "class", "character", "char", "letter", "text", "target", "category", "symbol")
"""What the two columns are called, in lower case."""

SUFFIXES = (".csv", ".json", ".tsv")
MAX_LIST = 256 << 20
_HEAD = 1 << 16
_PICTURE = re.compile(rb"\.(?:" + "|".join(each[1:] for each in sorted(PICTURES)).encode() + rb")\b", re.IGNORECASE)


def list_in(file: Packed) -> dict[str, str] | None:
    """Name -> label as they stand there; None where the file is no such list (another CSV, settings in JSON).

    :class:`FormatError` for one that is damaged or names a picture twice with different labels.
    """
    head = file.head(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"{", b"["):
        return None if begins_as_leaf(head) else _from_json(file)
    columns = [each.strip().strip('"') for each in re.split("[,;\t]", head.partition(b"\n")[0].decode("utf-8", "replace"))]
    return _from_csv(file) if _column(columns, NAME_COLUMNS) and _column(columns, LABEL_COLUMNS) else None


def names_pictures(file: Packed) -> bool:
    """Whether a text, which need not be whole, has names of picture files in it."""
    return bool(_PICTURE.search(file.head(_HEAD)))


def characters(listed: Mapping[str, str], path: str) -> dict[str, str]:
    """Name -> character, or several where it is known only up to its case (`Cc`).

    A label is a character or what a folder may be called (`upper_A`, `065`, `0041`); :class:`FormatError` for others.
    """
    known: dict[str, str | None] = {label: _character(label) for label in set(listed.values())}
    wrong = sorted(label for label, character in known.items() if character is None)
    if wrong:
        shown = ", ".join(repr(each[:20]) for each in wrong[:5])
        raise FormatError(f"labels must be characters: {shown}: {path}", "class numbers say nothing without their list of classes")
    return {name: known[label] or "" for name, label in listed.items()}


def _character(label: str) -> str | None:
    if len(label) == 2 and label[0] != label[1] and label[0].lower() == label[1].lower():
        return label
    return character_of(f"{label}/_", "folder")


def _from_json(file: Packed) -> dict[str, str] | None:
    given = json_of(file)
    if isinstance(given, dict) and given and all(isinstance(each, str | int) for each in given.values()):
        return {str(name): str(label) for name, label in given.items()}
    if not isinstance(given, list) or not given or not all(isinstance(each, dict) for each in given):
        return None
    return _paired(given, list(given[0]), file.path)


def _paired(records: Iterable[Mapping[str, Any]], keys: Sequence[str], path: str) -> dict[str, str] | None:
    name = _column(keys, NAME_COLUMNS)
    label = _column(keys, LABEL_COLUMNS)
    if name is None or label is None:
        return None
    found: dict[str, str] = {}
    for at, each in enumerate(records, 1):
        told, value = each.get(name), each.get(label)
        if not isinstance(told, str) or not isinstance(value, str | int) or isinstance(value, bool):
            raise FormatError(f"a list of pictures without a name or a label: the {at:,}. entry of {path}")
        if found.setdefault(told, str(value)) != str(value):
            raise FormatError(f"a picture is listed with two labels: {told} in {path}: {found[told]} and {value}")
    return found


def _column(keys: Sequence[str], wanted: Sequence[str]) -> str | None:
    """The key that is called so; None where none or several are."""
    found = [each for each in keys if isinstance(each, str) and each.strip().lower() in wanted]
    return found[0] if len(found) == 1 else None


def _from_csv(file: Packed) -> dict[str, str] | None:
    try:
        text = file.whole(MAX_LIST).decode("utf-8-sig")
        first = text[: text.find("\n") + 1] or text
        mark = next((each for each in ("\t", ";", ",") if each in first), None)
        if mark is None:
            return None
        rows = [row for row in csv.reader(text.splitlines(), delimiter=mark) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"not a CSV in UTF-8: {file.path}") from error
    header = rows[0]
    if len(set(header)) < len(header):
        return None
    return _paired((dict(zip(header, [*row, *[None] * len(header)], strict=False)) for row in rows[1:]), header, file.path)
