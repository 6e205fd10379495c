"""The frozen settings of :func:`inkread.picture.prepare`: a value that travels in recipes and bundles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from .errors import PreparationError


@dataclass(frozen=True)
class Preparation:
    """How a picture of one character becomes the network's 28x28 picture.

    ``version``: the method's number; two preparations of one version with the same settings give the same pixels. ``side``:
    pixels of the finished picture's edge. ``ink``: pixels of the longer side of the ink in it. ``stroke``: stroke width
    in those pixels that thin pens and thick markers are brought to. ``blur``: sigma of the Gaussian at 128 pixels
    (Cohen et al. 2017, section II.A).
    """

    version: int = 1
    side: int = 28
    ink: int = 24
    stroke: float = 2.9
    blur: float = 1.0

    def as_dict(self) -> dict[str, int | float]:
        """The settings as plain numbers, for JSON and TOML."""
        return asdict(self)

    @classmethod
    def from_dict(cls, settings: Mapping[str, object]) -> Preparation:
        """The preparation with these settings; :class:`PreparationError` for a key or a version not known here."""
        known = {each.name: each.type for each in fields(cls)}
        unknown = sorted(set(settings) - set(known))
        if unknown:
            raise PreparationError(f"unknown settings of a preparation: {', '.join(unknown)}", "a newer inkread may know them")
        values: dict[str, int | float] = {}
        for name, value in settings.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise PreparationError(f"a setting of a preparation is no number: {name} = {value!r}")
            values[name] = int(value) if known[name] == "int" else float(value)
        prepared = cls(**values)  # type: ignore[arg-type]
        if prepared.version != cls.version:
            raise PreparationError(f"unknown version of the preparation: {prepared.version}", f"this inkread knows version {cls.version}")
        return prepared
