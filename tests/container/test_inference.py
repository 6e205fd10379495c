"""docker/app/inference.py: exactly one line `NNN, path` for each picture, whatever lies in the folder."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkread.alphabet import BYCLASS, CASE_POLICIES
from inkread.bundle import Bundle, save
from tiny_bundle import tiny_model

ROOT = Path(__file__).parents[2]
INFERENCE = ROOT / "docker" / "app" / "inference.py"


@dataclass(frozen=True)
class Done:
    """What one run of the script left: the lines as (code, path), standard error, the exit code."""

    lines: list[tuple[str, str]]
    said: str
    code: int

    def codes(self) -> dict[str, str]:
        """The code by the file's name."""
        return {Path(path).name: code for code, path in self.lines}


def what(stdout: bytes, stderr: bytes, code: int) -> Done:
    lines = [re.fullmatch(r"(\d{3}), (.+)", line) for line in stdout.decode().splitlines()]
    assert all(lines), stdout
    return Done([(each[1], each[2]) for each in lines if each], stderr.decode(), code)


@pytest.fixture
def infer(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Runs the script in this process."""

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", [str(INFERENCE), *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            runpy.run_path(str(INFERENCE), run_name="__main__")
        assert isinstance(end.value.code, int)
        return what(*capsysbinary.readouterr(), end.value.code)

    return run


def bar() -> Image.Image:
    """A vertical bar, black on white."""
    picture = np.full((60, 40), 255, np.uint8)
    picture[8:52, 18:23] = 0
    return Image.fromarray(picture)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What people leave in a folder of pictures."""
    folder = tmp_path_factory.mktemp("in put")
    bar().save(folder / "upper case.JPEG")
    bar().save(folder / "2.png")
    bar().save(folder / "10.png")
    bar().save(folder / "no suffix", format="PNG")
    bar().save(folder / "Ж, ü.webp")
    bar().save(folder / "two\nlines.bmp")
    Image.new("L", (40, 40), 255).save(folder / "blank.png")
    (folder / "text.png").write_text("I am no picture")
    (folder / "notes.txt").write_text("neither am I, and I do not say so")
    (folder / "subfolder").mkdir()
    bar().save(folder / "subfolder" / "deeper.png")
    return folder


@pytest.fixture(scope="module")
def done(folder: Path, tiny_bundle: Path) -> Done:
    before = snapshot(folder)
    arguments = [sys.executable, INFERENCE, "--input", folder, "--bundle", tiny_bundle]
    done = subprocess.run(arguments, capture_output=True, timeout=120)
    assert snapshot(folder) == before, "something was written into the folder of pictures"
    return what(done.stdout, done.stderr, done.returncode)


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in [folder, *folder.rglob("*")]}


def test_one_line_for_each_picture_in_path_order(done: Done, folder: Path) -> None:
    names = ["2.png", "10.png", "blank.png", "no suffix", "text.png", r"two\nlines.bmp", "upper case.JPEG", "Ж, ü.webp"]
    assert [path for _, path in done.lines] == [f"{folder}/{name}" for name in names]


def test_every_code_is_a_digit_or_a_capital_or_nothing(done: Done) -> None:
    assert {chr(int(code)) for code, _ in done.lines} <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\0")
    assert done.codes()["2.png"] != "000"


def test_the_same_picture_has_the_same_code_in_every_lossless_format(done: Done) -> None:
    codes = done.codes()
    assert codes["2.png"] == codes["10.png"] == codes["no suffix"] == codes[r"two\nlines.bmp"]


def test_blank_and_unreadable_pictures_keep_their_line(done: Done) -> None:
    assert done.codes()["blank.png"] == done.codes()["text.png"] == "000"


def test_only_the_unreadable_picture_is_told_and_the_exit_code_says_so(done: Done) -> None:
    (line,) = done.said.splitlines()
    assert "text.png" in line
    assert done.code == 1


