"""What keeps the reports of studies keeps of them: no folder of this machine, no picture of the data."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("optuna")
pytest.importorskip("torch")

REPORT = """# widths

How wide?

- best: **width = 16**
- machine: 2 cores of some kind
- made: 22 November 2026

![Accuracy by level.](figures/effects.svg)

![Pictures.](figures/pictures.png)

```
inkread study run widths --data mnist=../shared/data/mnist --budget small --name widths-small
```
"""


@pytest.fixture
def studies(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    return import_module("studies")


def test_a_study_is_run_on_the_files_that_stand_for_its_data_by_relative_paths(studies: ModuleType) -> None:
    words = studies.command("mnist-to-letters", "small", ["--workers", "1"])
    named = [word for word in words if "=" in word]
    letters = "emnist/letters=../shared/data/emnist/emnist-byclass-train.npz+../shared/data/emnist/emnist-extra.npz"
    assert named == [letters, "mnist=../shared/data/mnist"]
    assert words[-2:] == ["--workers", "1"]
    assert not [word for word in words if word.startswith("/")]


def test_a_page_has_the_charts_and_no_picture(studies: ModuleType, tmp_path: Path) -> None:
    folder, page = tmp_path / "widths-small", tmp_path / "pages" / "widths"
    (folder / "figures").mkdir(parents=True)
    (folder / "report.md").write_text(REPORT)
    for name in ("effects.svg", "pictures.png"):
        (folder / "figures" / name).write_text("drawn")
    studies.keep(folder, page)
    studies.keep(folder, page)
    assert [each.name for each in (page / "figures").iterdir()] == ["effects.svg"]
    text = (page / "README.md").read_text()
    assert "figures/effects.svg" in text
    assert "png" not in text
    assert studies.listed(page.parent).splitlines()[2] == (
        "| [widths](widths/README.md) | How wide? | 22 November 2026 | 2 cores of some kind "
        "| `inkread study run widths --data mnist=../shared/data/mnist --budget small --name widths-small` |"
    )


def test_a_list_without_pages_says_so(studies: ModuleType, tmp_path: Path) -> None:
    assert studies.listed(tmp_path) == "None yet.\n"
    assert studies.LIST.search((studies.PAGES / "README.md").read_text(encoding="utf-8"))
