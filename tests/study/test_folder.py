"""The folder of a study: what in it is damaged, foreign or cannot be written."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from inkread.errors import RunError
from inkread.study import StudyFolder, begin, go_on
from tiny_study import Pretend, asked, run, written


def run_of(folder: StudyFolder, setting: str = "base", seed: int = 1) -> Path:
    return next(folder.path / row.run for row in folder.rows() if (row.setting, row.seed) == (setting, seed))


@pytest.mark.parametrize("file", ["row.json", "job.json"])
@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"row": 3}', '{"digest": "x", "row": {}}', "\0"])
def test_a_damaged_run_counts_as_not_there_and_is_done_again(tmp_path: Path, file: str, text: str) -> None:
    study, out = written(tmp_path), tmp_path / "studies"
    folder = run(study, out)
    (run_of(folder) / file).write_text(text)
    assert len(StudyFolder(folder.path).rows()) == 3
    again = Pretend()
    assert len(run(study, out, again).rows()) == 4
    assert [(each.setting, each.seed) for each in again.done] == [("base", 1)]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"study": 3}'])
def test_a_damaged_question_is_no_study(tmp_path: Path, text: str) -> None:
    _, folder = begin(asked(written(tmp_path)), tmp_path / "studies")
    (folder.path / "asked.json").write_text(text)
    with pytest.raises(RunError, match="this is no folder of a study: ") as caught:
        go_on(folder.path)
    assert caught.value.hint == "`inkread study run NAME` begins one"


def test_a_study_without_its_text_is_told(tmp_path: Path) -> None:
    _, folder = begin(asked(written(tmp_path)), tmp_path / "studies")
    (folder.path / "study.toml").unlink()
    with pytest.raises(RunError, match=r"the folder of the study lacks a file: .*study.toml"):
        go_on(folder.path)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "widths-smoke").mkdir()
    (tmp_path / "widths-smoke" / "thesis.doc").touch()
    with pytest.raises(RunError, match="the folder holds something that is no study: "):
        begin(asked(written(tmp_path)), tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="the folder holds something that is no study: "):
        begin(asked(written(tmp_path)), tmp_path, name="file")
    with pytest.raises(RunError, match="this is no folder of a study: "):
        go_on(tmp_path)


def test_a_study_killed_before_it_had_asked_begins_again(tmp_path: Path) -> None:
    _, folder = begin(asked(written(tmp_path)), tmp_path / "studies")
    (folder.path / "asked.json").unlink()
    assert begin(asked(written(tmp_path)), tmp_path / "studies")[1].asked().budget == "smoke"


def test_a_full_disk_ends_the_study_with_a_sentence_and_keeps_what_had_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, out, write = written(tmp_path), tmp_path / "studies", Path.write_text

    def full(file: Path, text: str, encoding: str | None = None) -> int:
        if file.name == ".row.json" and '"seed": 2' in text:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, text, encoding)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(RunError) as caught:
        run(study, out)
    monkeypatch.setattr(Path, "write_text", write)
    assert str(caught.value).startswith("the study cannot be written (no space left on device): ")
    assert caught.value.hint == "make room; finished runs are kept, go on with the same command"
    rest = Pretend()
    assert len(run(study, out, rest).rows()) == 4
    assert [each.seed for each in rest.done] == [2, 2]


def test_the_weights_of_every_epoch_stay_in_the_runs_of_the_best_setting_alone(tmp_path: Path) -> None:
    study, out = written(tmp_path), tmp_path / "studies"

    class Keeping(Pretend):
        def begin(self, job, bench):  # type: ignore[no-untyped-def]
            weights = bench.folder / "runs" / job.name / "epochs" / "001.safetensors"
            weights.parent.mkdir(parents=True)
            weights.touch()
            return super().begin(job, bench)

    folder = run(study, out, Keeping(fails=lambda job: "killed" if (job.setting, job.seed) == ("base", 2) else ""))
    kept = {(row.setting, row.seed) for row in folder.rows() if (folder.path / row.run / "epochs").exists()}
    assert kept == {("width = 16", 1), ("width = 16", 2), ("base", 2)}, "one that failed goes on from them"


def test_what_was_asked_is_readable(tmp_path: Path) -> None:
    _, folder = begin(asked(written(tmp_path), changes=("width=32",)), tmp_path / "studies")
    told = json.loads((folder.path / "asked.json").read_text())
    assert (told["changes"], told["budget"]) == (["width=32"], "smoke")
    assert folder.asked().changes == ("width=32",)
