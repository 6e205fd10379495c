"""Weights that others trained: files of them read, their names and their input brought to the library's, and put in whole or not."""

from __future__ import annotations

import logging
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..errors import FetchError, FormatError, RunError, SourceNotFound, UsageError, reason
from .pretrained import COUNTER, Pretrained
from .pretrained_input import Scale, refitted

INSIDE = ("state_dict", "model_state_dict", "model", "model_ema")
"""Under which keys checkpoints hold a state dict."""
SHOWN = 3


@dataclass(frozen=True)
class Layout:
    """A file whose names and input are its own: known by a key and that one's shape.

    ``names``: patterns and what stands for them in torchvision's ``model``; what begins with ``left_out`` is its last layer.
    Its input is blue, green, red in 0..255 less ``means``, in this order.
    """

    says: str
    key: str
    shape: tuple[int, ...]
    also: str
    model: str
    names: Mapping[str, str]
    left_out: str
    means: tuple[float, float, float]


FIRES_10 = {2: 3, 3: 4, 4: 5, 5: 7, 6: 8, 7: 9, 8: 10, 9: 12}
FIRES_11 = {2: 3, 3: 4, 4: 6, 5: 7, 6: 9, 7: 10, 8: 11, 9: 12}
LAYOUTS = (
    Layout(
        "SqueezeNet 1.1 under Caffe's names",
        "conv1.weight",
        (64, 3, 3, 3),
        "fire2/squeeze1x1.weight",
        "squeezenet1_1",
        {
            r"^conv1\.": "features.0.",
            **{rf"^fire{at}/squeeze1x1\.": f"features.{to}.squeeze." for at, to in FIRES_11.items()},
            **{rf"^fire{at}/expand(\dx\d)\.": rf"features.{to}.expand\1." for at, to in FIRES_11.items()},
        },
        "conv10.",
        (103.939, 116.779, 123.68),
    ),
    Layout(
        "SqueezeNet 1.0 under the names of Deep Compression",
        "conv1.weight",
        (96, 3, 7, 7),
        "fire2/conv1x1_1.weight",
        "squeezenet1_0",
        {
            r"^conv1\.": "features.0.",
            **{rf"^fire{at}/conv1x1_1\.": f"features.{to}.squeeze." for at, to in FIRES_10.items()},
            **{rf"^fire{at}/conv(\dx\d)_2\.": rf"features.{to}.expand\1." for at, to in FIRES_10.items()},
        },
        "conv_final.",
        (104.0, 117.0, 123.0),
    ),
)
"""The files of DeepCognition/keras-squeezenet and songhan/SqueezeNet-Deep-Compression, as float32 arrays (outputs, inputs, H, W)."""


@dataclass(frozen=True)
class Taken:
    """What was put in: so many ``tensors``; how the file's ``layout`` was understood; which of its tensors were ``left_out``."""

    tensors: int
    layout: str
    left_out: tuple[str, ...]


def take_weights(network: nn.Module, file: Path) -> Taken:
    """Puts the weights of a file into the body of the network ``pretrained``; its last layer stays fresh.

    ``file``: a PyTorch state dict (read as weights only), safetensors or npz, with the names of the network's library or of
    one of :data:`LAYOUTS`; which of these it is, its first bytes say. :class:`UsageError` for any other network;
    :class:`SourceNotFound`, :class:`FormatError` for what is no such file; :class:`RunError` where it does not fit whole: nothing
    is put in then.
    """
    into = _pretrained(network)
    state = read_state(file)
    layout = next((each for each in LAYOUTS if each.also in state and _shape(state.get(each.key)) == each.shape), None)
    if layout:
        state, says = _brought(state, layout, into, file), _told(layout)
    else:
        colours = (", ".join(f"{each:g}" for each in of) for of in into.colours)
        says = "names as {} has them, for red, green, blue with mean {} and deviation {}".format(into.library, *colours)
    left_out = tuple(sorted(name for name in state if name.startswith(into.left_out) and name not in into.wanted))
    state = {name: value for name, value in state.items() if name not in left_out}
    if into.library == "timm" and _misfits(into, state):
        state, says = _of_family(into, state), f"{says}; brought to today's names by timm"
    misfits = _misfits(into, state)
    if misfits:
        raise RunError(f"these weights are of another network than {into.model}: {file}", misfits)
    into.adopt(state)
    return Taken(len(state), says, left_out)


def library_file(network: nn.Module) -> tuple[Path, str]:
    """The library's own file of weights of the network ``pretrained``, and where it is from; fetched once by the library.

    :class:`FetchError` where it is not in the library's cache and cannot be fetched; the hint names the file to bring.
    """
    of = _pretrained(network)
    name, source = _published(of)
    try:
        if of.library == "timm":
            from huggingface_hub import hf_hub_download

            with _silent("huggingface_hub"):
                return Path(hf_hub_download(source, name)), f"{source}/{name}"
        file = Path(torch.hub.get_dir()) / "checkpoints" / name
        if not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            told = re.search(r"-([0-9a-f]+)\.", name)
            torch.hub.download_url_to_file(source, str(file), told[1] if told else None, progress=False)
        return file, source
    except Exception as error:  # each library has its own for having no network
        raise FetchError(
            f"the weights of {of.model} are not here and cannot be fetched: {name} ({type(error).__name__})",
            f"bring {name} of {source} from a machine with internet: --weights FILE",
        ) from error


