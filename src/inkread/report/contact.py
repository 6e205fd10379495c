"""The contact sheet: every picture with what was seen of it, the answer and its probability, as one HTML file."""

from __future__ import annotations

import os
import tempfile
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError, reason
from ..picture import encode_png

if TYPE_CHECKING:
    from jinja2 import Environment

NO_BREAK = "\u00a0"
STATES = ("wrong", "unsure", "blank", "unreadable")
"""What a card can be marked with, in the order of the filters on the page."""


@dataclass(frozen=True)
class Card:
    """One picture on the sheet.

    ``picture``: uint8 (H, W), as given but small, or None where it could not be read. ``seen``: uint8 (28, 28), what the
    network was shown, or None. ``character``: the answer, empty for a blank picture. ``probability``: 0..1, or None
    where there is no answer. ``others``: runners-up as (character, probability). ``truth``: what it should be, where
    that is known. ``states``: some of :data:`STATES`. ``says``: a sentence on what went wrong, or empty.
    """

    path: str
    picture: NDArray[np.uint8] | None = None
    seen: NDArray[np.uint8] | None = None
    character: str = ""
    probability: float | None = None
    others: tuple[tuple[str, float], ...] = ()
    truth: str = ""
    states: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of the sheet's head: a ``name`` and its ``value``; ``large`` ones are told in large type."""

    name: str
    value: str
    large: bool = False


class ContactSheet:
    """Writes a contact sheet card by card; what is in memory does not grow with the number of pictures.

    Cards are kept in a nameless temporary file beside ``path`` until :meth:`write` puts the page together and moves it
    to its place in one step. :class:`UsageError` at once where nothing can be written there.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._places: list[tuple[int, int]] = []
        self._counts: Counter[str] = Counter()
        if self.path.is_dir():
            raise UsageError(f"the contact sheet's path is a folder: {self.path}", f"{self.path / 'sheet.html'}")
        try:
            self._spool: BinaryIO = tempfile.TemporaryFile(dir=self.path.parent)  # noqa: SIM115
        except OSError as error:
            raise self._cannot_write(error) from error
        self._environment = templates()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._places)

    def add(self, cards: Iterable[Card]) -> None:
        """Add cards at the end of the sheet."""
        template = self._environment.get_template("card.html.j2")
        for card in cards:
            html = template.render(card=card).encode("utf-8", "backslashreplace")
            self._places.append((self._spool.seek(0, os.SEEK_END), len(html)))
            self._spool.write(html)
            self._counts.update(card.states)

    def write(self, title: str, facts: Sequence[Fact], order: Sequence[int] | None = None) -> None:
        """Put the page together and in its place; ``order``: the cards' indices as they shall stand, else as added."""
        page = self._environment.get_template("contact.html.j2")
        states = [(state, self._counts[state]) for state in STATES if self._counts[state]]
        places = self._places if order is None else [self._places[index] for index in order]
        pieces = page.generate(title=title, facts=facts, states=states, count=len(places), cards=self._cards(places))
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            with open(part, "xb") as file:
                file.writelines(piece.encode("utf-8", "backslashreplace") for piece in pieces)
            os.replace(part, self.path)
        except OSError as error:
            raise self._cannot_write(error) from error
        finally:
            part.unlink(missing_ok=True)

    def close(self) -> None:
        """Forget the cards."""
        self._spool.close()

    def _cards(self, places: Sequence[tuple[int, int]]) -> Iterator[Any]:
        from markupsafe import Markup

        for start, length in places:
            self._spool.seek(start)
            yield Markup(self._spool.read(length).decode())

    def _cannot_write(self, error: OSError) -> UsageError:
        return UsageError(f"the contact sheet cannot be written ({reason(error)}): {self.path}", "name a file in a folder of your own")


def templates() -> Environment:
    """The pages' templates: what is put into them is escaped, and nothing that is missing passes for empty."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"png": data_uri, "percent": percent, "kind": kind_of}
    return environment


def data_uri(picture: NDArray[np.uint8]) -> str:
    """A picture as the address of an image that needs no file."""
    return png_uri(encode_png(picture))


def png_uri(png: bytes) -> str:
    """A PNG as the address of an image that needs no file."""
    return "data:image/png;base64," + b64encode(png).decode("ascii")


def percent(share: float) -> str:
    """A share 0..1 as people read it: never 100 % for what is not certain."""
    if share >= 0.9995:
        return f"> 99.9{NO_BREAK}%" if share < 1 else f"100{NO_BREAK}%"
    return f"{100 * share:.1f}{NO_BREAK}%" if share >= 0.001 else f"< 0.1{NO_BREAK}%"


def kind_of(character: str) -> str:
    """The word that tells look-alikes apart: ``digit``, ``capital``, ``small``, or nothing."""
    if character.isdigit():
        return "digit"
    return "capital" if character.isupper() else "small" if character.islower() else ""
