"""Name -> network; a family's file is imported when one of its networks is asked for."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import MissingExtra, UsageError, nearest
from .settings import Setting, checked
from .settings import settings_of as keywords_of

if TYPE_CHECKING:
    from torch import nn


T = TypeVar("T")


@dataclass(frozen=True)
class Family:
    """Where a network's class stands: ``file``, the class ``kind`` in it, and what this name sets otherwise than the class."""

    file: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)


INK_S = {"stem": 24, "stem_kernel": 5, "stem_stride": 2, "widths": (24, 48, 64), "depths": (0, 1, 0), "features": 96}
INK_L = {"stem": 64, "stem_kernel": 3, "stem_stride": 1, "widths": (128, 256), "depths": (3, 3), "excite": 4, "places": 64, "skip": 0.1}
FAMILIES = {
    "linear": Family("linear", "Linear"),
    "mlp": Family("mlp", "Mlp"),
    "cnn": Family("cnn", "Cnn"),
    "vgg5": Family("vgg", "Vgg5"),
    "spinalnet": Family("vgg", "SpinalNet"),
    "wavemix": Family("wavemix", "WaveMix"),
    "resnet": Family("resnet", "Resnet"),
    "residual": Family("residual", "Residual"),
    "graph": Family("graph", "Graph"),
    "ink-s": Family("residual", "Residual", INK_S),
    "ink-m": Family("ours", "Ink"),
    "ink-l": Family("ours", "Ink", INK_L),
    "pretrained": Family("pretrained", "Pretrained"),
}
"""Add a network: a file here, a class whose first argument is the number of classes, a line."""


def names() -> tuple[str, ...]:
    """The names that :func:`build` knows; besides them it takes ``module:Class``."""
    return tuple(FAMILIES)


def settings_of(name: str) -> dict[str, Setting]:
    """Setting -> its annotation, its default and, as ``.allowed``, what it may be in words; in the order of the constructor.

    A setting without default has ``inspect.Parameter.empty`` there. :class:`UsageError` for an unknown name.
    """
    if ":" in name:
        return _own_settings(_own_class(name))
    kind, preset = _family(name)
    known = list(keywords_of(kind).items())[1:]
    return {key: Setting(each.annotation, preset.get(key, each.default)) for key, each in known}


def build(name: str, classes: int, **settings: object) -> nn.Module:
    """A fresh network of this family for ``classes`` classes, weights drawn from torch's random state.

    ``name``: one of :func:`names`, or ``module:Class``, a module of the user's own that is importable, also from the current
    folder. Its forward takes pictures (N,28,28), uint8 0..255 or float 0..1, and gives logits (N, classes) and features (N,D).
    ``settings``: keyword arguments of its class, as they come out of TOML.

    :class:`UsageError` for an unknown name or setting, with the nearest known one, for a value that a setting cannot have,
    and for a class of the user's own that is no network for 28x28 pictures.
    """
    if type(classes) is not int or classes < 1:
        raise UsageError(f"a network needs a number of classes, 1 or more: {classes!r}")
    if ":" in name:
        return _own(name, classes, settings)
    kind, preset = _family(name)
    values = {**preset, **checked(settings_of(name), settings, f"the network {name}")}
    network: nn.Module = kind(classes, **values)
    return network


def _family(name: str) -> tuple[type[nn.Module], Mapping[str, Any]]:
    if name not in FAMILIES:
        raise UsageError(f"unknown network: {name}", nearest(name, names()))
    family = FAMILIES[name]
    try:
        kind: type[nn.Module] = getattr(import_module(f".{family.file}", __package__), family.kind)
    except ImportError as error:
        raise MissingExtra(error.name or "torch", "train") from error
    return kind, family.settings


def _own(name: str, classes: int, settings: Mapping[str, object]) -> nn.Module:
    kind = _own_class(name)
    values = checked(_own_settings(kind), settings, f"the network {name}")
    takes = next((key for key in CLASSES if key in keywords_of(kind)), "")
    try:
        module = kind(**values, **({takes: classes} if takes else {}))
    except Exception as error:
        raise UsageError(f"the network {name} cannot be made: {type(error).__name__}: {error}", "its constructor raised this") from error
    from .own import adopted

    return adopted(module, classes, name)


CLASSES = ("classes", "num_classes", "n_classes")
"""How constructors call the number of classes."""


def _own_settings(kind: type[nn.Module]) -> dict[str, Setting]:
    known = {key: each for key, each in keywords_of(kind).items() if key not in CLASSES}
    if any(each.kind is each.VAR_KEYWORD for each in inspect.signature(kind).parameters.values()):
        return _Anything(known)
    return known


class _Anything(dict[str, Setting]):
    """The settings of a constructor that ends in ``**``: it takes every key."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> Setting:
        return Setting(Any, None)


def _own_class(name: str) -> type[nn.Module]:
    try:
        from torch import nn
    except ImportError as error:
        raise MissingExtra("torch", "train") from error
    return own_class(name, nn.Module, "torch.nn.Module")


def own_class(name: str, kind: type[T], called: str) -> type[T]:
    """The user's class ``module:Class``; its module is importable, also from the current folder.

    :class:`UsageError` where there is none, or it is no ``kind``, which people know as ``called``.
    """
    where, _, wanted = name.partition(":")
    if not all(part.isidentifier() for part in (*where.split("."), wanted)):
        hint = "module is what Python imports: net:Net for class Net in net.py"
        raise UsageError(f"a class of your own is named module:Class: {name}", hint)
    module = _imported(where)
    found = getattr(module, wanted, None)
    if isinstance(found, type) and issubclass(found, kind):
        return found
    others = tuple(key for key, each in vars(module).items() if isinstance(each, type) and issubclass(each, kind))
    wrong = "no class of this name" if found is None else f"no {called}"
    raise UsageError(f"{wrong} in the module {where}: {wanted}", nearest(wanted, others) if others else f"it holds no {called}")


def _imported(where: str) -> ModuleType:
    """The module of this name, the current folder being one of the places to look in."""
    folder = os.getcwd()
    added = folder not in sys.path
    if added:
        sys.path.insert(0, folder)
    try:
        return import_module(where)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{where}.".startswith(f"{error.name}."):
            raise UsageError(f"the module {where} needs another that is not installed: {error.name}") from error
        hint = "name it without .py" if where.endswith(".py") else f"it is looked for in {folder} and among the installed packages"
        raise UsageError(f"no module of this name: {where}", hint) from None
    except Exception as error:
        raise UsageError(f"the module {where} cannot be imported: {type(error).__name__}: {error}") from error
    finally:
        if added:
            sys.path.remove(folder)
