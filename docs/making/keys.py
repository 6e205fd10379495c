"""The tables of keys in the pages: what every key of a recipe or of a study means, as the program says it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from itertools import groupby

from inkread.recipes import Key, keys_explained

from .study_keys import assignment_keys, study_keys

TABLE = re.compile(r"(<!-- (keys(?: of an? \w+)?) -->\n)(.*?)(<!-- end of keys -->)", re.DOTALL)
"""`<!-- keys -->` ... `<!-- end of keys -->`: filled with a table for each table of a recipe.

Likewise `keys of a study` and `keys of an assignment`.
"""

EXPLAINED: dict[str, Callable[[], Iterable[Key]]] = {
    "keys": keys_explained,
    "keys of a study": study_keys,
    "keys of an assignment": assignment_keys,
}
HEADS = {
    "factors": "[[factors]]",
    "factors.levels": "[[factors.levels]]",
    "questions": "[[questions]]",
    "bodies": "[[bodies]]",
    "parts": "[[parts]]",
}
"""Tables of TOML of which there are several."""


def renewed(text: str) -> str:
    """The page with its tables of keys made anew."""
    return TABLE.sub(lambda match: match[1] + _tables(EXPLAINED[match[2]]()) + match[4], text)


def _tables(explained: Iterable[Key]) -> str:
    lines = []
    for table, keys in groupby(explained, key=lambda each: each.table):
        head = f"key of `{HEADS.get(table, f'[{table}]')}`" if table else "key"
        lines += [f"| {head} | takes | default | what it means |", "| --- | --- | --- | --- |", *map(_row, keys), ""]
    return "\n".join(lines) + "\n"


def _row(key: Key) -> str:
    default = "" if key.default in (None, "", ()) else f"`{json.dumps(key.default)}`"
    return f"| `{key.name}` | {key.takes} | {default} | {key.meaning} |"
