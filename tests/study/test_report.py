"""What a study says in the end: its answer, and the report of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.study import Answer, Here, about, answer, ask, go_on, write_report
from inkread.study.page import document
from tiny_study import SEARCH, TUNED, WIDTHS, Pretend, asked, run, written


def answered(folder: Path, text: str = WIDTHS, where: Pretend | None = None) -> Answer:
    done = run(written(folder, text), folder / "studies", where)
    return answer(*go_on(done.path))


def text_of(found: Answer, folder: Path) -> str:
    return document(found, about(asked("own.toml"), folder)).markdown()


def cells(told: str) -> list[list[str]]:
    """The rows of all tables."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in told.splitlines() if line.startswith("|")]


def test_the_best_is_told_with_what_it_is_ahead_by(tmp_path: Path) -> None:
    found = answered(tmp_path)
    assert found.comparison.best == "width = 16"
    assert found.best() is not None
    assert found.best().seed == 1  # type: ignore[union-attr]
    assert "width = 16 with 86.61 %" in found.findings[0].sentence
    assert found.as_dict()["finished"] == 4


def test_pilots_chose_and_are_no_more_seeds(tmp_path: Path) -> None:
    found = answered(tmp_path, WIDTHS + TUNED)
    assert sorted({row.seed for row in found.pilots}) == [0]
    assert len(found.pilots) == 3
    assert all(len(each.seeds) == 2 for each in found.comparison.results)


def test_of_a_search_its_finalists_are_compared_and_all_that_was_tried_is_told(tmp_path: Path) -> None:
    found = answered(tmp_path, SEARCH)
    assert [len(each.seeds) for each in found.comparison.results] == [3, 3]
    told = text_of(found, tmp_path / "studies" / "x")
    assert told.count("training.rate") == 0
    tried = told.partition("## Everything that was tried")[2].partition("\n## ")[0]
    assert len([line for line in tried.splitlines() if line.startswith("| rate")]) == 6


def test_the_report_has_question_method_charts_numbers_and_limits(tmp_path: Path) -> None:
    told = text_of(answered(tmp_path), Path("studies/widths-smoke"))
    headings = [line[3:] for line in told.splitlines() if line.startswith("## ")]
    assert headings == ["What was found", "How it was done", "Charts", "All settings", "Limits", "To do it again"]
    assert "How wide?" in told
    assert "Data: letters. Each network was trained on 0 pictures for 2 epochs, with 2 seeds, which draw" in told
    assert "Holm 1979" in told
    assert "inkread study run own.toml --budget smoke --name widths-smoke" in told
    limits = told.partition("## Limits")[2].partition("\n## ")[0]
    assert "what other seeds would give on the same 30 held-back pictures" in limits
    assert "what other seeds would give" not in told.replace(limits, "")


def test_reasons_and_what_they_set_stand_in_the_method(tmp_path: Path) -> None:
    told = text_of(answered(tmp_path, WIDTHS + TUNED), tmp_path)
    assert ["adam", "it needs no rate of its own", "nothing"] in cells(told)
    tuned = "training.optimizer = sgd, training.beta2 = 0.99, training.rate, the best of 0.001, 0.01, 0.1"
    assert ["sgd", "", tuned] in cells(told)


def test_what_failed_is_told_with_its_cause(tmp_path: Path) -> None:
    found = answered(tmp_path, where=Pretend(fails=lambda job: "the loss is no number" if job.seed == 2 else ""))
    told = text_of(found, tmp_path)
    assert "## What failed" in told
    assert ["width = 16", "2", "the loss is no number"] in cells(told)
    assert ["base", "85.81 % (69.3-94.2)", "", "1 of 2", "0", "0", "100", "1 second"] in cells(told)


def test_a_study_of_which_nothing_has_finished_says_so(tmp_path: Path) -> None:
    found = answered(tmp_path, where=Pretend(fails=lambda job: "no"))
    assert found.best() is None
    told = text_of(found, tmp_path)
    assert "## Charts" not in told
    assert len([row for row in cells(told) if row[-1] == "no"]) == 4


def test_two_measures_are_judged_apart(tmp_path: Path) -> None:
    found = answered(tmp_path, WIDTHS.replace('alphabet = "ABC"', 'alphabet = "ABC"\nalso = "last"'))
    assert found.also is not None
    assert found.also.design.measure == "last"
    assert "### By accuracy of the last epochs" in text_of(found, tmp_path)
    assert found.as_dict()["also"]["best"] == "width = 16"


def test_page_and_markdown_stand_in_the_folder_with_every_figure(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    folder = run(written(tmp_path), tmp_path / "studies")
    write_report(answer(*go_on(folder.path)), folder)
    page, told = ((folder.path / name).read_text(encoding="utf-8") for name in ("report.html", "report.md"))
    drawn = sorted(each.name for each in (folder.path / "figures").iterdir())
    assert drawn == ["differences.svg", "effects.svg"]  # pretended trainings have no curves
    assert all(f"(figures/{each})" in told for each in drawn)
    assert page.count("<svg") >= len(drawn)
    assert "http" not in page.replace("http://www.w3.org", "")


def test_asked_from_python_it_trains_here_and_answers(tmp_path: Path, letters: Path) -> None:
    states: list[int] = []
    found = ask(
        written(tmp_path), str(letters), budget="smoke", seeds=1, out=tmp_path / "studies", threads=1, where=Here(),
        told=lambda state: states.append(len(state.rows)),
    )  # fmt: skip
    assert {row.setting for row in found.rows if row.finished} == {"base", "width = 16"}
    assert max(states) == 2
    assert (tmp_path / "studies" / "widths-smoke" / "report.html").is_file()
    assert "How wide?" in found._repr_html_()
    again = ask(written(tmp_path), str(letters), budget="smoke", seeds=1, out=tmp_path / "studies", threads=1)
    assert [row.accuracy for row in again.rows] == [row.accuracy for row in found.rows]
