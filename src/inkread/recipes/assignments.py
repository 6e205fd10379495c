"""``--set key=value``: text to the type of the recipe's field, a short key to the only place that it can mean."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from ..errors import UsageError, nearest
from ..preparation import Preparation
from .parts import Augmentation, Export, Finish, LeaveOut, SourceUse, Training
from .recipe import Recipe
from .values import CALLED, ROWS

SHORT: dict[str, type] = {"training": Training, "augmentation": Augmentation, "export": Export, "preparation": Preparation}
"""The parts whose keys may stand alone, in the order in which they are sought; the network's come after them."""

KINDS: dict[str, type] = {**SHORT, "leave_out": LeaveOut, "finish": Finish}
TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def assigned(recipe: Recipe, texts: Iterable[str], network: Iterable[str] = ()) -> Recipe:
    """The recipe with all of these values changed as ``KEY=VALUE`` says.

    A key is dotted (``training.epochs``, ``network.width``, ``sources.photo.repeat``), or short where only one part has
    it (``epochs``, ``width``); rows are written ``32,64``. ``network``: the settings that the network knows.
    :class:`UsageError` for a key that is none, with the nearest ones, for a value of another type, and for one that would
    do nothing.
    """
    changes = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key.strip():
            raise UsageError(f"not KEY=VALUE: {text}", "such as --set training.epochs=3")
        dotted = _dotted(key.strip(), recipe, tuple(network))
        changes[dotted] = _typed(dotted, value.strip())
    result = recipe.changed(changes)
    for each in changes:
        part, _, name = each.partition(".")
        if part == "training":
            result.training.check_used(name)
    return result


def _dotted(key: str, recipe: Recipe, network: tuple[str, ...]) -> str:
    if "." in key or key in ("name", "seed", "alphabet", "claim", "main_source"):
        return key
    for part, kind in SHORT.items():
        if key in _names(kind):
            return f"{part}.{key}"
    settings = dict.fromkeys((*network, *recipe.network.settings))
    if key in settings:
        return f"network.{key}"
    known = (*(name for kind in SHORT.values() for name in _names(kind)), *settings)
    raise UsageError(f"the recipe has no value {key}", nearest(key, known))


def _names(kind: type) -> Iterator[str]:
    return (each.name for each in fields(kind))


def _typed(dotted: str, text: str) -> Any:
    """The value of the type that this key has; of a network's setting what TOML would read, else the text itself."""
    part, _, last = dotted.rpartition(".")
    kind = SourceUse if part.startswith("sources.") else KINDS.get(part, Recipe if not part else None)
    annotation = {each.name: str(each.type) for each in fields(kind)}.get(last) if kind else None
    if annotation is None:
        return _free(text)
    if annotation in ROWS:
        of = ROWS[annotation][0]
        return tuple(_plain(dotted, each, of) for each in _row(text))
    return _plain(dotted, text, annotation) if annotation in CALLED else text


def _plain(key: str, text: str, annotation: str) -> Any:
    try:
        if annotation == "bool":
            return TRUTH[text.lower()]
        return {"int": int, "float": float, "str": str}[annotation](text)
    except (ValueError, KeyError):
        raise UsageError(f"{key} must be {CALLED[annotation]}: {text!r}") from None


def _free(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return tuple(_free(each) for each in _row(text)) if "," in text else text


def _row(text: str) -> list[str]:
    return [each.strip() for each in text.strip("[]").split(",") if each.strip()]
