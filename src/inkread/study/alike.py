"""What every machine of a cluster must have alike, so that a trial gives the same row wherever it is done."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from .. import __version__
from ..errors import RunError, reason

MARK = ".cluster"
"""What lies in the folder of a study while a cluster computes it: a node that cannot read it has another folder of that name."""


@dataclass(frozen=True)
class Alike:
    """``inkread``, ``torch``: versions. ``files``: digest of inkread's own, recipes too. ``folder``: of the study, whole path;
    ``mark``: what stands in its file :data:`MARK`. ``started``: where the command was started, from which relative paths
    count."""

    inkread: str
    files: str
    torch: str
    folder: str
    mark: str
    started: str

    def unmark(self) -> None:
        """Takes the mark out of the study's folder."""
        Path(self.folder, MARK).unlink(missing_ok=True)


def here(folder: Path) -> Alike:
    """What this machine has; leaves the mark in ``folder``, which is there. :class:`RunError` where it cannot be written."""
    mark = secrets.token_hex(8)
    try:
        (folder / MARK).write_text(mark, encoding="ascii")
    except OSError as error:
        raise RunError(f"the study's folder cannot be written ({reason(error)}): {folder}") from error
    return Alike(__version__, _files(), version("torch"), str(folder.resolve()), mark, str(Path.cwd()))


def unlike(wanted: Alike) -> str:
    """What this machine has not as it is wanted, as a part of a sentence; empty where it has all."""
    if __version__ != wanted.inkread:
        return f"it has inkread {__version__} instead of {wanted.inkread}"
    if _files() != wanted.files:
        return f"its inkread {__version__} has other code or other recipes"
    if version("torch") != wanted.torch:
        return f"it has PyTorch {version('torch')} instead of {wanted.torch}"
    try:
        mark = Path(wanted.folder, MARK).read_text(encoding="ascii")
    except OSError:
        mark = ""
    if mark != wanted.mark:
        return f"the folder of the study is not there ({wanted.folder})"
    if not Path(wanted.started).is_dir():
        return f"the folder in which the command was started is not there ({wanted.started})"
    return ""


@cache
def _files() -> str:
    """The digest of every module and recipe of inkread."""
    package = Path(__file__).parents[1]
    digest = sha256()
    for file in sorted(package.rglob("*")):
        if file.suffix in (".py", ".toml"):
            digest.update(f"{file.relative_to(package).as_posix()}\0".encode() + file.read_bytes())
    return digest.hexdigest()
