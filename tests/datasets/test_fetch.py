"""Fetching, against a server on this machine that fails as real ones do."""

from __future__ import annotations

import errno
import importlib
import multiprocessing
import os
import re
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from file_server import Served, serving
from inkread.datasets import CARDS, UNVERIFIED, Card, Wish, fetch, fetch_http, folder_of, holding, load, open_source
from inkread.errors import FetchError, SourceNotFound, UsageError
from published import digits_set, letters_zip

pytest.importorskip("httpx")
pytest.importorskip("remotezip")


class Heard:
    """Who is told: keeps what is said and how many bytes came."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bytes = 0

    def begin(self, name: str, size: int | None) -> None:
        self.lines.append(f"begin {name}")

    def advance(self, count: int) -> None:
        self.bytes += count

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fetch_http, "PAUSES", (0.0,))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def digits(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Card, Served, Wish]]:
    card, files = digits_set()
    monkeypatch.setitem(CARDS, card.name, card)
    with serving(Served(files)) as served:
        yield card, served, Wish(mirrors=(f"{served.address}/mnist/",))


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Card, Served, Wish]]:
    card, archive = letters_zip()
    monkeypatch.setitem(CARDS, card.name, card)
    with serving(Served({"/gzip.zip": archive})) as served:
        yield card, served, Wish(mirrors=(f"{served.address}/gzip.zip",))


def _left(card: Card) -> list[str]:
    """What lies in the set's folder beside its own files."""
    own = {each.name for each in card.files} | {".fetched.json", ".lock"}
    return sorted(each.name for each in folder_of(card).iterdir() if each.name not in own)


def test_plain_files_come_whole_and_open(digits: tuple[Card, Served, Wish]) -> None:
    card, served, wish = digits
    found = fetch(card, wish)
    assert found.size == served.sent == sum(len(each) for each in served.files.values())
    assert holding(card).complete
    assert _left(card) == []
    assert open_source("mnist:train").labels == ("0", "1", "2")
    assert len(load("mnist:train")) == 3


def test_what_is_here_is_not_fetched_again(digits: tuple[Card, Served, Wish]) -> None:
    card, served, wish = digits
    fetch(card, wish)
    asked = len(served.asked)
    assert fetch(card, wish).names == ()
    (folder_of(card) / card.files[0].name).unlink()
    assert fetch(card, wish).names == (card.files[0].name,)
    assert len(served.asked) == asked + 1


def test_only_the_wanted_members_leave_the_zip_and_a_cut_in_the_middle_costs_nothing(letters: tuple[Card, Served, Wish]) -> None:
    card, served, wish = letters
    served.cut_after = [20_000]  # of the first answer longer than that: the pictures of the train part
    heard = Heard()
    fetch(card, wish, heard)
    whole = len(served.files["/gzip.zip"])
    members = sum(each.size or 0 for each in card.files)
    directory, headers, look = 1 << 14, 200 * len(card.files), 32
    assert members <= served.sent <= members + directory + headers + look
    assert served.sent < whole / 5
    assert all(asked for _, asked in served.asked), "never without a range"
    assert _left(card) == []
    opened = open_source("emnist/letters:train")
    assert len(opened) == 40
    assert opened.labels is not None
    assert opened.labels[:2] == ("Aa", "Bb")
    assert opened.orientation.stored == "transposed"
    assert not opened.pictures[0][:, :4].any(), "upright: the rows that were stored empty are columns"


def test_an_interrupted_fetch_goes_on_where_it_stopped(letters: tuple[Card, Served, Wish]) -> None:
    card, served, wish = letters

    class Pressed(Heard):
        def advance(self, count: int) -> None:
            super().advance(count)
            if self.bytes > 9_000:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(card, wish, Pressed())
    begun = holding(card).begun
    assert begun > 9_000
    served.sent = 0
    fetch(card, wish)
    members = sum(each.size or 0 for each in card.files)
    assert served.sent <= members - begun + (1 << 14) + 200 * len(card.files) + 32
    assert _left(card) == []


