"""The report of a study as files."""

from __future__ import annotations

import os
import platform
import re
from datetime import date
from pathlib import Path

from .. import __version__
from ..report import Document
from .answer import Answer
from .folder import Asked, StudyFolder, write_bytes
from .page import About, document

PAGE, TEXT, FIGURES = "report.html", "report.md", "figures"


def about(asked: Asked, folder: Path) -> About:
    """When, by which command and on which machine a study was done: today, and this one."""
    today = date.today()
    return About(f"{today.day} {today:%B %Y}", command(asked, folder), machine(asked.device), __version__)


def write_report(answer: Answer, folder: StudyFolder) -> Document:
    """Writes report.html and report.md with figures/; :class:`RunError` where it cannot."""
    told = document(answer, about(folder.asked(), folder.path))
    write_document(told, folder.path)
    return told


def write_document(told: Document, place: Path) -> None:
    """A document as a page and as Markdown with its figures beside."""
    write_bytes(place / PAGE, told.html().encode("utf-8", "backslashreplace"))
    for name, content in told.files().items():
        write_bytes(place / FIGURES / name, content)
    write_bytes(place / TEXT, told.markdown(FIGURES).encode("utf-8", "backslashreplace"))


def command(asked: Asked, folder: Path) -> str:
    """The command that does the study of this folder again."""
    words = ["inkread study run", asked.study, *([f"--data {asked.data}"] if asked.data else [])]
    words += [f"--data {key}={source}" for key, source in asked.named.items()]
    words += [f"--budget {asked.budget}", *([f"--seeds {asked.seeds}"] if asked.seeds else [])]
    words += [f"--recipe {asked.recipe}"] if asked.recipe else []
    words += [f"--set {each}" for each in asked.changes]
    words += [f"--weights {asked.weights}"] if asked.weights else []
    words += [f"--body {name}={run}" for name, run in asked.bodies.items()]
    words += [] if folder.parent == Path("studies") else [f"--out {folder.parent}"]
    return " ".join([*words, f"--name {folder.name}"])


def machine(device: str) -> str:
    """The machine in words: how many cores this process may use, what they are, and the device where that is another."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    model = found[1].strip() if found else platform.processor() or platform.machine()
    told = f"{cores} core{'' if cores == 1 else 's'} of {model}"
    if device != "cuda":
        return told
    import torch

    return f"{torch.cuda.get_device_name()}, {told}"
