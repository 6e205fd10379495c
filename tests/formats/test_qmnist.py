from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError
from inkread.formats import files_of, read
from made_files import idx, many


def _rows(rows: list[list[int]]) -> bytes:
    return struct.pack(">BBBBII", 0, 0, 12, 2, len(rows), 8) + np.array(rows, ">i4").tobytes()


def test_digits_and_writers_are_read_beside_the_images(tmp_path: Path) -> None:
    images, labels = (tmp_path / f"qmnist-test-{each}.gz" for each in ("images-idx3-ubyte", "labels-idx2-int"))
    images.write_bytes(gzip.compress(idx(many(2))))
    labels.write_bytes(gzip.compress(_rows([[7, 4, 2035, 0, 0, 0, 0, 0], [0, 1, 12, 0, 0, 0, 0, 0]])))
    contents = read(images)
    assert (contents.labels, contents.part) == (("7", "0"), "test")
    assert contents.writer is not None
    assert contents.writer.tolist() == ["4-2035", "1-12"]
    assert files_of(images) == (images, labels)
    labels.write_bytes(gzip.compress(_rows([[7, 4, 2035, 0, 0, 0, 0, 0]])))
    with pytest.raises(FormatError, match=r"2 pictures but labels of shape \(1, 8\)"):
        read(images)
    labels.write_bytes(gzip.compress(_rows([[7] * 8] * 2)[:-4]))
    with pytest.raises(FormatError, match="ends too early"):
        read(images)
