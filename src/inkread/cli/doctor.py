"""``inkread doctor``: what was done to a picture, what is suspicious about it, and why it is read so."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import InkreadError
from .commands import DONE, SOMETHING_TO_TELL, plain
from .options import ReaderChoice, reader_options, threshold_options
from .output import say
from .pages import Pages
from .patient import Glyph, Patient, facts_of, finding_facts, lines_of, page_of, title_of
from .search import search, unreadable

if TYPE_CHECKING:
    from ..datasets import GlyphSet
    from ..reading import Finding, Gallery, Reader, Source

NEIGHBOURS = 8
FEW = 4
"""Pictures up to which the terminal shows them too."""


@dataclass(frozen=True)
class Wanted:
    """The options of ``inkread doctor`` beside those that choose the reader."""

    paths: tuple[str, ...]
    out: Path | None
    page: bool
    data: str | None
    as_json: bool


@click.command(
    epilog="The page shows every step of the preparation, the most probable answers and an occlusion map: red where the ink speaks for the "
    "answer, blue where against it. JSON: `pictures`, each with path, error, page, character, probability, sure, outside, blank, "
    "ranking, notes, placement (height, baseline), steps (name, width, height), findings (code, says, hint, suspicious), occlusion "
    "(patch, falls of 28x28, least, flips of place, character, probability) and nearest (label, distance, index, name); `together`, "
    "findings on all of them; `skipped`, how many other files there were."
)
@click.argument("paths", nargs=-1, required=True, metavar="PICTURE...", type=click.Path(readable=False, allow_dash=True))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE.png|FOLDER",
    help="Where the page goes: a file (one long page for several pictures) or a folder.  [default: doctor-NAME.png here]",
)
@click.option("--no-page", "page", flag_value=False, default=True, help="Write no page; it would hold the handwriting itself.")
@click.option("--data", metavar="SOURCE", help="Also find glyphs of this labelled source (path, or name as mnist:train) that look alike.")
@click.option("--json", "as_json", is_flag=True, help="Everything that was found as one JSON object.")
@threshold_options
@reader_options
def doctor(**given: Any) -> int:
    """Show what was done to pictures and why they are read so.

    PICTURE is a picture, a folder or zip of them, or - for standard input. What is suspicious is told with a way out:
    blank, turned, more than one character, cut off, too small, unsure and the like.

    Exit code: 0 nothing suspicious, 1 something is or cannot be read, 2 nothing was done.
    """
    wanted = Wanted(**{each.name: given.pop(each.name) for each in fields(Wanted)})
    return _Run(wanted, ReaderChoice(**given)).run()


class _Run:
    """One run of the command: find, diagnose, draw, tell."""

    def __init__(self, wanted: Wanted, choice: ReaderChoice) -> None:
        self.wanted = wanted
        found, self.left = search(wanted.paths)
        self.sources = found.sources
        self.pages = Pages(wanted.out, [each.path for each in self.sources]) if wanted.page else None
        self.reader = choice.reader()
        self.glyphs = _Glyphs(wanted.data, self.reader) if wanted.data else None
        self.patients: list[Patient] = []
        self.facts: list[dict[str, object]] = []

    def run(self) -> int:
        """Diagnose everything; gives the exit code."""
        from ..reading import turned_together

        for source in self.sources:
            self._take(source)
        if not self.facts:
            raise self.left.nothing(self.wanted.paths)
        if self.pages:
            self.pages.close()
        together = turned_together([each.diagnosis for each in self.patients])
        self._end([together] if together else [])
        unreadable = len(self.facts) - len(self.patients)
        return SOMETHING_TO_TELL if unreadable or together or any(each.diagnosis.suspicious for each in self.patients) else DONE

    def _take(self, source: Source) -> None:
        from ..reading import diagnose

        try:
            data = source.read()
            if data is None:
                self.left.add(source)
                return
            diagnosis = diagnose(data, self.reader)
        except InkreadError as error:
            self.facts.append({"path": source.path, "error": error.message})
            click.echo(unreadable(source.path, error), err=True)
            return
        glyphs = self.glyphs.nearest(diagnosis.reading.prepared) if self.glyphs and not diagnosis.reading.blank else ()
        patient = Patient(source.path, diagnosis, glyphs, self.wanted.data or "")
        page = self.pages.add(page_of(patient)) if self.pages else None
        self.facts.append(facts_of(patient, page))
        if not self.wanted.as_json:
            self._tell(patient, page)
        self.patients.append(patient)

    def _tell(self, patient: Patient, page: Path | None) -> None:
        from .panels import shown, wrapped

        told = "\n" * bool(self.patients) + title_of(patient) + "\n"
        if sys.stdout.isatty() and len(self.sources) <= FEW:
            told += shown(patient, os.environ)
        lines = lines_of(patient)
        told += "\n".join(map(wrapped, lines) if sys.stdout.isatty() else lines)
        say(told.replace("\u00a0", " "))
        if page:
            click.echo(f"page: {plain(str(page))}", err=True)

    def _end(self, together: list[Finding]) -> None:
        from .lines import written

        if self.wanted.as_json:
            found = [finding_facts(each) for each in together]
            say(written({"pictures": self.facts, "together": found, "skipped": self.left.files}))
        else:
            for finding in together:
                say(f"\nsuspicious: {finding.says}\n    hint: {finding.hint}")
        for line in self.left.lines():
            click.echo(line, err=True)


class _Glyphs:
    """The labelled pictures of ``--data``, ready to be searched."""

    def __init__(self, source: str, reader: Reader) -> None:
        from ..datasets import load
        from ..reading import Gallery
        from .progress import Progress

        answers = reader.bundle.manifest.answers
        with Progress(doing="preparing") as progress:
            self._labelled: GlyphSet = load(
                source, alphabet=answers, preparation=reader.preparation, unknown="leave out", progress=progress.reached
            )
        with Progress(len(self._labelled)) as progress:
            self._gallery: Gallery = Gallery(self._labelled.pictures, reader, progress.advance)

    def nearest(self, seen: Any) -> tuple[Glyph, ...]:
        """The glyphs nearest to a prepared picture."""
        return tuple(self._glyph(each.index, each.distance) for each in self._gallery.nearest(seen, NEIGHBOURS))

    def _glyph(self, index: int, distance: float) -> Glyph:
        labelled = self._labelled
        label = "".join(labelled.alphabet[at] for at in labelled.targets[index].nonzero()[0])
        return Glyph(label, distance, index, labelled.names[index] if labelled.names else None, labelled.pictures[index])
