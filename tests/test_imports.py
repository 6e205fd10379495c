"""What each way into the package costs and touches: imports, milliseconds, sockets, files left behind."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from inkread.picture import encode_png

IMPORTED = """
import json, sys
{code}
tops = {{name.partition(".")[0] for name, module in sys.modules.items() if getattr(module, "__spec__", None)}}
print("\\n" + json.dumps(sorted(tops - set(sys.stdlib_module_names))))
"""
RUN = """
import sys
{before}
from inkread.cli import main
try:
    main({arguments!r}, prog_name="inkread")
except SystemExit as end:
    assert end.code == 0, end.code
"""
NO_SOCKETS = """
def hook(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")) and event != "socket.gethostname":
        sys.stderr.write(f"reaches for the network: {event}\\n")
        sys.stderr.flush()
        __import__("os")._exit(99)
sys.addaudithook(hook)
"""
READING = {"PIL", "click", "cv2", "inkread", "numpy", "onnxruntime"}


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | environment, timeout=60)


def imported_by(code: str) -> set[str]:
    """Third parties and our own top names in `sys.modules` after `code`."""
    done = python(IMPORTED.format(code=code))
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1])) - imported_at_startup()


@cache
def imported_at_startup() -> frozenset[str]:
    """What the environment itself imports before any code of ours."""
    return frozenset(json.loads(python(IMPORTED.format(code="")).stdout.splitlines()[-1]))


@pytest.fixture
def stroke(tmp_path: Path) -> Path:
    """A picture of a vertical bar, black on white."""
    picture = np.full((60, 40), 255, np.uint8)
    picture[8:52, 18:23] = 0
    path = tmp_path / "pictures" / "bar.png"
    path.parent.mkdir()
    path.write_bytes(encode_png(picture))
    return path


def test_importing_the_package_costs_the_standard_library_only() -> None:
    assert imported_by("import inkread") == {"inkread"}


def test_alphabets_and_errors_cost_no_third_party() -> None:
    assert imported_by("import inkread; inkread.Alphabet; inkread.InkreadError") == {"inkread"}


def test_a_reader_costs_the_base_install_only() -> None:
    assert imported_by("import inkread; inkread.Reader; inkread.Reading; inkread.read") <= READING - {"click"}


def test_the_public_names_are_lazy_and_all_there() -> None:
    import inkread

    assert {each: getattr(inkread, each) for each in inkread.__all__}.keys() <= set(dir(inkread))
    with pytest.raises(AttributeError, match="no attribute 'raed'"):
        inkread.raed  # type: ignore[attr-defined]  # noqa: B018


def test_help_costs_click_only() -> None:
    assert imported_by(RUN.format(before="", arguments=["--help"])) == {"click", "inkread"}


def test_help_takes_less_than_a_tenth_of_a_second() -> None:
    """Processor time of the whole process, best of several: a busy machine lengthens the wall's clock, not this one."""
    assert min(seconds_of([sys.executable, "-m", "inkread", "--help"]) for _ in range(7)) < 0.100


def seconds_of(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_reading_never_imports_pytorch_nor_anything_else_it_does_not_need(stroke: Path, tiny_bundle: Path) -> None:
    command = ["read", str(stroke), "--bundle", str(tiny_bundle), "--engine", "onnxruntime"]
    assert imported_by(RUN.format(before="", arguments=command)) == READING


@pytest.mark.parametrize("command", [["runs"], ["runs", "mlp", "mlp-slow"], ["curves", "mlp"]])
def test_who_looks_at_runs_does_not_pay_for_pytorch(command: list[str]) -> None:
    runs = f"import os; os.chdir({str(Path(__file__).parents[1] / 'examples')!r})"
    assert imported_by(RUN.format(before=runs, arguments=command)) <= {"PIL", "click", "cv2", "inkread", "jinja2", "markupsafe", "numpy"}


def test_reading_opens_no_socket_and_leaves_nothing_behind(stroke: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    """With the engine that `auto` picks: both engines' makers collect events unless they are stopped."""
    home = tmp_path / "home"
    home.mkdir()
    arguments = ["read", str(stroke.parent), "--bundle", str(tiny_bundle)]
    done = python(RUN.format(before=NO_SOCKETS, arguments=arguments), HOME=str(home), XDG_CACHE_HOME=str(home / ".cache"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(stroke))
    assert list(home.rglob("*")) == []
    assert list(stroke.parent.iterdir()) == [stroke]


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_tests_reach_this_machine_and_no_other() -> None:
    """A forgotten download fails here, not on the first machine that is offline; 192.0.2.1 is nobody's (RFC 5737)."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5) as ours:
        assert ours.getpeername() == server.getsockname()
    with pytest.raises(RuntimeError, match="socket"), socket.create_connection(("192.0.2.1", 80), timeout=0.1):
        pass
