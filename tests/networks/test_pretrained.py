"""Networks of torchvision and timm as readers of ink: what is frozen stays, one channel computes what three do, unknown names are met."""

from __future__ import annotations

import sys

import pytest

from inkread.errors import MissingExtra, UsageError
from inkread.networks import build, size

torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")
pytest.importorskip("timm")

TINY = {"library": "timm", "model": "test_resnet", "side": 32}


def pictures(count: int = 4) -> torch.Tensor:
    return torch.randint(0, 256, (count, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(count))


def trained(network: torch.nn.Module) -> set[str]:
    return {name for name, each in network.named_parameters() if each.requires_grad}


def test_with_a_frozen_body_only_the_last_layer_learns_and_the_norms_keep_their_statistics() -> None:
    network = build("pretrained", 3, **TINY, train="head").train()
    before = {name: value.clone() for name, value in network.body.state_dict().items()}
    network(pictures())[0].sum().backward()
    assert trained(network) == {"classify.weight", "classify.bias"}
    assert network.training
    assert network.classify.training
    assert not any(each.training for each in network.body.modules())
    assert all(torch.equal(value, before[name]) for name, value in network.body.state_dict().items())


def test_of_the_last_stage_the_norms_follow_the_pictures_and_of_the_others_they_do_not() -> None:
    network = build("pretrained", 3, **TINY, train="last").train()
    before = {name: value.clone() for name, value in network.body.state_dict().items()}
    network(pictures())
    changed = {name for name, value in network.body.state_dict().items() if not torch.equal(value, before[name])}
    assert {name.split(".")[0] for name in changed} == {"layer4"}
    assert {name.split(".")[1] for name in trained(network) if name.startswith("body.")} == {"layer4"}


@pytest.mark.parametrize(
    ("library", "model", "last"),
    [
        ("torchvision", "squeezenet1_1", {f"features.{at}" for at in (9, 10, 11, 12)}),
        ("torchvision", "resnet18", {"layer4.0", "layer4.1"}),
        ("torchvision", "alexnet", {"features.6", "features.8", "features.10", "classifier.1", "classifier.4"}),
        ("timm", "test_vit", {"blocks.5", "norm"}),
    ],
)
def test_the_last_stage_is_what_computes_on_the_smallest_maps_or_the_last_block(library: str, model: str, last: set[str]) -> None:
    names = trained(build("pretrained", 3, library=library, model=model, train="last")) - {"classify.weight", "classify.bias"}
    parts = [name.removeprefix("body.").split(".") for name in names]
    assert {".".join(each[: 2 if len(each) > 2 else 1]) for each in parts} == last


def test_one_channel_computes_what_the_repeated_one_does() -> None:
    def given(kind: str) -> torch.Tensor:
        torch.manual_seed(3)
        network = build("pretrained", 3, side=32, input=kind).eval()
        assert network.body.features[0].weight.shape[1] == {"repeat": 3, "one-channel": 1}[kind]
        return network(pictures())[1].detach()

    three, one = given("repeat"), given("one-channel")
    assert three.std() > 0.1
    assert torch.allclose(three, one, atol=1e-5 * float(three.abs().max()))


def test_colours_are_scaled_as_the_library_does_it() -> None:
    network = build("pretrained", 3, model="squeezenet1_1")
    assert network.mean.flatten().tolist() == pytest.approx([0.485, 0.456, 0.406])
    assert network.std.flatten().tolist() == pytest.approx([0.229, 0.224, 0.225])
    assert build("pretrained", 3, **TINY).mean.flatten().tolist() == [0.5, 0.5, 0.5]


def test_the_last_layer_and_the_dropout_before_it_are_ours() -> None:
    network = build("pretrained", 7, side=32, dropout=0.25)
    assert size(network).parameters == 722_496 + 512 * 7 + 7
    assert [each.p for each in network.modules() if isinstance(each, torch.nn.Dropout)] == [0.25]


@pytest.mark.parametrize(
    ("library", "model", "message", "hint"),
    [
        ("torchvision", "resnet81", "torchvision has no network of this name: resnet81", "`resnet18`"),
        ("timm", "restnet18", "timm has no network of this name: restnet18", "`resnet18`"),
        ("timm", "resnet18.a1_in2k", "timm has no network of this name: resnet18.a1_in2k", "`resnet18.a1_in1k`"),
        ("timm", "hf-hub:somebody/something", "timm has no network of this name: hf-hub:somebody/something", ""),
        ("torchvision", "zzz", "torchvision has no network of this name: zzz", "are known, such as alexnet, convnext_base, convnext_large"),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest(library: str, model: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        build("pretrained", 3, library=library, model=model)
    assert str(caught.value) == message
    assert hint in caught.value.hint


def test_a_side_that_a_network_cannot_take_is_told() -> None:
    with pytest.raises(UsageError, match=r"^inception_v3 cannot take pictures of 32x32 pixels: ") as caught:
        build("pretrained", 3, model="inception_v3", side=32)
    assert caught.value.hint == "--set network.side=224"
    with pytest.raises(UsageError, match=r"^the network pretrained cannot have side: 300$"):
        build("pretrained", 3, side=300)


def test_a_first_layer_that_cannot_be_summed_is_told() -> None:
    with pytest.raises(UsageError, match="cannot be summed over colours: resnetv2_50x1_bit"):
        build("pretrained", 3, library="timm", model="resnetv2_50x1_bit", input="one-channel")


@pytest.mark.parametrize("library", ["torchvision", "timm"])
def test_without_the_library_the_line_that_installs_it_is_told(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra, match=f"{library} is not installed") as caught:
        build("pretrained", 3, library=library)
    assert caught.value.hint == "pip install 'inkread[study]'"