def test_a_slash_at_the_end_of_the_folder_is_not_doubled(infer: Callable[..., Done], tmp_path: Path, tiny_bundle: Path) -> None:
    bar().save(tmp_path / "H.png")
    done = infer("--input", f"{tmp_path}/", "--bundle", tiny_bundle)
    assert [path for _, path in done.lines] == [f"{tmp_path}/H.png"]
    assert (done.said, done.code) == ("", 0)


def test_a_relative_folder_stays_relative(
    infer: Callable[..., Done], tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "boxes").mkdir()
    bar().save(tmp_path / "boxes" / "H.png")
    assert [path for _, path in infer("--input", "boxes", "--bundle", tiny_bundle).lines] == ["boxes/H.png"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--input", "nowhere"], "no such file or folder: nowhere"),
        (["--input", ".", "--alphabet", "alnum63"], "unknown alphabet: 'alnum63'"),
        (["--input", ".", "--case", "lower"], "'lower'"),
        (["--input", "empty"], "no pictures in: empty"),
        ([], "--input"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    infer: Callable[..., Done], arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    bar().save("H.png")
    done = infer(*arguments)
    assert (done.lines, done.code) == ([], 2)
    assert says in done.said
    assert "Traceback" not in done.said


@pytest.mark.parametrize("wrong", [["--input", ".", "--case", "wrong"], [], ["--input", ".", "--recursive"], ["--input"]])
def test_what_cannot_be_meant_hints_at_the_help_of_this_script(infer: Callable[..., Done], wrong: list[str]) -> None:
    done = infer(*wrong)
    assert (done.lines, done.code) == ([], 2)
    assert re.fullmatch(rf"error: .+\n\nhint: python3 {re.escape(str(INFERENCE))} --help\n", done.said)


def test_its_help_names_the_case_policies_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        runpy.run_path(str(INFERENCE))["command"](["--help"])
    assert f"--case {{{','.join(CASE_POLICIES)}}}" in capsys.readouterr().out


def opinionated(make: Callable[..., Bundle], path: Path, opinions: Mapping[str, float], **changes: object) -> Path:
    """A bundle that gives every picture the same odds: `opinions` by character in steps too small to part them far, all others none."""
    logits = np.full(len(BYCLASS), -1000.0)
    for character, opinion in opinions.items():
        logits[BYCLASS.index(character)] = opinion
    return save(path, make(model=tiny_model(np.full((784, 1), 1e-5), logits[None]), temperature=1.0, **changes))


def test_twins_of_case_are_summed_before_the_best_is_chosen(
    infer: Callable[..., Done], tmp_path: Path, make_tiny_bundle: Callable[..., Bundle]
) -> None:
    """C and c together outweigh G, though G is the best of the 62: `argmax` first would say G."""
    bar().save(tmp_path / "c.png")
    bundle = opinionated(make_tiny_bundle, tmp_path / "b.onnx", {"C": 1.0, "c": 1.0, "G": 1.1})
    assert infer("--input", tmp_path, "--bundle", bundle, "--alphabet", "byclass").codes()["c.png"] == f"{ord('G'):03d}"
    assert infer("--input", tmp_path, "--bundle", bundle, "--alphabet", "letters").codes()["c.png"] == f"{ord('C'):03d}"


def test_lower_case_is_the_exception_where_only_capitals_are_asked_for(
    infer: Callable[..., Done], tmp_path: Path, make_tiny_bundle: Callable[..., Bundle]
) -> None:
    """l is the best of the 62 and I the next: `argmax().upper()` would say L."""
    bar().save(tmp_path / "l.png")
    bundle = opinionated(make_tiny_bundle, tmp_path / "b.onnx", {"l": 1.1, "I": 1.0}, case_weight=0.1)
    assert infer("--input", tmp_path, "--bundle", bundle).codes()["l.png"] == f"{ord('I'):03d}"
