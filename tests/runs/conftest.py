"""Runs of a folder ``runs``."""

from __future__ import annotations

from pathlib import Path

import pytest

from made_runs import Made, runs_in


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return runs_in(tmp_path / "runs")
