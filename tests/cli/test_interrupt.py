"""Ctrl-C: exit code 130 and no traceback from the first import on, and no half lines."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inkread.interrupt import ending_at_once, held_interrupt

PRESSED_AT_IMPORT = """
import signal, sys
class Press:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Press())
from inkread.cli import main
main(sys.argv[2:], prog_name="inkread")
"""


@pytest.mark.parametrize(
    "module", ["inkread.interrupt", "click", "inkread.cli.read", "numpy", "onnxruntime.capi.onnxruntime_pybind11_state"]
)
def test_ctrl_c_while_a_module_is_imported_says_nothing_and_ends_with_130(module: str, folder: Path, tiny_bundle: Path) -> None:
    words = [sys.executable, "-c", PRESSED_AT_IMPORT, module, "read", folder, "--bundle", tiny_bundle]
    done = subprocess.run(words, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_whoever_has_another_plan_for_ctrl_c_keeps_it() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with ending_at_once():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_interrupt_waits_until_the_lines_are_out() -> None:
    written = []

    def write() -> None:
        with held_interrupt():
            signal.raise_signal(signal.SIGINT)
            written.append("whole")

    with pytest.raises(KeyboardInterrupt):
        write()
    assert written == ["whole"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_interrupt_does_not_wait() -> None:
    written = []

    def write() -> None:
        with held_interrupt():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            written.append("whole")

    with pytest.raises(KeyboardInterrupt):
        write()
    assert written == []
