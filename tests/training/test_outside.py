"""A run that begins with weights from outside: it says which, keeps what is frozen, and needs their file once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result

from inkread.cli import main
from inkread.datasets import file_digest
from inkread.errors import RunError, UsageError
from inkread.recipes import NetworkUse, Recipe
from inkread.training import Circumstances, Pool, Run, card, fit, pack, run_in
from inkread.training.history import History
from made_weights import squeezenet_arrays, squeezenet_file
from tiny_training import shape_folder, shape_pool, tiny_recipe

pytest.importorskip("torchvision")


def frozen(**training: object) -> Recipe:
    """A recipe that trains the last layer of SqueezeNet on the smallest pictures it takes."""
    recipe = tiny_recipe(**{"epochs": 2, "rate": 0.002} | training).without("two")
    return replace(recipe, network=NetworkUse("pretrained", {"side": 28, "train": "head"}))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return squeezenet_file(tmp_path_factory.mktemp("weights"), "1.1")


@pytest.fixture(scope="module")
def pools() -> list[Pool]:
    return [shape_pool("one", 60)]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, file: Path, pools: list[Pool]) -> Run:
    there = tmp_path_factory.mktemp("gone") / file.name
    there.write_bytes(file.read_bytes())
    run = fit(frozen(), pools, tmp_path_factory.mktemp("runs") / "run", Circumstances(threads=1, weights=str(there)))
    there.unlink()
    return run


def test_the_run_says_which_weights_it_began_with_and_its_bundle_too(finished: Run, file: Path, tmp_path: Path) -> None:
    told = finished.provenance["weights_from"]
    assert told["sha256"] == file_digest(file)
    assert (told["file"], told["source"], told["tensors"], told["left_out"]) == ("squeezenet-1.1.npz", "file", 50, [])
    assert told["layout"].startswith("SqueezeNet 1.1 under Caffe's names, for blue, green, red of 0..255 less ")
    assert finished.learnt_from["weights squeezenet-1.1.npz"] == told["sha256"]
    manifest = pack(finished, [], tmp_path / "reader.onnx", bits=8).manifest
    assert f"weights `squeezenet-1.1.npz` ({told['sha256'][:16]})" in card(manifest)
    assert manifest.figures["parity"] <= 1e-4
    assert manifest.figures["eight_bits"]["agreement"] >= 0.95
    assert manifest.data["weights squeezenet-1.1.npz"] == told["sha256"]


def test_what_is_frozen_is_at_the_end_what_the_file_held(finished: Run) -> None:
    arrays, network = squeezenet_arrays("1.1"), finished.network()
    assert torch.equal(network.body.features[12].expand3x3.weight, torch.from_numpy(arrays["fire9/expand3x3.weight"]))
    assert torch.equal(network.body.features[3].squeeze.bias, torch.from_numpy(arrays["fire2/squeeze1x1.bias"]))
    assert network.classify.weight.abs().max() > 0


def test_a_killed_run_goes_on_without_the_file_and_with_no_other(
    file: Path, pools: list[Pool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finished: Run
) -> None:
    add = History.add

    def killed(self: History, row: object) -> None:
        add(self, row)  # type: ignore[arg-type]
        if len(self.rows) == 2:
            raise ZeroDivisionError("the machine went off")

    monkeypatch.setattr(History, "add", killed)
    with pytest.raises(ZeroDivisionError):
        fit(frozen(), pools, tmp_path / "run", Circumstances(threads=1, weights=str(file)))
    monkeypatch.setattr(History, "add", add)
    other = squeezenet_arrays("1.1")
    other["conv1.bias"] = other["conv1.bias"] + 1.0
    torch.save({name: torch.from_numpy(value) for name, value in other.items()}, tmp_path / "other.pth")
    with pytest.raises(RunError, match=r"^the run cannot be resumed, its initial weights differ from then$"):
        fit(frozen(), pools, tmp_path / "run", Circumstances(threads=1, resume=True, weights=str(tmp_path / "other.pth")))
    resumed = fit(frozen(), pools, tmp_path / "run", Circumstances(threads=1, resume=True))
    assert resumed.metrics == finished.metrics
    assert resumed.provenance["weights_from"] == finished.provenance["weights_from"]


def test_a_finished_run_is_taken_only_for_one_of_the_same_weights(finished: Run, file: Path, pools: list[Pool], tmp_path: Path) -> None:
    assert run_in(finished.folder, frozen(), pools, Circumstances(weights=str(file))).folder == finished.folder
    assert run_in(finished.folder, frozen(), pools, Circumstances()).folder == finished.folder
    (tmp_path / "other.npz").write_bytes(b"other")
    for weights in (str(tmp_path / "other.npz"), "library"):
        with pytest.raises(RunError, match=r"^the folder holds a run of other --weights: "):
            run_in(finished.folder, frozen(), pools, Circumstances(weights=weights))


def test_a_closed_run_and_one_that_starts_from_another_take_none(finished: Run) -> None:
    with pytest.raises(RunError, match=r"^a closed run takes no weights from outside: x\.pth$"):
        Circumstances(closed=True, weights="x.pth")
    with pytest.raises(UsageError, match=r"^a run starts from one place, not from two: "):
        Circumstances(start=finished.folder, weights="x.pth")


def test_frozen_norms_compare_nothing_and_allow_batches_of_one(pools: list[Pool], tmp_path: Path) -> None:
    pytest.importorskip("timm")
    few = [shape_pool("one", 12)]
    small = {"library": "timm", "model": "test_resnet", "side": 28}
    recipe = replace(frozen(batch=1, epochs=1), network=NetworkUse("pretrained", small | {"train": "head"}))
    run = fit(recipe, few, tmp_path / "run", Circumstances(threads=1))
    assert run.provenance["weights_from"] is None
    with pytest.raises(UsageError, match="batches of one picture"):
        fit(replace(recipe, network=NetworkUse("pretrained", small)), few, tmp_path / "full", Circumstances(threads=1))


def test_the_command_tells_the_checksum_before_it_trains(file: Path, tmp_path: Path) -> None:
    def inkread(*words: object) -> Result:
        return CliRunner().invoke(main, [str(each) for each in words])

    data = shape_folder(tmp_path / "mine")
    quick = ["--out", tmp_path / "runs", "--set", "side=28", "--set", "epochs=1", "--set", "batch=8", "--set", "validation=0.2"]
    done = inkread("train", "transfer", "--data", data, "--weights", file, *quick, "--json")
    assert done.exit_code == 0, done.output
    assert f"weights: squeezenet-1.1.npz, SHA-256 {file_digest(file)}, 50 tensors; SqueezeNet 1.1 under Caffe's names" in done.stderr
    assert json.loads(done.stdout)["runs"][0]["parameters"] == 724_035
    done = inkread("train", "mlp", "--data", data, "--weights", file, *quick[:2])
    assert done.stderr.startswith("error: only the network pretrained takes weights from outside: mlp")
    assert not (tmp_path / "runs" / "mlp-mine").exists()
