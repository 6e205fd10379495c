"""``inkread data fetch``: published sets onto this machine; the only command that uses the network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ...interrupt import ending_at_once
from ..commands import DONE, SOMETHING_TO_TELL, count, plain
from ..output import say
from .list import megabytes

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from ...datasets import Card, Fetched


@click.command(
    epilog="Interrupted by Ctrl-C or a cut line, the same command goes on where it stopped. Of EMNIST's zip of 562 MB only the set's own "
    "files are fetched. JSON: `sets`, each with name, folder, fetched (names of files), bytes, said (what there was to say)."
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "--mirror",
    "mirrors",
    multiple=True,
    metavar="URL",
    help="Fetch from here instead: the file's or zip's address, or a folder's, ending with /. May be given several times.",
)
@click.option(
    "--from",
    "given",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Take it from a copy that is here: the zip, the file, or a folder of the files.",
)
@click.option("--whole", is_flag=True, help="Fetch the whole zip where the server does not send parts of it.")
@click.option("--json", "as_json", is_flag=True, help="What was fetched as one JSON object.")
def fetch(names: tuple[str, ...], mirrors: tuple[str, ...], given: Path | None, whole: bool, as_json: bool) -> int:
    """Fetch data sets by name (see `inkread data list`), each file checked against its published checksum.

    What is here already is not fetched again.
    """
    if given is not None and mirrors:
        raise UsageError("--from takes what is here, --mirror fetches: give one of them")
    if given is not None and whole:
        raise UsageError("--from takes what is here, --whole fetches: give one of them")
    with ending_at_once():
        from ...datasets import Wish, card, holding
        from ...datasets import fetch as fetched

    cards = [card(each) for each in dict.fromkeys(names)]
    if whole and not any(file.member for each in cards for file in each.files):
        raise UsageError(f"--whole is for sets that are published as a zip: {', '.join(each.name for each in cards)}")
    facts: list[dict[str, object]] = []
    for each in cards:
        try:
            with _Telling() as watch:
                found = fetched(each, Wish(mirrors, given, whole), watch)
        except KeyboardInterrupt:
            click.echo("stopped; the same command goes on from here", err=True)
            raise click.Abort from None
        facts.append({"name": each.name, "folder": str(found.folder), "fetched": found.names, "bytes": found.size, "said": watch.said})
        if not as_json:
            say(f"{each.name}: {_came(each, found)}")
    if as_json:
        from ..lines import written

        say(written({"sets": facts}))
    return DONE if all(holding(each).complete for each in cards) else SOMETHING_TO_TELL


def _came(card: Card, found: Fetched) -> str:
    """What was fetched, and where it lies."""
    if card.drawn:
        return "nothing to fetch, inkread draws it itself"
    files = f"{count(len(found.names), 'file')}, {megabytes(found.size)}" if found.names else "was here already"
    return f"{files}: {plain(str(found.folder))}"


class _Telling:
    """Progress on a terminal's stderr, and what there is to say on any stderr."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> _Telling:
        if sys.stderr is not None and sys.stderr.isatty():
            self._bar = _bar()
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, name: str, size: int | None) -> None:
        """A new row of the bar."""
        if self._bar is not None:
            self._task = self._bar.add_task(plain(name).replace("[", "\\["), total=size)

    def advance(self, number: int) -> None:
        """Bytes that came."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=number)

    def say(self, line: str) -> None:
        """One line, above the bar."""
        self.said.append(line)
        if self._bar is not None:
            self._bar.console.print(plain(line), markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(plain(line), err=True)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
