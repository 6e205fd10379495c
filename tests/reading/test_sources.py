"""Finding pictures: what counts, in which order, and what is left alone."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from inkread.errors import FormatError, SourceNotFound
from inkread.reading import find

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """page/: 2.png, 10.png, deeper/1.JPEG; notes.txt; "no suffix", a PNG by its bytes; .hidden.png; a pipe called pipe.png."""
    folder = tmp_path / "page"
    (folder / "deeper").mkdir(parents=True)
    for name in ("2.png", "10.png", "deeper/1.JPEG", "no suffix", ".hidden.png"):
        (folder / name).write_bytes(PNG)
    (folder / "notes.txt").write_text("words")
    os.mkfifo(folder / "pipe.png")
    return folder


def read(paths: list[Path | str], recursive: bool = False) -> list[str]:
    """The paths of what is a picture."""
    return [source.path for source in find(paths, recursive).sources if source.read() is not None]


def test_a_folder_gives_its_pictures_in_the_order_people_count(place: Path) -> None:
    assert read([place]) == [f"{place}/{name}" for name in ("2.png", "10.png", "no suffix")]
    found = find([place])
    assert (found.subfolders, found.skipped) == (1, 2)


def test_recursive_reads_subfolders_but_follows_no_link_to_a_folder(place: Path) -> None:
    (place / "deeper" / "round").symlink_to(place)
    assert f"{place}/deeper/1.JPEG" in read([place], recursive=True)
    assert len(read([place], recursive=True)) == 4


def test_no_folder_is_too_deep(tmp_path: Path) -> None:
    folder = str(tmp_path)
    for _ in range(600):  # each level of a recursion would be two or more of Python's 1,000
        folder += "/a"
        os.mkdir(folder)
    with open(f"{folder}/1.png", "wb") as file:
        file.write(PNG)
    assert read([tmp_path], recursive=True) == [f"{folder}/1.png"]


def test_a_path_given_twice_is_one_picture(place: Path) -> None:
    assert read([place / "2.png", place, place / "2.png"]) == read([place])


def test_a_trailing_slash_does_not_double(place: Path) -> None:
    assert read([f"{place}/"]) == read([place])


def test_a_pattern_is_expanded_unless_a_file_has_that_name(place: Path) -> None:
    assert read([f"{place}/*.png"]) == [f"{place}/2.png", f"{place}/10.png"]
    (place / "[1].png").write_bytes(PNG)
    assert read([f"{place}/[1].png"]) == [f"{place}/[1].png"]
    assert read([f"{place}/*/*.JPEG"]) == [f"{place}/deeper/1.JPEG"]


def test_a_zip_is_known_by_its_bytes_and_read_with_its_folders(place: Path) -> None:
    with zipfile.ZipFile(place / "scans.dat", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/2.png", PNG)
        archive.writestr("b/10.png", PNG)
        archive.writestr("__MACOSX/b/._2.png", b"\0\5\x16\7")
        archive.writestr("notes.txt", "words")
    assert read([place / "scans.dat"]) == [f"{place}/scans.dat/b/2.png", f"{place}/scans.dat/b/10.png"]
    assert read([place / "scans.dat" / "b"]) == read([place / "scans.dat"])
    assert read([place / "scans.dat" / "b" / "10.png"]) == [f"{place}/scans.dat/b/10.png"]


def test_a_link_that_leads_nowhere_is_a_picture_that_cannot_be_read(place: Path) -> None:
    (place / "1.png").symlink_to(place / "gone.png")
    (place / "3.png").symlink_to(place / "3.png")
    assert [Path(source.path).name for source in find([place]).sources][:3] == ["1.png", "2.png", "3.png"]


def test_a_huge_file_is_refused_before_it_is_read(place: Path) -> None:
    with open(place / "2.png", "r+b") as file:
        file.truncate(1 << 40)
    with pytest.raises(ValueError, match="larger than 512 MiB"):
        find([place / "2.png"]).sources[0].read()


def test_of_a_file_that_promises_nothing_only_the_beginning_is_read(place: Path) -> None:
    with open(place / "film.mkv", "wb") as file:
        file.truncate(1 << 40)
    assert f"{place}/film.mkv" not in read([place])


def test_what_is_not_there_raises(place: Path) -> None:
    with pytest.raises(SourceNotFound, match="no such file or folder"):
        find([place / "none.png"])
    (place / "broken.zip").write_bytes(b"no zip")
    with pytest.raises(FormatError):
        find([place / "broken.zip"])


def test_a_closed_subfolder_is_a_trouble_and_the_rest_is_read(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def closed(path: str) -> object:
        if path.endswith("deeper"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    found = find([place], recursive=True)
    assert [(path, str(error)) for path, error in found.troubles] == [
        (f"{place}/deeper", "the folder cannot be opened (permission denied)")
    ]
    assert len(found.sources) == 4
