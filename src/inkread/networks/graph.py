"""A network described as nodes: branches, skips and merges, what Keras' functional API says in code, said in TOML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import UsageError, nearest
from . import layers as parts
from .layers import INPUT, Activation, Initialisation, Norm, Padding, Shape, ink
from .settings import Count, Share, Side, checked, settings_of


def _convolution(
    shape: Shape,
    where: str,
    *,
    filters: Count,
    kernel: Side = 3,
    stride: Side = 1,
    padding: Padding = "same",
    norm: Norm = "none",
    groups: Count = 8,
    activation: Activation = "relu",
) -> tuple[list[nn.Module], Shape]:
    new, shape = parts.convolution(shape, filters, kernel, stride, padding, where, bias=norm == "none")
    return [*new, *parts.norm(norm, shape, groups, where), *parts.activation(activation)], shape


def _dense(
    shape: Shape, where: str, *, width: Count, norm: Norm = "none", groups: Count = 8, activation: Activation = "relu"
) -> tuple[list[nn.Module], Shape]:
    new, shape = parts.dense(shape, width, where, bias=norm == "none")
    return [*new, *parts.norm(norm, shape, groups, where), *parts.activation(activation)], shape


def _pool(shape: Shape, where: str, *, kind: Literal["max", "average"] = "max", size: Side = 2) -> tuple[list[nn.Module], Shape]:
    return parts.pool(shape, kind, size, where)


def _norm(shape: Shape, where: str, *, kind: Norm = "batch", groups: Count = 8) -> tuple[list[nn.Module], Shape]:
    return parts.norm(kind, shape, groups, where), shape


def _activation(shape: Shape, where: str, *, kind: Activation = "relu") -> tuple[list[nn.Module], Shape]:
    return parts.activation(kind), shape


def _dropout(shape: Shape, where: str, *, share: Share = 0.5) -> tuple[list[nn.Module], Shape]:
    return parts.dropout(share), shape


def _flatten(shape: Shape, where: str) -> tuple[list[nn.Module], Shape]:
    return parts.flat(shape)


def _average(shape: Shape, where: str) -> tuple[list[nn.Module], Shape]:
    return parts.flat(shape, average=True)


def _same(shape: Shape, where: str) -> tuple[list[nn.Module], Shape]:
    return [], shape


LAYERS: dict[str, Callable[..., tuple[list[nn.Module], Shape]]] = {
    "convolution": _convolution,
    "dense": _dense,
    "pool": _pool,
    "norm": _norm,
    "activation": _activation,
    "dropout": _dropout,
    "flatten": _flatten,
    "average": _average,
    "merge": _same,
}
"""What a node's ``layer`` may be; its keyword-only arguments are the node's further keys."""


def _half(maps: Tensor) -> Tensor:
    return F.avg_pool2d(maps, 2)


def _places(maps: Tensor) -> Tensor:
    ramp = torch.linspace(-1.0, 1.0, maps.shape[-1], device=maps.device)
    down, across = (each.expand_as(maps) for each in (ramp.view(1, 1, -1, 1), ramp.view(1, 1, 1, -1)))
    return torch.cat([across, down], dim=1)


INPUTS: dict[str, Callable[[Tensor], Tensor]] = {"input": lambda maps: maps, "input-half": _half, "input-places": _places}
"""What nodes may come from beside other nodes, as a function of the picture (N,1,28,28): itself, the means of its 2x2 squares
(N,1,14,14), and where each pixel lies, two maps of -1..1 from left to right and from top to bottom (Liu et al. 2018)."""


@dataclass(frozen=True)
class Node:
    """A node as described: its inputs, how several are merged, its layer and that layer's settings."""

    name: str
    inputs: tuple[str, ...]
    merge: str
    layer: str
    settings: Mapping[str, Any]


class Graph(nn.Module):
    """Pictures in, logits (N, classes) and what the last node gives as features out.

    ``nodes``: tables in any order, each with ``name``, ``from`` (a name or a row of names: nodes and :data:`INPUTS`),
    ``layer`` (one of :data:`LAYERS`), its settings, and ``merge`` (``add`` or ``concat``) where several come in. The node
    ``output`` (none named: the last of the row) is flattened and classified. ``initialisation`` as elsewhere.

    :class:`UsageError` names the node at fault: unknown or double names, cycles, shapes that do not fit, what leads nowhere.
    """

    def __init__(
        self, classes: int, *, nodes: tuple[dict[str, object], ...], output: str = "", initialisation: Initialisation = "default"
    ) -> None:
        super().__init__()
        described = _described(nodes)
        self.output = output or next(reversed(described))
        self.order = _order(described, self.output)
        self.inputs = {name for each in self.order for name in each.inputs if name in INPUTS}
        shapes: dict[str, Shape] = {name: tuple(make(torch.zeros(1, *INPUT)).shape[1:]) for name, make in INPUTS.items()}
        made: dict[str, nn.Module] = {}
        for each in self.order:
            where = f"the node {each.name}"
            before = _merged([shapes[name] for name in each.inputs], each)
            new, shapes[each.name] = LAYERS[each.layer](before, where, **each.settings)
            made[f"node_{each.name}"] = nn.Sequential(*new)
        self.made = nn.ModuleDict(made)
        vector, (width,) = parts.flat(shapes[self.output])
        self.pool = nn.Sequential(*vector)
        self.classify = nn.Linear(width, classes)
        parts.initialise(self, initialisation)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        maps = ink(pictures)
        given = {name: make(maps) for name, make in INPUTS.items() if name in self.inputs}
        for node, layers in zip(self.order, self.made.values(), strict=True):
            given[node.name] = layers(_merge([given[name] for name in node.inputs], node.merge))
        features = self.pool(given[self.output])
        return self.classify(features), features


