"""The book of a study in a real PostgreSQL, which several machines share; what SQLite shows as well stands in tests/study."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from inkread.study import Row
from inkread.study.ledger import Ledger
from tiny_study import Pretend, run, written

PROGRAMS = next(
    (each / "bin" for each in sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True) if (each / "bin/initdb").is_file()), None
)
JOBS: dict[str, dict[str, str]] = {"one": {}, "other": {}}

pytestmark = [
    pytest.mark.trial,
    pytest.mark.skipif(PROGRAMS is None, reason="PostgreSQL is not installed"),
    pytest.mark.skipif(not find_spec("psycopg"), reason="its driver, psycopg, is not installed"),
]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The URL of a database of our own, reached through a unix socket only."""
    place = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(place, "nobody")
    try:
        served("initdb", f"--pgdata={place}/data", "--username=inkread", "--auth=trust", "--no-sync")
        served("pg_ctl", "start", f"--pgdata={place}/data", "--wait", f"--log={place}/log", f"--options=-k {place} -h '' -F")
        yield f"postgresql://inkread@/postgres?host={place}"
    finally:
        served("pg_ctl", "stop", f"--pgdata={place}/data", "--mode=immediate")
        shutil.rmtree(place)


def served(program: str, *options: str) -> None:
    """Runs one of PostgreSQL's programs, which refuse to be run by root."""
    assert PROGRAMS
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    subprocess.run([PROGRAMS / program, *options], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60, **user)  # type: ignore[call-overload]


def ledger(url: str, name: str) -> Ledger:
    return Ledger(url, name, (), "accuracy")


def test_a_study_is_booked_and_not_done_twice(postgres: str, tmp_path: Path) -> None:
    study, out, where = written(tmp_path), tmp_path / "studies", Pretend()
    folder = run(study, out, where, postgres)
    assert len(where.done) == 4
    assert [row.error for row in folder.rows()] == [""] * 4
    again = Pretend()
    run(study, out, again, postgres)
    assert again.done == []


def test_two_machines_share_the_trials(postgres: str) -> None:
    one, other = (ledger(postgres, "shared") for _ in range(2))
    one.enter(JOBS, {})
    other.enter(JOBS, {})
    taken = [one.take(JOBS), other.take(JOBS)]
    assert {each.key for each in taken if each} == set(JOBS)
    assert one.take(JOBS) is None
    assert other.take(JOBS) is None


def test_what_a_machine_had_taken_that_has_gone_waits_again(postgres: str) -> None:
    from sqlalchemy import create_engine, text

    gone = ledger(postgres, "gone")
    gone.enter(JOBS, {})
    taken = gone.take(JOBS)
    assert taken
    with create_engine(postgres).begin() as book:
        book.execute(text("UPDATE trial_heartbeats SET heartbeat = '2001-01-01 00:00:00'"))
    after = ledger(postgres, "gone")
    after.enter(JOBS, {})
    assert {each.key for each in (after.take(JOBS), after.take(JOBS)) if each} == set(JOBS)


def test_a_server_that_goes_away_leaves_a_sentence_and_one_that_is_back_the_rest(postgres: str) -> None:
    from inkread.errors import RunError

    place = postgres.rpartition("=")[2]
    book = ledger(postgres, "broken off")
    book.enter(JOBS, {})
    taken = book.take(JOBS)
    assert taken
    served("pg_ctl", "restart", f"--pgdata={place}/data", "--mode=immediate", "--wait", f"--log={place}/log")
    with pytest.raises(RunError, match="the book of trials cannot be used"):
        book.tell(taken, Row("it", {}, 1, accuracy=0.5))
    after = ledger(postgres, "broken off")
    after.enter(JOBS, {taken.key: Row("it", {}, 1, accuracy=0.5)})
    left = after.take(JOBS)
    assert left
    assert left.key != taken.key
