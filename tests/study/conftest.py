"""Studies need what trains and what books; each test has a cache of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("optuna")

from tiny_training import shape_folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder of pictures of three shapes, called A, B and C."""
    return shape_folder(tmp_path / "letters", count=60)
