"""From a recipe to the bundle: the whole command on drawn characters, its cache, and what the bundle says of itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from inkread import bundle
from inkread.alphabet import BYCLASS, alphabet
from inkread.datasets import load
from inkread.preparation import Preparation
from inkread.recipes import write
from inkread.training import Answers, Run
from inkread.training.__main__ import main
from inkread.training.card import card
from inkread.training.pack import Group, best_case_weight, pack, risk_data, shared_temperature
from tiny_training import shapes, tiny_recipe


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data of two sources, a recipe, and everything that one call of the command leaves."""
    place = tmp_path_factory.mktemp("place")
    for name, count in (("one", 90), ("two", 60)):
        pictures, labels = shapes(count, count)
        for at, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
            _save(place / "data" / name / "ABC"[label] / f"{at:03d}.png", picture)
    recipe = tiny_recipe(epochs=1).changed({"sources.one.renderings": 2, "leave_out.sources": ["two"], "finish.epochs": 1})
    recipe = recipe.changed({"sources.one.data": "one", "sources.two.data": "two"})
    (place / "tiny.toml").write_text(write(recipe))
    assert main([*arguments(place), "--threads", "1"]) == 0
    return place


def _save(path: Path, picture: np.ndarray) -> None:
    from inkread.picture import encode_png

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_png(picture))


def arguments(place: Path) -> list[str]:
    return [
        *("--recipe", str(place / "tiny.toml"), "--data", str(place / "data")),
        *("--runs", str(place / "runs"), "--out", str(place / "tiny.onnx")),
    ]


def test_one_command_gives_a_bundle_that_says_what_it_is(place: Path) -> None:
    packed = bundle.load(place / "tiny.onnx").manifest
    assert packed.characters == "ABC"
    assert packed.main_source == "one"
    assert set(packed.risk.sources) == {"two"}
    assert len(packed.risk) == 60
    assert sum(packed.counts["one"].values()) + packed.figures["read"]["one"]["flat"]["count"] == 90
    assert packed.figures["parity"] < 1e-4
    assert packed.figures["read"]["two"]["left_out"] is True


def test_the_card_names_sources_and_failures(place: Path) -> None:
    told = (place / "tiny.md").read_text()
    assert "| two (left out) | 60 |" in told
    assert "fails on" in told


def test_a_network_in_whole_numbers_says_so_and_how_it_differs(place: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(place / "runs" / "tiny", tmp_path / "tiny"))
    recipe = Run(folder).recipe.changed({"export.bits": 8})
    (folder / "recipe.toml").write_text(write(recipe), encoding="utf-8")
    packed = pack(Run(folder), [], tmp_path / "small.onnx").manifest
    told = packed.figures["eight_bits"]
    assert told["pictures"] > 0
    assert 0.95 <= told["agreement"] <= 1.0
    assert 0.0 < told["largest"] < 0.5
    assert f"{100 * told['agreement']:.2f} %" in card(packed)
    assert "7 bits wide" in card(packed)
    assert "eight_bits" not in bundle.load(place / "tiny.onnx").manifest.figures


def test_a_second_call_does_nothing_again(place: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (place / "runs").rglob("*") if path.is_file()}
    assert main([*arguments(place), "--threads", "1"]) == 0
    assert {path: path.stat().st_mtime_ns for path in (place / "runs").rglob("*") if path.is_file()} == before


def test_renderings_keep_the_plain_picture_first(place: Path) -> None:
    file = next((place / "runs" / "pools").glob("one-*.npy"))
    told = json.loads(file.with_suffix(".json").read_text())
    renderings = np.load(file)
    assert renderings.shape == (2, 90, 28, 28)
    assert told["source"] == "one"
    plain = load(place / "data" / "one", alphabet=alphabet("ABC"), preparation=None).prepared(Preparation())
    assert np.array_equal(renderings[0], plain.pictures)
    assert (renderings[0] != renderings[1]).any(axis=(1, 2)).mean() > 0.5


def test_the_run_that_left_a_source_out_says_so_and_has_read_it(place: Path) -> None:
    run = Run(place / "runs" / "tiny-without-two")
    assert list(run.provenance["without"]) == ["two"]
    assert "two" not in run.provenance["pools"]
    answers = run.left_out()
    assert answers is not None
    assert len(answers.targets) == 60


def test_a_source_that_was_left_out_is_read_where_that_was_cut_short(place: Path) -> None:
    file = place / "runs" / "tiny-without-two" / "left-out.npz"
    before = Answers.load(file).logits
    file.unlink()
    assert main(["fit", *arguments(place), "--threads", "1"]) == 0
    assert np.array_equal(Answers.load(file).logits, before)


def test_the_last_training_goes_on_from_the_first_one(place: Path) -> None:
    first, last = Run(place / "runs" / "tiny-without-two"), Run(place / "runs" / "tiny")
    assert last.provenance["started_from"]["provenance"]["pools"] == first.provenance["pools"]
    assert last.recipe.training.rate == last.recipe.finish.rate
    held = {name: run.validation().targets[run.validation().sources == "one"] for name, run in (("first", first), ("last", last))}
    assert np.array_equal(held["first"], held["last"]), "what validated before must not be trained on later"


def test_what_cannot_be_done_is_told_in_one_line(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments(place), "--set", "training.epoch=3"]) == 2
    assert capsys.readouterr().err.startswith("error: the recipe has no value training.epoch\n")
    assert main([*arguments(place), "--set", "training.epochs=3", "--threads", "1"]) == 2
    assert "a run of another recipe" in capsys.readouterr().err


def _group(name: str, logits: np.ndarray, labels: np.ndarray) -> Group:
    targets = np.eye(logits.shape[1], dtype=bool)[labels]
    return Group(name, Answers(logits.astype(np.float32), targets, np.full(len(labels), name)), np.zeros(logits.shape[1]))


def test_the_shared_temperature_undoes_exaggeration_and_small_groups_count_as_much_as_large_ones() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (6000, 4))
    labels = np.array([rng.choice(4, p=np.exp(row) / np.exp(row).sum()) for row in logits])
    assert shared_temperature([_group("one", logits * 3, labels)]) == pytest.approx(3.0, rel=0.1)
    both = shared_temperature([_group("one", logits[:5000] * 3, labels[:5000]), _group("two", logits[5000:], labels[5000:])])
    assert 1.2 < both < 2.8


def test_the_case_weight_keeps_a_bar_from_becoming_an_l() -> None:
    """A bar is 1, I or l alike; with all small letters counted in full it would be told as L."""
    logits = np.full((20, 62), -9.0)
    for character in "1I":
        logits[:, BYCLASS.index(character)] = 2.0
    logits[:, BYCLASS.index("l")] = 2.1
    assert best_case_weight([_group("bars", logits, np.full(20, BYCLASS.index("I")))], BYCLASS, 1.0) < 0.9


def test_risk_data_are_shared_out_between_sources_and_hold_only_certain_characters() -> None:
    logits = np.zeros((3000, 4))
    one, two = (_group(name, logits, np.arange(3000) % 4) for name in ("one", "two"))
    two.answers.targets[:1500, :2] = True
    risk = risk_data([one, two], seed=1)
    assert risk.sources.count("one") == 2000
    assert risk.sources.count("two") == 1500 + 0
