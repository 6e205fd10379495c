"""Whole files or none: text, JSON and weights are written beside and then renamed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from ..errors import RunError


def write_text(path: Path, text: str) -> None:
    """Writes ``text`` as UTF-8; what stood there stays until the new file is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def write_json(path: Path, told: Mapping[str, Any]) -> None:
    """Writes ``told`` as indented JSON."""
    write_text(path, json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def save_weights(path: Path, network: nn.Module) -> None:
    """Writes the network's state as safetensors."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    save_file({name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}, beside)
    beside.replace(path)


def load_weights(path: Path, network: nn.Module) -> None:
    """Puts safetensors into the network; :class:`RunError` where they are of another one."""
    state = read_weights(path)
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise RunError(f"these weights are of another network: {path}", str(error).splitlines()[-1].strip()) from None


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file; :class:`RunError` where it is none."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if not path.is_file():
        raise RunError(f"no weights at: {path}", "a finished run holds weights.safetensors")
    try:
        return dict(load_file(path))
    except SafetensorError as error:
        raise RunError(f"this is no safetensors file: {path}: {error}") from None
