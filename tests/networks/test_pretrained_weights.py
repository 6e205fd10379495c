"""Weights from outside: put in whole or not at all, their input understood, a file that is none told in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inkread.errors import FetchError, FormatError, InkreadError, RunError, SourceNotFound, UsageError
from inkread.networks import build, library_file, take_weights
from made_weights import squeezenet_arrays, squeezenet_features, squeezenet_file

torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")
pytest.importorskip("timm")

MODELS = {"1.1": "squeezenet1_1", "1.0": "squeezenet1_0"}
SMALL = {"library": "timm", "model": "test_resnet", "side": 32}


@pytest.fixture(scope="module")
def resnet() -> dict[str, torch.Tensor]:
    """A state dict of the small network as its library writes it, with its last layer."""
    import timm

    torch.manual_seed(11)
    state: dict[str, torch.Tensor] = timm.create_model("test_resnet", pretrained=False).state_dict()
    return state


def same(network: torch.nn.Module, state: dict[str, Any]) -> bool:
    return all(torch.equal(value, state[name]) for name, value in network.body.state_dict().items())


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_squeezenet_of_other_names_and_blue_green_red_gives_the_features_that_it_gave(version: str, tmp_path: Path) -> None:
    network = build("pretrained", 5, model=MODELS[version], side=48).eval()
    taken = take_weights(network, squeezenet_file(tmp_path, version))
    assert (taken.tensors, taken.left_out) == (50, ())
    assert "blue, green, red of 0..255 less" in taken.layout
    colours = torch.rand(3, 3, 48, 48, generator=torch.Generator().manual_seed(2))
    arrays = squeezenet_arrays(version)
    scaled = (colours - network.mean) / network.std
    with torch.no_grad():
        blue = 255.0 * colours.flip(1) - torch.tensor({"1.1": (103.939, 116.779, 123.68), "1.0": (104.0, 117.0, 123.0)}[version]).view(
            1, 3, 1, 1
        )
        stem = torch.nn.functional.conv2d(blue, *(torch.from_numpy(arrays[f"conv1.{each}"]) for each in ("weight", "bias")), stride=2)
        assert torch.allclose(network.body.features[0](scaled), stem, atol=1e-5 * float(stem.abs().max()))
        expected = squeezenet_features(arrays, version, colours)
        assert expected.std() > 0.01
        assert torch.allclose(network.body(scaled), expected, atol=1e-4 * float(expected.max()))


def test_one_channel_of_such_a_file_computes_what_three_do(tmp_path: Path) -> None:
    file, pictures = squeezenet_file(tmp_path, "1.1"), torch.randint(0, 256, (3, 28, 28), dtype=torch.uint8)
    features = []
    for kind in ("repeat", "one-channel"):
        network = build("pretrained", 5, side=32, input=kind).eval()
        take_weights(network, file)
        features.append(network(pictures)[1].detach())
    assert torch.allclose(*features, atol=1e-4 * float(features[0].max()))


def test_a_layout_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^the file holds SqueezeNet 1.1 under Caffe's names, the network is squeezenet1_0: ") as caught:
        take_weights(build("pretrained", 5, model="squeezenet1_0"), squeezenet_file(tmp_path, "1.1"))
    assert caught.value.hint == "--set network.model=squeezenet1_1"
    arrays = squeezenet_arrays("1.1")
    arrays["conv1.weight"] = np.zeros((64, 3, 5, 5), np.float32)  # whose input nobody has described
    np.savez(tmp_path / "other.npz", **arrays)
    with pytest.raises(RunError, match=r"^these weights are of another network than squeezenet1_1: "):
        take_weights(build("pretrained", 5), tmp_path / "other.npz")


@pytest.mark.parametrize("kind", ["pt", "safetensors", "npz", "wrapped", "parallel"])
def test_a_state_dict_of_any_kind_of_file_is_put_in_but_for_its_last_layer(kind: str, resnet: dict[str, Any], tmp_path: Path) -> None:
    from safetensors.torch import save_file

    file = tmp_path / "weights"
    write: dict[str, Callable[[], object]] = {
        "pt": lambda: torch.save(resnet, file),
        "safetensors": lambda: save_file(resnet, file),
        "npz": lambda: np.savez(file.open("wb"), **{name: value.numpy() for name, value in resnet.items()}),
        "wrapped": lambda: torch.save({"epoch": 3, "state_dict": resnet}, file),
        "parallel": lambda: torch.save({f"module.{name}": value for name, value in resnet.items()}, file),
    }
    write[kind]()
    network = build("pretrained", 5, **SMALL)
    fresh = network.classify.weight.clone()
    taken = take_weights(network, file)
    assert same(network, resnet)
    assert torch.equal(network.classify.weight, fresh)
    assert taken.left_out == ("fc.bias", "fc.weight")
    assert taken.layout == "names as timm has them, for red, green, blue with mean 0.5, 0.5, 0.5 and deviation 0.5, 0.5, 0.5"


def test_counters_that_old_files_lack_are_not_asked_for(resnet: dict[str, Any], tmp_path: Path) -> None:
    torch.save({name: value for name, value in resnet.items() if "num_batches" not in name}, tmp_path / "old.pth")
    network = build("pretrained", 5, **SMALL)
    take_weights(network, tmp_path / "old.pth")
    assert same(network, resnet)


def test_a_vision_transformer_of_another_side_is_brought_to_this_one_by_timm(tmp_path: Path) -> None:
    import timm

    torch.save(timm.create_model("test_vit", pretrained=False).state_dict(), tmp_path / "vit.pth")  # of 160 pixels
    taken = take_weights(build("pretrained", 5, library="timm", model="test_vit", side=64), tmp_path / "vit.pth")
    assert taken.layout.endswith("brought to today's names by timm")


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "lacks": (
        lambda state: {name: value for name, value in state.items() if "bn1" not in name},
        "lacking: bn1.weight, bn1.bias, bn1.running_mean and ",
    ),
    "another shape": (
        lambda state: state | {"conv1.0.weight": torch.zeros(7, 3, 3, 3)},
        "other shapes: conv1.0.weight is (7, 3, 3, 3), not (16, 3, 3, 3)",
    ),
    "unknown": (lambda state: state | {"layer9.weight": torch.zeros(2)}, "unknown: layer9.weight"),
    "whole numbers": (lambda state: state | {"bn1.bias": torch.zeros_like(state["bn1.bias"], dtype=torch.int8)}, "whole numbers: bn1.bias"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_does_not_fit_is_told_and_nothing_is_put_in(name: str, resnet: dict[str, Any], tmp_path: Path) -> None:
    change, hint = CHANGES[name]
    torch.save(change(dict(resnet)), tmp_path / "x.pth")
    network = build("pretrained", 5, **SMALL)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    with pytest.raises(RunError, match=r"^these weights are of another network than test_resnet: ") as caught:
        take_weights(network, tmp_path / "x.pth")
    assert caught.value.hint.startswith(hint)
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())


def test_what_is_no_file_of_weights_is_told(resnet: dict[str, Any], tmp_path: Path) -> None:
    network = build("pretrained", 5, **SMALL)
    torch.save(torch.nn.Linear(2, 2), tmp_path / "whole-network.pth")  # pickled code, which is never loaded
    np.savez(tmp_path / "objects.npz", x=np.array([{}], dtype=object))
    (tmp_path / "page.pth").write_text("<!DOCTYPE html><title>404</title>")
    (tmp_path / "empty.pth").touch()
    torch.save({"epoch": 3}, tmp_path / "none.pth")
    torch.save(resnet | {"bn1.bias": torch.full((32,), torch.nan)}, tmp_path / "nan.pth")
    for file, kind, message in (
        ("whole-network.pth", FormatError, "this is no file of weights alone: "),
        ("objects.npz", FormatError, "this is no file of weights alone: "),
        ("page.pth", FormatError, "this is no file of weights alone: "),
        ("empty.pth", FormatError, "this is no file of weights alone: "),
        ("none.pth", FormatError, "no weights in the file: "),
        ("nan.pth", FormatError, "the weights hold what is no number: bn1.bias in "),
        ("nothing.pth", SourceNotFound, "no file of weights: "),
    ):
        with pytest.raises(InkreadError, match=rf"^{message}") as caught:
            take_weights(network, tmp_path / file)
        assert type(caught.value) is kind
    with pytest.raises(UsageError, match=r"^only the network pretrained takes weights from outside: mlp$"):
        take_weights(build("mlp", 5), tmp_path / "none.pth")


def test_the_librarys_own_file_is_taken_from_its_cache_and_else_told_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    network = build("pretrained", 5, side=32)
    with pytest.raises(
        FetchError, match=r"^the weights of squeezenet1_1 are not here and cannot be fetched: squeezenet1_1-b8a52dc0\.pth"
    ) as caught:
        library_file(network)
    assert caught.value.hint.startswith("bring squeezenet1_1-b8a52dc0.pth of ")
    assert caught.value.hint.endswith("from a machine with internet: --weights FILE")
    there = tmp_path / "checkpoints" / "squeezenet1_1-b8a52dc0.pth"
    there.touch()
    assert library_file(network)[0] == there


def test_of_timm_the_file_is_its_hubs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub

    def absent(repository: str, name: str) -> str:
        raise ConnectionError(f"{repository} {name}")

    network = build("pretrained", 5, **SMALL)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", absent)
    with pytest.raises(FetchError, match=r"^the weights of test_resnet are not here and cannot be fetched: model\.safetensors") as caught:
        library_file(network)
    assert caught.value.hint.startswith("bring model.safetensors of timm/test_resnet")
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", lambda repository, name: str(tmp_path / name))
    assert library_file(network) == (tmp_path / "model.safetensors", "timm/test_resnet.r160_in1k/model.safetensors")
