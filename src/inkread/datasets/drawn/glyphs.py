"""Labelled sets drawn by many hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from ...alphabet import BYCLASS, Alphabet, alphabet
from ...errors import UsageError
from ..glyphset import GlyphSet
from .hand import Hand, draw
from .paper import on_paper


def drawn(characters: str | Alphabet = BYCLASS, per_character: int = 10, seed: int = 0, *, paper: bool = True) -> GlyphSet:
    """``per_character`` pictures of each answer, drawn by as many hands; every hand draws each answer once.

    ``characters``: an alphabet, its name or the characters themselves; of an answer that stands for several characters
    one is taken by chance. ``paper``: each picture comes on a random paper, of any size and polarity; without it they
    are white ink on black. Pictures are drawn when they are asked for, always the same for the same arguments, writer
    by writer in the alphabet's order. The source is ``drawn``, which is no handwriting. :class:`UsageError` for a count
    below 1, :class:`AlphabetError` for characters beyond 0-9, A-Z, a-z.
    """
    if per_character < 1:
        raise UsageError(f"at least one picture a character must be drawn: {per_character}")
    answers = alphabet(characters)
    hands = tuple(Hand.random(np.random.default_rng([seed, writer])) for writer in range(per_character))
    pictures = Drawings(answers, hands, seed, paper)
    classes = np.tile(np.arange(len(answers)), per_character)
    return GlyphSet(
        pictures=pictures,
        targets=np.eye(len(answers), dtype=np.bool_)[classes],
        alphabet=answers,
        source="drawn",
        writer=np.repeat([f"hand-{writer:04d}" for writer in range(per_character)], len(answers)),
        names=tuple(pictures.character(index) for index in range(len(pictures))),
    )


class Drawings(Sequence["NDArray[np.uint8]"]):
    """The pictures of :func:`drawn`, each made when it is asked for."""

    def __init__(self, answers: Alphabet, hands: tuple[Hand, ...], seed: int, paper: bool) -> None:
        self.answers = answers
        self.hands = hands
        self.seed = seed
        self.paper = paper

    def __len__(self) -> int:
        return len(self.answers) * len(self.hands)

    def character(self, index: int) -> str:
        """The character that picture ``index`` shows."""
        members = self.answers.stands_for[index % len(self.answers)]
        return members[int(np.random.default_rng([self.seed, index, 1]).integers(len(members)))]

    @overload
    def __getitem__(self, index: int) -> NDArray[np.uint8]: ...
    @overload
    def __getitem__(self, index: slice) -> list[NDArray[np.uint8]]: ...
    def __getitem__(self, index: int | slice) -> NDArray[np.uint8] | list[NDArray[np.uint8]]:
        if isinstance(index, slice):
            return [self[each] for each in range(len(self))[index]]
        at = range(len(self))[index]
        rng = np.random.default_rng([self.seed, at, 2])
        ink = draw(self.character(at), rng, self.hands[at // len(self.answers)])
        return on_paper(ink, rng) if self.paper else ink
