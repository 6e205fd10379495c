"""A folder of drawn pictures, and the command line run inside this process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from command_line import Inkread
from inkread.cli import main
from inkread.datasets.drawn import draw
from inkread.picture import encode_png


@pytest.fixture
def inkread(tiny_bundle: Path) -> Inkread:
    """``inkread("read", path)``: the command line with the tiny bundle, its answers arbitrary but always the same."""

    def run(*arguments: object, stdin: bytes | None = None, bundle: bool = True) -> Result:
        words = [str(each) for each in arguments]
        with_bundle = ["--bundle", str(tiny_bundle)] if bundle and words[0] == "read" else []
        return CliRunner().invoke(main, words + with_bundle, input=stdin)

    return run


@pytest.fixture(scope="session")
def drawn_a() -> bytes:
    """The PNG of a drawn A."""
    return encode_png(draw("A", np.random.default_rng(1)))


@pytest.fixture
def folder(tmp_path: Path, drawn_a: bytes) -> Path:
    """``forms/`` with 2.png, 10.png (both drawn) and white.png (blank)."""
    place = tmp_path / "forms"
    place.mkdir()
    (place / "10.png").write_bytes(drawn_a)
    (place / "2.png").write_bytes(encode_png(draw("7", np.random.default_rng(2))))
    (place / "white.png").write_bytes(encode_png(np.full((40, 30), 255, np.uint8)))
    return place


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder and a cache of one's own: where a record of test labels may be written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
