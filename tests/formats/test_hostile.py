"""Damaged files of every format: an error of ours or an answer, never anything else, and never much memory."""

from __future__ import annotations

import gzip
import io
import json
import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkread.errors import InkreadError
from inkread.formats import parts_of, read
from made_files import idx, letter_f, many, pens, png, zipped

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    contest, extra = io.BytesIO(), io.BytesIO()
    np.savez(contest, training_images=many(2), training_labels=[3, 4])
    np.savez_compressed(extra, x=many(2), label=np.array(["a", "Bb"]))
    return {
        "idx": idx(many(2)),
        "idx.gz": gzip.compress(idx(many(2))),
        "contest": contest.getvalue(),
        "extra": extra.getvalue(),
        "pens": pens(folder / "pens.npz").read_bytes(),
        "zip": zipped(folder / "a.zip", {"A/1.png": png(letter_f()), "B/2.png": png(letter_f())}).read_bytes(),
        "csv": _csv(many(3)),
        "csv.gz": gzip.compress(_csv(many(3))),
        "leaf": json.dumps({"users": ["a"], "user_data": {"a": {"x": [[0.5] * 784] * 2, "y": [1, 2]}}}).encode(),
        "sets": zipped(folder / "gzip.zip", _set("letters") | _set("digits")).read_bytes(),
        "nested": zipped(folder / "outer.zip", {"train/images.zip": (folder / "a.zip").read_bytes()}, 0).read_bytes(),
        "list": zipped(folder / "list.zip", {"1.png": png(letter_f()), "labels.csv": b"file,label\n1.png,A\n"}).read_bytes(),
        **_extras(),
    }


def _csv(pictures: np.ndarray) -> bytes:
    return "".join(",".join(map(str, [4, *picture.ravel().tolist()])) + "\n" for picture in pictures).encode()


def _set(name: str) -> dict[str, bytes]:
    stem = f"gzip/emnist-{name}-train"
    labels = idx(np.array([1, 2], np.uint8))
    return {f"{stem}-images-idx3-ubyte.gz": gzip.compress(idx(many(2))), f"{stem}-labels-idx1-ubyte.gz": gzip.compress(labels)}


def _extras() -> dict[str, bytes]:
    """Formats that need a library which the base install does not have."""
    made = {}
    buffer = io.BytesIO()
    if find_spec("scipy"):
        from scipy.io import savemat

        part = {"images": many(2).reshape(2, 784), "labels": np.ones((2, 1)), "writers": np.ones((2, 1))}
        savemat(buffer, {"dataset": {"train": part, "mapping": np.array([[at, 48 + at] for at in range(10)])}}, do_compression=True)
        made["mat"] = buffer.getvalue()
    if find_spec("pyarrow"):
        import pyarrow as pa
        from pyarrow import parquet

        sink = io.BytesIO()
        parquet.write_table(pa.table({"image": [{"bytes": png(letter_f()), "path": None}] * 2, "label": [1, 2]}), sink)
        made["parquet"] = sink.getvalue()
    return made


def _opened(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    told = ""
    try:
        contents = read(path, parts_of(path)[0] or None)
        assert contents.labels is None or len(contents.labels) == len(contents)
        assert all(isinstance(each, bytes) for each in contents.encoded or ())
        strokes = contents.strokes or ()
        assert all(len(stroke) for at in range(len(strokes)) for stroke in strokes[at])
    except InkreadError as error:
        told = str(error)
    assert "\n" not in told


KINDS = ["idx", "idx.gz", "contest", "extra", "pens", "zip", "csv", "csv.gz", "leaf", "sets", "nested", "list", "mat", "parquet"]


@pytest.mark.parametrize("kind", KINDS)
@QUICK
@given(st.data())
def test_changed_and_cut_files_are_refused_or_read(tmp_path: Path, whole: dict[str, bytes], kind: str, data: st.DataObject) -> None:
    if kind not in whole:
        pytest.skip("the base install does not read this format")
    content = bytearray(whole[kind])
    near_the_ends = st.integers(0, 200) | st.integers(max(0, len(content) - 400), len(content) - 1) | st.integers(0, len(content) - 1)
    for at in data.draw(st.lists(near_the_ends, max_size=4)):
        content[min(at, len(content) - 1)] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | st.integers(0, len(content)))
    _opened(tmp_path / "hostile", bytes(content[:cut]))


@QUICK
@given(st.lists(st.integers(0, 2**32 - 1), min_size=0, max_size=5), st.integers(0, 255), st.booleans(), st.binary(max_size=60))
def test_any_idx_header_is_refused_or_read(tmp_path: Path, shape: list[int], kind: int, packed: bool, rest: bytes) -> None:
    content = struct.pack(f">BBBB{len(shape)}I", 0, 0, kind if kind % 2 else 8, len(shape), *shape) + rest
    _opened(tmp_path / "images", gzip.compress(content) if packed else content)


NPY_HEADERS = st.sampled_from(
    [
        "{'descr': '|u1', 'fortran_order': False, 'shape': %s}",
        "{'descr': '<f8', 'fortran_order': True, 'shape': %s}",
        "{'descr': '|O', 'fortran_order': False, 'shape': %s}",
        "{'descr': [('a', '|O')], 'fortran_order': False, 'shape': %s}",
        "{'descr': '<U99999999', 'fortran_order': False, 'shape': %s}",
        "{'descr': '|V0', 'fortran_order': False, 'shape': %s}",
        "{'descr': '<M8[s]', 'fortran_order': False, 'shape': %s}",
        "{'descr': 'zz', 'fortran_order': 0, 'shape': %s}",
        "[%s",
        "{'shape': %s}",
    ]
)
SHAPES = st.lists(st.sampled_from([-1, 0, 1, 2, 28, 784, 2**31, 2**63, 2**70]), max_size=4).map(tuple) | st.sampled_from(["x", True, 1.5])


@QUICK
@given(NPY_HEADERS, SHAPES, st.sampled_from([1, 2, 3, 9]), st.sampled_from(["x", "training_images", "points"]), st.binary(max_size=40))
def test_any_npy_header_is_refused_or_read(tmp_path: Path, header: str, shape: object, version: int, key: str, rest: bytes) -> None:
    text = (header % repr(shape)).encode() + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    array = b"\x93NUMPY" + bytes([version, 0]) + length + text + rest
    whole = io.BytesIO()
    np.save(whole, np.array(["a"]))
    members = {f"{key}.npy": array} | {f"{name}.npy": whole.getvalue() for name in ("label", "stroke_start", "char_start")}
    zipped(tmp_path / "a.npz", members)
    _opened(tmp_path / "a.npz", (tmp_path / "a.npz").read_bytes())


@QUICK
@given(st.text(max_size=30), st.binary(max_size=40))
def test_any_member_name_is_refused_or_read(tmp_path: Path, name: str, content: bytes) -> None:
    try:
        zipped(tmp_path / "a.zip", {name: content})
    except (UnicodeEncodeError, IndexError):  # no zip of this name can be written
        return
    _opened(tmp_path / "a.zip", (tmp_path / "a.zip").read_bytes())
