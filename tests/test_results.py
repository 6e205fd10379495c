"""The figures of README and docs are those of the files in results/, and the files are what results/README.md says."""

from __future__ import annotations

import csv
import importlib
import re
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results"
FILES = sorted(path for path in RESULTS.glob("*.csv"))
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
MEASURED = {
    "accuracy": "accuracy",
    "borders": "borders",
    "speed": "speed",
    "parts": "speed",
    "engines": "engines",
    "teach": "teach",
    "vin": "vin",
    "doctor": "doctor",
    "opening": "opening",
    "suspects": "suspects",
    "formats": "formats",
    "overlap": "overlap",
    "training": "training",
    "recipes": "recipes",
    "keras": "keras_course",
}
"""Kind of file -> the benchmark that writes it."""

_MARKER = re.compile(r"<!-- figures: (results/\S+\.csv) -->")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@pytest.fixture
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))


def columns_told() -> dict[str, list[str]]:
    """Pattern of file names -> the columns that results/README.md tells of it."""
    common, *sections = re.split(r"^## `(.+)`$", (RESULTS / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {pattern: _spans(text) for pattern, text in zip(sections[::2], sections[1::2], strict=True)}
    return {pattern: names + _spans(common) if pattern.removesuffix("-*.csv") in MEASURED else names for pattern, names in found.items()}


def _spans(text: str) -> list[str]:
    return [name for row in re.findall(r"^- ((?:`[^`]+`(?:, )?)+):", text, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)]


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults(text: str, folder: Path) -> list[str]:
    """What is wrong with the marked tables of a page: `<!-- figures: results/NAME.csv -->`, then a table.

    The first cell of each row is a `figure` of that file, and every number in the others stands in its row there,
    rounded as shown.
    """
    found = []
    for marker in _MARKER.finditer(text):
        path = folder / marker[1]
        if not path.is_file():
            found.append(f"no such file: {marker[1]}")
            continue
        known = {row["figure"]: row for row in rows_of(path)}
        table = text[marker.end() :].lstrip().partition("\n\n")[0].splitlines()[2:]
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table if line.startswith("|")]
        if not rows:
            found.append(f"no table under the marker of {marker[1]}")
        for name, *cells in rows:
            found += _row_faults(name, " ".join(cells), known)
    return found


def _row_faults(name: str, told: str, known: dict[str, dict[str, str]]) -> list[str]:
    if name not in known:
        return [f"the file has no such figure: {name}"]
    numbers = _NUMBER.findall(told)
    held = [abs(float(cell)) for cell in known[name].values() if re.fullmatch(r"-?\d+(\.\d+)?(e[-+]?\d+)?", cell)]
    wrong = [each for each in numbers if not any(_shown_as(each, value) for value in held)]
    return [f"{name}: the file does not say {each}" for each in wrong] if numbers else [f"{name}: no number"]


def _shown_as(text: str, value: float) -> bool:
    decimals = len(text.partition(".")[2])
    return abs(float(text.replace(",", "")) - value) <= 0.5 * 10**-decimals + 1e-9


def test_the_readme_shows_figures_of_files() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = _MARKER.findall(text)
    if not shown and not any(path.name.startswith("accuracy-") for path in FILES):
        assert not re.search(r"\d\.\d+ ?%", text), "the README tells figures that stand in no file"
        pytest.skip("nothing has been measured and nothing is told")
    assert any(name.startswith("results/accuracy-") for name in shown), "the README shows no figures of accuracy"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_marked_tables_say_what_the_files_say(page: Path) -> None:
    assert faults(page.read_text(encoding="utf-8"), ROOT) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_has_the_columns_that_are_told_of_it(path: Path) -> None:
    pattern = next((each for each in columns_told() if fnmatch(path.name, each)), None)
    assert pattern, f"results/README.md says nothing of {path.name}"
    rows = rows_of(path)
    assert rows
    assert all(sorted(row) == sorted(columns_told()[pattern]) for row in rows)
    if "figure" in rows[0]:
        names = [row["figure"] for row in rows]
        assert len(set(names)) == len(names)
    assert all(re.fullmatch("[0-9a-f]{16}", row["digest"]) for row in rows if "digest" in row)


def _needs(name: str) -> None:
    if name in ("training", "keras_course"):
        pytest.importorskip("torch")


@pytest.mark.usefixtures("_benchmarks")
@pytest.mark.parametrize(("kind", "name"), MEASURED.items())
def test_a_benchmark_writes_the_columns_that_are_told(kind: str, name: str) -> None:
    _needs(name)
    stamp = importlib.import_module("figures").STAMP
    written = [each.name for each in fields(importlib.import_module(name).Row)] + list(stamp)
    assert sorted(written) == sorted(columns_told()[f"{kind}-*.csv"])


@pytest.mark.usefixtures("_benchmarks")
@pytest.mark.parametrize(
    "name",
    [
        "accuracy",
        "borders",
        "speed",
        "engines",
        "figures",
        "formats",
        "keras_course",
        "opening",
        "overlap",
        "recipes",
        "suspects",
        "teach",
        "training",
        "vin",
    ],
)
def test_a_benchmark_explains_itself(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _needs(name)
    module = importlib.import_module(name)
    monkeypatch.setattr("sys.argv", [f"benchmarks/{name}.py", "--help"])
    with pytest.raises(SystemExit) as end:
        module.main()
    assert end.value.code == 0
    assert "show this help" in capsys.readouterr().out


GOOD = "<!-- figures: results/a.csv -->\n\n| what | right | of |\n|---|---|---|\n| photo, 62 | 82.3 % (80.9-83.7) | 2,856 |\n\nMore.\n"


@pytest.mark.parametrize(
    ("readme", "fault"),
    [
        (GOOD, None),
        (GOOD.replace("82.3", "82.4"), "photo, 62: the file does not say 82.4"),
        (GOOD.replace("82.3 %", "83 %"), "photo, 62: the file does not say 83"),
        (GOOD.replace("82.3 %", "82 %"), None),
        (GOOD.replace("photo, 62", "photo"), "the file has no such figure: photo"),
        (GOOD.replace("a.csv", "b.csv"), "no such file: results/b.csv"),
        (GOOD.replace("| photo, 62 | 82.3 % (80.9-83.7) | 2,856 |\n", ""), "no table under the marker of results/a.csv"),
        (GOOD.replace("82.3 % (80.9-83.7)", "well").replace("2,856", "many"), "photo, 62: no number"),
    ],
)
def test_a_figure_that_is_not_in_its_file_is_noticed(tmp_path: Path, readme: str, fault: str | None) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results/a.csv").write_text('figure,pictures,accuracy,low,high\n"photo, 62",2856,82.28,80.86,83.65\n', encoding="utf-8")
    assert faults(readme, tmp_path) == ([] if fault is None else [fault])
