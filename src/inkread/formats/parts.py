"""The parts of a source (train, validation, test), as folders and files are called, and the choice of one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

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

REST = "rest"
"""What lies beside the parts of a source and in none of them, so that it can be asked for."""

_NAMED = re.compile(r"(?<![a-z])(t10k|train(?:ing)?|valid(?:ation|ate)?|val|test(?:ing)?)(?![a-z])", re.IGNORECASE)
"""Words in the names of files that tell their part; MNIST calls its test `t10k`."""

_FOLDER = re.compile(r"(?:.*[^a-z])?(?P<part>" + "|".join(PARTS) + r")(?:[^a-z]*(?:images|pictures|data|set))?")
"""Names of folders that tell a part, in lower case: the word alone, at the end (`letters-test`), or before its contents (`test_images`)."""


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
    return _part_of_folder(name.rpartition("/")[0])


@lru_cache(4096)
def _part_of_folder(folder: str) -> str:
    return next((PARTS[told["part"]] for each in folder.lower().split("/") if (told := _FOLDER.fullmatch(each))), "")


def part_told_by(name: str) -> str:
    """The part that a file's own name tells (`emnist-letters-train-images...`, `t10k-...`), else the folder above it; or ""."""
    told = _NAMED.search(name.rpartition("/")[2])
    if told:
        return "test" if told[1].lower() == "t10k" else PARTS[told[1].lower()]
    return part_of(name)


def part_told_by_path(path: str | os.PathLike[str], inner: str = "") -> str:
    """The part that the name of a source itself tells, of a file also the folder it lies in; "" where neither does.

    ``inner``: the member or folder of the zip at ``path`` that is meant. The path is asked as it was written, whole,
    and then where its links lead.
    """
    if told := part_told_by(inner) or part_of(f"{inner}/"):
        return told
    for whole in dict.fromkeys((os.path.abspath(path), os.path.realpath(path))):
        folder, name = os.path.split(whole)
        # a folder of one's own pictures may well lie in one that is called `test`
        told = part_of(f"{name}/") if os.path.isdir(whole) else part_told_by(f"{os.path.basename(folder)}/{name}")
        if told:
            return told
    return ""


def told_by_path(found: Found, told: str) -> Found:
    """The same source, where what has no part of its own is the one that its path tells, else the rest of the parts."""
    if not told and (all(found.parts) or len(found.parts) == 1):
        return found
    named = told if told and told not in found.parts else REST

    def take(at: int, as_stored: bool) -> Contents:
        contents = found.take(at, as_stored)
        return replace(contents, part=contents.part or told or ("" if found.parts[at] else REST))

    return replace(found, parts=tuple(each or named for each in found.parts), take=take)


def choose_part(path: str, parts: Sequence[str], part: str | None) -> tuple[list[int], str]:
    """Where in ``parts`` the asked one stands, and its name; without one asked there has to be only one.

    :class:`FormatError` where the part is not there or has to be told, with those that are there.
    """
    there = list(dict.fromkeys(parts))
    if part is None and len(there) > 1:
        raise FormatError(f"the source has several parts: {path}", "say which: " + ", ".join(f"{path}:{each}" for each in there))
    wanted = there[0] if part is None else PARTS.get(part, part)
    if not wanted and REST in there:
        wanted = REST
    chosen = [at for at, each in enumerate(parts) if each == wanted]
    if not chosen:
        known = ", ".join(each for each in there if each) or "none"
        raise FormatError(f"the source has no part of this name: {path}:{part}", f"its parts: {known}")
    return chosen, wanted
