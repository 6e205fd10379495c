"""Two processes that train together on the processor: they do what one does, and only the first one writes and talks."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inkread.training import Circumstances, Run
from inkread.training.history import History
from tiny_training import shape_folder

QUICK = ("epochs=3", "batch=16", "width=16", "validation=0.2", "dropout=0", "augmentation.share=0", "optimizer=sgd", "rate=0.05")
SECONDS = 300


def command(place: Path, *words: str) -> list[str]:
    """The command as a person types it, told apart from all others by its folder."""
    changes = [word for each in QUICK for word in ("--set", each)]
    data = ["--data", str(place / "mine"), "--out", str(place / "runs")]
    return [sys.executable, "-m", "inkread", "train", "mlp", *data, *changes, "--device", "cpu", "--threads", "1", *words]


def surroundings(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("LOCAL_RANK", "RANK", "WORLD_SIZE", "MASTER_PORT")}
    return {**kept, "INKREAD_CACHE": str(place / "cache"), "OMP_NUM_THREADS": "1"}


def run(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(place, *words), env=surroundings(place), capture_output=True, text=True, timeout=SECONDS)


def going(place: Path) -> list[int]:
    """The processes that work in this folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes()
            ended = (each / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            continue
        if os.fsencode(str(place / "mine")) in words and not ended:
            found.append(int(each.name))
    return found


def heeding() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures, and two seeds of a run trained by two processes."""
    place = tmp_path_factory.mktemp("place")
    shape_folder(place / "mine", count=160)
    done = run(place, "--devices", "2", "--seeds", "2", "--json", "--name", "two")
    (place / "told").write_text(done.stdout)
    (place / "said").write_text(done.stderr)
    assert done.returncode == 0, done.stderr
    return place


def test_two_processes_leave_one_whole_run_a_seed_and_tell_it_once(place: Path) -> None:
    told = json.loads((place / "told").read_text())["runs"]
    assert [Path(each["run"]).name for each in told] == ["two-seed1", "two-seed2"]
    assert (place / "said").read_text().count("epoch 3 of 3") == 2
    assert "GLOBAL_RANK" not in (place / "said").read_text()
    for each in told:
        folder = Path(each["run"])
        rows = list(csv.DictReader((folder / "history.csv").open()))
        assert [row["epoch"] for row in rows] == list("123")
        assert float(rows[-1]["train/loss"]) < float(rows[0]["train/loss"])
        assert Run(folder).metrics["scores"]["mine"]["accuracy"] > 0.8
        assert not (folder / "last.ckpt").exists()
    if sys.platform == "linux":
        assert going(place) == []


def test_two_processes_take_the_steps_of_one(place: Path) -> None:
    """The mean of the gradients of two halves of a batch is the gradient of the batch."""
    done = run(place, "--name", "one")
    assert done.returncode == 0, done.stderr
    alone, both = (list(csv.DictReader((place / "runs" / name / "history.csv").open())) for name in ("one", "two-seed1"))
    for first, second in zip(alone, both, strict=True):
        for key in ("train/loss", "val/loss", "train/accuracy"):
            assert float(second[key]) == pytest.approx(float(first[key]), rel=2e-3)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_the_others_end_with_the_first_one(sent: signal.Signals, code: int, place: Path) -> None:
    words = command(place, "--devices", "2", "--name", f"broken-by-{sent.name}", "--set", "epochs=100000")
    # what starts the tests in the background may have told them to ignore Ctrl-C, which is inherited
    process = subprocess.Popen(words, env=surroundings(place), stderr=subprocess.PIPE, text=True, preexec_fn=heeding)
    assert process.stderr is not None
    line = process.stderr.readline()
    assert "epoch 1 of 100000" in line
    assert len(going(place)) == 2
    process.send_signal(sent)
    _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == code
    assert "Traceback" not in said
    until = time.monotonic() + 30
    while going(place) and time.monotonic() < until:
        time.sleep(0.2)
    assert going(place) == []


def test_two_processes_that_were_killed_go_on_and_end_as_the_unbroken_ones(place: Path) -> None:
    longer = ("--devices", "2", "--set", "epochs=30")
    assert run(place, *longer, "--name", "unbroken").returncode == 0
    process = subprocess.Popen(command(place, *longer, "--name", "killed"), env=surroundings(place), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert any(line.startswith("epoch 3 of 30") for line in process.stderr)
    process.kill()
    process.communicate(timeout=SECONDS)
    assert not (place / "runs" / "killed" / "metrics.json").exists()
    done = run(place, *longer, "--name", "killed", "--resume")
    assert done.returncode == 0, done.stderr
    killed, unbroken = ((place / "runs" / name / "history.csv").read_bytes() for name in ("killed", "unbroken"))
    assert killed == unbroken


def test_what_cannot_be_is_told_once_before_another_process_is_started(place: Path) -> None:
    done = run(place, "--devices", "2", "--name", "two-seed1")
    assert done.returncode == 2
    assert done.stderr.count("the folder already holds a run") == 1


def test_the_process_with_the_number_nought_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOCAL_RANK", "RANK"):
        monkeypatch.delenv(name, raising=False)
    assert Circumstances(devices=2).leads()
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert not Circumstances(devices=2).leads()
    assert Circumstances(devices=1).leads(), "alone, whatever an outer program has numbered it"


def test_a_history_that_does_not_tell_writes_nothing(tmp_path: Path) -> None:
    from inkread.training import Row

    history = History(tmp_path)
    history.tells = False
    history.add(Row(1, {"loss": 1.0}, {}, {}))
    assert len(history.rows) == 1
    assert not list(tmp_path.iterdir())
