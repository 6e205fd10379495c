"""``inkread recipes``: what networks are trained by, and what each key means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from ..interrupt import ending_at_once
from .commands import DONE, plain
from .output import say

if TYPE_CHECKING:
    from ..recipes import Key, Recipe

WIDTH, KEY = 100, 30
"""Columns of an explanation, and of the key and its default before it."""


@click.command(
    epilog="Every value can be changed for a run: inkread train NAME --set KEY=VALUE, with the key as it stands here or its last word "
    "where that is clear. JSON: `recipes` (name, network, claim), or of one recipe all its values, and `settings` of its network with "
    "what each may be; with --keys `keys` (key, takes, default, meaning)."
)
@click.argument("name", required=False, metavar="[NAME|FILE]")
@click.option("--keys", is_flag=True, help="Say what every key of a recipe means.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def recipes(name: str | None, keys: bool, as_json: bool) -> int:
    """List the recipes that networks are trained by, or tell one of them whole."""
    with ending_at_once():
        from ..recipes import load, names

    if keys:
        if name is not None:
            raise UsageError(f"every recipe has the same keys: {name}", "leave out the name, or leave out --keys")
        return _keys(as_json=as_json)
    if name is not None:
        return _one(load(name), as_json=as_json)
    found = [load(each) for each in names()]
    if as_json:
        from .lines import written

        told = [{"name": each.name, "network": each.network.name, "claim": each.claim} for each in found]
        say(written({"recipes": told}, indent=2))
        return DONE
    width = max(len(each.name) for each in found)
    say("\n".join(f"{each.name:<{width}}  {each.claim}" for each in found))
    return DONE


def _one(recipe: Recipe, *, as_json: bool) -> int:
    from .. import networks
    from ..recipes import write

    settings = networks.settings_of(recipe.network.name)
    if as_json:
        from .lines import written

        known = {key: {"default": _plain(each.default), "allowed": each.allowed} for key, each in settings.items()}
        say(written(recipe.as_dict() | {"settings": known}, indent=2))
        return DONE
    say(plain_lines(write(recipe)))
    say(f"\n# what the network {recipe.network.name} can be told (--set network.KEY=VALUE)")
    say("\n".join(_setting_lines(settings)))
    return DONE


def _keys(*, as_json: bool) -> int:
    from ..recipes import keys_explained

    found = keys_explained()
    if as_json:
        from .lines import written

        told = [{"key": each.dotted, "takes": each.takes, "default": _plain(each.default), "meaning": each.meaning} for each in found]
        say(written({"keys": told}, indent=2))
        return DONE
    for table, group in groupby(found, key=lambda each: each.table):
        say("\n".join([*([f"\n[{table}]"] if table else []), *(line for each in group for line in _key_lines(each))]))
    return DONE


def _key_lines(key: Key) -> list[str]:
    """The key with its default where it has one, and behind it what it means."""
    default = _plain(key.default)
    start = key.name if default in (None, "", []) else f"{key.name} = {json.dumps(default)}"
    return wrap(key.meaning, WIDTH, initial_indent=f"{start:<{KEY}}  ", subsequent_indent=" " * (KEY + 2), break_on_hyphens=False)


def plain_lines(text: str) -> str:
    """A text of several lines, each as it may stand on a terminal."""
    return "\n".join(plain(line) for line in text.splitlines())


def _setting_lines(settings: Mapping[str, Any]) -> list[str]:
    width = max(map(len, settings), default=0)
    return [f"# {key:<{width}}  {each.allowed}; default {_plain(each.default)}" for key, each in settings.items()]


def _plain(value: object) -> Any:
    """What JSON can hold; a setting without a default has none."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool) or value is None else None
