"""A bundle made by hand: a valid ONNX file encoded field by field, so that base tests need neither PyTorch nor onnx.

The graph: pictures uint8 (N, 28, 28) -> float -> flatten -> features = relu(pixels @ first) -> logits = features @ second.
Field numbers are those of onnx.proto3.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import BYCLASS
from inkread.bundle import Bundle, Manifest, RiskData, parse, write
from inkread.bundle.metadata import encode_bytes, encode_varint

FLOAT, UINT8 = 1, 2


def number(field: int, value: int) -> bytes:
    return encode_varint(field << 3) + encode_varint(value)


def node(kind: str, inputs: str, output: str, *attributes: bytes) -> bytes:
    names = b"".join(encode_bytes(1, each.encode()) for each in inputs.split())
    return encode_bytes(1, names + encode_bytes(2, output.encode()) + encode_bytes(4, kind.encode()) + b"".join(attributes))


def whole(name: str, value: int) -> bytes:
    """An attribute that is a whole number."""
    return encode_bytes(5, encode_bytes(1, name.encode()) + number(3, value) + number(20, 2))


def weights(name: str, array: NDArray[np.float32]) -> bytes:
    """An initialiser of the graph."""
    shape = b"".join(number(1, size) for size in array.shape)
    return encode_bytes(5, shape + number(2, FLOAT) + encode_bytes(8, name.encode()) + encode_bytes(9, array.astype("<f4").tobytes()))


def value(field: int, name: str, kind: int, *shape: int) -> bytes:
    """An input (11) or output (12) of the graph, of any number of pictures."""
    sizes = [encode_bytes(2, b"n"), *(number(1, size) for size in shape)]
    tensor = number(1, kind) + encode_bytes(2, b"".join(encode_bytes(1, size) for size in sizes))
    return encode_bytes(field, encode_bytes(1, name.encode()) + encode_bytes(2, encode_bytes(1, tensor)))


def tiny_model(first: NDArray[Any], second: NDArray[Any], pictures: str = "pictures", logits: str = "logits", kind: int = UINT8) -> bytes:
    """The bytes of an ONNX file without metadata. ``first``: (784, D), ``second``: (D, K)."""
    graph = [
        node("Cast", pictures, "pixels", whole("to", FLOAT)),
        node("Flatten", "pixels", "flat", whole("axis", 1)),
        node("MatMul", "flat first", "hidden"),
        node("Relu", "hidden", "features"),
        node("MatMul", "features second", logits),
        encode_bytes(2, b"tiny"),
        weights("first", np.asarray(first, np.float32)),
        weights("second", np.asarray(second, np.float32)),
        value(11, pictures, kind, 28, 28),
        value(12, logits, FLOAT, second.shape[1]),
        value(12, "features", FLOAT, first.shape[1]),
    ]
    opset = encode_bytes(2, b"made by hand") + encode_bytes(8, number(2, 13))
    return number(1, 8) + opset + encode_bytes(7, b"".join(graph))


def random_model(classes: int, features: int = 16, seed: int = 0) -> bytes:
    """A network of random weights whose logits are of the order of ten."""
    rng = np.random.default_rng(seed)
    return tiny_model(rng.normal(size=(784, features)) / 1000, rng.normal(size=(features, classes)))


def tiny_manifest(characters: str = BYCLASS.characters, **changes: Any) -> Manifest:
    """A manifest that fits a network of these characters, with 300 left-out pictures, most of them read right."""
    rng = np.random.default_rng(7)
    targets = rng.integers(0, len(characters), 300)
    logits = rng.normal(size=(300, len(characters)))
    logits[np.arange(300), targets] += 4
    facts: dict[str, Any] = {
        "name": "tiny",
        "characters": characters,
        "main_source": "made-up",
        "counts": {"made-up": {each: 10 * (at + 1) for at, each in enumerate(characters)}},
        "risk": RiskData(logits.astype(np.float16), targets.astype(np.int16), ["stranger"] * 300),
        "case_weight": 0.1,
        "recipe": {"network": "tiny"},
        "data": {"made-up": "0" * 64},
        "figures": {"accuracy": 0.5},
    }
    return Manifest(**{**facts, **changes})


def make_tiny_bundle(characters: str = BYCLASS.characters, model: bytes | None = None, **changes: Any) -> Bundle:
    """A bundle of a network of random weights for these characters; ``changes`` go into its manifest."""
    manifest = tiny_manifest(characters, **changes)
    return parse(write(model or random_model(len(characters)), manifest))


def with_manifest(bundle: Bundle, **changes: Any) -> Bundle:
    """The same network with a changed manifest."""
    return parse(write(bundle.model, replace(bundle.manifest, **changes)))
