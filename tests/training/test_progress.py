"""What a person sees of a training, on a terminal and without one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from inkread.training.history import History, Row
from inkread.training.progress import Progress, clock, heading, is_best, line, plain_line


def row(epoch: int, loss: float = 0.5) -> Row:
    val = {"loss": loss, "accuracy": 0.8765}
    return Row(epoch, {"loss": 0.4321, "accuracy": 0.9}, val, {"one": val}, 0.0015, 1234.0, 67.0)


@pytest.mark.parametrize("width", [26, 30, 43, 44, 50, 71, 72, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert len(heading(width)) <= width
    assert len(line(row(123), True, width)) <= width
    assert "0.5000" in line(row(123), True, width)
    assert line(row(123), True, width).endswith(" *")


@pytest.mark.parametrize("width", [30, 50, 80])
def test_numbers_stand_below_their_heading(width: int) -> None:
    assert len(heading(width)) == len(line(row(1), False, width))


def test_the_best_epoch_is_the_one_that_the_run_would_keep() -> None:
    rows = [row(0, 0.5), row(1, 0.4), row(2, 0.4)]
    assert [is_best(rows[: count + 1], "one/loss") for count in range(3)] == [True, True, False]
    assert not is_best(rows, "one/accuracy")


def test_a_line_for_a_log_tells_everything() -> None:
    expected = "epoch 3 of 20: train loss 0.4321, accuracy 90.00 %; val loss 0.5000, accuracy 87.65 % (best); 1,234 pictures/s, 67 s"
    assert plain_line(row(3), 20, True) == expected


def test_without_a_terminal_there_is_one_line_an_epoch_and_no_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = History(tmp_path)
    progress, trainer = (
        Progress(history, "one/loss"),
        SimpleNamespace(is_global_zero=True, max_epochs=2, num_training_batches=3, current_epoch=0),
    )
    progress.on_train_start(trainer, None)
    for epoch in range(2):
        progress.on_train_epoch_start(trainer, None)
        progress.on_train_batch_end(trainer, None, None, SimpleNamespace(pictures=[0] * 4), 0)
        history.rows.append(row(epoch))
    progress.on_train_end(trainer, None)
    told = capsys.readouterr()
    assert told.out == ""
    assert [each[:12] for each in told.err.splitlines()] == ["epoch 0 of 2", "epoch 1 of 2"]


def test_a_resumed_run_does_not_tell_its_old_epochs_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = History(tmp_path)
    history.rows = [row(0), row(1)]
    progress = Progress(history, "one/loss", terminal=False)
    progress.on_train_start(SimpleNamespace(is_global_zero=True, max_epochs=3, num_training_batches=1), None)
    history.rows.append(row(2, 0.1))
    progress.on_train_end(SimpleNamespace(is_global_zero=True, max_epochs=3), None)
    assert capsys.readouterr().err.startswith("epoch 2 of 3")


@pytest.mark.parametrize("columns", ["80", "50", "24"])
def test_on_a_terminal_the_bar_goes_and_the_lines_stay(
    tmp_path: Path, columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "xterm")
    history = History(tmp_path)
    trainer = SimpleNamespace(is_global_zero=True, max_epochs=1, num_training_batches=2, current_epoch=0)
    progress = Progress(history, "one/loss", terminal=True)
    progress.on_train_start(trainer, None)
    progress.on_train_epoch_start(trainer, None)
    for at in range(2):
        progress.on_train_batch_end(trainer, None, None, SimpleNamespace(pictures=[0] * 4), at)
    history.rows.append(row(0))
    progress.on_exception(trainer, None, KeyboardInterrupt())
    assert "0.5000" in capsys.readouterr().err


def test_of_several_processes_only_the_first_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = History(tmp_path)
    history.tells = False
    progress, trainer = (
        Progress(history, "one/loss", terminal=True),
        SimpleNamespace(is_global_zero=False, max_epochs=1, num_training_batches=1),
    )
    progress.on_train_start(trainer, None)
    history.add(row(0))
    progress.on_train_end(trainer, None)
    assert capsys.readouterr().err == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("seconds", "told"), [(7, "0:07"), (754.2, "12:34"), (3723, "1:02:03"), (float("nan"), "-")])
def test_a_clock_reads_as_people_write_it(seconds: float, told: str) -> None:
    assert clock(seconds) == told
