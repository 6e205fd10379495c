"""Two Ray nodes on one machine share the trials of a study; how a cluster is started is what docs/how-to/studies-on-a-cluster.md says."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

from inkread.errors import RunError
from inkread.recipes import load, write
from inkread.study import Bench, Job, Ray
from inkread.study.alike import MARK
from tiny_training import shape_folder

pytestmark = [pytest.mark.trial, pytest.mark.skipif(not find_spec("ray"), reason="the extra `cluster` is not installed")]

HEAD, SECOND, PORT = "127.0.0.2", "127.0.0.3", 26379
TINY = {"alphabet": "ABC", "network.width": 16, "network.layers": 1, "training.epochs": 3, "training.batch": 16, "training.validation": 0.2}


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[str]:
    """The address of a cluster of two nodes with one CPU each."""
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        for name, value in token.items():
            patch.setenv(name, value)
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="ink-", dir="/tmp", ignore_cleanup_errors=True))
        stack.enter_context(node(HEAD, "--head", f"--port={PORT}", f"--temp-dir={place}", "--include-dashboard=false"))
        reachable(HEAD, PORT)
        stack.enter_context(node(SECOND, f"--address={HEAD}:{PORT}"))
        yield f"{HEAD}:{PORT}"


def node(address: str, *options: str) -> ExitStack:
    """A node until the block is left; ended by its process, for `ray stop` ends every Ray of the machine."""
    ray = Path(sys.executable).with_name("ray")
    common = ("--num-cpus=1", "--object-store-memory=80000000", "--disable-usage-stats", "--block")
    command = [str(ray), "start", f"--node-ip-address={address}", *common, *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
    stack = ExitStack()
    stack.callback(process.wait, timeout=30)
    stack.callback(process.terminate)
    return stack


def reachable(host: str, port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as attempt:
            if attempt.connect_ex((host, port)) == 0:
                return
        time.sleep(0.5)
    raise AssertionError("the head of the cluster did not begin to listen")


def joined(address: str, workers: int) -> Ray:
    """The cluster, once as many trials have room on it."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            found = Ray(address=address)
        except RunError:
            time.sleep(2)
            continue
        if found.workers == workers:
            return found
        found.close()
        time.sleep(2)
    raise AssertionError("the nodes did not come together")


def test_two_nodes_share_the_trials(two_nodes: str, tmp_path: Path) -> None:
    data = shape_folder(tmp_path / "data")
    folder = tmp_path / "study"
    folder.mkdir()
    ray = joined(two_nodes, 2)
    try:
        tiny = load("mlp").changed(TINY)
        jobs = [Job("tiny", {}, write(tiny.changed({"seed": seed})), str(data), seed) for seed in range(1, 7)]
        rows = [each.result(timeout=120) for each in [ray.begin(job, Bench(folder, threads=1)) for job in jobs]]
        assert [row.error for row in rows] == [""] * 6
        assert set(ray.trials) == {HEAD, SECOND}
        assert ray.trials.total() == 6
    finally:
        ray.close()
    assert not (folder / MARK).exists()


def test_a_cluster_that_was_there_before_is_there_after(two_nodes: str) -> None:
    joined(two_nodes, 2).close()


def test_a_cluster_that_is_not_there_is_a_sentence(two_nodes: str) -> None:
    with pytest.raises(RunError, match=r"the Ray cluster cannot be reached \(.+\): 127.0.0.2:26378"):
        Ray(address="127.0.0.2:26378")
