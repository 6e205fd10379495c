"""What holds for every network: it trains in bfloat16, survives a copy, travels as ONNX, and its features are what is classified."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from inkread.errors import UsageError
from inkread.networks import build, names, settings_of, size

torch = pytest.importorskip("torch")

DIAMOND = [
    {"name": "a", "from": "input", "layer": "convolution", "filters": 4, "stride": 2, "norm": "group", "groups": 2},
    {"name": "b", "from": "a", "layer": "convolution", "filters": 4, "kernel": 1, "activation": "none"},
    {"name": "both", "from": ["a", "b"], "merge": "add", "layer": "activation", "kind": "silu"},
    {"name": "wide", "from": ["both", "a"], "merge": "concat", "layer": "pool", "kind": "average", "size": 2},
    {"name": "mean", "from": "wide", "layer": "average"},
    {"name": "all", "from": "wide", "layer": "flatten"},
    {"name": "end", "from": ["mean", "all"], "merge": "concat", "layer": "dense", "width": 6, "norm": "batch"},
]
TINY: list[tuple[str, dict[str, Any]]] = [
    ("linear", {"initialisation": "normal-0.05"}),
    ("mlp", {"width": [12, 8], "activation": ["gelu", "tanh"], "norm": "group", "groups": 4, "dropout": 0.2}),
    ("mlp", {"layers": 2, "width": 8, "norm": "layer", "activation": "elu"}),
    ("cnn", {"filters": [4, 6], "kernel": [5, 2], "stride": [2, 1], "norm": "batch", "dense": [8], "dense_norm": "batch"}),
    ("cnn", {"filters": [4, 8], "norm": "group", "groups": 4, "pooling": "average", "head": "average"}),
    ("cnn", {"layers": 3, "filters": 4, "kernel": 4, "stride": 2, "norm": "layer", "pooling": "none", "dense": [6], "dense_norm": "layer"}),
    ("vgg5", {"width": 4, "dense": 8}),
    ("spinalnet", {"width": 4, "spine": 6}),
    ("wavemix", {"width": 8, "depth": 2}),
    ("resnet", {"widths": [4, 6], "blocks": 2}),
    ("residual", {"stem": 4, "stem_stride": 2, "widths": [4, 6], "depths": [1, 1], "features": 8}),
    ("graph", {"nodes": DIAMOND}),
    ("ink-s", {}),
    ("ink-m", {"stem": 8, "widths": [8, 12], "depths": [1, 2], "features": 10}),
    ("ink-l", {"stem": 8, "widths": [8, 12], "depths": [2, 1], "features": 10}),
    ("pretrained", {"library": "timm", "model": "test_resnet", "side": 32}),
    ("pretrained", {"library": "timm", "model": "test_resnet", "side": 32, "train": "last", "input": "one-channel", "dropout": 0.1}),
    ("pretrained", {"side": 28, "train": "head"}),
]
each_network = pytest.mark.parametrize(("name", "settings"), TINY, ids=lambda value: value if isinstance(value, str) else "")


def pictures(number: int) -> Any:
    return torch.from_numpy(np.random.default_rng(number).integers(0, 256, (number, 28, 28), dtype=np.uint8))


def shapes() -> Any:
    """A line across, a line down and a block, each at four places."""
    drawn = torch.zeros(12, 28, 28, dtype=torch.uint8)
    for at, (left, top) in enumerate([(4, 4), (12, 6), (5, 12), (14, 14)]):
        drawn[3 * at, top : top + 2, left : left + 10] = 255
        drawn[3 * at + 1, top : top + 10, left : left + 2] = 255
        drawn[3 * at + 2, top : top + 8, left : left + 8] = 255
    return drawn


def test_every_name_is_among_the_tiny_ones() -> None:
    assert {name for name, _ in TINY} == set(names())


@each_network
def test_it_trains_in_bfloat16_and_channels_last_and_tells_lines_from_blocks(name: str, settings: Mapping[str, object]) -> None:
    torch.manual_seed(3)
    network = build(name, 3, **settings).to(memory_format=torch.channels_last)
    seen, labels = shapes(), torch.arange(12) % 3
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    losses = []
    for _ in range(20):
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(seen)[0]
        losses.append(torch.nn.functional.cross_entropy(logits.float(), labels))
        optimizer.zero_grad()
        losses[-1].backward()
        assert all((each.grad is not None) == each.requires_grad for each in network.parameters()), "a parameter that no picture reaches"
        optimizer.step()
    assert min(losses) < 0.8 * losses[0]


@each_network
def test_a_copy_answers_alike_and_its_features_are_what_is_classified(name: str, settings: Mapping[str, object]) -> None:
    network = build(name, 5, **settings).eval()
    logits, features = network(pictures(3))
    assert logits.shape == (3, 5)
    assert torch.allclose(network.classify(features), logits, atol=1e-5)
    assert torch.equal(copy.deepcopy(network)(pictures(3))[0], logits)
    assert torch.allclose(network(pictures(3).float() / 255.0)[0], logits, atol=1e-5)


@each_network
def test_it_travels_as_onnx(name: str, settings: Mapping[str, object]) -> None:
    pytest.importorskip("onnx")
    from inkread.training import export

    torch.manual_seed(1)
    network = build(name, 4, **settings)
    for _ in range(3):
        network(pictures(6))  # running means of batch norms
    exported = export(network, pictures(7).numpy())
    assert exported.parity <= 1e-4


@each_network
def test_its_settings_are_all_explained_and_rebuild_it(name: str, settings: Mapping[str, object]) -> None:
    known = settings_of(name)
    assert all(each.allowed and "code" not in each.allowed for each in known.values())
    full = {key: each.default for key, each in known.items()} | dict(settings)
    assert size(build(name, 4, **full)) == size(build(name, 4, **settings))
    with pytest.raises(UsageError, match=f"the network {name} has no setting: colour"):
        build(name, 4, colour="red")
