"""Options that several commands share: which reader answers, and how sure it has to be."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..alphabet import CASE_POLICIES, NAMED
from ..interrupt import ending_at_once

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..reading import Reader

Function = TypeVar("Function", bound=Callable[..., Any])
ENGINES = ("auto", "onnxruntime", "openvino")


class Share(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """A share of one, written ``1%`` or ``0.01``; gives a float 0..1."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share as a float; click's usage error where it is none."""
        if isinstance(value, float):
            return value
        written = str(value).strip()
        try:
            share = float(written.removesuffix("%")) / (100 if written.endswith("%") else 1)
        except ValueError:
            self.fail(f"not a share: {written} (write 1% or 0.01)", param, ctx)
        if not 0 <= share <= 1:
            self.fail(
                f"not between 0 and 1: {written} (write {written}%?)" if share <= 100 else f"not between 0 and 1: {written}", param, ctx
            )
        return share


class AlphabetName(click.ParamType):  # type: ignore[type-arg]
    """The name of an alphabet or the characters themselves; the shell completes the names."""

    name = "alphabet"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The named alphabets that begin like this."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in NAMED if name.startswith(incomplete)]


@dataclass(frozen=True)
class ReaderChoice:
    """What the options say about the reader; ``None`` leaves the matter to :class:`inkread.Reader`."""

    bundle: str | None = None
    alphabet: str | None = None
    case: str = "keep"
    prior: str = "flat"
    engine: str = "auto"
    threads: int | None = None
    reject_below: float | None = None
    max_error: float | None = None

    def reader(self) -> Reader:
        """The reader; raises what :class:`inkread.Reader` raises."""
        with ending_at_once():
            from ..reading import Reader

            return Reader(
                self.bundle,
                alphabet=self.alphabet,
                case=self.case,
                prior=self.prior,
                engine=self.engine,
                threads=self.threads or available_cores(),
                reject_below=self.reject_below,
                max_error=self.max_error,
            )


def reader_options(command: Function) -> Function:
    """Add the options of :class:`ReaderChoice` that every reading command has (all but the thresholds)."""
    names = ", ".join(NAMED)
    for option in (
        click.option(
            "--threads", type=click.IntRange(min=1), metavar="N", help="Threads to read with.  [default: the cores this process may use]"
        ),
        click.option(
            "--engine",
            type=click.Choice(ENGINES),
            default="auto",
            show_default=True,
            help="What runs the network; auto takes OpenVINO, where it is installed, for thousands of pictures.",
        ),
        click.option(
            "--prior",
            type=click.Path(readable=False),
            default="flat",
            show_default=True,
            metavar="flat|training|FILE",
            help="How frequent each character is expected to be; FILE holds counts.",
        ),
        click.option(
            "--case",
            type=click.Choice(CASE_POLICIES),
            default="keep",
            show_default=True,
            help="Upper and lower case: keep apart, fold twins such as Cc, or tell every letter as its capital.",
        ),
        click.option(
            "--alphabet",
            type=AlphabetName(),
            metavar="NAME|CHARACTERS",
            help=f"Possible answers: {names}, or the characters themselves.  [default: all that the reader knows]",
        ),
        click.option(
            "--bundle",
            type=click.Path(readable=False),
            metavar="FILE|NAME",
            help="The reader's file, or the name of an embedded one.  [default: the embedded one]",
        ),
    ):
        command = option(command)
    return command


def threshold_options(command: Function) -> Function:
    """Add ``--reject-below`` and ``--max-error``."""
    for option in (
        click.option(
            "--max-error",
            type=Share(),
            metavar="SHARE",
            help="Mark as unsure so much that at most this share of the rest is wrong, such as 1%.",
        ),
        click.option("--reject-below", type=Share(), metavar="P", help="Mark answers less probable than this as unsure, such as 0.9."),
    ):
        command = option(command)
    return command


def available_cores() -> int:
    """The processor cores that this process may use: its affinity, and the container's quota where there is one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            quota, period = file.read().split()
        return max(1, min(cores, round(int(quota) / int(period))))
    except (OSError, ValueError):
        return cores


data_option = click.option(
    "--data", required=True, metavar="SOURCE", help="Labelled pictures; of a source with parts the test part, unless :PART is told."
)
labels_option = click.option(
    "--labels", type=click.Path(path_type=Path), metavar="FILE", help="The contest's right answers, where SOURCE has none itself."
)
case_option = click.option(
    "--case", type=click.Choice(CASE_POLICIES), default="keep", show_default=True, help="Upper and lower case, as in `read`."
)
scored_prior_option = click.option(
    "--prior",
    metavar="flat|training|FILE",
    help="How frequent characters are.  [default: as in training for a run, else flat]",
)
views_option = click.option(
    "--tta", is_flag=True, help="Read every picture in nine slightly different views and average; nine times as slow."
)
reading_threads_option = click.option(
    "--threads", type=click.IntRange(min=1), metavar="N", help="Threads to read with.  [default: the cores there are]"
)
"""What `evaluate` and `compare` ask alike."""
