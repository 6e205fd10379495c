"""Setting up: the lock fits the extras, make says what it can do, an unsuitable Python is told in one sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = [line for line in (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
EXTRAS = PROJECT["optional-dependencies"]


def test_the_lock_holds_names_and_versions_and_nothing_else() -> None:
    assert [line for line in LOCK if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[0-9][0-9a-z.]*", line)] == []
    assert len({line.partition("==")[0] for line in LOCK}) == len(LOCK)


def test_the_lock_has_a_version_for_every_dependency_of_every_extra() -> None:
    locked = dict(line.split("==") for line in LOCK)
    wanted = [Requirement(each) for each in [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)]]
    unfit = [
        str(each)
        for each in wanted
        if each.name != PROJECT["name"] and not each.specifier.contains(locked.get(canonicalize_name(each.name), "0"))
    ]
    assert unfit == []


def test_all_is_every_other_extra() -> None:
    (every,) = (Requirement(each) for each in EXTRAS["all"])
    assert every.extras == set(EXTRAS) - {"all"}


def test_the_base_install_has_no_pytorch() -> None:
    assert {Requirement(each).name for each in PROJECT["dependencies"]} == {
        "numpy",
        "pillow",
        "opencv-python-headless",
        "onnxruntime",
        "click",
        "rich",
        "jinja2",
    }


def test_make_alone_tells_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)[0].split())
    assert {"setup", "read", "test", "check", "wheel", "benchmark", "trial", "bundle"} <= phony
    assert set(re.findall(r"^([a-z]+):.* ## ", text, flags=re.MULTILINE)) == phony


WHEEL = [
    *("inkread/py.typed", "inkread-0.dist-info/licenses/LICENSE", "inkread-0.dist-info/licenses/NOTICE"),
    *("inkread/bundle/shipped/README.md", "inkread/bundle/shipped/embedded.onnx", "inkread/bundle/shipped/embedded.md"),
    *("inkread/report/templates/card.html.j2", "inkread/recipes/embedded.toml"),
]


@pytest.mark.parametrize("missing", ["", *(name for name in WHEEL if not name.endswith("README.md"))])
def test_the_wheel_is_refused_where_something_is_missing(tmp_path: Path, missing: str) -> None:
    (packages,) = re.findall(r"^packages\(\).*?^}", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "dist").mkdir()
    with zipfile.ZipFile(tmp_path / "dist" / "inkread.whl", "w") as wheel:
        for name in {*WHEEL} - {missing}:
            wheel.writestr(name, "")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    done = subprocess.run(["bash", "-c", f"make() {{ :; }}\n{packages}\npackages"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == bool(missing)
    assert done.stderr.startswith("error: missing in the wheel: ") is bool(missing)


@pytest.mark.parametrize(
    ("version", "has_venv", "says"),
    [
        ("3.9.2", True, "error: inkread needs Python 3.11, 3.12 or 3.13: python3 is Python 3.9.2\n\nhint: make PYTHON="),
        ("3.14.0", True, "error: inkread needs Python 3.11, 3.12 or 3.13: python3 is Python 3.14.0\n\nhint: make PYTHON="),
        (
            "3.12.1",
            False,
            "error: Python's venv module is not installed: python3\n\nhint: on Debian and Ubuntu: apt-get install python3-venv",
        ),
    ],
)
def test_an_unsuitable_python_is_told(tmp_path: Path, version: str, has_venv: bool, says: str) -> None:
    suits = version.startswith(("3.11", "3.12", "3.13"))
    answers = f"--version) echo Python {version} ;; *version_info*) exit {int(not suits)} ;; *) exit {int(not has_venv)} ;;"
    fake = tmp_path / "python3"
    fake.write_text(f'#!/bin/sh\ncase "$*" in {answers} esac\n')
    fake.chmod(0o755)
    script = ROOT / "requirements" / "environment.sh"
    done = subprocess.run(
        ["/bin/sh", script, tmp_path / "venv", "python3"], capture_output=True, text=True, env=os.environ | {"PATH": str(tmp_path)}
    )
    assert done.stderr.startswith(says)
    assert done.returncode == 2
    assert not (tmp_path / "venv").exists()
