from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import Inkread
from file_server import Served, serving
from inkread.datasets import CARDS, fetch_http, folder_of, holding
from published import digits_set, letters_zip

pytest.importorskip("httpx")
pytest.importorskip("remotezip")


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fetch_http, "PAUSES", (0.0,))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    card, files = digits_set()
    monkeypatch.setitem(CARDS, card.name, card)
    with serving(Served(files)) as found:
        yield found


def test_a_set_is_fetched_once_and_told(inkread: Inkread, served: Served, tmp_path: Path) -> None:
    command = ("data", "fetch", "mnist", "--mirror", f"{served.address}/mnist/")
    assert inkread(*command).output == f"mnist: 4 files, 0.0 MB: {tmp_path / 'cache' / 'data' / 'mnist'}\n"
    assert inkread(*command).output == f"mnist: was here already: {tmp_path / 'cache' / 'data' / 'mnist'}\n"


def test_json_says_what_came_and_what_was_said(inkread: Inkread, served: Served) -> None:
    gone = f"{served.address}/gone/"
    done = inkread("data", "fetch", "mnist", "--json", "--mirror", gone, "--mirror", f"{served.address}/mnist/")
    (found,) = json.loads(done.stdout)["sets"]
    assert found["fetched"] == [each.name for each in CARDS["mnist"].files]
    assert found["bytes"] == served.sent
    assert found["said"][0] == f"the server answers 404 Not Found: {gone}train-images-idx3-ubyte.gz; trying the next address"


def test_a_web_page_is_an_error_with_the_way_out(inkread: Inkread, served: Served) -> None:
    served.page = True
    done = inkread("data", "fetch", "mnist", "--mirror", f"{served.address}/mnist/")
    assert done.exit_code == 2
    address = f"{served.address}/mnist/train-images-idx3-ubyte.gz"
    hint = "open it in a browser; what you get there, give with --from"
    assert done.stderr == f"error: the server sent a web page, not a file: {address}\n\nhint: {hint}\n"


def test_what_inkread_draws_itself_is_not_fetched(inkread: Inkread) -> None:
    done = inkread("data", "fetch", "drawn")
    assert (done.exit_code, done.output) == (0, "drawn: nothing to fetch, inkread draws it itself\n")


def test_an_unknown_name_is_met_with_its_neighbours(inkread: Inkread) -> None:
    done = inkread("data", "fetch", "emnist/leters")
    assert done.exit_code == 2
    assert done.stderr.startswith("error: no such data set in the catalogue: emnist/leters\n\nhint: did you mean `emnist/letters`")


def test_a_copy_and_a_mirror_exclude_each_other(inkread: Inkread, tmp_path: Path) -> None:
    done = inkread("data", "fetch", "mnist", "--from", tmp_path, "--mirror", "http://127.0.0.1/")
    assert done.exit_code == 2
    assert "give one of them" in done.stderr


def test_a_set_that_is_not_whole_yet_is_something_to_tell(inkread: Inkread, served: Served, tmp_path: Path) -> None:
    copy = tmp_path / "train-images-idx3-ubyte.gz"
    copy.write_bytes(served.files["/mnist/train-images-idx3-ubyte.gz"])
    done = inkread("data", "fetch", "mnist", "--from", copy)
    assert (done.exit_code, done.stdout) == (1, f"mnist: 1 file, 0.0 MB: {tmp_path / 'cache' / 'data' / 'mnist'}\n")
    assert done.stderr.startswith("still missing of mnist: train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("emnist/letters", "--from", "."), "error: --from takes what is here, --whole fetches: give one of them\n"),
        (("mnist", "usps"), "error: --whole is for sets that are published as a zip: mnist, usps\n"),
    ],
)
def test_whole_is_refused_where_it_would_do_nothing(inkread: Inkread, served: Served, arguments: tuple[str, ...], told: str) -> None:
    done = inkread("data", "fetch", "--whole", *arguments)
    assert (done.exit_code, done.stderr) == (2, told)
    assert served.asked == []


PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
from inkread.datasets import CARDS
from published import letters_zip
card, _ = letters_zip()
CARDS[card.name] = card
from inkread.cli import main
main(["data", "fetch", card.name, "--mirror", {mirror!r}], prog_name="inkread")
"""


def test_ctrl_c_leaves_what_the_same_command_goes_on_with(served: Served) -> None:
    card, archive = letters_zip()
    served.files["/gzip.zip"] = archive
    served.stall_after = 20_000  # in the middle of the pictures of the train part
    mirror = f"{served.address}/gzip.zip"
    code = PROGRAM.format(tests=str(Path(__file__).parents[1]), mirror=mirror)
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, env=dict(os.environ)) as running:
        until = time.monotonic() + 30
        while holding(card).begun < 20_000 and time.monotonic() < until:
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=20)
    assert (running.returncode, told) == (130, b"stopped; the same command goes on from here\n")
    assert holding(card).begun == 20_000
    served.stall_after, served.sent = None, 0
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode() == f"emnist/letters: 4 files, 0.0 MB: {folder_of(card)}\n"
    assert served.sent < sum(each.size or 0 for each in card.files) - 20_000 + (1 << 14) + 1000


def test_a_source_that_is_not_fetched_yet_is_told_by_whoever_takes_data(
    inkread: Inkread, served: Served, folder: Path, tiny_bundle: Path
) -> None:
    done = inkread("doctor", folder / "2.png", "--no-page", "--bundle", tiny_bundle, "--data", "emnist/letters:train")
    assert done.exit_code == 2
    assert done.stderr == "error: not fetched yet: emnist/letters\n\nhint: inkread data fetch emnist/letters\n"
