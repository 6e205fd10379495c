"""Parquet as Hugging Face writes sets of images: encoded pictures in a column, class numbers with their names beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..errors import FormatError, InkreadError, MissingExtra
from .classes import DIGIT_LABELS, emnist_set
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .inflate import MAX_RATIO, MAX_UNPACKED, Packed
from .names import character_of
from .parts import Found, part_told_by
from .pictures import Encoded

NAME = "parquet of pictures"
BEGINNING = b"PAR1"
TRIED = "a column `image` or `img` of pictures (struct of bytes and path, or bytes) and a column `label` or `character`"

IMAGE_COLUMNS = ("image", "img", "picture")
LABEL_COLUMNS = ("label", "labels", "character", "class", "target")

SHARD = re.compile(r"(?P<part>.*)-(?P<at>[0-9]{5})-of-(?P<count>[0-9]{5})(?P<digest>-[0-9a-f]+)?\.parquet", re.IGNORECASE)
"""Names of the pieces of one part: `train-00000-of-00002.parquet`, with or without a digest."""

_BATCH = 256


@dataclass(frozen=True)
class Columns:
    """``image`` and, where there is one, ``label``: the names of columns; ``classes``: what class numbers are called."""

    image: str
    label: str | None
    classes: tuple[str, ...] | None


def find_parquet(files: Sequence[Packed], names: Sequence[str], path: str) -> Found:
    """Parquet files as one source; the pieces of a part are joined in order, and :class:`FormatError` says where one is missing."""
    told = [part_told_by(each) for each in names]
    parts = tuple(dict.fromkeys(told))
    for part in parts:
        _refuse_gaps([name for name, each in zip(names, told, strict=True) if each == part], path)
    for each in files[:1]:
        _columns(each)  # a table without pictures is told before a part is asked for

    def take(at: int, as_stored: bool) -> Contents:
        chosen = [file for file, part in zip(files, told, strict=True) if part == parts[at]]
        pictures: list[bytes] = []
        labels: list[str] = []
        for each in chosen:
            _read(each, pictures, labels)
        if labels and len(labels) != len(pictures):
            raise FormatError(f"only some pieces have labels: {path}")
        stored = TRANSPOSED if emnist_set(chosen[0].name) else UPRIGHT
        by = "its name beginning with emnist-" if stored == TRANSPOSED else "being pictures in a table"
        return Contents(
            NAME,
            Orientation(stored, by),
            encoded=Encoded(pictures.__getitem__, range(len(pictures))),
            labels=tuple(labels) or None,
            part=parts[at],
            turn=stored == TRANSPOSED and not as_stored,
        )

    return Found(path, NAME, parts, take)


def _refuse_gaps(names: Sequence[str], path: str) -> None:
    pieces = [found for each in names if (found := SHARD.fullmatch(each.rpartition("/")[2]))]
    counts = {int(each["count"]) for each in pieces}
    if pieces and (len(counts) > 1 or len(pieces) < len(names) or sorted(int(each["at"]) for each in pieces) != list(range(max(counts)))):
        raise FormatError(f"pieces of a part are missing or double: {path}: {', '.join(names)}", "fetch all of them")
    if not pieces and len(names) > 1:
        raise FormatError(f"the folder holds several parquet files of one part: {path}", f"name one of its files: {', '.join(names)}")


def _read(file: Packed, pictures: list[bytes], labels: list[str]) -> None:
    limit = max(MAX_UNPACKED, MAX_RATIO * file.size)
    held = sum(map(len, pictures))
    with _opened(file) as table:
        columns = _columns_of(table, file)
        for batch in table.iter_batches(_BATCH, columns=[columns.image, *([columns.label] if columns.label else [])]):
            found = [_bytes(each) for each in batch.column(columns.image).to_pylist()]
            if None in found:
                at = len(pictures) + found.index(None)
                hint = "pictures that are only named by a path are not in the file"
                raise FormatError(f"a row without a picture: the {at + 1:,}. of {file.path}", hint)
            pictures += [each for each in found if each is not None]
            held += sum(len(each) for each in found if each is not None)
            if held > limit:
                told = f"{file.size:,} bytes unpack to more than {held:,}"
                raise FormatError(f"it looks like a decompression bomb: {told}: {file.path}")
            if columns.label:
                labels += _labels(batch.column(columns.label).to_pylist(), columns, file.path)


def _bytes(value: object) -> bytes | None:
    if isinstance(value, dict):
        value = value.get("bytes")
    return value if isinstance(value, bytes) else None


def _labels(values: list[Any], columns: Columns, path: str) -> list[str]:
    """The characters of one batch; class numbers by the names of the file's own classes."""
    found = []
    for value in values:
        if isinstance(value, int) and columns.classes is not None:
            value = columns.classes[value] if 0 <= value < len(columns.classes) else None
        elif isinstance(value, int) and 0 <= value < len(DIGIT_LABELS):
            value = DIGIT_LABELS[value]
        character = _character(value) if isinstance(value, str) else None
        if character is None:
            raise FormatError(
                f"a label that is no character: {str(value)[:30]!r} in {path}", "class numbers need the names of their classes"
            )
        found.append(character)
    return found


