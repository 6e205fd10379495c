"""The notebooks: they run as they stand, on what a program draws, and nothing that came out of a run is kept in them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PLAIN_RUN = Path(__file__).with_name("plain_run.py")

by_name = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def cells(notebook: Path, kind: str) -> list[dict[str, Any]]:
    return [each for each in json.loads(notebook.read_text(encoding="utf-8"))["cells"] if each["cell_type"] == kind]


def test_there_is_a_notebook_for_each_assignment() -> None:
    assignments = (ROOT / "src" / "inkread" / "study" / "assignments").glob("*.toml")
    assert {each.stem for each in NOTEBOOKS} == {each.stem for each in assignments}


@by_name
def test_a_notebook_runs_as_it_stands(notebook: Path, tmp_path: Path) -> None:
    for needed in ("optuna", "lightning", "matplotlib"):
        pytest.importorskip(needed)
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    surroundings = {**os.environ, "PYTHONPATH": path, "INKREAD_CACHE": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, str(PLAIN_RUN), str(notebook)], cwd=tmp_path, env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "install: None\n" in done.stdout
    code = {each["id"]: "".join(each["source"]) for each in cells(notebook, "code")}
    asked = {name for name, source in code.items() if "study.ask(" in source}
    answers = {name: int(size) for name, size in re.findall(r"^([\w-]+): html of (\d+)$", done.stdout, re.MULTILINE)}
    assert all(answers[name] > 5000 for name in asked)  # sentences and charts
    assert re.search(r"^best: (?:html|png) of \d{4,}$", done.stdout, re.MULTILINE)
    (report,) = re.findall(r"--report (\S+)", code["best"])
    assert (tmp_path / report / "report.html").is_file()
    assert len(list((tmp_path / "studies").glob("*/report.html"))) == len(asked)


@by_name
def test_a_notebook_is_one_and_keeps_nothing_of_a_run(notebook: Path) -> None:
    told = json.loads(notebook.read_text(encoding="utf-8"))
    assert (told["nbformat"], told["nbformat_minor"]) == (4, 5)
    assert set(told) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    names = [each["id"] for each in told["cells"]]
    assert len(set(names)) == len(names)
    for each in told["cells"]:
        needed = {"cell_type", "id", "metadata", "source"} | ({"execution_count", "outputs"} if each["cell_type"] == "code" else set())
        assert set(each) == needed
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", each["id"])
        assert not each.get("outputs")
        assert each.get("execution_count") is None


@by_name
def test_a_notebook_is_valid_by_the_schema_of_its_format(notebook: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbformat.validate(nbformat.read(notebook, as_version=4))


@by_name
def test_a_notebook_only_calls_inkread(notebook: Path) -> None:
    code = "\n".join("".join(each["source"]) for each in cells(notebook, "code") if each["id"] != "install")
    assert {each.partition(".")[0] for each in re.findall(r"^(?:import|from) (\S+)", code, re.MULTILINE)} == {"inkread"}
    assert not re.findall(r"^\s*(?:def|class) ", code, re.MULTILINE)
    assert all(line.startswith("!inkread ") for line in code.splitlines() if line.startswith("!"))


@by_name
def test_what_only_jupyter_knows_is_marked(notebook: Path) -> None:
    for each in cells(notebook, "code"):
        magic = any(line.lstrip().startswith("%") for line in each["source"])
        assert magic == ("jupyter-only" in each["metadata"].get("tags", ()))
