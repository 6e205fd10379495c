from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError, SourceNotFound
from inkread.formats import files_of, read
from made_files import idx, letter_f, many, png


def test_a_format_is_found_by_content_whatever_the_name_says(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=many(1), label=np.array(["a"]))
    (tmp_path / "a.npz").rename(tmp_path / "a.png")
    assert read(tmp_path / "a.png").format == "npz of x and label"


def test_what_is_not_known_is_refused_with_what_was_tried(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"hello world")
    with pytest.raises(FormatError) as refused:
        read(tmp_path / "a.bin")
    assert str(refused.value) == f"no known format: {tmp_path / 'a.bin'}: it begins with 68 65 6c 6c 6f 20 77 6f"
    assert refused.value.hint == (
        "tried: idx, idx.gz, npz, MATLAB, CSV of pixels, LEAF json, parquet, a list of names and labels, "
        "a picture, a zip or a folder of pictures or of such files"
    )


NEEDS_SCIPY = pytest.mark.skipif(find_spec("scipy") is None, reason="the base install reads no .mat file")


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8b", b"PK", b"PK\3\4", b"\0\0\x08", pytest.param(b"MATLAB 5.0 MAT-file" + bytes(200), marks=NEEDS_SCIPY)]
)
def test_a_few_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(FormatError):
        read(tmp_path / "a")


def test_a_path_that_is_not_there_or_cannot_be_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="no such file or folder"):
        read(tmp_path / "nothing")
    for name in ("a\0b", "x" * 5000):
        with pytest.raises(SourceNotFound):
            read(name)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FormatError, match="neither a file nor a folder"):
        read(tmp_path / "pipe")


def test_a_folder_with_data_in_several_formats_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(many(1)))
    (tmp_path / "a.png").write_bytes(png(letter_f()))
    with pytest.raises(FormatError, match="several formats") as refused:
        read(tmp_path)
    assert refused.value.hint == "name one of its files: train-images-idx3-ubyte, a.png"


def test_a_part_that_the_source_does_not_have_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=many(1), label=np.array(["a"]))
    with pytest.raises(FormatError, match="no part of this name") as refused:
        read(tmp_path / "a.npz", "train")
    assert refused.value.hint == "its parts: none"


def test_the_files_that_contents_depend_on_are_named(tmp_path: Path) -> None:
    images, labels = tmp_path / "train-images-idx3-ubyte", tmp_path / "train-labels-idx1-ubyte"
    images.write_bytes(idx(many(1)))
    assert files_of(images) == (images,)
    labels.write_bytes(idx(np.zeros(1, np.uint8)))
    assert files_of(images) == (images, labels)
    assert files_of(tmp_path) == (images, labels)
