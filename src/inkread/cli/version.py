"""What ``inkread --version`` prints."""

from __future__ import annotations

from .. import __version__
from ..errors import BundleError


def version_lines() -> list[str]:
    """The version of inkread, then the name and the format of the bundle that it reads with."""
    from ..bundle import load

    try:
        manifest = load().manifest
    except BundleError as error:
        return [f"inkread {__version__}", f"bundle: none ({error.message})"]
    return [f"inkread {__version__}", f"bundle {manifest.name}, format {manifest.format}"]
