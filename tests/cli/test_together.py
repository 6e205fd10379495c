"""What a command is given as a model: paths, names of runs in runs/, and several of either joined by `+`."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Inkread
from inkread.cli.together import members, run_folders
from inkread.errors import SourceNotFound

pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture(autouse=True)
def runs(tmp_path: Path) -> None:
    for name in ("mlp-seed1", "mlp-seed2", "a+b"):
        (tmp_path / "runs" / name).mkdir(parents=True)


def test_the_name_of_a_run_stands_for_its_folder(tmp_path: Path) -> None:
    assert members("mlp-seed1+mlp-seed2+nowhere") == ["runs/mlp-seed1", "runs/mlp-seed2", "nowhere"]
    assert members("a+b+mlp-seed1") == ["runs/a+b", "runs/mlp-seed1"]
    assert members("runs/mlp-seed1") == ["runs/mlp-seed1"]
    assert run_folders("mlp-seed1+mlp-seed2") == [Path("runs/mlp-seed1"), Path("runs/mlp-seed2")]


def test_a_path_that_is_there_and_a_bundle_that_came_along_win(tmp_path: Path) -> None:
    (tmp_path / "mlp-seed1").mkdir()
    assert members("mlp-seed1+mlp-seed2", ("mlp-seed2",)) == ["mlp-seed1", "mlp-seed2"]


def test_where_nothing_fits_the_nearest_runs_are_offered(inkread: Inkread, tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="no such run: mlp-sed1") as caught:
        run_folders("mlp-seed2+mlp-sed1")
    assert caught.value.hint == "did you mean `mlp-seed1` or `mlp-seed2`?"
    for command in (("evaluate", "mlp-sed1", "--data", "."), ("compare", "mlp-sed1", "mlp-seed2", "--data", ".")):
        told = inkread(*command)
        assert told.exit_code == 2
        assert "neither a run, a bundle nor predictions: mlp-sed1" in told.stderr
        assert "`mlp-seed1`" in told.stderr
    assert "this folder is no run: runs/mlp-seed2" in inkread("evaluate", "mlp-seed2", "--data", ".").stderr
