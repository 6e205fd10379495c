"""docker/app/train.py: EMNIST's zip, its CSV or one's own pictures in, a reader out that docker/app/inference.py reads with."""

from __future__ import annotations

import gzip
import re
import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from inkread.alphabet import alphabet
from inkread.datasets.drawn import drawn
from inkread.picture import encode_png, prepare
from inkread.training import Run
from made_files import idx, zipped

APP = Path(__file__).parents[2] / "docker" / "app"
QUICK = ("--set=training.epochs=3", "--set=training.batch=16", "--set=network.filters=4", "--set=network.dense=[16]")
ANSWERED = re.compile(r"(\d{3}), (.+)")


@dataclass(frozen=True)
class Done:
    """What a script printed and its exit code."""

    out: str
    said: str
    code: int


@pytest.fixture
def script(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Done]:
    """Runs a script of the container in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(APP))  # as where a script is run by its path

    def run(name: str, *arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            runpy.run_path(str(APP / name), run_name="__main__")
        assert isinstance(end.value.code, int)
        return Done(*capfd.readouterr(), end.value.code)

    return run


def of_set(characters: str, each: int) -> tuple[np.ndarray, list[str]]:
    """Drawn and prepared pictures uint8 (N,28,28) of these characters, and which character each is."""
    glyphs = drawn(characters, each, seed=1, paper=False)
    return np.stack([prepare(picture).picture for picture in glyphs.pictures]), list(glyphs.names or ())


def emnist_zip(path: Path, **sets: str) -> Path:
    """A zip in EMNIST's layout whose sets hold drawings of these characters, as it stores them: transposed, labels by number."""
    members = {}
    for name, characters in sets.items():
        for part, each in (("train", 16), ("test", 2)):
            pictures, labels = of_set(characters, each)
            stem = f"gzip/emnist-{name}-{part}"
            numbers = np.array([alphabet(name).characters.index(label) for label in labels], np.uint8)
            members[f"{stem}-images-idx3-ubyte.gz"] = gzip.compress(idx(pictures.swapaxes(1, 2)))
            members[f"{stem}-labels-idx1-ubyte.gz"] = gzip.compress(idx(numbers))
    return zipped(path, members)


def box(path: Path, character: str) -> Path:
    """A folder with one picture of this character."""
    path.mkdir()
    (path / "box.png").write_bytes(encode_png(of_set(character, 1)[0][0]))
    return path


def test_byclass_out_of_emnists_zip_becomes_a_reader_of_62_characters(script: Callable[..., Done], tmp_path: Path) -> None:
    emnist_zip(tmp_path / "gzip.zip", byclass="079AZaz", digits="01", balanced="01AB")
    done = script("train.py", "--input", "gzip.zip", "--bundle", "reader.onnx", *QUICK)
    assert done.code == 0, done.said
    assert "62 characters" in done.out
    (source,) = Run(tmp_path / "runs" / "reader").recipe.sources
    assert source.data == "gzip.zip:byclass/train"
    assert [each.name for each in tmp_path.iterdir() if each.is_dir()] == ["runs"], "nothing is unpacked"
    read = script("inference.py", "--bundle", "reader.onnx", "--alphabet", "digits", "--input", box(tmp_path / "boxes", "7"))
    assert read.code == 0, read.said
    match = ANSWERED.fullmatch(read.out.strip())
    assert match
    assert match[2].endswith("boxes/box.png")
    assert chr(int(match[1])) in "0123456789"


def test_the_last_step_of_the_ladder_learns_from_the_balanced_csv(script: Callable[..., Done], tmp_path: Path) -> None:
    pictures, labels = of_set("AB01", 20)
    told = alphabet("balanced").characters
    numbers = np.array([told.index(each) for each in labels])
    rows = np.hstack([numbers[:, None], pictures.swapaxes(1, 2).reshape(len(pictures), -1)])
    np.savetxt(tmp_path / "emnist-balanced-train.csv", rows, "%d", delimiter=",")
    narrow = ("--set=filters=4,4,4,4", "--set=dense=16,16,16", "--set=epochs=2", "--set=batch=16")
    done = script("train.py", "--input", "emnist-balanced-train.csv", "--recipe", "balanced-4", "--bundle", "reader.onnx", *narrow)
    assert done.code == 0, done.said
    run = Run(tmp_path / "runs" / "reader")
    assert run.recipe.training.validation == 0.3
    counts = run.metrics["counts"]
    assert {character: round(number / 0.7) for character, number in next(iter(counts.values())).items() if number} == dict.fromkeys(
        "01AB", 20
    )


def test_own_pictures_in_folders_do_as_well(script: Callable[..., Done], tmp_path: Path) -> None:
    for character in "AB":
        for at, picture in enumerate(of_set(character, 20)[0]):
            file = tmp_path / "mine" / character / f"{at}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(encode_png(picture))
    quick = ("--set=epochs=6", "--set=batch=8", "--set=filters=8")
    assert script("train.py", "--input", "mine", "--bundle", "mine.onnx", *quick).code == 0
    read = script("inference.py", "--bundle", "mine.onnx", "--alphabet", "AB", "--input", box(tmp_path / "boxes", "B"))
    assert read.out.startswith("066, ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--input", "nothing.zip", "--bundle", "a.onnx"), "no such file or folder: nothing.zip"),
        (("--input", ".", "--bundle", "a.onnx", "--recipe", "conv65"), "no recipe of this name: conv65"),
        (("--input", ".", "--bundle", "a.pt"), "--bundle must be a new file FILE.onnx in a folder that is there: a.pt"),
        (("--input", "."), "--bundle"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_trained(
    arguments: tuple[str, ...], told: str, script: Callable[..., Done], tmp_path: Path
) -> None:
    done = script("train.py", *arguments)
    assert done.code == 2
    assert told in done.said
    assert done.said.startswith("error: ")
    assert not list(tmp_path.iterdir())
