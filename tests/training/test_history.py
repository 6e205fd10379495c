"""What is on disk after each epoch, and what TensorBoard is told."""

from __future__ import annotations

import csv
import json
from math import isnan, nan
from pathlib import Path

import pytest

from inkread.training.events import Events
from inkread.training.history import History, Pace, Row


def row(epoch: int, loss: float = 0.5, seconds: float = 2.0) -> Row:
    val = {"loss": loss + 0.1, "accuracy": 0.8}
    return Row(epoch, {"loss": loss, "accuracy": 0.9}, val, {"one": val}, 0.001, 1000.0, seconds)


def scalars(folder: Path, part: str, tag: str) -> list[tuple[int, float]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder / "events" / part)).Reload()
    return [(each.step, round(each.value, 4)) for each in events.Scalars(tag)]


def test_an_epoch_is_on_disk_as_soon_as_it_is_added(tmp_path: Path) -> None:
    history = History(tmp_path)
    for epoch in range(2):
        history.add(row(epoch))
        assert len(list(csv.DictReader((tmp_path / "history.csv").open()))) == epoch + 1
        assert len((tmp_path / "history.jsonl").read_text().splitlines()) == epoch + 1
        assert scalars(tmp_path, "val", "loss")[-1] == (epoch, 0.6)
    assert {each.name for each in tmp_path.iterdir()} == {"history.csv", "history.jsonl", "events"}


def test_only_the_json_lines_tell_how_long_it_took(tmp_path: Path) -> None:
    """So that a killed run resumed can be compared with the unbroken one byte by byte."""
    first, second = History(tmp_path / "a"), History(tmp_path / "b")
    first.add(row(0, seconds=2.0))
    second.add(row(0, seconds=9.0))
    assert (tmp_path / "a" / "history.csv").read_bytes() == (tmp_path / "b" / "history.csv").read_bytes()
    assert json.loads((tmp_path / "b" / "history.jsonl").read_text())["seconds"] == 9.0
    assert scalars(tmp_path / "b", "train", "seconds") == [(0, 9.0)]
    assert scalars(tmp_path / "b", "train", "rate") == [(0, 0.001)]


def test_what_is_not_known_is_left_empty(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.add(Row(0, {"loss": nan}, {}, {}))
    assert (tmp_path / "history.csv").read_text() == "epoch,rate,train/loss\n0,,\n"
    assert json.loads((tmp_path / "history.jsonl").read_text())["train/loss"] is None


def test_train_and_val_share_their_tags_and_one_source_is_not_told_twice(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.add(row(0))
    assert scalars(tmp_path, "train", "accuracy") == [(0, 0.9)]
    assert scalars(tmp_path, "val", "accuracy") == [(0, 0.8)]
    assert {each.name for each in (tmp_path / "events").iterdir()} == {"train", "val"}


def test_a_resumed_run_takes_back_what_the_killed_one_told_of_later_epochs(tmp_path: Path) -> None:
    killed = History(tmp_path)
    for epoch in range(3):
        killed.add(row(epoch, loss=0.9))
    kept = killed.as_list()[:1]
    killed.close()
    resumed = History(tmp_path)
    resumed.restore(json.loads(json.dumps(kept)))
    resumed.add(row(1, loss=0.4))
    assert scalars(tmp_path, "train", "loss") == [(0, 0.9), (1, 0.4)]
    assert len(list(csv.DictReader((tmp_path / "history.csv").open()))) == 2


def test_a_part_opened_again_by_the_same_run_loses_nothing(tmp_path: Path) -> None:
    events = Events(tmp_path / "events")
    events.scalars("val", {"loss": 0.5}, 0)
    events.scalars("val", {"loss": 0.4}, 1)
    events.close()
    events.scalars("val", {"best": 0.4}, 0)
    events.close()
    assert scalars(tmp_path, "val", "loss") == [(0, 0.5), (1, 0.4)]


def test_pace_counts_pictures_up_to_the_last_step(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 10.0, 12.0, 14.0, 20.0])
    monkeypatch.setattr("inkread.training.history.perf_counter", lambda: next(times))
    pace = Pace()
    pace.begin()
    pace.add(100)
    pace.add(100)
    assert {key: value for key, value in pace.told().items() if key != "ended"} == {"pictures_per_second": 50.0, "seconds": 10.0}


def test_an_epoch_without_a_step_has_no_pace() -> None:
    assert isnan(Pace().told()["pictures_per_second"])
