"""The tables of keys in the pages: what every key of a recipe means, from `inkread.recipes`."""

from __future__ import annotations

import json
import re
from itertools import groupby

from inkread.recipes import Key, keys_explained

TABLE = re.compile(r"(<!-- keys -->\n)(.*?)(<!-- end of keys -->)", re.DOTALL)
"""`<!-- keys -->` ... `<!-- end of keys -->`: filled with a table for each table of a recipe."""


def renewed(text: str) -> str:
    """The page with its tables of keys made anew."""
    return TABLE.sub(lambda match: match[1] + _tables() + match[3], text)


def _tables() -> str:
    lines = []
    for table, keys in groupby(keys_explained(), key=lambda each: each.table):
        head = f"key of `[{table}]`" if table else "key"
        lines += [f"| {head} | default | what it means |", "| --- | --- | --- |", *map(_row, keys), ""]
    return "\n".join(lines) + "\n"


def _row(key: Key) -> str:
    default = "" if key.default in (None, "", ()) else f"`{json.dumps(key.default)}`"
    return f"| `{key.name}` | {default} | {key.meaning}; {key.takes} |"
