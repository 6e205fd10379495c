"""Parquet as Hugging Face writes image sets, written here with pyarrow's plain writer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inkread.errors import FormatError
from inkread.formats import TRANSPOSED, parts_of, read
from made_files import letter_f, png

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

F = png(letter_f())
G = png(letter_f()[::-1])
IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def _table(pictures: list[bytes | None], labels: list[Any], names: list[str] | None = None, label_type: Any = None) -> Any:
    images = pa.array([{"bytes": each, "path": None} for each in pictures], IMAGE)
    features = {"image": {"_type": "Image"}, "label": {"_type": "ClassLabel", "names": names}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})} if names else None
    return pa.table({"image": images, "label": pa.array(labels, label_type)}).replace_schema_metadata(metadata)


def test_class_numbers_are_called_as_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(_table([F, G], [1, 0], ["Q", "r"]), path)
    contents = read(path)
    assert contents.labels == ("r", "Q")
    assert list(contents.encoded or ()) == [F, G]
    assert (contents.format, contents.turn) == ("parquet of pictures", False)


def test_texts_and_plain_bytes_do_too_and_emnist_is_turned(tmp_path: Path) -> None:
    path = tmp_path / "emnist-letters-test.parquet"
    pq.write_table(pa.table({"img": [F, G], "character": ["a", "upper_B"]}), path)
    contents = read(path)
    assert (contents.labels, contents.part, contents.turn, contents.orientation.stored) == (("a", "B"), "test", True, TRANSPOSED)


def test_pieces_of_a_part_are_joined_in_order_and_none_may_be_missing(tmp_path: Path) -> None:
    for at, label in enumerate("012"):
        pq.write_table(_table([F] * 300, [int(label)] * 300), tmp_path / f"train-0000{at}-of-00003.parquet")
    pq.write_table(_table([G], [9]), tmp_path / "test-00000-of-00001-0123456789abcdef.parquet")
    assert set(parts_of(tmp_path)) == {"train", "test"}
    assert read(tmp_path, "train").labels == ("0",) * 300 + ("1",) * 300 + ("2",) * 300
    assert read(tmp_path, "test").labels == ("9",)
    (tmp_path / "train-00001-of-00003.parquet").unlink()
    with pytest.raises(FormatError) as refused:
        read(tmp_path, "train")
    told = "train-00000-of-00003.parquet, train-00002-of-00003.parquet"
    assert str(refused.value) == f"pieces of a part are missing or double: {tmp_path}: {told}"


FAULTS = {
    "a row without a picture: the 2. of PATH": lambda: _table([F, None], [1, 2]),
    "a label that is no character: '62' in PATH": lambda: _table([F], [62]),
    "a label that is no character: 'None' in PATH": lambda: _table([F], [2], ["A", "B"]),
    "a label that is no character: 'cat' in PATH": lambda: _table([F], ["cat"]),
    "labels must be whole numbers or texts: double: PATH:label": lambda: _table([F], [1.5]),
    "no known layout of a parquet: PATH: it holds image string, label int64": lambda: pa.table({"image": ["a.png"], "label": [1]}),
    "no known layout of a parquet: PATH: it holds x int64": lambda: pa.table({"x": [1]}),
    "no known layout of a parquet: PATH: it holds image struct<path: string>": lambda: pa.table({"image": [{"path": "a.png"}]}),
}


@pytest.mark.parametrize("message", FAULTS)
def test_a_fault_is_told(tmp_path: Path, message: str) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(FAULTS[message](), path)
    with pytest.raises(FormatError) as refused:
        read(path)
    assert str(refused.value) == message.replace("PATH", str(path))


def test_a_picture_repeated_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.formats.parquet.MAX_UNPACKED", 1 << 20)
    path = tmp_path / "bomb.parquet"
    pq.write_table(_table([bytes(20_000)] * 1000, [1] * 1000), path, compression="zstd")
    assert path.stat().st_size < 20_000
    with pytest.raises(FormatError, match=r"it looks like a decompression bomb: .* bytes unpack to more than .*bomb\.parquet"):
        read(path)


@pytest.mark.parametrize("kind", ["large_string", "dictionary of strings", "dictionary of large strings", "dictionary of numbers"])
def test_labels_may_be_kept_as_other_writers_keep_them(tmp_path: Path, kind: str) -> None:
    labels = pa.array(["7", "3", "7"], pa.large_string() if "large" in kind else pa.string())
    if "numbers" in kind:
        labels = pa.array([7, 3, 7])
    pq.write_table(
        pa.table({"image": [F, G, F], "label": labels.dictionary_encode() if "dict" in kind else labels}), tmp_path / "a.parquet"
    )
    assert read(tmp_path / "a.parquet").labels == ("7", "3", "7")
