"""An exported network in whole numbers: 8 bits for what flows through it, 7 for its weights."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import MissingExtra, RunError
from ..evaluation import accuracy, softmax
from .export import answers

if TYPE_CHECKING:
    from onnx import GraphProto

BATCH = 128

WEIGHED = ("Conv", "Gemm", "MatMul")
"""The layers that have weights."""

RANGES = 1024
"""Pictures, at most, on which the ranges of what flows through the network are measured."""
OTHERWISE = 0.05
"""Share of pictures whose likeliest answer whole numbers may change."""


@dataclass(frozen=True)
class Quantized:
    """A graph in whole numbers beside the one it was made from, on ``pictures`` that did not set its ranges.

    ``model``: the bytes of the ONNX file. ``agreement``: share 0..1 of the pictures with the same likeliest answer;
    ``largest``: the largest difference of any probability; ``accuracy_before`` and ``accuracy``: share of right answers
    under a flat prior, of the 32-bit network and of this one.
    """

    model: bytes
    pictures: int
    agreement: float
    largest: float
    accuracy_before: float
    accuracy: float


def quantize(model: bytes, pictures: NDArray[np.uint8], targets: NDArray[np.bool_]) -> Quantized:
    """The graph with 8-bit activations and 7-bit weights: ranges are set on some pictures, the others compare.

    ``pictures``: uint8 (M,28,28), real ones, at least two, and what they show, bool (M,K). At most half of them, evenly
    from all, set the ranges. :class:`RunError` where more than :data:`OTHERWISE` of the
    others are answered otherwise.
    """
    if len(pictures) < 2:
        raise RunError(f"a network is brought to whole numbers on two pictures at least: {len(pictures)}")
    sets = np.zeros(len(pictures), np.bool_)
    sets[np.linspace(0, len(pictures) - 1, min(RANGES, len(pictures) // 2)).astype(np.int64)] = True
    smaller = whole_numbers(model, pictures[sets])
    others, truth = pictures[~sets], targets[~sets]
    one, other = (softmax(answers(each, others)[0]) for each in (model, smaller))
    agreement = float((one.argmax(axis=1) == other.argmax(axis=1)).mean())
    if agreement < 1.0 - OTHERWISE:
        raise RunError(f"in whole numbers the network answers otherwise too often: {1.0 - agreement:.1%} where {OTHERWISE:.0%} is allowed")
    right = [accuracy(each.argmax(axis=1), truth).value for each in (one, other)]
    return Quantized(smaller, len(others), agreement, float(np.abs(one - other).max()), *right)


def whole_numbers(model: bytes, pictures: NDArray[np.uint8]) -> bytes:
    """The ONNX graph with 8-bit activations and 7-bit weights, one scale for each output channel of a weight.

    ``pictures``: uint8 (M,28,28), real ones, on which the ranges of the activations are measured. Both outputs stay
    float32, and the last layer is computed in it: its errors would go straight into the probabilities.
    Processors without VNNI add up products of 8-bit numbers in 16 bits, where 8-bit weights overflow; 7-bit ones do not.
    """
    try:
        import onnx
        from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
        from onnxruntime.quantization.shape_inference import quant_pre_process
    except ImportError as error:
        raise MissingExtra("ONNX Runtime's quantisation", "train") from error
    graph = onnx.load_from_string(model).graph
    with TemporaryDirectory() as folder, _quiet():
        given, ready, done = (Path(folder) / name for name in ("given.onnx", "ready.onnx", "done.onnx"))
        given.write_bytes(model)
        quant_pre_process(str(given), str(ready))
        quantize_static(
            str(ready),
            str(done),
            _Batches(pictures),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=_last_layers(graph),
        )
        return done.read_bytes()


def _last_layers(graph: GraphProto) -> list[str]:
    """Everything from the last layer on, or from each of them where several networks answer together."""
    made_by = {name: node for node in graph.node for name in node.output}
    last, ahead = [], ["logits"]
    while ahead:
        node = made_by.get(ahead.pop())
        if node is not None and node.name not in last:
            last.append(node.name)
            ahead += [] if node.op_type in WEIGHED else node.input
    return last


class _Batches:
    """The pictures a batch at a time, as ONNX Runtime's calibration asks for them."""

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        self._batches: Iterator[NDArray[np.uint8]] = (pictures[at : at + BATCH] for at in range(0, len(pictures), BATCH))

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"pictures": batch}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the quantiser's advice on preparing the graph, which has been done."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
