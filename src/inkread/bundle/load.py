"""Bundles in and out: by path, by the name of a shipped one, to bytes and to a file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ..errors import BundleError, BundleNotFound, nearest, reason
from .entries import from_entries, to_entries
from .manifest import PREFIX, Manifest
from .metadata import graph_digest, read_metadata, replace_metadata
from .verify import verify

SHIPPED = Path(__file__).parent / "shipped"
DEFAULT = "embedded"
SUFFIX = ".onnx"
MAX_BYTES = 512 * 2**20
"""The largest file that is taken for a bundle: ten times a large network for pictures of 28x28."""


@dataclass(frozen=True, eq=False)
class Bundle:
    """A reader as it travels: ``model``, the bytes of the whole ONNX file, and the ``manifest`` in its metadata.

    ``path``: where it was loaded from, None for one that is not in a file yet.
    """

    model: bytes
    manifest: Manifest
    path: Path | None = None

    def __repr__(self) -> str:
        return f"Bundle({self.manifest.name!r}, {len(self.manifest.answers)} characters, {len(self.model)} bytes)"


def names() -> tuple[str, ...]:
    """The names of the bundles that are shipped inside the package, in order."""
    return tuple(sorted(path.stem for path in SHIPPED.glob(f"*{SUFFIX}")))


def load(which: str | Path | None = None) -> Bundle:
    """The bundle of this name or at this path, or the one that inkread reads with by default.

    A shipped name wins over a file of the same name; ``./name`` is always a path. :class:`BundleNotFound` offers the
    nearest names, :class:`BundleError` says what is wrong with a file, :class:`BundleTooNew` that a newer inkread wrote it.
    """
    path = _path(which)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BundleError(f"a file of {size} bytes is no bundle: {path}")
        model = path.read_bytes()
    except FileNotFoundError:
        raise BundleNotFound(f"no bundle: {which or path}", nearest(path.stem, names()) if names() else "") from None
    except OSError as error:
        raise BundleError(f"the bundle cannot be read ({reason(error)}): {path}") from None
    try:
        return parse(model, path)
    except BundleError as error:
        raise type(error)(f"{error.message} ({path})", error.hint) from None


def _path(which: str | Path | None) -> Path:
    if which is None or (isinstance(which, str) and which in names()):
        return SHIPPED / f"{which or DEFAULT}{SUFFIX}"
    return Path(which)


def parse(model: bytes, path: Path | None = None) -> Bundle:
    """The bundle in these bytes of an ONNX file, verified; raises as :func:`load` does."""
    entries = read_metadata(model)
    verify(model, entries)
    return Bundle(model, from_entries(entries), path)


def write(model: bytes, manifest: Manifest) -> bytes:
    """The bytes of a bundle: this ONNX file, with this manifest in its metadata in place of any other of inkread's."""
    read_metadata(model)
    return replace_metadata(model, to_entries(manifest, graph_digest(model)), PREFIX)


def save(path: str | Path, bundle: Bundle) -> Path:
    """Writes the bundle to a file, whole or not at all, and returns its path; :class:`BundleError` where it cannot."""
    target = Path(path)
    data = write(bundle.model, bundle.manifest)
    temporary = target.with_name(f".{target.name}-{uuid4().hex[:8]}")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise BundleError(f"the bundle cannot be written ({reason(error)}): {target}") from None
    return target
