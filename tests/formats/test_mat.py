from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError
from inkread.formats import read
from made_files import letter_f

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
    for content in ({"dat": _cells((2, 3))}, {"x": np.zeros(3)}, {"dat": np.full((36, 39), 1.0)}):
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
