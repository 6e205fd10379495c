"""Commands whose libraries are no part of the base install say so in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import MissingExtra


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Imports in here need this extra; :class:`MissingExtra` where one of its libraries is not installed."""
    try:
        yield
    except MissingExtra:
        raise
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("inkread"):
            raise
        raise MissingExtra(error.name, extra) from error
