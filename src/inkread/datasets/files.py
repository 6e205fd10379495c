"""Files and folders by their bytes: what a run keeps of its data, and what a test is recognised by."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal; :class:`OSError`."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def path_digest(path: Path) -> str:
    """SHA-256 of a file; of a folder, that of its files' names and digests; of what lies in a zip, that of the zip."""
    if path.is_file():
        return file_digest(path)
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else []
    if not files:
        return file_digest(next(each for each in path.parents if each.is_file()))
    each = (f"{file.relative_to(path).as_posix()} {file_digest(file)}" for file in files)
    return hashlib.sha256("\n".join(each).encode("utf-8", "surrogateescape")).hexdigest()
