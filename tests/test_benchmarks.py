"""What the benchmarks promise: no reader meets what trained it, nothing unread counts as right, a process is measured alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from inkread import Reader
from inkread.bundle import Bundle
from inkread.datasets import GlyphSet
from inkread.errors import InkreadError

ROOT = Path(__file__).parents[1]

MakeBundle = Callable[..., Bundle]


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))


def test_a_reader_is_not_asked_about_a_file_that_trained_it(make_tiny_bundle: MakeBundle, tmp_path: Path) -> None:
    sources = import_module("sources")
    path = tmp_path / "photo.zip"
    path.write_bytes(b"pictures")
    bundle = make_tiny_bundle()
    digests = {"two": f"{'0' * 64}+{sha256(b'pictures').hexdigest()}"}
    trained = replace(bundle, manifest=replace(bundle.manifest, data=digests))
    twin = replace(bundle, manifest=replace(bundle.manifest, data={"two": "0" * 64}))
    assert sources.stranger([trained, twin], path) is twin
    assert sources.stranger([trained], path) is None


def test_a_picture_without_ink_is_an_answer_that_is_wrong(make_tiny_bundle: MakeBundle) -> None:
    accuracy = import_module("accuracy")
    bundle = make_tiny_bundle()
    pictures = np.random.default_rng(0).integers(0, 256, (12, 28, 28), np.uint8)
    answers = Reader(bundle).probabilities(pictures).argmax(axis=1)
    glyphs = GlyphSet(pictures, np.eye(62, dtype=np.bool_)[answers])
    wanted = accuracy.Wanted("all", "scan-26")
    assert (accuracy.measured(wanted, bundle, glyphs, 1).accuracy, accuracy.measured(wanted, bundle, glyphs, 1).blank) == (100.0, 0)
    black = np.zeros_like(pictures)
    always = GlyphSet(black, np.eye(62, dtype=np.bool_)[Reader(bundle).probabilities(black).argmax(axis=1)])
    row = accuracy.measured(wanted, bundle, always, 1)
    assert (row.accuracy, row.blank, row.pictures) == (0.0, 12, 12)


def test_only_the_characters_that_are_asked_for_count(make_tiny_bundle: MakeBundle) -> None:
    accuracy = import_module("accuracy")
    glyphs = GlyphSet(np.full((62, 28, 28), 99, np.uint8), np.eye(62, dtype=np.bool_))
    wanted = next(each for each in accuracy.FIGURES if each.alphabet == "vin")
    assert accuracy.measured(wanted, make_tiny_bundle(), glyphs, 1).pictures == 33


def test_the_loss_by_borders_is_paired() -> None:
    borders = import_module("borders")
    clean = np.array([True] * 90 + [False] * 10)
    bordered = np.array([[True] * 80 + [False] * 15 + [True] * 5])
    told = borders.loss(clean, bordered)
    assert (told["without"], told["with_border"], told["loss"], told["pictures"]) == (90.0, 85.0, 5.0, 100)
    assert told["low"] == pytest.approx(-2.96, abs=0.01)  # 11 and 6 of 102 by hand: 4.90 -+ 1.96 * 4.01
    assert told["high"] == pytest.approx(12.77, abs=0.01)


def test_a_process_is_measured_without_the_one_that_started_it() -> None:
    children = import_module("children")
    ours = np.ones(60_000_000, np.uint8)  # 60 MB that must not be counted
    small = children.cost([sys.executable, "-I", "-S", "-c", "pass"])
    large = children.cost([sys.executable, "-I", "-S", "-c", "held = b'1' * 80_000_000"])
    assert small.peak < 40 < 80 < large.peak < 120
    assert len(ours)
    assert small.processor > 0
    with pytest.raises(SystemExit, match="failed"):
        children.cost([sys.executable, "-I", "-S", "-c", "raise SystemExit(3)"])


def test_a_file_of_figures_tells_no_folder_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = import_module("figures")
    monkeypatch.setattr("sys.argv", ["/home/me/inkread/benchmarks/speed.py", "--bundle", "/home/me/my bundle.onnx", "--repeats", "3"])
    assert figures.command() == "benchmarks/speed.py --bundle 'my bundle.onnx' --repeats 3"


def test_what_a_user_can_cause_ends_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    figures = import_module("figures")

    def main() -> None:
        raise InkreadError("no bundle: x", "name another")

    with pytest.raises(SystemExit) as end:
        figures.run(main)
    assert end.value.code == 2
    assert capsys.readouterr().err == "error: no bundle: x\n\nhint: name another\n"
