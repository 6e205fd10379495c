"""The tables of keys of a study: what every key of its TOML means, from the dataclasses of `inkread.study`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

from inkread.recipes import Key
from inkread.recipes.explained import meanings
from inkread.recipes.values import CALLED

TAKES = CALLED | {
    "Mapping[str, Any]": "a table: dotted key = value",
    "Mapping[str, tuple[Any, ...]]": "a table: dotted key = row of values",
    "Mapping[str, tuple[str, ...]]": "a table: factor = row of levels",
    "tuple[str, ...]": "a row of texts",
}
"""Annotation -> what people call it; others are tables of their own here."""

VALUES = Key("factors", "values", "a row of values", None, "of `key`, each a level")
"""Becomes levels when it is read, so that no dataclass has it."""


def study_keys() -> tuple[Key, ...]:
    """Every key that the TOML of a study can have, table by table."""
    from inkread.study import Budget, Factor, Level, Range, Study
    from inkread.study.questions import Question
    from inkread.study.reuse import Body, Worth

    factor = [*_keys("factors", Factor), VALUES, *_keys("factors", Range)]
    last = (*_keys("questions", Question), *_keys("bodies", Body), *_keys("worth", Worth))
    return (*_keys("", Study), *factor, *_keys("factors.levels", Level), *_keys("budgets.NAME", Budget), *last)


def assignment_keys() -> tuple[Key, ...]:
    """Every key that the TOML of an assignment can have."""
    from inkread.study import Assignment, Part

    return (*_keys("", Assignment), *_keys("parts", Part))


def _keys(table: str, kind: type) -> Iterator[Key]:
    told = meanings(kind)
    for each in fields(kind):
        if takes := TAKES.get(str(each.type)):
            yield Key(table, each.name, takes, _default(each.default), told[each.name])


def _default(value: Any) -> Any:
    return None if value is MISSING else value
