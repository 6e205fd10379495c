"""Names of files that would move a terminal's cursor, or that are no Unicode: told by every command, harmless in all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inkread.cli import main
from inkread.cli.lines import escaped

ODD = "\x1b]0;owned\x07\x9b2J\x7f\r\u202eA"
SEEN = r"\x1b]0;owned\x07\x9b2J\x7f\r\u202eA"
CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def odd(tmp_path: Path, drawn_a: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of an odd name in an empty one: 16 pictures, a text called a PNG and a zip, of odd names too."""
    monkeypatch.chdir(tmp_path)
    place = tmp_path / ODD
    place.mkdir()
    for number in range(16):
        (place / f"{'AB'[number > 9]}_{number}{ODD}.png").write_bytes(drawn_a)
    (place / f"A_{ODD}.png").write_text("no picture")
    (place / f"{ODD}.zip").write_bytes(b"")
    return place


def run(name: str, *words: object) -> Result:
    return CliRunner().invoke(main, [name, *map(str, words)])


@pytest.mark.parametrize(
    "words",
    [
        ["read"],
        ["read", "--format", "ascii"],
        ["read", "--json"],
        ["read", "--format", "jsonl"],
        ["read", "--truth", "folder", "--html", f"{ODD}.html"],
        ["vin"],
        ["vin", "--json"],
        ["doctor", "--no-page"],
        ["doctor", "--json", "--out", ODD],
        ["teach"],
        ["teach", "--json", "-o", f"{ODD}.onnx"],
    ],
    ids=" ".join,
)
def test_no_control_character_reaches_the_terminal(odd: Path, tiny_bundle: Path, words: list[str]) -> None:
    result = run(*words, odd, "--bundle", tiny_bundle)
    assert result.exit_code == 1
    assert CONTROLS.findall(result.stdout + result.stderr) == []
    assert f"unreadable: {odd.parent}/{SEEN}/A_{SEEN}.png: " in result.stderr


def test_text_and_ascii_show_what_is_there(odd: Path, tiny_bundle: Path) -> None:
    path = f"{odd.parent}/{SEEN}/A_0{SEEN}.png"
    for layout in ("text", "ascii"):
        assert path in run("read", odd, "--format", layout, "--bundle", tiny_bundle).stdout


def test_data_stay_as_they_are(odd: Path, tiny_bundle: Path) -> None:
    path = f"{odd}/A_0{ODD}.png"
    rows = csv.reader(io.StringIO(run("read", odd, "--format", "csv", "--bundle", tiny_bundle).stdout, newline=""))
    assert path in [row[0] for row in rows]
    for words in (["read", "--format", "json"], ["doctor", "--no-page", "--json"], ["vin", "--json"]):
        found = json.loads(run(*words, odd, "--bundle", tiny_bundle).stdout)
        assert path in [each["path"] for each in found.get("readings") or found.get("pictures") or found["boxes"]]


def test_the_contact_sheet_shows_what_is_there(odd: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    run("read", odd, "--html", tmp_path / "sheet.html", "--bundle", tiny_bundle)
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert CONTROLS.findall(page) == []
    assert f"A_0{SEEN}.png" in page


def test_a_blank_that_does_not_break_stays_in_the_data(tmp_path: Path, drawn_a: bytes, tiny_bundle: Path) -> None:
    (tmp_path / "a\u00a0b.png").write_bytes(drawn_a)
    found = json.loads(run("doctor", tmp_path, "--json", "--no-page", "--bundle", tiny_bundle).stdout)
    assert found["pictures"][0]["path"] == f"{tmp_path}/a\u00a0b.png"


def test_bytes_that_an_old_terminal_obeys_are_escaped_too() -> None:
    assert escaped(os.fsdecode(b"caf\xe9\x9b2J.png")) == os.fsdecode(b"caf\xe9") + r"\x9b2J.png"


@pytest.mark.parametrize("words", [["read", "--json"], ["vin", "--json"], ["doctor", "--json"], ["doctor"], ["teach", "--json"], ["teach"]])
def test_a_folder_whose_name_is_no_unicode_is_read_by_every_command(odd: Path, tiny_bundle: Path, words: list[str]) -> None:
    name = os.fsencode(odd.parent) + b"/caf\xe9"
    os.rename(odd, name)
    out = ["--out", "pages"] if words[0] == "doctor" else []
    done = subprocess.run([sys.executable, "-m", "inkread", *words, name, "--bundle", tiny_bundle, *out], capture_output=True, timeout=60)
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert b"caf\\udce9" in done.stderr
