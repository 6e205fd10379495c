"""Runs that answer together: what they hold back, their mean as a predictor, as one module and as one bundle."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner, Result

from inkread.alphabet import alphabet
from inkread.bundle import load
from inkread.cli import main
from inkread.cli.subjects import subject
from inkread.cli.together import members
from inkread.errors import AlphabetError, RunError, UsageError
from inkread.evaluation import Predictor, softmax
from inkread.preparation import Preparation
from inkread.reading import Reader, teach
from inkread.training import Answers, Circumstances, Ensemble, Run, Viewed, card, fit, logits_of, pack, temperature_of
from tiny_training import shape_pool, shapes, tiny_recipe

ONE_THREAD = Circumstances(threads=1)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, ...]:
    """Two seeds of one recipe, and one that is hardly trained."""
    place, pools = tmp_path_factory.mktemp("runs"), [shape_pool("one"), shape_pool("two", 60, 1, (0, 2))]
    recipes = [tiny_recipe(epochs=5), tiny_recipe(epochs=5).changed({"seed": 2}), tiny_recipe(epochs=1, rate=1e-6).changed({"seed": 3})]
    return tuple(fit(each, pools, place / f"seed{each.seed}", ONE_THREAD) for each in recipes)


def inkread(*words: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in words])


def test_runs_of_several_seeds_hold_back_the_same_pictures(runs: tuple[Run, ...]) -> None:
    first, second, _ = runs
    assert np.array_equal(first.sample().pictures, second.sample().pictures)
    assert first.provenance["initial_weights"] != second.provenance["initial_weights"]


def test_an_ensemble_answers_with_the_mean_of_calibrated_probabilities(runs: tuple[Run, ...]) -> None:
    ensemble, pictures = Ensemble(runs[:2]), shapes(7, 5)[0]
    assert isinstance(ensemble, Predictor)
    each = [softmax(logits_of(run.network(), pictures) / temperature_of(run)) for run in runs[:2]]
    mean = np.log(np.mean(each, axis=0))
    assert ensemble.probabilities(pictures) == pytest.approx(softmax(mean / temperature_of(ensemble)), abs=1e-5)
    assert torch.softmax(ensemble.network()(torch.from_numpy(pictures))[0], 1).detach().numpy() == pytest.approx(
        np.mean(each, axis=0), abs=1e-5
    )


def test_a_greedy_choice_leaves_out_who_learnt_nothing(runs: tuple[Run, ...]) -> None:
    chosen = Ensemble.greedy(runs)
    assert chosen.weights[2] == 0
    assert sum(chosen.weights) > 0
    assert len(chosen.network().members) == sum(each > 0 for each in chosen.weights)
    assert chosen.metrics["scores"]["one"]["loss"] <= Ensemble(runs).metrics["scores"]["one"]["loss"]


@pytest.mark.parametrize("bits", [32, 8])
def test_an_ensemble_is_exported_as_one_file(runs: tuple[Run, ...], tmp_path: Path, bits: int) -> None:
    ensemble = Ensemble(runs[:2], (2, 1))
    packed = pack(ensemble, [], tmp_path / "both.onnx", bits).manifest
    assert packed.figures["parity"] < 1e-4
    assert packed.figures["parameters"] == 2 * runs[0].metrics["parameters"]
    assert [each["weight"] for each in packed.figures["members"]] == [2, 1]
    assert "2 networks whose probabilities are averaged" in card(packed)
    pictures = shapes(20, 5)[0]
    answers, expected = Reader(tmp_path / "both.onnx", alphabet=alphabet("ABC")).probabilities(pictures), ensemble.probabilities(pictures)
    if bits == 32:
        assert answers == pytest.approx(expected, abs=1e-4)
    assert (answers.argmax(axis=1) == expected.argmax(axis=1)).all()


def test_in_whole_numbers_every_last_layer_stays_as_it_is(runs: tuple[Run, ...], tmp_path: Path) -> None:
    import onnx

    pack(Ensemble(runs[:2]), [], tmp_path / "both.onnx", 8)
    nodes = onnx.load_from_string(load(tmp_path / "both.onnx").model).graph.node
    made_by = {name: node for node in nodes for name in node.output}
    last = [made_by[node.input[0]] for node in nodes if node.op_type in ("Div", "LogSoftmax")]
    assert {node.op_type for node in last} <= {"Div", "Gemm"}
    read_by = {name: node.op_type for node in nodes for name in node.input}
    assert "QuantizeLinear" not in {read_by.get(name) for node in nodes if node.op_type in ("Gemm", "LogSoftmax") for name in node.output}


def test_an_exported_ensemble_can_be_taught(runs: tuple[Run, ...], tmp_path: Path) -> None:
    pack(Ensemble(runs[:2]), [], tmp_path / "both.onnx")
    pictures, labels = shapes(40, 6)
    taught = teach(tmp_path / "both.onnx", list(pictures), ["XYZ"[each] for each in labels])
    assert taught.new == "".join(dict.fromkeys("XYZ"[each] for each in labels))
    assert taught.after is not None
    assert taught.after.accuracy > 0.8


def test_who_cannot_answer_together_is_told(runs: tuple[Run, ...], tmp_path: Path) -> None:
    other = fit(tiny_recipe(epochs=1).changed({"alphabet": "ABD"}).without("two"), [shape_pool("one")], tmp_path / "d", ONE_THREAD)
    with pytest.raises(AlphabetError, match=r"different characters cannot answer together: .* reads ABC, .* ABD"):
        Ensemble((runs[0], other))
    changed = tiny_recipe(epochs=1).changed({"preparation.ink": Preparation().ink - 2}).without("two")
    prepared = fit(changed, [shape_pool("one")], tmp_path / "p", ONE_THREAD)
    with pytest.raises(RunError, match="prepared differently cannot answer together"):
        Ensemble((runs[0], prepared))
    split = fit(tiny_recipe(epochs=1, split=2).without("two"), [shape_pool("one")], tmp_path / "s", ONE_THREAD)
    with pytest.raises(RunError, match="the runs held back different pictures") as caught:
        Ensemble((runs[0], split)).validation()
    assert "training.split" in caught.value.hint


def test_a_plus_joins_models_and_a_path_that_is_there_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "a+b", "c+d"):
        (tmp_path / name).mkdir()
    assert members("a+b") == ["a+b"]
    assert members("b+a") == ["b", "a"]
    assert members("b+c+d+nowhere") == ["b", "c+d", "nowhere"]
    with pytest.raises(UsageError, match="a model is missing beside a"):
        members("a++b")


@pytest.fixture
def shapes_test_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    pictures, labels = shapes(60, 9)
    letters = np.array([ord(each) - ord("A") + 10 for each in "ABC"])[labels]
    np.savez("shapes-test.npz", testing_images=pictures.transpose(0, 2, 1), testing_labels=letters)
    return tmp_path / "shapes-test.npz"


def test_models_joined_are_evaluated_as_one(runs: tuple[Run, ...], shapes_test_part: Path, tmp_path: Path) -> None:
    both = "+".join(str(run.folder) for run in runs[:2])
    told = json.loads(inkread("evaluate", both, "--data", shapes_test_part, "--json").stdout)
    assert told["model"]["kind"] == "ensemble"
    assert told["model"]["name"] == "seed1+seed2"
    assert told["model"]["parameters"] == 2 * runs[0].metrics["parameters"]
    assert told["calibration"]["temperature"] == pytest.approx(temperature_of(Ensemble(runs[:2])), rel=1e-4)
    three = "+".join(str(run.folder) for run in runs)
    done = inkread("evaluate", three, "--data", shapes_test_part, "--greedy")
    assert done.exit_code == 0, done.output
    assert "chosen greedily: seed1" in done.stderr
    assert "seed3 0" in done.stderr
    exported = inkread("export", both, tmp_path / "both.onnx", "--json")
    assert [each["name"] for each in json.loads(exported.stdout)["members"]] == ["seed1", "seed2"]
    mixed = f"{runs[0].folder}+{tmp_path / 'both.onnx'}"
    assert json.loads(inkread("evaluate", mixed, "--data", shapes_test_part, "--json").stdout)["model"]["prior"] == "flat"
    compared = json.loads(inkread("compare", runs[0].folder, both, "--data", shapes_test_part, "--json").stdout)
    assert {each["model"]["name"] for each in compared["models"]} == {"seed1", "seed1+seed2"}


def test_joined_runs_count_letters_for_their_other_case_as_their_bundle_does(
    runs: tuple[Run, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case weight is the mean's own, also where the first run does not count, and each run's answers are opened once."""
    opened: list[Path] = []
    load_answers = Answers.load
    monkeypatch.setattr(Answers, "load", lambda file: opened.append(file) or load_answers(file))
    by_answers = lambda groups, told, temperature: round(float(np.abs(groups[0].answers.logits).mean()) % 1, 6)  # noqa: E731
    monkeypatch.setattr(sys.modules["inkread.training.pack"], "best_case_weight", by_answers)
    joined = subject("+".join(str(run.folder) for run in runs[:2]))
    assert len(opened) == 2
    assert joined.case_weight == pack(Ensemble(runs[:2]), [], tmp_path / "both.onnx").manifest.case_weight
    assert joined.case_weight != subject(str(runs[0].folder)).case_weight


