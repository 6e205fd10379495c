"""Whole lines on standard output, whatever happens while they are written."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

from inkread.cli.lines import layout
from inkread.cli.output import Output

TIMEOUT = 60


def inkread(*arguments: object, **settings: object) -> subprocess.Popen[bytes]:
    """The command line in a process of its own."""
    words = [sys.executable, "-m", "inkread", *map(os.fsencode, map(str, arguments))]
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0} | settings
    return subprocess.Popen(words, **settings)  # type: ignore[call-overload, no-any-return]


def many(folder: Path, drawn_a: bytes, count: int) -> Path:
    """A folder of so many names of one picture."""
    first = folder / "0.png"
    first.write_bytes(drawn_a)
    for number in range(1, count):
        os.link(first, folder / f"{number}.png")
    return folder


def test_nothing_is_written_before_the_first_line() -> None:
    stream = io.BytesIO()
    output = Output(layout("csv", 1), stream)
    assert stream.getvalue() == b""
    output.close({})
    assert stream.getvalue() == b"path,character,probability,sure\n"


def test_bytes_that_are_no_unicode_come_out_as_they_are() -> None:
    stream = io.BytesIO()
    Output(layout("text", 1), stream).lines(["caf\udce9.png\tA"])
    assert stream.getvalue() == b"caf\xe9.png\tA\n"


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path, tiny_bundle: Path, drawn_a: bytes) -> None:
    process = inkread("read", many(tmp_path, drawn_a, 200), "--bundle", tiny_bundle)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert (process.wait(TIMEOUT), process.stderr.read()) == (0, b"")


def test_a_full_disk_is_told_once(folder: Path, tiny_bundle: Path) -> None:
    with open("/dev/full", "wb") as full:
        process = inkread("read", folder, "--bundle", tiny_bundle, stdout=full)
        assert process.communicate(timeout=TIMEOUT)[1] == b"error: no space left on device\n"
    assert process.returncode == 2


def test_ctrl_c_leaves_whole_lines_and_ends_with_130(tmp_path: Path, tiny_bundle: Path, drawn_a: bytes) -> None:
    process = inkread("read", many(tmp_path, drawn_a, 20_000), "--format", "csv", "--bundle", tiny_bundle)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=TIMEOUT)
    lines = (first + out).split(b"\n")
    assert process.returncode == 130
    assert 1 < len(lines) < 20_000
    assert lines[-1] == b""
    assert all(line.endswith((b",true", b",sure")) for line in lines[:-1])
    assert told.strip() == f"interrupted after {len(lines) - 2:,} line{'s' * (len(lines) > 3)}".encode()


def test_a_name_that_is_no_unicode_is_read_and_told(tmp_path: Path, tiny_bundle: Path, drawn_a: bytes) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9\n.png"
    Path(os.fsdecode(name)).write_bytes(drawn_a)
    out, told = inkread("read", tmp_path, "--format", "ascii", "--bundle", tiny_bundle).communicate(timeout=TIMEOUT)
    assert out.endswith(b", " + os.fsencode(tmp_path) + b"/caf\xe9\\n.png\n")
    assert told.startswith(b"1 picture; ")
