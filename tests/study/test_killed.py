"""Studies that are killed, wholly or in part, and go on as if nothing had been."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inkread.study import Bench, Estimate, Here, Row, Runner, StudyFolder, begin, go_on
from tiny_study import asked

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are looked up in /proc")

NETWORK = """
import os, signal, time
from pathlib import Path
from torch import nn

class Own(nn.Module):
    def __init__(self, classes: int, width: int = 8) -> None:
        super().__init__()
        self.one, self.two, self.steps, self.width = nn.Linear(784, width), nn.Linear(width, classes), 0, width

    def forward(self, pictures):
        if self.training:
            self.steps += 1
            if self.steps == 5 and self.width == 8 and Path("kill").exists():  # in the second epoch
                Path("kill").unlink()
                os.kill(os.getpid(), signal.SIGKILL)
            if self.steps > 5 and Path("slow").exists():
                time.sleep(0.2)
        found = self.one(pictures.flatten(1).float() / 255).relu()
        return self.two(found), found
"""
STUDY = """
name = "widths"
question = "How wide?"
recipe = "own-recipe.toml"
alphabet = "ABC"
[[factors]]
key = "network.width"
values = [8, 16]
base = 8
[budgets.smoke]
held = 0
epochs = 3
seeds = 1
"""


@pytest.fixture
def place(tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a study of a network of one's own and its data."""
    (tmp_path / "killed.py").write_text(NETWORK)
    (tmp_path / "own-recipe.toml").write_text(
        'name = "own"\n[network]\nname = "killed:Own"\nwidth = 8\n[training]\nbatch = 16\nrate = 0.01\nvalidation = 0.2\naverage = 0.0\n'
    )
    (tmp_path / "own.toml").write_text(STUDY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def started(*words: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each), "OMP_NUM_THREADS": "1"}
    asks = [sys.executable, "-m", "inkread", "study", "run", "own.toml", "--budget", "smoke", "--data", "letters", *words]
    return subprocess.Popen(asks, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, start_new_session=True)


def history(setting: str = "base") -> list[dict[str, float]]:
    for file in Path("studies/widths-smoke/runs").glob(f"{setting}-*/history.jsonl"):
        return [json.loads(line) for line in file.read_text().splitlines()]
    return []


def in_its_session(leader: int) -> list[int]:
    """The processes of a session, but those that have ended and are not yet taken notice of."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = each.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(each.parent.name))
    return found


def until(true: object, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def gone_on(folder: Path) -> StudyFolder:
    plan, study = go_on(folder)
    Runner(plan, study, Here(), Bench(study.path, 1, "cpu"), str(study.path / "trials.log"), Estimate({}, 60)).run()
    return study


def plain(rows: list[Row]) -> list[dict[str, object]]:
    """Rows without what time it took."""
    return [{key: value for key, value in row.as_dict().items() if key not in ("seconds", "speed")} for row in rows]


def test_a_process_that_is_killed_is_a_row_and_goes_on_from_its_last_epoch_another_time(place: Path) -> None:
    Path("kill").touch()
    study = started("--workers", "1", "--json")
    out, err = study.communicate(timeout=240)
    assert study.returncode == 1, err
    rows = {each["setting"]: each for each in json.loads(out)["rows"]}
    assert rows["base"]["error"] == "its process was killed, as machines do that are out of memory"
    assert (rows["width = 16"]["error"], rows["width = 16"]["epochs"]) == ("", 3)
    assert b"about" in err.splitlines()[0], "how long it takes is told before it begins"
    (first,) = history()
    folder = gone_on(place / "studies" / "widths-smoke")
    assert [(row.error, row.epochs) for row in folder.rows()] == [("", 3), ("", 3)]
    assert history()[0]["ended"] == first["ended"]


def test_ctrl_c_and_a_kill_leave_nothing_behind_and_the_study_ends_as_the_unbroken_one(place: Path) -> None:
    Path("slow").touch()
    study = started("--workers", "2")
    until(history)
    pressed = time.monotonic()
    os.killpg(study.pid, signal.SIGINT)
    _, err = study.communicate(timeout=60)
    assert study.returncode == 130
    assert time.monotonic() - pressed < 30.0, "on a machine as busy as may be"
    assert b"Traceback" not in err
    until(lambda: not in_its_session(study.pid), 10.0)
    assert not list(Path("studies").glob("*/runs/*/row.json")), "what was broken off is no row"
    begun = len(history())

    study = started("--workers", "1")
    until(lambda: len(history()) > begun)
    study.kill()
    study.communicate(timeout=60)
    until(lambda: not in_its_session(study.pid), 30.0)

    Path("slow").unlink()
    folder = gone_on(place / "studies" / "widths-smoke")
    plan, unbroken = begin(asked("own.toml", data="letters"), place / "unbroken")
    Runner(plan, unbroken, Here(), Bench(unbroken.path, 1, "cpu"), str(unbroken.path / "trials.log"), Estimate({}, 60)).run()
    assert len(unbroken.rows()) == 2
    assert plain(folder.rows()) == plain(unbroken.rows())