def test_of_joined_models_the_most_views_are_told_and_that_they_differ(runs: tuple[Run, ...], tmp_path: Path) -> None:
    pack(Viewed(runs[0]), [], tmp_path / "views.onnx")
    for parts in ((runs[1].folder, tmp_path / "views.onnx"), (tmp_path / "views.onnx", runs[1].folder)):
        joined = subject("+".join(map(str, parts)))
        assert joined.views == 9
        assert "views of each picture: " in joined.remark
        assert "seed2 1" in joined.remark


def test_what_cannot_be_joined_is_one_sentence(runs: tuple[Run, ...], shapes_test_part: Path, tmp_path: Path) -> None:
    one = runs[0].folder
    np.save(tmp_path / "answers.npy", np.zeros(60, np.int64))
    unfinished = tmp_path / "begun"
    unfinished.mkdir()
    (unfinished / "recipe.toml").write_text("name = 'x'\n")
    for words, sentence in (
        (("evaluate", f"{one}+{tmp_path / 'answers.npy'}"), "predictions cannot answer together with other models"),
        (("evaluate", f"{one}+{unfinished}"), "this is no finished run, it lacks metrics.json"),
        (("evaluate", f"{one}+nowhere"), "neither a run, a bundle nor predictions: nowhere"),
        (("evaluate", str(one), "--greedy"), "a greedy choice is among several models"),
    ):
        done = inkread(*words, "--data", shapes_test_part)
        assert done.exit_code == 2, done.output
        assert sentence in done.stderr
    done = inkread("export", f"{one}+{tmp_path / 'answers.npy'}", tmp_path / "x.onnx")
    assert "this is no run's folder" in done.stderr
