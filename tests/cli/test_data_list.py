from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Inkread


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))


def test_every_set_has_its_lines(inkread: Inkread) -> None:
    done = inkread("data", "list")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "mnist           not here         12 MB     70,000 pictures  MNIST handwritten digits"
    assert "emnist/letters  not here         36 MB    145,600 pictures  EMNIST Letters, 26 classes" in lines
    assert "                letters with both cases joined: the letters lab; public domain (NIST Special Database 19)" in lines
    assert "drawn           here            0.0 MB      4,960 pictures  Characters drawn by a program, 62 classes" in lines


def test_json_tells_what_could_not_be_verified(inkread: Inkread, tmp_path: Path) -> None:
    facts = json.loads(inkread("data", "list", "--json").stdout)
    assert facts["cache"] == str(tmp_path / "cache")
    sets = {each["name"]: each for each in facts["sets"]}
    assert sets["emnist/byclass"]["unverified"] == ["counts of train", "counts of test"]
    assert sets["emnist/byclass"]["counts"] == {"train": "unverified", "test": "unverified"}
    assert sets["emnist/letters"]["counts"]["test"]["Zz"] == 800
    assert sets["usps"]["size"] is None
    assert sets["emnist/letters"]["files"][0]["member"] == "gzip/emnist-letters-train-images-idx3-ubyte.gz"


def test_nothing_is_made_on_disk(inkread: Inkread, tmp_path: Path) -> None:
    inkread("data", "list")
    assert not (tmp_path / "cache").exists()
