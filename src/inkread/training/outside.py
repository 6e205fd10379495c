"""Weights that others trained, as a run starts from them and records them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import nn

from .. import networks
from ..datasets import file_digest

LIBRARY = "library"
"""What stands for the library's own file instead of a path; a file of this name is ./library."""


def bring(weights: str, network: nn.Module) -> dict[str, Any]:
    """Puts ``weights``, the path of a file or :data:`LIBRARY`, into the network `pretrained`; what is recorded of them.

    ``sha256`` of the file, its name ``file``, its ``source`` (an address, or "file"), ``layout`` in words, ``tensors`` put in,
    ``left_out``: those of the file that are not. Errors as :func:`.networks.take_weights` and :func:`.networks.library_file`.
    """
    file, source = networks.library_file(network) if weights == LIBRARY else (Path(weights), "file")
    taken = networks.take_weights(network, file)
    return {
        "sha256": file_digest(file),
        "file": file.name,
        "source": source,
        "layout": taken.layout,
        "tensors": taken.tensors,
        "left_out": list(taken.left_out),
    }


def brought(weights: str, told: dict[str, Any] | None) -> bool:
    """Whether a run with this record, None of one from random weights, started from ``weights``; "" asks nothing."""
    if not weights:
        return True
    if told is None:
        return False
    if weights == LIBRARY:
        return bool(told["source"] != "file")
    return Path(weights).is_file() and bool(told["sha256"] == file_digest(Path(weights)))