def _described(tables: Sequence[Mapping[str, object]]) -> dict[str, Node]:
    if not tables:
        raise UsageError("a graph needs nodes: none")
    nodes: dict[str, Node] = {}
    for at, table in enumerate(tables, 1):
        node = _node(table, at)
        if node.name in nodes or node.name in INPUTS:
            raise UsageError(f"two nodes have one name: {node.name}", f"every node has a name of its own; inputs are {', '.join(INPUTS)}")
        nodes[node.name] = node
    known = (*INPUTS, *nodes)
    for node in nodes.values():
        for name in node.inputs:
            if name not in known:
                raise UsageError(f"the node {node.name} comes from a node that is not there: {name}", nearest(name, known))
    return nodes


def _node(table: Mapping[str, object], at: int) -> Node:
    told = dict(table)
    name, source, layer, merge = (
        told.pop(key, default) for key, default in (("name", ""), ("from", ""), ("layer", "merge"), ("merge", ""))
    )
    if not isinstance(name, str) or not re.fullmatch(r"[\w-]+", name):
        raise UsageError(f"node {at} has no name: {name!r}", "a name is letters, digits, `-` and `_`")
    inputs = (source,) if isinstance(source, str) else tuple(source) if isinstance(source, list | tuple) else ()
    if not all(inputs) or not inputs or not all(isinstance(each, str) for each in inputs):
        raise UsageError(f"the node {name} comes from nowhere: {source!r}", "`from` is the name of a node or of several, or `input`")
    if not isinstance(layer, str) or layer not in LAYERS:
        raise UsageError(f"the node {name} has an unknown layer: {layer}", nearest(str(layer), tuple(LAYERS)))
    if merge not in (("add", "concat") if len(inputs) > 1 else ("", "add", "concat")):
        raise UsageError(f"the node {name} must say how {len(inputs)} inputs are merged: {merge!r}", "`merge` is add or concat")
    known = {key: each for key, each in settings_of(LAYERS[layer]).items() if key not in ("shape", "where")}
    return Node(name, inputs, str(merge), layer, checked(known, told, f"the node {name}"))


def _order(nodes: Mapping[str, Node], output: str) -> tuple[Node, ...]:
    """The nodes so that each stands behind what it comes from."""
    if output not in nodes:
        raise UsageError(f"the output is a node that is not there: {output}", nearest(output, tuple(nodes)))
    try:
        sorted_names = tuple(TopologicalSorter({name: node.inputs for name, node in nodes.items()}).static_order())
    except CycleError as error:
        raise UsageError(
            f"nodes go round in a circle: {' -> '.join(error.args[1])}", "a node cannot come from what comes from it"
        ) from None
    needed = {output}
    for name in reversed(sorted_names):
        if name in needed and name in nodes:
            needed.update(nodes[name].inputs)
    idle = [name for name in nodes if name not in needed]
    if idle:
        raise UsageError(f"nodes lead nowhere: {', '.join(idle)}", f"the output {output} does not come from them")
    return tuple(nodes[name] for name in sorted_names if name in nodes)


def _merged(shapes: Sequence[Shape], node: Node) -> Shape:
    first = shapes[0]
    if len(shapes) == 1:
        return first
    fits = all(each == first for each in shapes) if node.merge == "add" else all(each[1:] == first[1:] for each in shapes)
    if not fits or any(len(each) != len(first) for each in shapes):
        came = ", ".join(f"{name} {parts.told(shape)}" for name, shape in zip(node.inputs, shapes, strict=True))
        wants = "add wants equal shapes" if node.merge == "add" else "concat wants maps of equal sides, or vectors"
        raise UsageError(f"the node {node.name} cannot {node.merge} what comes in: {came}", wants)
    return first if node.merge == "add" else (sum(each[0] for each in shapes), *first[1:])


def _merge(given: Sequence[Tensor], how: str) -> Tensor:
    if how == "concat":
        return torch.cat(list(given), dim=1)
    return reduce(torch.add, given)