def _character(name: str) -> str | None:
    """What a class is called: the character, both cases of one (`Cc`), or what a folder may be called (`upper_A`)."""
    twins = len(name) == 2 and name[0] != name[1] and name[0].lower() == name[1].lower()
    return name if len(name) == 1 or twins else character_of(f"{name}/_", "folder")


def _columns(file: Packed) -> Columns:
    with _opened(file) as table:
        return _columns_of(table, file)


def _columns_of(table: Any, file: Packed) -> Columns:
    """Which columns hold pictures and labels; :class:`FormatError` for a table of anything else."""
    from pyarrow import types

    schema = table.schema_arrow
    names = {each.lower(): each for each in schema.names}
    image = next((names[each] for each in IMAGE_COLUMNS if each in names), None)
    label = next((names[each] for each in LABEL_COLUMNS if each in names), None)
    kind = schema.field(image).type if image else None
    inner = kind.field("bytes").type if kind is not None and types.is_struct(kind) and kind.get_field_index("bytes") >= 0 else kind
    if inner is None or not (types.is_binary(inner) or types.is_large_binary(inner)):
        told = ", ".join(f"{each.name} {each.type}" for each in schema)[:200]
        raise FormatError(f"no known layout of a parquet: {file.path}: it holds {told}", f"tried: {TRIED}")
    if label is not None and not _tells_labels(schema.field(label).type):
        raise FormatError(f"labels must be whole numbers or texts: {schema.field(label).type}: {file.path}:{label}")
    return Columns(image or "", label, _classes(schema.metadata or {}, label))


def _tells_labels(kind: Any) -> bool:
    """Whether a column's values are whole numbers or texts, also where they are kept as a dictionary of few (pandas' categories)."""
    from pyarrow import types

    values = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_integer(values) or types.is_string(values) or types.is_large_string(values))


def _classes(metadata: dict[bytes, bytes], label: str | None) -> tuple[str, ...] | None:
    """The names of the classes that Hugging Face keeps in the schema; None where it keeps none."""
    try:
        names = json.loads(metadata[b"huggingface"])["info"]["features"][label]["names"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    if isinstance(names, dict):  # an older way to write them: {"0": "A", ...}
        names = [names.get(str(at)) for at in range(len(names))]
    return tuple(names) if isinstance(names, list) and all(isinstance(each, str) for each in names) else None


@contextmanager
def _opened(file: Packed) -> Iterator[Any]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise MissingExtra("pyarrow, which reads .parquet files,", "data") from error
    try:
        with file.seekable() as opened:
            yield ParquetFile(opened)
    except (ArrowException, OSError, ValueError, TypeError, KeyError, IndexError, MemoryError, OverflowError) as error:
        if isinstance(error, InkreadError):
            raise
        told = (str(error).strip() or type(error).__name__).split("\n")[0][:120]
        raise FormatError(f"the parquet file cannot be read ({told}): {file.path}", "an interrupted copy? fetch it again") from error
