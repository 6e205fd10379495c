"""A report that one can hand in, as a value: told as one HTML page or as Markdown, the same in both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import markdown
from .blocks import ALIGNMENTS, Code, Figure, Items, Link, Listing, Paragraph, Placed, Section, Strong, Table, Text, pieces
from .contact import Fact, png_uri, templates

if TYPE_CHECKING:
    from markupsafe import Markup

SCROLLS = 4
"""Columns from which on a table may be wider than a phone, which is then told."""


@dataclass(frozen=True)
class Document:
    """A whole report. ``facts``: its head, large ones first. ``made``: by what and when, for the foot."""

    title: str
    lead: Text = ""
    sections: tuple[Section, ...] = ()
    facts: tuple[Fact, ...] = ()
    made: str = ""

    def html(self) -> str:
        """One self-contained page: figures inside, no script, nothing from elsewhere."""
        from markupsafe import Markup

        pages = templates()
        pages.tests |= {kind.__name__.lower(): _is(kind) for kind in (Paragraph, Items, Listing, Table, Figure)}
        pages.filters |= {"text": _html, "uri": png_uri, "drawing": Markup}
        pages.globals |= {"alignments": ALIGNMENTS, "scrolls": SCROLLS}
        return pages.get_template("document.html.j2").render(document=self, placed=self.placed())

    def markdown(self, figures: str = "") -> str:
        """The same as Markdown of GitHub's kind; ``figures``: the folder that will hold :meth:`files`, seen from the text."""
        parts = [f"# {markdown.escaped(self.title)}", *filter(None, [markdown.words(self.lead)]), *markdown.facts(self.facts)]
        placed = self.placed()
        if len(placed) > 1:
            parts += ["**Contents**", markdown.contents(placed)]
        parts += [part for each in placed for part in markdown.section(each, figures)]
        return "\n\n".join([*parts, *filter(None, [markdown.words(self.made)])]) + "\n"

    def files(self) -> dict[str, bytes]:
        """The figures by the names of their files, as the Markdown refers to them. :class:`ValueError` where two share one."""
        there = [block for section in self._all() for block in section.blocks if isinstance(block, Figure)]
        files = {each.file: each.content for each in there}
        if len(files) < len(there):
            raise ValueError(f"two figures share a name: {sorted(each.file for each in there)}")
        return files

    def placed(self) -> tuple[Placed, ...]:
        """The sections with anchors, unique and those that GitHub makes of the same headings."""
        taken = {anchor(self.title): 0}

        def place(section: Section, level: int) -> Placed:
            own = _unique(anchor(section.heading), taken)
            return Placed(section, own, level, tuple(place(each, level + 1) for each in section.sections))

        return tuple(place(each, 2) for each in self.sections)

    def _all(self) -> Iterator[Section]:
        waiting = list(self.sections)
        while waiting:
            section = waiting.pop(0)
            yield section
            waiting[:0] = section.sections


def anchor(heading: str) -> str:
    """The name of a heading's place, as GitHub makes it: small letters and digits, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") or "section"


def _unique(name: str, taken: dict[str, int]) -> str:
    own = name
    while own in taken:
        taken[name] += 1
        own = f"{name}-{taken[name]}"
    taken[own] = 0
    return own


def _is(kind: type) -> Callable[[object], bool]:
    return lambda block: isinstance(block, kind)


def _html(text: Text) -> Markup:
    from markupsafe import Markup

    made = Markup("")
    for piece in pieces(text):
        match piece:
            case Code(words):
                made += Markup("<code>{}</code>").format(words)
            case Strong(words):
                made += Markup("<b>{}</b>").format(words)
            case Link(words, to):
                made += Markup('<a href="{}">{}</a>').format(to, words)
            case str():
                made += piece
    return made
