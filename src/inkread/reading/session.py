"""A bundle's graph, ready to run: pictures in, logits and features out."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from ..bundle import Bundle
from ..errors import BundleError, PictureError, UsageError, nearest
from .engines import ENGINES, OUTPUTS, Outputs, has_openvino

SIDE = 28
BATCH = 64
"""Pictures that go through the graph at once: the engines gain nothing from more, and memory stays bounded."""

LONG_WORK = 50_000
"""Pictures from which `auto` takes OpenVINO where it is installed.

Importing it and compiling a graph takes 0.1-0.2 s and 50-100 MB more than ONNX Runtime. With the embedded reader's 8-bit
network it gains at most 0.02 ms a picture; on the processor where this was measured it is behind up to 10,000 pictures.
"""


def engine_for(engine: str, pictures: int = 0) -> str:
    """The engine that a choice of ``auto``, ``onnxruntime`` or ``openvino`` means for this many pictures.

    ``auto`` is ONNX Runtime for few pictures, and OpenVINO, where it is installed, for many. :class:`UsageError` for any
    other word.
    """
    if engine == "auto":
        return "openvino" if pictures >= LONG_WORK and has_openvino() else "onnxruntime"
    if engine not in ENGINES:
        raise UsageError(f"unknown engine: {engine}", nearest(engine, ("auto", *ENGINES)))
    return engine


class Session:
    """The graph of a bundle in an engine; safe to share between threads.

    ``threads``: how many one call computes with, at most one for each core of the machine: more wait for each other (256
    on two cores took half a minute for 62 pictures). ``callers``: how many calls run at once (OpenVINO sets itself up for
    that many; ONNX Runtime takes any number). :class:`BundleError` where the graph is not what format 1 says,
    :class:`MissingExtra` where the engine is not installed.
    """

    def __init__(self, bundle: Bundle, engine: str = "auto", threads: int = 1, callers: int = 1) -> None:
        if threads < 1 or callers < 1:
            raise UsageError(f"threads must be at least 1: {min(threads, callers)}")
        self.engine = engine_for(engine)
        self._engine = ENGINES[self.engine](bundle.model, min(threads, os.cpu_count() or 1), callers)
        self.classes = len(bundle.manifest.characters)
        self.features = self._checked()
        head = bundle.manifest.head
        if head is not None and head.weights.shape[0] != self.features:
            raise BundleError(f"the taught head wants {head.weights.shape[0]} features, the network gives {self.features}")

    def run(self, pictures: NDArray[np.uint8]) -> Outputs:
        """Logits float32 (N, K) and features float32 (N, D) of prepared pictures uint8 (N, 28, 28)."""
        if pictures.dtype != np.uint8 or pictures.ndim != 3 or pictures.shape[1:] != (SIDE, SIDE):
            raise PictureError(f"not prepared pictures, uint8 (N, 28, 28): {pictures.dtype} {pictures.shape}")
        if not len(pictures):
            return np.zeros((0, self.classes), np.float32), np.zeros((0, self.features), np.float32)
        pictures = np.ascontiguousarray(pictures)
        parts = [self._engine.run(pictures[at : at + BATCH]) for at in range(0, len(pictures), BATCH)]
        logits, features = (np.concatenate(each) if len(parts) > 1 else each[0] for each in zip(*parts, strict=True))
        if not np.isfinite(logits).all():
            raise BundleError("the network of this bundle answered with something that is no number")
        return logits, features

    def _checked(self) -> int:
        """The number of features, after a look at the graph's sides and at what it makes of an empty picture."""
        inputs, outputs = self._engine.inputs, self._engine.outputs
        if dict(inputs) != {"pictures": "tensor(uint8)"}:
            raise BundleError(f"the network must take `pictures` of uint8 and nothing else, but it takes {_told(inputs)}")
        if any(outputs.get(name) != "tensor(float)" for name in OUTPUTS):
            raise BundleError(f"the network must give `logits` and `features` of float32, but it gives {_told(outputs)}")
        try:
            logits, features = self._engine.run(np.zeros((2, SIDE, SIDE), np.uint8))
        except Exception as error:  # whatever the engine finds wrong at last
            raise BundleError(f"the network does not take pictures of 28x28: {str(error).strip()[:200]}") from None
        if logits.shape != (2, self.classes):
            raise BundleError(f"the network tells {logits.shape[-1]} classes, the bundle names {self.classes} characters")
        if features.ndim != 2 or len(features) != 2:
            raise BundleError(f"the features are not (N, D): {features.shape}")
        return int(features.shape[1])


def _told(ports: object) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in dict(ports).items()) or "nothing"  # type: ignore[call-overload]
