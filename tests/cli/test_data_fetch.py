from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import Inkread
from file_server import Served, serving
from inkread.datasets import CARDS, fetch_http
from published import digits_set


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
    served.files["/mnist/train-images-idx3-ubyte.gz"] = served.files.pop("/mnist/train-images-idx3-ubyte.gz")
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


def test_an_unknown_name_is_met_with_its_neighbours(inkread: Inkread) -> None:
    done = inkread("data", "fetch", "emnist/leters")
    assert done.exit_code == 2
    assert done.stderr.startswith("error: no such data set in the catalogue: emnist/leters\n\nhint: did you mean `emnist/letters`")


def test_a_copy_and_a_mirror_exclude_each_other(inkread: Inkread, tmp_path: Path) -> None:
    done = inkread("data", "fetch", "mnist", "--from", tmp_path, "--mirror", "http://127.0.0.1/")
    assert done.exit_code == 2
    assert "give one of them" in done.stderr
