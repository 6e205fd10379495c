"""A network -> the ONNX graph of format 1, checked against the network on real pictures."""

from __future__ import annotations

import copy
import warnings
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from ..errors import MissingExtra, RunError

TOLERANCE = 1e-4
"""The largest difference of a logit or a feature, relative to the largest one where that is above 1, that an export may show."""


BATCHES = (1, 2, 7, 256)
"""Sizes of batches that are tried beside all pictures at once: a graph may have swallowed the one that it was traced with."""


@dataclass(frozen=True)
class Exported:
    """``model``: the bytes of the ONNX file, without a manifest; ``parity``: the largest difference that was seen."""

    model: bytes
    parity: float


def export(network: nn.Module, pictures: NDArray[np.uint8], tolerance: float = TOLERANCE) -> Exported:
    """The network as ONNX: input ``pictures`` uint8 (N,28,28), outputs ``logits`` (N,K) and ``features`` (N,D), any N.

    ``pictures``: uint8 (M,28,28), real ones, on which ONNX Runtime must answer as PyTorch does. Batch norms are folded
    into the layers before them. :class:`RunError` where a difference is above ``tolerance``.
    """
    folded = fold(copy.deepcopy(network).cpu().eval())
    model = _graph(folded, pictures)
    difference = parity(network, model, pictures)
    if not difference <= tolerance:
        raise RunError(f"the exported network answers differently: {difference:.2g} where {tolerance:g} is allowed")
    return Exported(model, difference)


def parity(network: nn.Module, model: bytes, pictures: NDArray[np.uint8]) -> float:
    """The largest difference between PyTorch and ONNX Runtime over all logits and features (see :data:`TOLERANCE`).

    All pictures at once, and the first of them, again and again where they are few, in batches of :data:`BATCHES`.
    """
    was_training = network.training
    network.eval()
    with torch.inference_mode():
        ours = [each.float().numpy() for each in network(torch.from_numpy(pictures))]
    network.train(was_training)
    differences = []
    for size in (*BATCHES, len(pictures)):
        shown = np.arange(size) % len(pictures)
        theirs = answers(model, pictures[shown])
        differences += [np.abs(a[shown] - b).max() / max(np.abs(a).max(), 1.0) for a, b in zip(ours, theirs, strict=True)]
    return float(max(differences))


def answers(model: bytes, pictures: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logits (N,K) and features (N,D) that ONNX Runtime gives for pictures uint8 (N,28,28)."""
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra("ONNX Runtime", "train") from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    logits, features = session.run(["logits", "features"], {"pictures": pictures})
    return logits, features


def fold(network: nn.Module) -> nn.Module:
    """The network with every batch norm folded into the convolution or dense layer that stands right before it.

    The network must be in eval mode and is changed; its answers stay the same but for rounding.
    """
    for module in list(network.modules()):
        children = list(module.named_children()) if isinstance(module, nn.Sequential) else []
        for (before, layer), (after, norm) in pairwise(children):
            if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(module, before, fuse_conv_bn_eval(layer, norm))
            elif isinstance(layer, nn.Linear) and isinstance(norm, nn.BatchNorm1d):
                setattr(module, before, fuse_linear_bn_eval(layer, norm))
            else:
                continue
            setattr(module, after, nn.Identity())
    return network


def _graph(network: nn.Module, pictures: NDArray[np.uint8]) -> bytes:
    names = ("pictures", "logits", "features")
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        file = Path(folder) / "network.onnx"
        # the tracing exporter is the one that gives a small graph without shape arithmetic; torch calls it old
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.from_numpy(np.resize(pictures, (2, *pictures.shape[1:]))),),
            file,
            input_names=names[:1],
            output_names=names[1:],
            dynamic_axes={name: {0: "N"} for name in names},
            opset_version=17,
            dynamo=False,
        )
        return file.read_bytes()
