"""Which part of a source trains, which validates and which tests."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..errors import DataError
from .places import Place, places, with_part

TRAIN, VALIDATION, TEST = "train", "validation", "test"


@dataclass(frozen=True)
class Trained:
    """``place``: whose pictures train. ``validation``: the part that the source brings to validate on, None where it brings none."""

    place: Place
    validation: Place | None = None


def to_train_on(source: str | os.PathLike[str]) -> list[Trained]:
    """What trains of each source in ``source`` (see :func:`places`): the part asked for, else its part `train`, else all of it.

    A validation part comes along only where no part was asked for. :class:`DataError` where a source has parts of other
    names only.
    """
    return [_trained(place) for place in places(source)]


def to_test_on(source: str | os.PathLike[str]) -> list[Place]:
    """What is tested of each source: the part asked for, else its part `test`, else all of it where it has no parts.

    :class:`DataError` where it has parts, but none of that name.
    """
    return [_one_part(place, TEST) for place in places(source)]


def _trained(place: Place) -> Trained:
    found = _one_part(place, TRAIN)
    beside = VALIDATION in place.parts() and place.part is None
    return Trained(found, with_part(place, VALIDATION) if beside else None)


def _one_part(place: Place, part: str) -> Place:
    parts = place.parts()
    if place.part is not None or len(parts) == 1:
        return place
    if part not in parts:
        raise DataError(
            f"the source has no part `{part}`: {place}", f"name one of its parts: {', '.join(f'{place}:{each}' for each in parts)}"
        )
    return with_part(place, part)
