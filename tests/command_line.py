"""The type of the fixture that runs the command line inside the test's process."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result

Inkread = Callable[..., Result]
