"""``inkread read``: pictures in, one line each out."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from dataclasses import dataclass, fields
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from .commands import DONE, SOMETHING_TO_TELL, count, plain
from .lines import LAYOUTS, layout
from .options import ReaderChoice, reader_options, threshold_options
from .output import Output
from .search import search, unreadable
from .tally import Tally, expectation, expected
from .truth import TRUTHS, Truth, trained_on

if TYPE_CHECKING:
    from ..reading import Batch
    from .progress import Progress
    from .sheet import Sheet

SORTS = ("path", "probability")


@dataclass(frozen=True)
class Wanted:
    """The options of ``inkread read`` beside those that choose the reader."""

    paths: tuple[str, ...]
    recursive: bool
    layout: str
    top: int
    sort: str
    truth: str | None
    html: Path | None
    quiet: bool


_LAYOUT = click.Choice(tuple(LAYOUTS), case_sensitive=False)


@click.command(
    epilog="Formats: text is path, character, probability and a note (unsure, blank, unreadable) between tabs; ascii is the "
    "character's code and the path, such as `072, H.png`; csv has the columns path, character, probability, sure. With --top K "
    "runners-up follow: in text as `O 0.1203`, in csv as character_2, probability_2 and so on, in json and jsonl as ranking."
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(readable=False, allow_dash=True))
@click.option("-r", "--recursive", is_flag=True, help="Read subfolders too (in a zip they always are).")
@click.option(
    "--format",
    "layout",
    type=_LAYOUT,
    default="text",
    show_default=True,
    help="How the answers are written.",
)
@click.option("--json", "layout", type=_LAYOUT, flag_value="json", help="The same as --format json.")
@click.option("--top", type=click.IntRange(min=1), default=1, show_default=True, metavar="K", help="Tell the K most probable characters.")
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default="path",
    show_default=True,
    help="Lines in path order, or the least probable answers first (all are read before).",
)
@click.option(
    "--truth",
    type=click.Choice(TRUTHS),
    help="Score the answers: file names (a_01.png) or folders (0041/x.png) tell the truth.",
)
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Also write a contact sheet; it holds the handwriting itself."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what went wrong: no progress, no summary.")
@threshold_options
@reader_options
def read(**given: Any) -> int:
    """Read pictures of handwritten characters.

    PATH is a picture, a folder of pictures, a zip of them, a pattern in quotes, or - for one picture on standard input.
    One line a picture goes to standard output, everything else to standard error.

    Exit code: 0 all read, 1 some pictures could not be read, 2 nothing was done.
    """
    # Our threads take whole pictures; OpenCV's own beside them cost 8 % of the processor. It looks here when it is imported.
    os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")
    wanted = Wanted(**{each.name: given.pop(each.name) for each in fields(Wanted)})
    return Run(wanted, ReaderChoice(**given)).run()


class Run:
    """One run of the command: find, read, write, tell."""

    def __init__(self, wanted: Wanted, choice: ReaderChoice) -> None:
        began = perf_counter()
        self.wanted = wanted
        self.found, left = search(wanted.paths, wanted.recursive)
        if not self.found.sources:
            raise left.nothing(wanted.paths)
        self.reader = choice.reader().expecting(len(self.found.sources))
        self.truth = None
        if wanted.truth:
            self.truth = Truth(wanted.truth, self.reader.alphabet, trained_on(wanted.paths, self.reader.bundle.manifest.data.values()))
        self.tally = Tally(began, left)
        self.layout = layout(wanted.layout, wanted.top)
        self.output = Output(self.layout)
        self.order: list[float] = []
        self.held: list[str] = []

    def run(self) -> int:
        """Read everything; gives the exit code."""
        from ..reading import read_batches
        from .progress import Progress
        from .sheet import THUMBNAIL, Sheet

        with ExitStack() as stack:
            sheet = stack.enter_context(Sheet(self.wanted, self.wanted.html)) if self.wanted.html else None
            batches = stack.enter_context(
                closing(read_batches(self.found.sources, self.reader, self.reader.threads, THUMBNAIL if sheet else 0, processes=True))
            )
            try:
                with Progress(len(self.found.sources), wanted=not self.wanted.quiet) as progress:
                    for path, error in self.found.troubles:
                        progress.say(unreadable(path, error))
                    for batch in batches:
                        self._take(batch, progress, sheet)
            except KeyboardInterrupt:
                self.output.close(self.facts() | {"interrupted": True})
                click.echo(f"interrupted after {count(self.output.count, 'line')}", err=True)
                raise
            return self._end(sheet)

    def facts(self) -> dict[str, object]:
        """The summary of the run as plain values for JSON."""
        facts = self.tally.facts() | {"engine": self.reader.engine} | expectation(self.reader)
        return facts | ({"truth": self.truth.facts()} if self.truth else {})

    def _take(self, batch: Batch, progress: Progress, sheet: Sheet | None) -> None:
        answers = batch.answers
        verdicts = [self.truth.judge(each) if self.truth else None for each in answers]
        self.tally.count(batch)
        for each in answers:
            if each.error:
                progress.say(unreadable(each.path, each.error))
        lines = list(map(self.layout.line, answers, verdicts))
        if self.wanted.sort == "path":
            progress.clear()
            self.output.lines(lines)
        else:
            self.held += lines
            self.order += [-2.0 if each.reading is None else -1.0 if each.reading.blank else each.reading.probability for each in answers]
        if sheet:
            sheet.add(answers, verdicts)
        progress.advance(len(answers) + len(batch.skipped))

    def _end(self, sheet: Sheet | None) -> int:
        if not self.tally.pictures:
            raise self.tally.left.nothing(self.wanted.paths)
        order = sorted(range(len(self.order)), key=self.order.__getitem__) if self.wanted.sort == "probability" else None
        self.output.lines([self.held[index] for index in order or ()])
        self.output.close(self.facts())
        if sheet:
            sheet.write(self, order)
        told = [
            self.tally.told(self.reader),
            *self.tally.left.ways(),
            expected(self.reader),
            self.truth.told() if self.truth else "",
            f"contact sheet: {plain(str(self.wanted.html))}" if sheet else "",
        ]
        if not self.wanted.quiet:
            click.echo("\n".join(filter(None, told)), err=True)
        return SOMETHING_TO_TELL if self.tally.unreadable or self.found.troubles else DONE