def read_state(file: Path) -> dict[str, Tensor]:
    """The tensors of a state dict (.pt, .pth, read as weights only), safetensors or npz; what its first bytes say decides."""
    if not file.is_file():
        raise SourceNotFound(f"no file of weights: {file}")
    try:
        state = _read(file)
    except OSError as error:
        raise FormatError(f"the file of weights cannot be read ({reason(error)}): {file}") from error
    except Exception as error:  # the readers raise whatever a damaged file leads them to
        raise FormatError(f"this is no file of weights alone: {file}", "a PyTorch state dict, safetensors or npz of arrays") from error
    for key in INSIDE:
        if isinstance(state.get(key), Mapping):
            state = state[key]
            break
    found = {str(name).removeprefix("module."): value for name, value in state.items() if isinstance(value, Tensor)}
    if not found:
        raise FormatError(f"no weights in the file: {file}", "a PyTorch state dict, safetensors or npz of arrays")
    wrong = next((name for name, value in found.items() if value.is_floating_point() and not bool(value.isfinite().all())), None)
    if wrong:
        raise FormatError(f"the weights hold what is no number: {wrong} in {file}")
    return found


def _read(file: Path) -> dict[str, Any]:
    if zipfile.is_zipfile(file) and all(each.endswith(".npy") for each in zipfile.ZipFile(file).namelist()):
        import numpy as np

        with np.load(file, allow_pickle=False) as held:
            return {name: torch.from_numpy(held[name]) for name in held.files}
    with file.open("rb") as opened:
        start = opened.read(9)
    if start[8:] == b"{":
        from safetensors.torch import load_file

        return dict(load_file(file))
    return dict(torch.load(file, map_location="cpu", weights_only=True))


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Without what this library tells of each attempt: it makes several and waits between them."""
    log = logging.getLogger(name)
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _pretrained(network: nn.Module) -> Pretrained:
    if not isinstance(network, Pretrained):
        raise UsageError(
            f"only the network pretrained takes weights from outside: {type(network).__name__.lower()}", "--start takes those of a run"
        )
    return network


def _published(of: Pretrained) -> tuple[str, str]:
    """The name of the library's file, and its address or, of timm, the repository that holds it."""
    if of.library == "timm":
        told = of.body.pretrained_cfg
        name, source = "model.safetensors", told.get("hf_hub_id") if isinstance(told, Mapping) else None
    else:
        from torchvision.models import get_model_weights

        weights = get_model_weights(of.model).DEFAULT
        name, source = weights.url.rpartition("/")[2], weights.url
    if not source:
        raise UsageError(f"{of.library} has no weights of this network: {of.model}", "bring a file of them: --weights FILE")
    return name, str(source)


def _brought(state: Mapping[str, Tensor], layout: Layout, into: Pretrained, file: Path) -> dict[str, Tensor]:
    """The state under torchvision's names, X."""
    if (into.library, into.model) != ("torchvision", layout.model):
        raise RunError(f"the file holds {layout.says}, the network is {into.model}: {file}", f"--set network.model={layout.model}")
    found = {}
    for name, value in state.items():
        if not name.startswith(layout.left_out):
            for pattern, to in layout.names.items():
                name = re.sub(pattern, to, name)
            found[name] = value
    weight, bias = (f"{into.first}.{each}" for each in ("weight", "bias"))
    blue, green, red = layout.means
    given = Scale((255.0, 255.0, 255.0), (-red, -green, -blue))
    found[weight], found[bias] = refitted(found[weight].flip(1), found.get(bias), given, into.scale)
    return found


def _told(layout: Layout) -> str:
    means = ", ".join(f"{each:g}" for each in layout.means)
    return f"{layout.says}, for blue, green, red of 0..255 less {means}; its first convolution refitted to the library's"


def _of_family(into: Pretrained, state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state as timm's own filter of this family gives it, where it has one: older names, other sides of a vision transformer."""
    own = getattr(sys.modules[type(into.body).__module__], "checkpoint_filter_fn", None)
    try:
        return dict(own(dict(state), into.body)) if own else state
    except Exception:  # made for files that are of this family
        return state


def _misfits(into: Pretrained, state: Mapping[str, Tensor]) -> str:
    """Why the state is not that of the body, first examples of each kind; empty where it is."""
    lack = [name for name in into.wanted if name not in state and not name.endswith(COUNTER)]
    both = {name: (_shape(state[name]), shape) for name, shape in into.wanted.items() if name in state}
    other = [f"{name} is {found}, not {shape}" for name, (found, shape) in both.items() if found != shape]
    own = into.body.state_dict()
    whole = [name for name in both if own[name].is_floating_point() and not state[name].is_floating_point()]
    unknown = [name for name in state if name not in into.wanted]
    kinds = {"lacking": lack, "other shapes": other, "whole numbers": whole, "unknown": unknown}
    return "; ".join(f"{kind}: {_few(names)}" for kind, names in kinds.items() if names)


def _few(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _shape(value: Tensor | None) -> tuple[int, ...] | None:
    return None if value is None else tuple(value.shape)
