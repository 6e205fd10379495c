"""Writers of CSV as Kaggle has it, of parquet as Hugging Face has it, and of MATLAB files as EMNIST has them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError, MissingExtra
from .classes import EMNIST_LABELS, emnist_set
from .numbers import numbers_of, numbers_told_by, set_of
from .png import png
from .write import KEEPING, is_told, packing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .write import Upright

_ROWS = 2048
_FEWEST, _LONGEST = 16, 1 << 20
"""Pixels, and bytes of the first row, by which readers know a CSV of pictures."""


def fits_csv(name: str, parts: Sequence[Upright]) -> None:
    """Refuse pictures without labels, and labels whose numbers the name does not tell."""
    for part in parts:
        if part.labels is None:
            raise FormatError("a CSV begins each row with a label, these pictures have none", "write a folder, zip or parquet")
        numbers_told_by(name, part, "csv")


def write_csv(path: Path, parts: Sequence[Upright]) -> None:
    """A number and H*W pixels a row. Named as Kaggle's EMNIST (`emnist-balanced-train.csv`): no header, transposed;
    else a header `label,pixel0,...`, upright, digits only."""
    part = parts[0]
    emnist = emnist_set(path.name)
    numbers = numbers_told_by(path.name, part, "csv")
    pictures = part.square("a csv called emnist-...") if emnist else part.array("csv")
    header = b"" if emnist else ",".join(["label", *_pixels(pictures.shape[1:])]).encode() + b"\n"
    if pictures.shape[1] * pictures.shape[2] < _FEWEST or max(len(header), 4 * pictures[0].size) >= _LONGEST:
        told = f"{pictures.shape[2]}x{pictures.shape[1]}"
        raise FormatError(f"a csv holds pictures of 16 pixels to about 300x300, these are {told}", KEEPING)
    with packing(path) as file:
        file.write(header)
        for start in range(0, len(pictures), _ROWS):
            block = pictures[start : start + _ROWS]
            upright = block.swapaxes(1, 2) if emnist else block
            rows = np.hstack([numbers[start : start + _ROWS, None], upright.reshape(len(block), -1)])
            file.write(_lines(rows))


def _pixels(shape: tuple[int, ...]) -> list[str]:
    """Names of the columns: numbers from 0 where pictures are square, else row and column, which tell the shape."""
    height, width = shape
    if height == width:
        return [f"pixel{at}" for at in range(height * width)]
    return [f"{row}x{column}" for row in range(1, height + 1) for column in range(1, width + 1)]


def _lines(rows: NDArray[np.uint8]) -> bytes:
    text = io.BytesIO()
    np.savetxt(text, rows, "%d", ",")
    return text.getvalue()


def fits_parquet(name: str, parts: Sequence[Upright]) -> None:
    """Refuse labels that are not taken for characters."""
    if unknown := sorted({label for part in parts for label in part.labels or () if not is_told(label)}):
        shown = ", ".join(map(repr, unknown[:12]))
        raise FormatError(f"a label in a parquet is one character, or both cases of one: {shown}", "npz keeps them")
    _pyarrow()


def write_parquet(path: Path, parts: Sequence[Upright]) -> None:
    """Columns `image` (bytes of a PNG, path) and `label` (a ClassLabel whose names stand in the metadata), upright;
    transposed where the name begins as NIST's (`emnist-...`), which is how readers take it."""
    _pyarrow()
    import pyarrow
    from pyarrow import parquet

    part = parts[0]
    emnist = emnist_set(path.name)
    kinds = sorted(set(part.labels or ()))
    place = {label: at for at, label in enumerate(kinds)}
    features: dict[str, object] = {"image": {"_type": "Image"}}
    fields = [("image", pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())]))]
    if part.labels is not None:
        features["label"] = {"names": kinds, "_type": "ClassLabel"}
        fields.append(("label", pyarrow.int64()))
    schema = pyarrow.schema(fields, metadata={"huggingface": json.dumps({"info": {"features": features}})})
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, len(part), _ROWS):
            at = range(start, min(start + _ROWS, len(part)))
            pictures = [np.asarray(part.pictures[each]) for each in at]
            encoded = [png(each.T if emnist else each) for each in pictures]
            columns = {"image": [{"bytes": data, "path": f"{each:06}.png"} for each, data in zip(at, encoded, strict=True)]}
            if part.labels is not None:
                columns["label"] = [place[part.labels[each]] for each in at]  # type: ignore[misc]
            writer.write_table(pyarrow.table(columns, schema=schema))


def _pyarrow() -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise MissingExtra("pyarrow, which writes parquet,", "data") from error


def fits_mat(name: str, parts: Sequence[Upright]) -> None:
    """Refuse pictures without labels, and labels that no set numbers."""
    if any(part.labels is None for part in parts):
        raise FormatError("a mat file of EMNIST's layout has labels, these pictures have none", "write a folder, zip or parquet")
    set_of(parts, "mat")
    _scipy()


def write_mat(path: Path, parts: Sequence[Upright]) -> None:
    """`dataset` with `train` and `test` (images (N,784) column by column, labels, writers) and `mapping`, as EMNIST's files."""
    _scipy()
    from scipy.io import savemat

    meaning = EMNIST_LABELS[set_of(parts, "mat") or "mnist"]
    dataset: dict[str, object] = {}
    number = _writer_numbers(parts)
    for part in parts:
        pictures = part.square("a mat file")
        dataset[part.part or "train"] = {
            "images": pictures.swapaxes(1, 2).reshape(len(pictures), -1),
            "labels": numbers_of(part.labels or (), meaning).astype(np.float64)[:, None],
            "writers": np.array([number[each] for each in _names(part)], np.float64)[:, None],
        }
    letters = meaning == EMNIST_LABELS["letters"]
    codes = [[at, *map(ord, label if letters else label[0])] for at, label in enumerate(meaning) if label]
    dataset["mapping"] = np.array(codes, np.float64)
    with path.open("wb") as file:
        savemat(file, {"dataset": dataset}, do_compression=True)


def _scipy() -> None:
    try:
        import scipy.io  # noqa: F401
    except ImportError as error:
        raise MissingExtra("scipy, which writes .mat files,", "data") from error


def _writer_numbers(parts: Sequence[Upright]) -> dict[str, float]:
    """A number a writer: the own ones where all are numbers, else their places among the names of all parts, from 1; 0 for ""."""
    names = sorted({each for part in parts for each in _names(part) if each})
    own = all(each.isascii() and each.isdigit() and 0 < int(each) < 2**31 for each in names)
    return {"": 0.0} | {each: float(each) if own else float(at) for at, each in enumerate(names, 1)}


def _names(part: Upright) -> list[str]:
    return [""] * len(part) if part.writer is None else part.writer.tolist()
