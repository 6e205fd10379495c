"""A whole assignment as data: studies one after another, each on the best of those before, and the best looked at closely."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ..errors import SourceNotFound, UsageError, nearest
from ..recipes import values


@dataclass(frozen=True)
class Part:
    """One question: a study, or the best network of some studies.

    ``heading``: of its section in the report. ``study``: by name or as a file. ``recipe``: that the study starts from, instead
    of its own. ``best_of``: instead of a study, those before of which the best network is trained on everything and scored
    once on the test part.
    """

    heading: str
    study: str = ""
    recipe: str = ""
    best_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What its study is called, and its folder: the name, or that of the file."""
        return Path(self.study).stem if self.study.endswith(".toml") else self.study

    def __post_init__(self) -> None:
        if bool(self.study) == bool(self.best_of):
            raise UsageError(f"a part is either a study or the best of some: {self.heading}")


@dataclass(frozen=True)
class Assignment:
    """Questions that one report answers.

    ``name``: of the assignment. ``question``: what it is all about. ``parts``: in the order of the questions. ``data``: what all
    its parts are meant for. ``alphabet``: of all its parts.
    """

    name: str
    question: str
    parts: tuple[Part, ...]
    data: str = ""
    alphabet: str = ""

    def __post_init__(self) -> None:
        before: set[str] = set()
        for part in self.parts:
            unknown = [each for each in part.best_of if each not in before]
            if unknown:
                raise UsageError(f"no study of this name comes before: {unknown[0]}", nearest(unknown[0], tuple(before)) if before else "")
            before.add(part.name)


def assignments() -> tuple[str, ...]:
    """The names of the assignments that come with inkread."""
    folder = files(__package__).joinpath("assignments")
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


def is_assignment(which: str | Path) -> bool:
    """Whether this name or TOML file is an assignment, not a study."""
    path = Path(which)
    if path.suffix != ".toml":
        return str(which) in assignments()
    try:
        return "parts" in tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def assignment_text(which: str | Path) -> str:
    """The TOML of the assignment of this name, or of the file at this path; :class:`SourceNotFound` where there is none."""
    if str(which) in assignments():
        return files(__package__).joinpath("assignments", f"{which}.toml").read_text(encoding="utf-8")
    if Path(which).is_file():
        return Path(which).read_text(encoding="utf-8")
    raise SourceNotFound(f"no assignment of this name: {which}", nearest(str(which), assignments()))


def load_assignment(which: str | Path) -> Assignment:
    """The assignment of this name or TOML file; :class:`SourceNotFound`, :class:`UsageError` as for a study."""
    text = assignment_text(which)
    try:
        told = dict(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{which} is no TOML: {error}") from None
    parts = told.pop("parts", None)
    if not isinstance(parts, list) or not all(isinstance(each, Mapping) for each in parts) or not parts:
        raise UsageError(f"parts must be a row of tables: {parts!r}", "write [[parts]]")
    told["parts"] = tuple(values(Part, each, f"parts[{at}]") for at, each in enumerate(parts))
    return values(Assignment, told, str(which))