@pytest.fixture(params=[KeyboardInterrupt(), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))], ids=["Ctrl-C", "full disk"])
def stopped_at_the_end(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[BaseException]:
    """The first file that came whole is not put in its place; what a fetch then raises."""
    sync = os.fsync

    def stop(file: int) -> None:
        monkeypatch.setattr(os, "fsync", sync)
        raise request.param

    monkeypatch.setattr(os, "fsync", stop)
    return KeyboardInterrupt if isinstance(request.param, KeyboardInterrupt) else FetchError


def _stopped_once(card: Card, wish: Wish, stopped: type[BaseException]) -> None:
    """Fetch it, stopped at the end, and fetch it again."""
    with pytest.raises(stopped):
        fetch(card, wish)
    fetch(card, wish)


def test_what_came_is_not_fetched_again_when_unpacking_was_interrupted(
    letters: tuple[Card, Served, Wish], stopped_at_the_end: type[BaseException]
) -> None:
    card, served, wish = letters
    _stopped_once(card, wish, stopped_at_the_end)
    assert len(served.asked) == 2 * 2 + len(card.files), "looked and listed twice, and each member once"
    assert holding(card).complete
    assert _left(card) == []


def test_a_whole_zip_is_not_fetched_again_when_unpacking_was_interrupted(
    letters: tuple[Card, Served, Wish], stopped_at_the_end: type[BaseException]
) -> None:
    card, served, wish = letters
    served.ranges = False
    _stopped_once(card, replace(wish, whole=True), stopped_at_the_end)
    assert [asked for _, asked in served.asked] == ["bytes=0-31", "", "bytes=0-31"]
    assert _left(card) == []


def test_a_plain_file_is_not_fetched_again_when_checking_it_was_interrupted(
    digits: tuple[Card, Served, Wish], stopped_at_the_end: type[BaseException]
) -> None:
    card, served, wish = digits
    _stopped_once(card, wish, stopped_at_the_end)
    assert len(served.asked) == len(card.files)
    assert _left(card) == []


def test_what_was_begun_leaves_when_the_set_came_from_elsewhere(letters: tuple[Card, Served, Wish], tmp_path: Path) -> None:
    card, served, _ = letters
    folder_of(card).mkdir(parents=True)
    (folder_of(card) / "archive.zip.part").write_bytes(b"PK")
    (folder_of(card) / "archive.zip.part.json").write_text("{}")
    (tmp_path / "copy.zip").write_bytes(served.files["/gzip.zip"])
    fetch(card, Wish(given=tmp_path / "copy.zip"))
    assert _left(card) == []


def test_a_cut_plain_file_is_resumed(digits: tuple[Card, Served, Wish]) -> None:
    card, served, wish = digits
    served.cut_after = [50, 20]
    fetch(card, wish)
    assert ("/mnist/train-images-idx3-ubyte.gz", "bytes=50-") in served.asked
    assert served.sent == sum(len(each) for each in served.files.values())


@pytest.mark.parametrize("how", ["ranges are ignored", "the etag changes", "no etag"])
def test_a_file_that_cannot_be_resumed_begins_again(digits: tuple[Card, Served, Wish], how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    card, served, wish = digits
    served.cut_after = [50]
    served.ranges = how != "ranges are ignored"
    served.marks = how != "no etag"

    class Changing(Heard):
        def advance(self, count: int) -> None:
            if count and how == "the etag changes":
                served.etag = '"2"'

    fetch(card, wish, Changing())
    assert holding(card).complete


@pytest.mark.parametrize("cuts", [[50] * 40, [60, 50, 40] * 20])
def test_a_server_that_never_comes_further_is_given_up(digits: tuple[Card, Served, Wish], cuts: list[int]) -> None:
    card, served, wish = digits
    served.ranges, served.cut_after = False, list(cuts)
    heard = Heard()
    with pytest.raises(FetchError, match="the connection fails"):
        fetch(card, wish, heard)
    assert len(served.asked) == fetch_http.ATTEMPTS
    assert heard.bytes == cuts[fetch_http.ATTEMPTS - 1], "what was thrown away is taken back"


def test_a_zip_that_changes_under_our_hands_is_looked_at_again(letters: tuple[Card, Served, Wish]) -> None:
    card, served, wish = letters

    class Changing(Heard):
        def begin(self, name: str, size: int | None) -> None:
            if "test-images" in name:
                served.etag = '"2"'

    fetch(card, wish, Changing())
    assert holding(card).complete


def test_a_busy_server_is_asked_again_and_a_mirror_follows(digits: tuple[Card, Served, Wish]) -> None:
    card, served, wish = digits
    served.answers = [503, 503]
    heard = Heard()
    fetch(card, replace(wish, mirrors=(f"{served.address}/gone/", *wish.mirrors)), heard)
    assert holding(card).complete
    gone = f"{served.address}/gone/train-images-idx3-ubyte.gz"
    assert f"the server answers 404 Not Found: {gone}; trying the next address" in heard.lines


def test_no_address_is_told_with_all_of_them(digits: tuple[Card, Served, Wish]) -> None:
    card, served, _ = digits
    with pytest.raises(FetchError) as refused:
        fetch(card, Wish(mirrors=(f"{served.address}/a/", f"{served.address}/b/")))
    name = card.files[0].name
    told = "; ".join(f"the server answers 404 Not Found: {served.address}/{each}/{name}" for each in "ab")
    assert str(refused.value) == f"none of 2 addresses has mnist: {told}"


@pytest.mark.parametrize("which", ["digits", "letters"])
def test_a_web_page_is_named_as_such(which: str, request: pytest.FixtureRequest) -> None:
    card, served, wish = request.getfixturevalue(which)
    served.page = True
    with pytest.raises(FetchError, match=r"^the server sent a web page, not a file: http") as refused:
        fetch(card, wish)
    assert refused.value.hint == "open it in a browser; what you get there, give with --from"
    assert not holding(card).files


def test_a_server_without_ranges_sends_the_whole_zip_only_when_asked(letters: tuple[Card, Served, Wish]) -> None:
    card, served, wish = letters
    served.ranges = False
    with pytest.raises(FetchError, match="the server does not send parts of a file") as refused:
        fetch(card, wish)
    assert "--whole" in refused.value.hint
    fetch(card, replace(wish, whole=True))
    assert holding(card).complete
    assert _left(card) == []


def test_a_wrong_checksum_is_refused_and_nothing_is_left(digits: tuple[Card, Served, Wish]) -> None:
    card, served, wish = digits
    path = "/mnist/train-labels-idx1-ubyte.gz"
    served.files[path] = served.files[path][:-1] + b"x"
    with pytest.raises(FetchError, match="not the file that was published, its checksum differs: train-labels"):
        fetch(card, wish)
    assert [each.name for each in holding(card).files] == ["train-images-idx3-ubyte.gz"]
    assert _left(card) == []


def test_an_unverified_checksum_is_told(digits: tuple[Card, Served, Wish]) -> None:
    card, _, wish = digits
    doubtful = replace(card, files=(replace(card.files[0], sha256=UNVERIFIED, size=None), *card.files[1:]))
    heard = Heard()
    fetch(doubtful, wish, heard)
    name = card.files[0].name
    assert f"unverified in the card of mnist: sha256 of {name}, size of {name}" in heard.lines
    assert f"unverified: what came as {name} has the sha256 {card.files[0].sha256}" in heard.lines


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_a_copy_fetched_by_hand_is_taken(letters: tuple[Card, Served, Wish], tmp_path: Path, kind: str) -> None:
    card, served, _ = letters
    copy = tmp_path / "copy.zip"
    copy.write_bytes(served.files["/gzip.zip"])
    if kind == "folder":
        shutil.unpack_archive(copy, tmp_path / "out")
        copy = tmp_path / "out" / "gzip"
    fetch(card, Wish(given=copy))
    assert holding(card).complete
    assert served.asked == []
    assert _left(card) == []


def test_one_file_of_several_is_taken_and_the_others_are_told(digits: tuple[Card, Served, Wish], tmp_path: Path) -> None:
    card, served, wish = digits
    first, *others = (each.name for each in card.files)
    copy = tmp_path / first
    copy.write_bytes(served.files[f"/mnist/{first}"])
    heard = Heard()
    assert fetch(card, Wish(given=copy), heard).names == (first,)
    told = f"still missing of mnist: {', '.join(others)}"
    assert heard.lines[-1] == told
    again = Heard()
    assert fetch(card, Wish(given=copy), again).names == ()
    assert again.lines == [told]
    assert list(fetch(card, wish).names) == others


def test_a_copy_that_is_something_else_is_refused(letters: tuple[Card, Served, Wish], tmp_path: Path) -> None:
    card, served, _ = letters
    page = tmp_path / "gzip.zip"
    page.write_bytes(b"<html>")
    with pytest.raises(FetchError, match="neither a zip nor a file of emnist/letters"):
        fetch(card, Wish(given=page))
    page.write_bytes(served.files["/gzip.zip"][:-40_000])
    with pytest.raises(FetchError, match="neither a zip nor a file of emnist/letters"):
        fetch(card, Wish(given=page))
    with pytest.raises(SourceNotFound, match="no such file or folder"):
        fetch(card, Wish(given=tmp_path / "nothing"))


def _spoilt(archive: bytes, how: str) -> bytes:
    """The zip with one of its wanted members damaged, or told to be encrypted or packed in a way that nobody knows."""
    spoilt = bytearray(archive)
    name = b"gzip/emnist-letters-train-images-idx3-ubyte.gz"
    header, entry = archive.index(name) - 30, archive.rindex(name) - 46
    if how == "damaged":
        spoilt[header + 30 + len(name) : header + 1000] = b"\xff" * (970 - len(name))
    elif how == "encrypted":
        spoilt[header + 6] |= 1
        spoilt[entry + 8] |= 1
    else:
        spoilt[header + 8] = spoilt[entry + 10] = 99
    return bytes(spoilt)


@pytest.mark.parametrize(
    ("how", "told"),
    [("damaged", "invalid block type"), ("encrypted", "is encrypted"), ("packed", "not supported")],
)
def test_a_copy_with_a_bad_member_is_refused_in_a_sentence(letters: tuple[Card, Served, Wish], tmp_path: Path, how: str, told: str) -> None:
    card, served, _ = letters
    copy = tmp_path / "copy.zip"
    copy.write_bytes(_spoilt(served.files["/gzip.zip"], how))
    with pytest.raises(FetchError, match=told) as refused:
        fetch(card, Wish(given=copy))
    assert str(refused.value).endswith(f": {copy}")
    assert "train-images" in str(refused.value)
    assert _left(card) == []


def test_a_copy_that_cannot_be_read_is_not_said_to_be_unwritable(
    digits: tuple[Card, Served, Wish], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, _, _ = digits
    for each in card.files:
        (tmp_path / each.name).write_bytes(b"")

    def denied(path: Path, mode: str) -> object:
        if path.parent == tmp_path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return open(path, mode)

    monkeypatch.setattr(importlib.import_module("inkread.datasets.fetch"), "open", denied, raising=False)
    with pytest.raises(FetchError) as refused:
        fetch(card, Wish(given=tmp_path))
    assert str(refused.value) == f"cannot be read (permission denied): {tmp_path / card.files[0].name}"


def test_too_little_room_is_told_before_anything_is_fetched(digits: tuple[Card, Served, Wish], monkeypatch: pytest.MonkeyPatch) -> None:
    card, served, wish = digits
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(1))
    with pytest.raises(FetchError, match="not enough room, 0 MB are needed and 0 MB are free"):
        fetch(card, wish)
    assert served.asked == []


@pytest.mark.parametrize("which", ["digits", "letters"])
def test_what_was_begun_needs_no_room_again(which: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    card, _, wish = request.getfixturevalue(which)
    first = card.files[0]
    folder_of(card).mkdir(parents=True)
    (folder_of(card) / f"{first.name}.part").write_bytes(bytes(50))
    sizes = [each.size or 0 for each in card.files]
    needed = sum(sizes) - 50 + (max(sizes) if first.member else 0)
    for free, told in ((needed - 1, "not enough room"), (needed, None)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: namedtuple("Usage", "free")(free))
        with pytest.raises(FetchError, match=told) if told else nullcontext():
            fetch(card, wish)
    assert holding(card).complete


def test_a_disk_that_fills_up_leaves_what_can_be_resumed(digits: tuple[Card, Served, Wish]) -> None:
    card, _, wish = digits

    class Full(Heard):
        def advance(self, count: int) -> None:
            if count:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(FetchError, match="the disk is full") as refused:
        fetch(card, wish, Full())
    assert refused.value.hint == "make room; the same command goes on where it stopped"
    assert holding(card).begun
    fetch(card, wish)
    assert holding(card).complete


def test_two_processes_fetch_it_once(letters: tuple[Card, Served, Wish]) -> None:
    card, served, wish = letters
    crew = multiprocessing.get_context("fork")
    both = [crew.Process(target=fetch, args=(card, wish)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(20)
    assert [each.exitcode for each in both] == [0, 0]
    assert sum(path == "/gzip.zip" for path, _ in served.asked) == 2 + len(card.files), "looked, listed, and each member once"
    assert holding(card).complete


@pytest.mark.parametrize(
    ("mirror", "told"),
    [
        ("ftp://example.org/mnist/", "a mirror has to begin with http:// or https://"),
        ("http://example.org/mnist", "the set has several files, so a mirror has to be a folder"),
    ],
)
def test_a_mirror_that_cannot_be_meant_is_refused(digits: tuple[Card, Served, Wish], mirror: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        fetch(digits[0], Wish(mirrors=(mirror,)))


def test_a_server_that_is_gone_is_told(digits: tuple[Card, Served, Wish]) -> None:
    with pytest.raises(FetchError, match="the connection fails") as refused:
        fetch(digits[0], Wish(mirrors=("http://127.0.0.1:9/mnist/",)))
    assert refused.value.hint == "the same command goes on where it stopped"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: data[:-300] + bytes(300), "the zip's directory cannot be read (BadZipFile)"),
        (lambda data: b"PK" + bytes(len(data) - 2), "the zip's directory cannot be read (BadZipFile)"),
        (lambda _: b"x" * 500, "what the server sent is no zip"),
        (lambda data: _spoilt(data, "damaged"), "the member of the zip is damaged: gzip/emnist-letters-train-images-idx3-ubyte.gz"),
        (lambda data: _spoilt(data, "encrypted"), "the zip's directory names a place that cannot be"),
        (lambda data: _spoilt(data, "packed"), "the zip packs in a way that is not known (99)"),
        (
            lambda data: data.replace(b"letters-train-images", b"letters-other-images"),
            "the zip does not hold gzip/emnist-letters-train-images",
        ),
    ],
)
def test_a_broken_zip_on_the_server_is_told(letters: tuple[Card, Served, Wish], spoil: Callable[[bytes], bytes], told: str) -> None:
    card, served, wish = letters
    served.files["/gzip.zip"] = spoil(served.files["/gzip.zip"])
    with pytest.raises(FetchError, match=f"^{re.escape(told)}"):
        fetch(card, wish)
    assert _left(card) == []
    assert not holding(card).files
