"""What a network's settings may be, read from its constructor's annotations and held against values out of TOML."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from ..errors import UsageError, nearest


@dataclass(frozen=True)
class Range:
    """Numbers from ``least`` to ``most``, ``most`` itself apart where it is ``open``."""

    least: float
    most: float = math.inf
    open: bool = False

    def __contains__(self, value: float) -> bool:
        return self.least <= value < self.most if self.open else self.least <= value <= self.most

    def __str__(self) -> str:
        if math.isinf(self.most):
            return f"{self.least:g} or more"
        return f"from {self.least:g} to below {self.most:g}" if self.open else f"from {self.least:g} to {self.most:g}"


Count = Annotated[int, Range(1, 16384)]
"""A number of neurons, filters, layers or groups."""
Whole = Annotated[int, Range(0, 16384)]
"""As :data:`Count`, where 0 has a meaning of its own."""
Side = Annotated[int, Range(1, 28)]
"""Pixels: a kernel, a stride, a pool."""
Odd = Literal[1, 3, 5, 7, 9]
"""A kernel that keeps the side of a map when half of it is padded."""
Step = Literal[1, 2]
"""A stride that keeps or halves."""
Share = Annotated[float, Range(0, 1, open=True)]
"""A share that is left out."""

PLAIN = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}


class Setting(NamedTuple):
    """A constructor's keyword: its annotation (resolved) and its default (``inspect.Parameter.empty``: it must be given)."""

    annotation: Any
    default: Any

    @property
    def allowed(self) -> str:
        """What it may be, in words."""
        return says(self.annotation)


def settings_of(kind: Callable[..., object]) -> dict[str, Setting]:
    """Keyword -> :class:`Setting` of a class or function, in the order of its signature; its positional ones are left out."""
    function: Callable[..., object] = getattr(kind, "__init__", kind) if isinstance(kind, type) else kind
    try:
        hints = get_type_hints(function, include_extras=True)
    except Exception:  # an annotation in somebody's own module may name what is not there when it runs
        hints = {}
    keywords = [
        each for each in inspect.signature(kind).parameters.values() if each.kind in (each.KEYWORD_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    return {each.name: Setting(hints.get(each.name, Any), each.default) for each in keywords}


def checked(known: Mapping[str, Setting], values: Mapping[str, object], where: str) -> dict[str, Any]:
    """``values`` as their settings want them: ints pass for floats, lists become tuples.

    ``where``: such as "the network mlp", for the :class:`UsageError` about an unknown key, a wrong type or value, or one that
    is lacking.
    """
    for key in values:
        if key not in known:
            raise UsageError(f"{where} has no setting: {key}", nearest(key, tuple(known)) if known else "it has none at all")
    lacking = [key for key, each in known.items() if each.default is inspect.Parameter.empty and key not in values]
    if lacking:
        raise UsageError(f"{where} needs a value for: {', '.join(lacking)}", f"`{lacking[0]}` is {known[lacking[0]].allowed}")
    return {key: _value(key, value, known[key], where) for key, value in values.items()}


def _value(key: str, value: object, setting: Setting, where: str) -> Any:
    try:
        return _fit(setting.annotation, value)
    except ValueError:
        raise UsageError(f"{where} cannot have {key}: {value!r}", f"`{key}` is {setting.allowed}") from None


def _fit(annotation: Any, value: Any) -> Any:
    """``value`` as the annotation wants it, or ``ValueError``."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        fitting = _fit(parts[0], value)
        if all(fitting in each for each in parts[1:] if isinstance(each, Range)):
            return fitting
    elif origin is Literal:
        if any(value == each and type(value) is type(each) for each in parts):
            return value
    elif origin in (Union, UnionType):
        return _first(parts, value)
    elif origin is tuple:
        if parts[-1] is Ellipsis and not isinstance(value, list | tuple):
            return (_fit(parts[0], value),)
        if isinstance(value, list | tuple) and (parts[-1] is Ellipsis or len(parts) == len(value)):
            kinds = parts if parts[-1] is not Ellipsis else [parts[0]] * len(value)
            return tuple(_fit(kind, each) for kind, each in zip(kinds, value, strict=True))
    elif origin is dict:
        if isinstance(value, Mapping):
            return dict(value)
    elif annotation is float and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    elif annotation not in (int, float, bool, str, NoneType) or type(value) is annotation:
        return value
    raise ValueError(value)


def _first(kinds: tuple[Any, ...], value: Any) -> Any:
    for kind in kinds:
        try:
            return _fit(kind, value)
        except ValueError:
            continue
    raise ValueError(value)


def says(annotation: Any) -> str:
    """An annotation in words, such as "a whole number from 1 to 28, or a row of them"."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return " ".join([says(parts[0]), *(str(each) for each in parts[1:] if isinstance(each, Range))])
    if origin is Literal:
        return "one of " + ", ".join(str(each) for each in parts)
    if origin is tuple:
        return f"a row, each {says(parts[0])}"
    if origin is dict:
        return "a table of keys and values"
    if origin in (Union, UnionType):
        rest = ["a row of them" if get_args(each)[:1] == parts[:1] else says(each) for each in parts[1:]]
        return ", or ".join([says(parts[0]), *rest])
    return PLAIN.get(annotation, "anything that its code takes")


def each_layer(layers: int, **settings: Any) -> list[tuple[Any, ...]]:
    """The settings layer by layer, in the order given: each is one value for all layers or a row of exactly as many.

    :class:`UsageError` naming the setting whose row has another length.
    """
    rows = {name: value if isinstance(value, tuple) else (value,) * layers for name, value in settings.items()}
    for name, row in rows.items():
        if len(row) != layers:
            raise UsageError(
                f"{name} has {len(row)} values for {layers} layers: {list(row)}", "give one value for all, or one for each layer"
            )
    return list(zip(*rows.values(), strict=True))


def count_layers(layers: int, *settings: Any) -> int:
    """How many layers there are: ``layers``, or where that is 0 as many as the first row among the settings has, or one."""
    return layers or next((len(each) for each in settings if isinstance(each, tuple)), 1)
