"""Trials as tasks of a Ray cluster: the same rows as here, a worker that dies is a row, nothing listens outside."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("optuna")
if not find_spec("ray"):  # not imported here: Ray reads the environment then, which is inkread's to set
    pytest.skip("the extra `cluster` is not installed", allow_module_level=True)

from inkread.errors import MissingExtra, UsageError
from inkread.study import Bench, Here, Job, Ray, Row, begin
from inkread.study.alike import MARK, here, unlike
from tiny_study import asked, run, written
from tiny_training import shape_folder

STUDY = """
name = "tiny"
question = "Does the rate matter?"
method = "It is varied."
recipe = "mlp"
data = "{data}"
alphabet = "ABC"
design = "one-at-a-time"

[[factors]]
key = "training.rate"
label = "learning rate"
values = [0.001, 0.01]

[budgets.smoke]
minutes = 0.1
epochs = 2
seeds = 2
set = {{ "training.batch" = 16, "training.validation" = 0.2, "network.width" = 16, "network.layers" = 1 }}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a study of four trainings."""
    place = tmp_path_factory.mktemp("shapes")
    return written(place, STUDY.format(data=shape_folder(place / "data")))


@pytest.fixture(scope="module")
def job(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The first of its trainings."""
    made, _ = begin(asked(study), tmp_path_factory.mktemp("studies"))
    return next(iter(made.jobs({}).values()))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Ray]:
    """The one cluster of this file: it costs seconds of two processors."""
    ray = Ray(2)
    yield ray
    ray.close()


class Open:
    """A cluster that outlives a study."""

    def __init__(self, ray: Ray) -> None:
        self.workers, self.begin = ray.workers, ray.begin

    def close(self) -> None:
        pass


def decided(row: Row) -> Row:
    """What of a row the same training gives again."""
    return replace(row, seconds=0.0, speed=0.0)


def test_a_study_gives_the_same_table_on_ray_as_here(study: Path, cluster: Ray, tmp_path: Path) -> None:
    local = run(study, tmp_path / "here", Here()).rows()
    there = run(study, tmp_path / "ray", Open(cluster)).rows()
    assert [row.error for row in local] == [""] * 4
    assert list(map(decided, there)) == list(map(decided, local))
    assert cluster.trials.total() == 4


def test_nothing_of_the_cluster_listens_outside_or_has_connected_to_it(cluster: Ray) -> None:
    spoken = [address for pid in family() for address in addresses(pid)]
    assert len(spoken) > 5
    assert {address for address in spoken if not address.startswith("127.")} == set()


def test_a_killed_worker_is_a_row_and_the_next_trial_has_another(job: Job, cluster: Ray, tmp_path: Path) -> None:
    long = replace(job, recipe=job.recipe.replace("epochs = 2", "epochs = 5000"))
    going = cluster.begin(long, Bench(tmp_path, threads=1))
    worker = one_that_trains(tmp_path / "runs" / long.name)
    os.kill(worker, signal.SIGKILL)
    row = going.result(timeout=30)
    assert row.error == "its process was killed, as machines do that are out of memory"
    assert row.run == f"runs/{long.name}"
    assert not cluster.begin(job, Bench(tmp_path, threads=1)).result(timeout=60).error


def test_a_node_that_is_not_like_this_machine_is_told(tmp_path: Path) -> None:
    alike = here(tmp_path)
    assert unlike(alike) == ""
    assert unlike(replace(alike, inkread="0.0")).endswith("instead of 0.0")
    assert "other recipes" in unlike(replace(alike, files="0"))
    assert unlike(replace(alike, folder="/nowhere")) == "the folder of the study is not there (/nowhere)"
    (tmp_path / MARK).write_text("another")
    assert "the folder of the study is not there" in unlike(replace(alike, started="/"))
    alike.unmark()
    assert not list(tmp_path.iterdir())


def test_a_node_that_is_not_like_the_others_gives_rows_that_say_so(
    job: Job, cluster: Ray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cluster._alike, tmp_path, replace(here(tmp_path), torch="1.0"))
    row = cluster.begin(job, Bench(tmp_path, threads=1)).result(timeout=60)
    assert row.error.startswith("the node 127.0.0.1 is not like the others, it has PyTorch")


def test_an_address_that_is_none_is_a_sentence() -> None:
    for address in ("ray://head:10001", "head", "head:"):
        with pytest.raises(UsageError, match="the address of a Ray cluster is HOST:PORT: " + address):
            Ray(address=address)


def test_without_ray_the_line_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match="ray is not installed") as told:
        Ray()
    assert told.value.hint == "pip install 'inkread[cluster]'"


def family() -> set[int]:
    """This process and all that it has started, and they."""
    parents = {}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def addresses(pid: int) -> Iterator[str]:
    """The IPv4 addresses at both ends of a process's sockets; where it listens, only its own."""
    owned = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # it has been closed
            owned.add(os.readlink(each))
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, near, far, *_, inode = line.split()[:10]
            if f"socket:[{inode}]" in owned:
                for end in (near, far):
                    if not end.endswith(":0000"):
                        yield ".".join(str(byte) for byte in reversed(bytes.fromhex(end.partition(":")[0][-8:])))


def one_that_trains(run: Path) -> int:
    """The process that has come to its first epoch in the folder of a run."""
    until = time.monotonic() + 60
    while not (run / "history.jsonl").is_file():
        assert time.monotonic() < until
        time.sleep(0.1)
    (found,) = [pid for pid in family() if b"_trial" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return found
