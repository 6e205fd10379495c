"""What a command costs as a whole process: wall time, processor time, peak memory.

This file is also the small process in between: a child inherits the peak memory of the process that starts it, so
that one with NumPy in it would measure itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """``wall`` and ``processor`` in seconds, ``peak`` in MB (10**6 bytes) of resident memory."""

    wall: float
    processor: float
    peak: float


def cost(command: Sequence[str], output: Path | None = None) -> Cost:
    """Runs the command, its standard output to ``output`` (None: nowhere); SystemExit with its words where it fails."""
    between = [sys.executable, "-I", "-S", __file__, str(output or os.devnull), *command]
    done = subprocess.run(between, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} ... failed:\n{done.stderr}")
    return Cost(**json.loads(done.stdout))


def inkread() -> list[str]:
    """The words that start `inkread` in this environment as a user starts it."""
    program = Path(sys.executable).with_name("inkread")
    return [str(program)] if program.is_file() else [sys.executable, "-m", "inkread"]


def _between(output: str, command: Sequence[str]) -> int:
    with open(output, "wb") as file:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=file)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024
    told = {"wall": wall, "processor": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * unit / 1e6}
    print(json.dumps(told))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(_between(sys.argv[1], sys.argv[2:]))
