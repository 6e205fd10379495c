"""The book of trials by itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inkread.errors import RunError
from inkread.study import Factor, Level, Row
from inkread.study.ledger import Ledger, Search, watching

WIDTH = Factor("width", "width", "network.width", (Level("8"), Level("16")), "8")
JOBS = {"one": {"width": "8"}, "other": {"width": "16"}}


def ledger(file: Path | str, search: Search | None = None) -> Ledger:
    return Ledger(str(file), "own", (WIDTH,), "accuracy", search)


def row(accuracy: float, **told: object) -> Row:
    return Row("it", {}, 1, **{"accuracy": accuracy, **told})  # type: ignore[arg-type]


def test_what_a_killed_program_left_as_going_on_waits_again(tmp_path: Path) -> None:
    killed = ledger(tmp_path / "book")
    killed.enter(JOBS, {})
    first, second = killed.take(JOBS), killed.take(JOBS)
    assert first
    assert second
    assert killed.take(JOBS) is None
    killed.tell(first, row(0.5))
    after = ledger(tmp_path / "book")
    after.enter(JOBS, {first.key: row(0.5)})
    taken = after.take(JOBS)
    assert taken
    assert (taken.key, taken.params) == (second.key, second.params)
    assert after.take(JOBS) is None


def test_two_at_a_database_share_the_trials_and_take_none_from_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/book.db"
    one = ledger(url)
    one.enter(JOBS, {})
    first = one.take(JOBS)
    other = ledger(url)
    other.enter(JOBS, {})
    second = other.take(JOBS)
    assert first
    assert second
    assert {first.key, second.key} == set(JOBS)
    assert one.take(JOBS) is None
    assert other.take(JOBS) is None


def test_a_database_gives_trials_back_whose_machine_was_silent_for_long(tmp_path: Path) -> None:
    import sqlite3

    lost = ledger(f"sqlite:///{tmp_path}/book.db")
    lost.enter(JOBS, {})
    taken = lost.take(JOBS)
    assert taken
    with sqlite3.connect(tmp_path / "book.db") as book:
        book.execute("UPDATE trial_heartbeats SET heartbeat = '2001-01-01 00:00:00'")
    lost.beat()
    other = ledger(f"sqlite:///{tmp_path}/book.db")
    other.enter(JOBS, {})
    assert {each.key for each in (other.take(JOBS),) if each} == set(JOBS) - {taken.key}, "it goes on, as its beat tells"
    with sqlite3.connect(tmp_path / "book.db") as book:
        book.execute("UPDATE trial_heartbeats SET heartbeat = '2001-01-01 00:00:00' WHERE trial_id = 1")
    other.enter(JOBS, {})
    again = other.take(JOBS)
    assert again
    assert again.key == taken.key


def test_a_trial_of_a_plan_that_is_no_more_is_passed_over(tmp_path: Path) -> None:
    book = ledger(tmp_path / "book")
    book.enter(JOBS, {})
    taken = book.take({"other": {}})
    assert taken
    assert taken.key == "other"


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_book_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "book").touch(0o400)
    with pytest.raises(RunError, match=r"the book of trials cannot be used \(permission denied\)"):
        ledger(tmp_path / "book")


def test_a_book_where_there_is_a_folder_or_nothing_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"the book of trials cannot be used \(is a directory\)"):
        ledger(tmp_path)
    with pytest.raises(RunError, match=r"the book of trials cannot be used \(no such file or directory\)"):
        ledger(tmp_path / "absent" / "book")


def test_a_locked_database_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    book = ledger(f"sqlite:///{tmp_path}/book.db")

    def locked(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(type(book._study), "get_trials", locked)
    with pytest.raises(RunError, match=r"the book of trials cannot be used .*database is locked"):
        book.enter(JOBS, {})


def test_a_training_behind_the_others_is_broken_off(tmp_path: Path) -> None:
    book = ledger(tmp_path / "book", Search("random", 1, prune=True))
    for _ in range(5):
        taken = book.draw()
        watch = watching(book.storage, book.name, taken.number)
        assert not any(watch(epoch, 0.8 + epoch / 100) for epoch in range(1, 4))
        book.tell(taken, row(0.83))
    behind = book.draw()
    watch = watching(book.storage, book.name, behind.number)
    assert [watch(epoch, 0.1) for epoch in range(1, 4)] == [False, True, True]
    book.tell(behind, row(0.1, pruned=True))


def test_a_training_whose_book_has_gone_says_so(tmp_path: Path) -> None:
    book = ledger(tmp_path / "book", Search("random", 1, prune=True))
    taken = book.draw()
    (tmp_path / "book").unlink()
    with pytest.raises(RunError, match="the book of trials cannot be used"):
        watching(book.storage, book.name, taken.number)
