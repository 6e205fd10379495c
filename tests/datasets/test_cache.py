from __future__ import annotations

import importlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from inkread.datasets import GlyphSet, cache_folder, load
from inkread.datasets.cache import Entry
from inkread.preparation import Preparation
from made_files import letter_f, many, pens, png, zipped


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    np.savez(tmp_path / "a.npz", x=many(3), label=np.array(["a", "Bb", "7"]))
    return tmp_path / "a.npz"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that were read from their files, and not from the cache."""
    loading = importlib.import_module("inkread.datasets.opening")
    seen: list[Path] = []
    read = loading.read

    def counted(path: Path, part: str | None, orientation: object = None) -> object:
        seen.append(path)
        return read(path, part)

    monkeypatch.setattr(loading, "read", counted)
    return seen


def _entries(cache: Path) -> list[Path]:
    return sorted((cache / "prepared").iterdir())


def _same(one: GlyphSet, other: GlyphSet) -> bool:
    return (
        (np.asarray(one.pictures) == np.asarray(other.pictures)).all() and (one.targets == other.targets).all() and one.names == other.names
    )


def test_the_second_opening_reads_nothing_but_the_cache(cache: Path, source: Path, reads: list[Path]) -> None:
    first, second = load(source), load(source)
    assert reads == [source]
    assert _same(first, second)
    assert isinstance(second.pictures, np.memmap)
    assert not second.pictures.flags.writeable


def test_names_writers_and_missing_labels_survive_the_cache(cache: Path, tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {"A/1.png": png(letter_f()), "photos/2.png": png(letter_f())})
    source.write_bytes(source.read_bytes().replace(b"photos/2", b"photos/\xe9"))
    first, second = load(source), load(source)
    assert second.names == first.names == ("A/1.png", "photos/\udce9.png")
    assert not second.targets.any()


@pytest.mark.parametrize("change", ["size", "time", "preparation"])
def test_anything_that_matters_makes_it_anew(cache: Path, source: Path, reads: list[Path], change: str) -> None:
    load(source)
    settings: dict[str, object] = {}
    if change == "size":
        np.savez(source, x=many(4), label=np.array(["a", "Bb", "7", "Q"]))
    elif change == "time":
        os.utime(source, ns=(0, 0))
    else:
        settings["preparation"] = Preparation(ink=20)
    glyphs = load(source, **settings)  # type: ignore[arg-type]
    assert reads == [source, source]
    assert len(glyphs) == (4 if change == "size" else 3)


def test_the_seed_makes_only_strokes_anew(cache: Path, source: Path, tmp_path: Path, reads: list[Path]) -> None:
    drawn = pens(tmp_path / "pens.npz", "LL")
    for each in (source, drawn):
        for seed in (0, 1, 0, 1):
            load(each, seed=seed)
    assert reads == [source, drawn, drawn]


@pytest.mark.parametrize("preparation", [None, Preparation()])
def test_however_a_source_is_named_it_is_made_once(
    cache: Path, tmp_path: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch, preparation: Preparation | None
) -> None:
    folder = tmp_path / "sets" / "mine"
    folder.mkdir(parents=True)
    np.savez(folder / "a.npz", x=many(3), label=np.array(["a", "Bb", "7"]))
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    for name in ("sets/mine/a.npz", "./sets/mine/a.npz", "link/../mine/a.npz", "link/a.npz", str(folder / "a.npz")):
        assert load(name, preparation=preparation).source == str(Path(name))
    assert len(reads) == 1
    monkeypatch.chdir(folder)
    for name in (".", "../mine", str(folder), str(tmp_path / "link")):
        load(name, preparation=preparation)
    assert len(reads) == 2


def test_a_link_to_a_file_has_an_entry_of_its_own(cache: Path, source: Path, tmp_path: Path, reads: list[Path]) -> None:
    """Its name may tell other things."""
    (tmp_path / "link.npz").symlink_to(source)
    for _ in range(2):
        load(source)
        load(tmp_path / "link.npz")
    assert len(reads) == 2


def test_a_changed_file_replaces_its_entry(cache: Path, source: Path) -> None:
    load(source)
    os.utime(source, ns=(0, 0))
    load(source)
    assert len(_entries(cache)) == 1


def test_a_file_added_to_a_folder_is_noticed(cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set" / "A"
    folder.mkdir(parents=True)
    (folder / "1.png").write_bytes(png(letter_f()))
    assert len(load(folder.parent)) == 1
    (folder / "2.png").write_bytes(png(letter_f()))
    assert len(load(folder.parent)) == 2


@pytest.mark.parametrize("damage", ["cut", "missing", "facts", "nonsense"])
def test_a_damaged_cache_is_made_again(cache: Path, source: Path, reads: list[Path], damage: str) -> None:
    first = load(source)
    whole = np.array(first.pictures)
    (entry,) = _entries(cache)
    if damage == "cut":
        (entry / "pictures.npy").write_bytes((entry / "pictures.npy").read_bytes()[:-1])
    elif damage == "missing":
        (entry / "codes.npy").unlink()
    elif damage == "facts":
        (entry / "facts.json").write_text("[")
    else:
        (entry / "codes.npy").write_bytes(b"\0" * (entry / "codes.npy").stat().st_size)
    assert (np.asarray(load(source).pictures) == whole).all()
    assert len(reads) == 2
    load(source)
    assert len(reads) == 2
    assert _entries(cache) == [entry]


def test_several_at_once_do_not_collide(cache: Path, source: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        sets = list(pool.map(load, [source] * 8))
    assert all(_same(sets[0], each) for each in sets)
    assert len(_entries(cache)) == 1


def test_an_entry_is_there_as_a_whole_or_not_at_all(cache: Path) -> None:
    entry = Entry.of("prepared", Path("x"), {}, {})

    def killed(folder: Path) -> dict[str, str]:
        np.save(folder / "a.npy", np.zeros(3))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        entry.make(killed)
    assert entry.kept() is None
    assert _entries(cache) == []


def test_what_a_killed_process_left_is_cleared_after_a_day(cache: Path, source: Path) -> None:
    for name, age in ((".making-old", 0), (".making-new", None)):
        (cache / "prepared" / name).mkdir(parents=True)
        if age is not None:
            os.utime(cache / "prepared" / name, (age, age))
    load(source)
    assert [each.name for each in _entries(cache) if each.name.startswith(".")] == [".making-new"]


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "file"))
    assert len(load(source)) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="the platform's own folder")
def test_the_cache_lies_where_the_platform_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKREAD_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "inkread"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "inkread"
