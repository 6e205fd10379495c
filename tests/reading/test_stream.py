"""Many files: every answer, in order, whatever the threads do."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from inkread.datasets.drawn import draw
from inkread.picture import encode_png, prepare
from inkread.reading import Reader, Source, find, read_batches, read_files
from inkread.reading.stream import MAX_CHUNK


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty drawn pictures, one blank, one broken, and a file that is no picture."""
    place = tmp_path_factory.mktemp("many")
    rng = np.random.default_rng(3)
    for number, character in enumerate("0123456789ABCDEFGHIJabcdefghij"):
        (place / f"{number}.png").write_bytes(encode_png(draw(character, rng)))
    (place / "30.png").write_bytes(encode_png(np.zeros((50, 50), np.uint8)))
    (place / "31.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (place / "notes").write_text("no picture")
    return place


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A picture that costs next to nothing: it is EMNIST-ready."""
    path = tmp_path_factory.mktemp("quick") / "ready.png"
    path.write_bytes(encode_png(prepare(draw("B", np.random.default_rng(4))).picture))
    return Source(str(path), certain=True)


@pytest.fixture(scope="module")
def reader(tiny_bundle: Path) -> Reader:
    return Reader(tiny_bundle)


@pytest.mark.parametrize("threads", [1, 3])
def test_every_picture_has_its_own_answer_in_path_order(folder: Path, reader: Reader, threads: int) -> None:
    answers = list(read_files(find([folder]).sources, reader, threads))
    assert [answer.path for answer in answers] == [f"{folder}/{number}.png" for number in range(32)]
    for answer in answers[:30]:
        alone = reader.read(answer.path)
        assert answer.reading is not None
        assert answer.reading.character == alone.character
        assert answer.reading.probability == pytest.approx(alone.probability, abs=1e-5)
        assert np.array_equal(answer.reading.prepared, alone.prepared)


def test_blank_is_an_answer_and_unreadable_an_error(folder: Path, reader: Reader) -> None:
    blank, broken = list(read_files(find([folder]).sources, reader))[30:]
    assert blank.reading is not None
    assert (blank.reading.blank, blank.error) == (True, None)
    assert broken.reading is None
    assert "PNG" in str(broken.error)


def test_files_that_are_no_pictures_are_named(folder: Path, reader: Reader) -> None:
    skipped = [each.path for batch in read_batches(find([folder]).sources, reader) for each in batch.skipped]
    assert skipped == [f"{folder}/notes"]


def test_first_answers_come_in_small_batches_and_no_batch_is_large(quick: Source, reader: Reader) -> None:
    sizes = [len(batch.answers) for batch in read_batches([quick] * 1500, reader, 2)]
    assert sum(sizes) == 1500
    assert sizes[0] <= 4
    assert max(sizes) <= MAX_CHUNK


def test_thumbnails_are_small_and_kept_only_when_asked_for(folder: Path, reader: Reader) -> None:
    sources = find([folder]).sources[:2]
    small = [answer.thumbnail for batch in read_batches(sources, reader, side=20) for answer in batch.answers]
    assert [max(each.shape) for each in small if each is not None] == [20, 20]
    assert all(answer.thumbnail is None for answer in read_files(sources, reader))


def test_what_is_not_needed_any_more_stops(quick: Source, reader: Reader) -> None:
    before = threading.active_count()
    batches = read_batches([quick] * 50_000, reader, 2)
    next(batches)
    batches.close()
    assert threading.active_count() == before


def test_only_a_few_chunks_are_under_way_at_once(quick: Source, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = Source.read
    monkeypatch.setattr(Source, "read", lambda source: read.append(source.path) or original(source))  # type: ignore[func-returns-value]
    batches = read_batches([quick] * 20_000, reader, 2)
    told = sum(len(next(batches).answers) for _ in range(5))
    assert len(read) - told <= 5 * MAX_CHUNK
    batches.close()
