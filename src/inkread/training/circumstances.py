"""What of a training is not part of its recipe: the machine, and what came before."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from ..errors import RunError, UsageError

DEVICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True)
class Circumstances:
    """``threads`` (0: torch's own choice), ``resume`` a run folder's last finished epoch, ``start`` the run whose weights
    are fine-tuned, ``without`` the sources left out (told in the provenance), ``progress`` whether to draw on stderr.

    ``device``: cpu, cuda, mps (passed through, not tested), or auto for the best there is. ``devices``: how many of them
    train together (distributed data parallel; on the processor so many processes). ``deterministic``: the same bits
    on a GPU too, at some cost of speed; on the processor they are the same anyway. ``closed``: nothing but the pools may
    influence the run, and its provenance says so; whoever starts it from other weights is refused.
    ``teachers``: finished runs whose mean is learnt from besides the labels. ``weights``: a file of weights that others trained,
    for the network `pretrained`, or ``library`` for the library's own (see :func:`.outside.bring`). ``watch``: told the number
    of each epoch that has ended and its accuracy of validation; what it returns as true breaks the run off, as its metrics then
    tell.
    """

    threads: int = 0
    resume: bool = False
    start: Path | None = None
    without: tuple[str, ...] = ()
    progress: bool = False
    device: str = "cpu"
    devices: int = 1
    deterministic: bool = False
    closed: bool = False
    teachers: tuple[Path, ...] = ()
    weights: str = ""
    watch: Callable[[int, float], bool] | None = None

    def __post_init__(self) -> None:
        if self.device not in DEVICES:
            raise UsageError(f"unknown device: {self.device}", "known: " + ", ".join(DEVICES))
        if self.closed and self.start is not None:
            raise RunError(f"a closed run starts from nothing, not from other weights: {self.start}", "leave out --start")
        if self.closed and self.weights:
            raise RunError(f"a closed run takes no weights from outside: {self.weights}", "leave out --weights")
        if self.start is not None and self.weights:
            raise UsageError(f"a run starts from one place, not from two: {self.start}, {self.weights}", "leave out --start or --weights")
        if self.devices < 1 or self.threads < 0:
            raise UsageError(f"devices is at least 1 and threads at least 0: {self.devices}, {self.threads}")

    def leads(self) -> bool:
        """Whether this process writes and talks: of several that train together the first one does."""
        return self.devices == 1 or number_of_process() == 0

    def accelerator(self) -> str:
        """``cpu``, ``cuda`` or ``mps``; :class:`UsageError` where the one asked for is not there, or not so often."""
        there = {"cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available()), "cpu": self.devices}
        device = next(name for name, count in there.items() if count) if self.device == "auto" else self.device
        if there[device] < self.devices:
            found = "none" if not there[device] else f"{there[device]} of them"
            raise UsageError(f"this machine has not the device asked for: {self.devices} x {device}, PyTorch finds {found}", "--device cpu")
        return device


def number_of_process() -> int:
    """Which of the processes that train together this one is; the first one is 0."""
    return max(int(os.environ.get(name) or 0) for name in ("LOCAL_RANK", "RANK"))
