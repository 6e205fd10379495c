"""The parts of a source (train, validation, test), as folders and files are called, and the choice of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..errors import FormatError
from .contents import Contents

PARTS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "validate": "validation",
    "valid": "validation",
    "val": "validation",
    "test": "test",
    "testing": "test",
}
"""Folders that are parts of a source, by the names people give them."""

_NAMED = re.compile(r"(?<![a-z])(t10k|train(?:ing)?|valid(?:ation|ate)?|val|test(?:ing)?)(?![a-z])", re.IGNORECASE)
"""Words in the names of files that tell their part; MNIST calls its test `t10k`."""


@dataclass(frozen=True)
class Found:
    """A source whose format is known: what it is called, which ``parts`` it has ("" for one without a name), and how one is taken.

    ``take(at, as_stored)`` reads part ``parts[at]``. ``alone``: a name before the parts that may be left out, because
    there is only one set (`letters` of `letters/train`).
    """

    path: str
    format: str
    parts: tuple[str, ...]
    take: Callable[[int, bool], Contents]
    alone: str = ""

    def read(self, part: str | None, *, as_stored: bool) -> Contents:
        """One part; :class:`FormatError` where it is not there or has to be told."""
        if part is not None and self.alone and part.startswith(f"{self.alone}/"):
            part = part.removeprefix(f"{self.alone}/")
        chosen, _ = choose_part(self.path, self.parts, part)
        return self.take(chosen[0], as_stored)


def part_of(name: str) -> str:
    """The part that a picture belongs to, told by a folder above it; "" where none is told."""
    told = [PARTS[each.lower()] for each in PurePosixPath(name).parts[:-1] if each.lower() in PARTS]
    return told[0] if told else ""


def part_told_by(name: str) -> str:
    """The part that a file's own name tells (`emnist-letters-train-images...`, `t10k-...`), else the folder above it; or ""."""
    told = _NAMED.search(PurePosixPath(name).name)
    if told:
        return "test" if told[1].lower() == "t10k" else PARTS[told[1].lower()]
    return part_of(name)


def choose_part(path: str, parts: Sequence[str], part: str | None) -> tuple[list[int], str]:
    """Where in ``parts`` the asked one stands, and its name; without one asked there has to be only one.

    :class:`FormatError` where the part is not there or has to be told, with those that are there.
    """
    there = list(dict.fromkeys(parts))
    if part is None and len(there) > 1:
        named = [each for each in there if each]
        raise FormatError(f"the source has several parts: {path}", "say which: " + ", ".join(f"{path}:{each}" for each in named))
    wanted = there[0] if part is None else PARTS.get(part, part)
    chosen = [at for at, each in enumerate(parts) if each == wanted]
    if not chosen:
        known = ", ".join(each for each in there if each) or "none"
        raise FormatError(f"the source has no part of this name: {path}:{part}", f"its parts: {known}")
    return chosen, wanted
