"""Graphs in TOML: branches and skips compute what they say, and every fault names its node."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from inkread.errors import UsageError
from inkread.networks import build

torch = pytest.importorskip("torch")

SKIP = """
output = "end"
[[nodes]]
name = "end"                       # the order of the tables does not matter
from = ["short", "long"]
merge = "add"
layer = "pool"
[[nodes]]
name = "short"
from = "input"
layer = "convolution"
filters = 4
activation = "none"
[[nodes]]
name = "long"
from = "short"
layer = "convolution"
filters = 4
kernel = 1
"""


def test_a_skip_in_toml_is_the_sum_of_both_ways() -> None:
    network = build("graph", 3, **tomllib.loads(SKIP)).eval()
    short, long = network.made["node_short"][0], network.made["node_long"][0]
    picture = torch.rand(2, 28, 28)
    beside = short(picture.unsqueeze(1))
    by_hand = torch.nn.functional.max_pool2d(beside + long(beside).relu(), 2).flatten(1)
    logits, features = network(picture)
    assert torch.allclose(features, by_hand, atol=1e-6)
    assert torch.allclose(logits, network.classify(by_hand), atol=1e-6)


def node(name: str, source: Any = "input", **keys: Any) -> dict[str, Any]:
    return {"name": name, "from": source, **keys}


FAULTS = {
    "a cycle": ([node("a", "b"), node("b", "a")], "nodes go round in a circle: a -> b -> a"),
    "a node of itself": ([node("a", "a")], "nodes go round in a circle: a -> a"),
    "an unknown source": ([node("a", "imput")], "the node a comes from a node that is not there: imput"),
    "no source": ([{"name": "a", "layer": "pool"}], "the node a comes from nowhere: ''"),
    "no name": ([{"from": "input"}], "node 1 has no name: ''"),
    "a name that is none": ([node("a.b")], "node 1 has no name: 'a.b'"),
    "one name twice": ([node("a"), node("a")], "two nodes have one name: a"),
    "the picture's name": ([node("input")], "two nodes have one name: input"),
    "an unknown layer": ([node("a", layer="convolutoin")], "the node a has an unknown layer: convolutoin"),
    "an unknown setting": ([node("a", layer="convolution", filter=3)], "the node a has no setting: filter"),
    "a setting that lacks": ([node("a", layer="dense")], "the node a needs a value for: width"),
    "a value that cannot be": ([node("a", layer="convolution", filters=0)], "the node a cannot have filters: 0"),
    "maps into a dense layer": ([node("a", layer="dense", width=3)], "the node a needs a vector and gets maps: 1 of 28x28"),
    "a vector into a convolution": (
        [node("a", layer="flatten"), node("b", "a", layer="convolution", filters=2)],
        "the node b needs maps and gets a vector: 784",
    ),
    "shapes that do not add": (
        [node("a", layer="pool"), node("b", ["input", "a"], merge="add")],
        "the node b cannot add what comes in: input 1 of 28x28, a 1 of 14x14",
    ),
    "maps beside a vector": (
        [node("a", layer="flatten"), node("b", ["input", "a"], merge="concat")],
        "the node b cannot concat what comes in: input 1 of 28x28, a 784",
    ),
    "no merge": ([node("a"), node("b", ["input", "a"])], "the node b must say how 2 inputs are merged: ''"),
    "a map that shrinks to nothing": (
        [node("a", layer="pool", size=20), node("b", "a", layer="pool")],
        "the map shrinks to nothing at the node b",
    ),
    "a dead end": ([node("a", layer="flatten"), node("b", layer="pool")], "nodes lead nowhere: a"),
    "no table": (["a"], "the network graph cannot have nodes: ['a']"),
    "no nodes": ([], "a graph needs nodes: none"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_graph_is_refused_with_the_node_at_fault(fault: str) -> None:
    nodes, sentence = FAULTS[fault]
    with pytest.raises(UsageError) as caught:
        build("graph", 3, nodes=nodes)
    assert str(caught.value).startswith(sentence)


def test_a_graph_has_inputs_beside_the_picture() -> None:
    nodes = [
        node("whole", "input-places", layer="pool", kind="average"),
        node("both", ["input-half", "whole"], merge="concat", layer="flatten"),
    ]
    network, picture = build("graph", 3, nodes=nodes).eval(), torch.rand(2, 28, 28)
    half, across, down = network(picture)[1].view(2, 3, 14, 14).unbind(1)
    assert torch.allclose(half, picture.view(2, 14, 2, 14, 2).mean(dim=(2, 4)), atol=1e-6)
    assert torch.allclose(across[0, 0], torch.linspace(-1, 1, 28).view(14, 2).mean(dim=1), atol=1e-6)
    assert torch.allclose(across, down.transpose(1, 2), atol=1e-6)


def test_an_output_that_is_not_there_is_met_with_its_neighbour() -> None:
    with pytest.raises(UsageError) as caught:
        build("graph", 3, nodes=[node("first", layer="pool")], output="frist")
    assert (str(caught.value), caught.value.hint) == ("the output is a node that is not there: frist", "did you mean `first`?")
