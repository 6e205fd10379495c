"""Nested values as one row of dotted keys, as `--set` writes them: ``training.epochs``, ``sources.emnist.repeat``."""

from __future__ import annotations

from collections.abc import Mapping

Plain = str | int | float | bool | None


def flat(told: Mapping[str, object], above: str = "") -> dict[str, Plain]:
    """Dotted keys of a table; rows of tables go by their ``name``, other rows become one text."""
    found: dict[str, Plain] = {}
    for key, value in told.items():
        full = f"{above}.{key}" if above else key
        if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            value = {str(each.get("name", at)): {k: v for k, v in each.items() if k != "name"} for at, each in enumerate(value)}
        if isinstance(value, Mapping):
            found |= flat(value, full)
        elif isinstance(value, list | tuple):
            found[full] = ", ".join(map(str, value))
        else:
            found[full] = value if isinstance(value, str | int | float | bool) or value is None else str(value)
    return found
