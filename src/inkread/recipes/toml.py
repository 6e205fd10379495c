"""Recipes as TOML: those that come with inkread by name, any other by path."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import SourceNotFound, UsageError, nearest
from .recipe import Recipe


def names() -> tuple[str, ...]:
    """The names of the recipes that come with inkread."""
    return tuple(sorted(each.name[: -len(".toml")] for each in files(__package__).iterdir() if each.name.endswith(".toml")))


def load(which: str | Path) -> Recipe:
    """The recipe of this name, or the one in the TOML file at this path.

    :class:`SourceNotFound` where there is none; :class:`UsageError` where it is no TOML or holds what a recipe does not know.
    """
    path = Path(which)
    if path.suffix == ".toml" or path.is_file():
        if not path.is_file():
            raise SourceNotFound(f"no recipe at: {path}", nearest(str(which), names()))
        return parse(path.read_text(encoding="utf-8"), str(path))
    if str(which) not in names():
        raise SourceNotFound(f"no recipe of this name: {which}", nearest(str(which), names()))
    return parse(files(__package__).joinpath(f"{which}.toml").read_text(encoding="utf-8"), str(which))


def parse(text: str, where: str = "recipe") -> Recipe:
    """The recipe written in this TOML; :class:`UsageError` where it cannot be one."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where} is no TOML: {error}") from None
    return Recipe.from_dict(told)


def write(recipe: Recipe) -> str:
    """The recipe as TOML; ``parse(write(recipe)) == recipe``."""
    return "\n".join(_table("", recipe.as_dict())).strip() + "\n"


def _table(name: str, told: Mapping[str, Any]) -> list[str]:
    plain = {key: value for key, value in told.items() if not isinstance(value, Mapping) and not _tables(value)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key, value in told.items():
        full = f"{name}.{key}" if name else key
        if isinstance(value, Mapping):
            lines += ["", f"[{full}]", *_table(full, value)]
        elif _tables(value):
            for each in value:
                lines += ["", f"[[{full}]]", *_table(full, each)]
    return lines


def _tables(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return repr(value)
