"""Whole files or none: text, JSON and weights are written beside and then renamed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from ..datasets import locked
from ..errors import InkreadError, RunError, reason


def write_text(path: Path, text: str) -> None:
    """Writes ``text`` as UTF-8; what stood there stays until the new file is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as new:
        new.write_text(text, encoding="utf-8")


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A name beside ``path`` that takes its place when all went well, and is gone when not."""
    new = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What cannot be written into the folder of a run is told in a sentence, with the way to go on: :class:`RunError`."""
    from safetensors import SafetensorError

    hint = "make room or name another folder with --out; what is finished goes on with --resume"
    try:
        yield
    except SafetensorError as error:
        raise RunError(f"the run cannot be written ({error}): {folder}", hint) from error
    except OSError as error:
        if isinstance(error, InkreadError):
            raise
        raise RunError(f"the run cannot be written ({reason(error)}): {folder}", hint) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other training writes into ``folder`` meanwhile: :class:`RunError` where one does."""

    def refuse() -> None:
        raise RunError(f"a training is going on in this folder: {folder}", "name another, or wait for its end")

    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder, refuse):
        yield


def write_json(path: Path, told: Mapping[str, Any]) -> None:
    """Writes ``told`` as indented JSON."""
    write_text(path, json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def save_weights(path: Path, network: nn.Module) -> None:
    """Writes the network's state as safetensors."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as new:
        save_file({name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}, new)


def load_weights(path: Path, network: nn.Module, fresh: str = "") -> None:
    """Puts safetensors into the network, but for those whose names begin with ``fresh``.

    :class:`RunError` where they are of another network.
    """
    state = read_weights(path)
    if fresh:
        own = network.state_dict()
        state = {name: value for name, value in state.items() if not name.startswith(fresh)}
        state |= {name: value for name, value in own.items() if name.startswith(fresh)}
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
