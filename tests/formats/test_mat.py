from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError
from inkread.formats import TRANSPOSED, parts_of, read
from made_files import letter_f, many

scipy_io = pytest.importorskip("scipy.io")


def _cells(shape: tuple[int, int] = (36, 39)) -> np.ndarray:
    cells = np.empty(shape, object)
    for at in np.ndindex(shape):
        cells[at] = (letter_f(20, 16) > 0).astype(np.uint8)
    return cells


def test_binary_alphadigits_are_read_upright_in_their_order(tmp_path: Path) -> None:
    cells = _cells()
    cells[10, 0] = np.zeros((20, 16), np.uint8)
    scipy_io.savemat(tmp_path / "a.mat", {"dat": cells})
    contents = read(tmp_path / "a.mat")
    assert contents.pictures is not None
    assert contents.labels is not None
    assert contents.pictures.shape == (1404, 20, 16)
    assert (contents.pictures[0] == np.where(letter_f(20, 16) > 0, 255, 0)).all()
    assert not contents.pictures[390].any()
    assert (contents.labels[0], contents.labels[390], contents.labels[-1]) == ("0", "A", "Z")


def test_another_mat_file_is_refused(tmp_path: Path) -> None:
    for content in ({"dat": _cells((2, 3))}, {"dat": np.full((36, 39), 1.0)}):
        scipy_io.savemat(tmp_path / "a.mat", content)
        with pytest.raises(FormatError, match="without the 36x39 cells"):
            read(tmp_path / "a.mat")


def test_a_damaged_mat_file_is_refused(tmp_path: Path) -> None:
    scipy_io.savemat(tmp_path / "a.mat", {"dat": _cells()})
    data = (tmp_path / "a.mat").read_bytes()
    for cut in (130, len(data) // 2):
        (tmp_path / "a.mat").write_bytes(data[:cut])
        with pytest.raises(FormatError):
            read(tmp_path / "a.mat")


LETTERS = np.array([[at, 64 + at, 96 + at] for at in range(1, 27)], np.float64)


def _emnist(path: Path, mapping: np.ndarray = LETTERS, labels: object = (1, 26), writers: object = (0, 1117), **changes: object) -> Path:
    """EMNIST's layout: a picture is a row of its columns, one after another (column-major), as MATLAB's `reshape` expects."""
    rows = np.stack([picture.flatten(order="F") for picture in many(2)])
    part = {"images": rows, "labels": np.array([labels], np.float64).T, "writers": np.array([writers], np.float64).T} | changes
    scipy_io.savemat(path, {"dataset": {"train": part, "test": part, "mapping": mapping}}, do_compression=True)
    return path


def test_emnists_layout_is_upright_with_its_characters_and_writers(tmp_path: Path) -> None:
    path = _emnist(tmp_path / "a.mat")
    contents = read(path, "train")
    assert (contents.pictures == many(2)).all()
    assert (contents.labels, contents.part, contents.orientation.stored) == (("Aa", "Zz"), "train", TRANSPOSED)
    assert contents.writer is not None
    assert contents.writer.tolist() == ["", "1117"]
    assert (read(path, "test", as_stored=True).pictures == many(2).swapaxes(1, 2)).all()
    assert parts_of(path) == ("train", "test")


def test_writers_of_whom_none_is_known_are_no_writers(tmp_path: Path) -> None:
    assert read(_emnist(tmp_path / "a.mat", writers=(0, 0)), "train").writer is None


def test_the_mapping_in_the_file_tells_the_characters(tmp_path: Path) -> None:
    byclass = [*range(48, 58), *range(65, 91), *range(97, 123)]
    path = _emnist(tmp_path / "a.mat", np.array([*enumerate(byclass)], np.uint8), (10, 61))
    assert read(path, "train").labels == ("A", "z")
    balanced = [*range(48, 58), *range(65, 91), *map(ord, "abdefghnqrt")]
    path = _emnist(tmp_path / "a.mat", np.array([*enumerate(balanced)], np.uint8), (12, 36))
    assert read(path, "train").labels == ("Cc", "a")


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("large", [0, 8 << 20], ids=["told by its first bytes", "read whole"])
@pytest.mark.parametrize("parts", [("train",), ("test",), ("train", "test")])
def test_only_the_parts_that_are_there_are_told(
    parts: tuple[str, ...], large: int, compressed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkread.formats.mat._LARGE", large)
    rows = np.stack([picture.flatten(order="F") for picture in many(2)])
    part = {"images": rows, "labels": np.array([[1.0], [26.0]])}
    content = {"before": np.arange(999.0), "dataset": {**dict.fromkeys(parts, part), "mapping": LETTERS}}
    scipy_io.savemat(tmp_path / "a.mat", content, do_compression=compressed)
    assert parts_of(tmp_path / "a.mat") == parts
    assert (read(tmp_path / "a.mat", parts[0]).pictures == many(2)).all()


FAULTS = {
    "no known layout of a mat file: PATH: it holds x": lambda path: scipy_io.savemat(path, {"x": np.zeros(3)}),
    "the mat file has no `dataset.mapping`: PATH": lambda path: scipy_io.savemat(
        path, {"dataset": {"train": {"images": np.zeros((2, 784), np.uint8), "labels": np.ones((2, 1))}}}
    ),
    "images must be uint8 of the shape (N,H*H): float64 (2, 784): PATH:train.images": lambda path: _emnist(path, images=np.zeros((2, 784))),
    "images must be uint8 of the shape (N,H*H): uint8 (2, 783): PATH:train.images": lambda path: _emnist(
        path, images=np.zeros((2, 783), np.uint8)
    ),
    "labels must be 1..26: the 1. is 0: PATH:train.labels": lambda path: _emnist(path, labels=(0, 26)),
    "2 pictures but 3 entries: PATH:train.labels": lambda path: _emnist(path, labels=(1, 2, 3)),
    "2 pictures but 1 entries: PATH:train.writers": lambda path: _emnist(path, writers=(7,)),
    "the mapping is that of no set of EMNIST: PATH:mapping: 2 labels from 1 to 2": lambda path: _emnist(path, np.array([[1, 65], [2, 67]])),
    "a mapping must have the shape (K,2) or (K,3): float64 (26, 1): PATH:mapping": lambda path: _emnist(path, LETTERS[:, :1]),
}


@pytest.mark.parametrize("message", FAULTS)
def test_a_fault_is_told_in_one_sentence(tmp_path: Path, message: str) -> None:
    path = tmp_path / "faulty.mat"
    FAULTS[message](path)
    with pytest.raises(FormatError) as refused:
        read(path, "train" if "dataset" in message or ":train" in message or "mapping" in message else None)
    assert str(refused.value) == message.replace("PATH", str(path))


def test_a_variable_that_unpacks_to_far_more_than_pictures_do_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.formats.mat.MAX_UNPACKED", 1 << 20)
    path = _emnist(tmp_path / "bomb.mat", images=np.zeros((4000, 784), np.uint8), labels=(1,) * 4000, writers=(0,) * 4000)
    with pytest.raises(FormatError, match=r"it looks like a decompression bomb: .*bomb\.mat"):
        read(path, "train")
