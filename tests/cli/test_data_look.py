"""`inkread data show`, `check`, `overlap` and `convert` on small files, by what they write and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from command_line import Inkread
from inkread.datasets.drawn import drawn
from inkread.formats import read, writers
from inkread.picture import decode
from inkread.preparation import Preparation
from made_files import letter_f, many, pens, png, zipped

Turn = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """`digits.npz`: ten pictures, labels 0 to 9."""
    np.savez(tmp_path / "digits.npz", x=many(10), label=np.array(list("0123456789")))
    return tmp_path / "digits.npz"


def test_show_writes_a_page_and_counts(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    result = inkread("data", "show", digits, "--out", tmp_path / "page.png", "--by-class", "--count", 2)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{digits}: 10 pictures, 10 labels\n    npz of x and label, stored upright")
    assert decode((tmp_path / "page.png").read_bytes()).shape[0] > 200


@pytest.mark.parametrize(
    "words",
    [("show", "lab.zip"), ("check", "lab.zip", "--no-reader"), ("overlap", "lab.zip", "lab.zip"), ("convert", "lab.zip", "lab.npz")],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_the_first_opening_shows_how_far_it_is_on_a_terminal_only(
    words: tuple[str, ...], terminal: bool, inkread: Inkread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("inkread.cli.progress.PATIENCE", 0)
    zipped(tmp_path / "lab.zip", {f"F/{at}.png": png(letter_f()) for at in range(300)})
    if terminal:
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    first, second = (inkread("data", *words, *(["--force"] if words[0] == "convert" else [])).stderr for _ in range(2))
    assert ("opening" in first, "256/300" in first) == (terminal, terminal)
    assert "opening" not in second


def test_show_tells_everything_as_json(inkread: Inkread, digits: Path) -> None:
    (part,) = json.loads(inkread("data", "show", digits, "--json", "--count", 4).stdout)["parts"]
    assert (part["pictures"], part["labels"]["7"], part["unlabelled"], len(part["shown"]), part["page"]) == (10, 1, 0, 4, None)


def test_overlap_counts_and_writes_the_rest(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", x=many(12)[6:], label=np.array(list("678xyz")))
    result = inkread("data", "overlap", digits, tmp_path / "other.npz")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1].split()[-4:] == ["4", "3", "1", "0"]
    rest = inkread("data", "overlap", digits, tmp_path / "other.npz", "--minus", tmp_path / "rest.npz", "--json")
    assert (rest.exit_code, json.loads(rest.stdout)["written"]["pictures"]) == (0, 6)
    assert read(tmp_path / "rest.npz").labels == tuple("012345")


def test_no_overlap_is_exit_code_0(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", x=255 - many(2), label=np.array(["a", "b"]))
    assert inkread("data", "overlap", digits, tmp_path / "other.npz", "--near").exit_code == 0


def test_convert_and_back(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    result = inkread("data", "convert", digits, tmp_path / "digits.csv.gz")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, f"written as csv: {tmp_path / 'digits.csv.gz'}")
    again = inkread("data", "convert", tmp_path / "digits.csv.gz", tmp_path / "digits.zip", "--json")
    assert json.loads(again.stdout)["format"] == "zip"
    assert inkread("data", "convert", digits, tmp_path / "digits.zip").exit_code == 2


def test_convert_takes_pictures_as_transposed_when_told_so(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    inkread("data", "convert", digits, tmp_path / "turned.npz", "--orientation", "transposed", "--alphabet", "123")
    found = read(tmp_path / "turned.npz")
    assert found.labels == ("1", "2", "3")
    assert found.pictures is not None
    assert np.array_equal(found.pictures, many(10)[1:4].swapaxes(1, 2))


def test_an_alphabet_chooses_and_joins(inkread: Inkread, tmp_path: Path) -> None:
    np.savez(tmp_path / "mixed.npz", x=many(4), label=np.array(["a", "7", "Cc", "B"]))
    result = inkread("data", "convert", tmp_path / "mixed.npz", tmp_path / "emnist-letters-images-idx3-ubyte", "--alphabet", "letters")
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "emnist-letters-images-idx3-ubyte").labels == ("Aa", "Cc", "Bb")


def test_an_orientation_that_is_not_certain_is_refused(inkread: Inkread, tmp_path: Path) -> None:
    ring = np.zeros((8, 28, 28), np.uint8)
    ring[:, 4:24, 4:24], ring[:, 7:21, 7:21] = 255, 0
    np.savez(tmp_path / "rings.npz", x=ring, label=np.array(["0"] * 8))
    result = inkread("data", "convert", tmp_path / "rings.npz", tmp_path / "out.npz", "--orientation", "auto")
    assert result.exit_code == 2
    assert "the orientation is not certain" in result.stderr
    assert not (tmp_path / "out.npz").exists()


@pytest.mark.parametrize(
    ("lying", "stored"),
    [
        (lambda pictures: pictures.swapaxes(1, 2), "transposed"),
        (lambda pictures: np.rot90(pictures, 1, (1, 2)), "turned a quarter to the left"),
    ],
)
def test_auto_brings_letters_back_pixel_by_pixel(inkread: Inkread, tmp_path: Path, lying: Turn, stored: str) -> None:
    letters = "FGJRe2457"
    upright = np.asarray(drawn(letters, 4, 5).prepared(Preparation()).pictures)
    labels = np.tile(list(letters), 4)
    np.savez(tmp_path / "lying.npz", x=lying(upright), label=labels)
    result = inkread("data", "convert", tmp_path / "lying.npz", tmp_path / "out.npz", "--orientation", "auto", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["parts"][0]["stored"] == stored
    found = read(tmp_path / "out.npz")
    assert found.labels == tuple(labels.tolist())
    assert np.array_equal(np.asarray(found.pictures), upright)


def test_check_names_what_spoils(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    pictures = many(10)
    pictures[3:] = 0
    np.savez(tmp_path / "blank.npz", x=pictures, label=np.array(list("0123456789")))
    result = inkread("data", "check", tmp_path / "blank.npz", "--no-reader", "--json")
    assert result.exit_code == 1
    assert [each["code"] for each in json.loads(result.stdout)["findings"] if each["spoils"]] == ["blank"]
    good = inkread("data", "check", digits, "--no-reader")
    assert (good.exit_code, good.stdout.splitlines()[-1]) == (0, "nothing found that would spoil a training")


SPOILT: dict[str, tuple[Turn, int, tuple[str, str] | None]] = {
    "nothing": (lambda pictures: pictures, 0, None),
    "transposed": (lambda pictures: pictures.swapaxes(1, 2), 0, ("orientation", "transposed (rows and columns exchanged), the pictures")),
    "mirrored": (lambda pictures: pictures[:, :, ::-1], 0, ("orientation", "mirrored left to right, the pictures look")),
    "labels from 1": (lambda pictures: pictures, 1, ("labels", "labels seem to be one too high: ")),
    "labels from -1": (lambda pictures: pictures, -1, ("labels", "labels seem to be one too low: ")),
    "labels of others": (lambda pictures: pictures, 5, ("labels", "labels do not seem to belong to the pictures: only ")),
}


@pytest.mark.parametrize(("lying", "offset", "told"), SPOILT.values(), ids=SPOILT)
def test_the_embedded_reader_sees_what_is_wrong(
    lying: Turn, offset: int, told: tuple[str, str] | None, inkread: Inkread, tmp_path: Path
) -> None:
    digits = drawn("0123456789", 12, 7).prepared(Preparation())
    np.savez(tmp_path / "digits.npz", x=lying(np.asarray(digits.pictures)), label=((digits.single_labels() + offset) % 10).astype("U1"))
    result = inkread("data", "check", tmp_path / "digits.npz", "--json")
    found = [(each["code"], each["says"]) for each in json.loads(result.stdout)["findings"] if each["spoils"]]
    assert (result.exit_code, len(found)) == ((1, 1) if told else (0, 0)), result.stdout
    assert not told or (found[0][0], found[0][1].startswith(told[1])) == (told[0], True), found


@pytest.mark.parametrize("dest", ["out.xyz", "letters.csv", "rest-images-idx3-ubyte"])
def test_overlap_refuses_before_the_work(
    inkread: Inkread, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dest: str
) -> None:
    np.savez(tmp_path / "letters.npz", x=many(2), label=np.array(["a", "b"]))
    (tmp_path / "rest-labels-idx1-ubyte").write_bytes(b"mine")
    monkeypatch.setattr("inkread.datasets.overlap", lambda *given, **more: pytest.fail("it works already"))
    result = inkread("data", "overlap", tmp_path / "letters.npz", digits, "--minus", tmp_path / dest)
    assert result.exit_code == 2, result.output
    assert "--format" not in result.stderr


def test_overlap_leaves_damaged_pictures_out_and_tells(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    scans = zipped(
        tmp_path / "scans.zip", {f"{at}.png": png(each) for at, each in enumerate(many(5))} | {"5.png": b"\x89PNG\r\n\x1a\nbroken"}
    )
    np.savez(tmp_path / "two.npz", x=many(2), label=np.array(["0", "1"]))
    result = inkread("data", "overlap", scans, tmp_path / "two.npz", "--minus", tmp_path / "rest.zip")
    assert result.exit_code == 0, result.output
    assert len(read(tmp_path / "rest.zip")) == 3
    assert "left out, since they cannot be decoded: 1 pictures of" in result.stderr


def test_each_of_several_sources_has_a_page_of_its_own(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", x=many(3), label=np.array(["a", "b", "c"]))
    result = inkread("data", "show", f"{digits}+{tmp_path / 'other.npz'}", "--out", tmp_path / "page.png", "--json")
    pages = [Path(each["page"]) for each in json.loads(result.stdout)["parts"]]
    assert [each.name for each in pages] == ["page-1.png", "page-2.png"]
    assert decode(pages[0].read_bytes()).shape != decode(pages[1].read_bytes()).shape


@pytest.mark.parametrize("dest", ["out.zip", "out.npz"])
def test_writers_that_are_dropped_are_told(inkread: Inkread, tmp_path: Path, dest: str) -> None:
    pens(tmp_path / "pens.npz")
    result = inkread("data", "convert", tmp_path / "pens.npz", tmp_path / dest)
    assert (result.exit_code, result.stderr) == (0, f"not kept by {dest[4:]}: who wrote each picture (mat keeps it)\n"), result.output


def test_every_format_is_known_by_its_name_in_any_case(inkread: Inkread, digits: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for name in writers():
        dest = tmp_path / f"{name}-images-idx3-ubyte"
        result = inkread("data", "convert", digits, dest, "--format", name.upper(), "--json")
        assert (result.exit_code, json.loads(result.stdout)["format"]) == (0, name), result.output
        assert name in inkread("data", "convert", "--help").stdout
    refused = inkread("data", "convert", digits, tmp_path / "out", "--format", "parquett")
    assert refused.exit_code == 2
    assert "unknown format to write: parquett" in refused.stderr


def test_what_is_offered_instead_works(inkread: Inkread, tmp_path: Path) -> None:
    np.savez(tmp_path / "greek.npz", x=many(2), label=np.array(["λ", "ab"]))
    for dest in ("greek.mat", "greek.csv", "greek.zip"):
        refused = inkread("data", "convert", tmp_path / "greek.npz", tmp_path / dest)
        assert refused.exit_code == 2
        assert "mat" not in refused.stderr.partition("hint:")[2]
    assert inkread("data", "convert", tmp_path / "greek.npz", tmp_path / "out.npz").exit_code == 0


def test_a_taken_place_is_refused_before_anything_is_opened(
    inkread: Inkread, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkread.datasets.open_parts", lambda *given: pytest.fail("it is opened already"))
    for words in (("convert", digits, digits), ("overlap", digits, digits, "--minus", digits)):
        result = inkread("data", *words)
        assert (result.exit_code, "the file is there already" in result.stderr) == (2, True), result.output
