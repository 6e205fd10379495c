"""One letter's page: how it is read, what it is taken for and what is taken for it (SPEC B4)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..alphabet import swap_case
from ..errors import UsageError
from .accuracy import Accuracy
from .characters import CharacterScore, characters
from .examples import Example, example, surest
from .given import Labelled
from .view import View

_ALIKE = dict(zip("АБВГДЕЁЗИЙКЛМНОПРСТУФЫЭІҐЎЈЋЃЌ", "ABVGDEEZIYKLMNOPRSTUFYEIGUJCGK", strict=True))
_RUSSIAN = {"Ж": "Zh", "Х": "Kh", "Ц": "Ts", "Ч": "Ch", "Ш": "Sh", "Щ": "Shch", "Ю": "Yu", "Я": "Ya"}
_OTHERS = {"Ї": "Yi", "Є": "Ye", "Љ": "Lj", "Њ": "Nj", "Ђ": "Dj", "Џ": "Dz", "Ѕ": "Dz"}
LATIN = {**_ALIKE, **_RUSSIAN, **_OTHERS}
"""How Cyrillic capitals are written in Latin at the head of a name: Russian as in GOST R 52535.1, then Ukrainian, Belarusian and
Serbian letters as their own tables have them."""

NEVER_FIRST = "ЪЬ"
"""Signs that no name begins with."""

STROKED = {"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Þ": "T", "Æ": "A", "Œ": "O", "Ħ": "H", "ẞ": "S", "ß": "S", "İ": "I", "Ŧ": "T"}
"""Latin letters that are no letter with an accent to Unicode."""

SHOWN = 12


@dataclass(frozen=True)
class Asked:
    """Which letter is meant. ``given``: what was asked for; ``character``: what follows from it; ``says``: how, in words."""

    given: str
    character: str
    says: str


@dataclass(frozen=True)
class Taken:
    """``count`` pictures, the share ``share``, go to or come from ``character`` (empty for no answer)."""

    character: str
    count: int
    share: float


@dataclass(frozen=True, eq=False)
class LetterPage:
    """How one letter is read.

    ``members``: the answers it has (``Kk`` where both cases are told apart, and then both together are the letter).
    ``accuracy``: share of its pictures read as one of them (recall), with interval; ``precision``: share of the answers
    of these members that were right, with interval, None where there was none. ``cases``: the score of each member alone, of those
    that occur. ``swapped``: pictures read as its other case: right in ``accuracy``, mistakes to ``cases`` and below.
    ``taken_for``: what its pictures were read as by mistake, the other case too; ``taken_for_it``: what else was read as it; most
    frequent first, shares of its pictures and of its answers. ``wrong``, ``intruders``: the places of those pictures in the source;
    ``examples``, ``intruding``, ``typical``: some of them to be shown (surest mistakes first), and right ones of middling probability.
    """

    asked: Asked
    members: str
    accuracy: Accuracy
    precision: Accuracy | None
    cases: tuple[CharacterScore, ...]
    swapped: int
    taken_for: tuple[Taken, ...]
    taken_for_it: tuple[Taken, ...]
    wrong: tuple[int, ...]
    intruders: tuple[int, ...]
    examples: tuple[Example, ...]
    intruding: tuple[Example, ...]
    typical: tuple[Example, ...]


def asked_letter(given: str) -> Asked:
    """Which character is meant by a letter or a family name, in Latin or Cyrillic: its first letter, as passports write it.

    A single Latin letter keeps its case, and a digit stands for itself. :class:`UsageError` for anything else.
    """
    name = unicodedata.normalize("NFC", given.strip())
    first = name[:1]
    if not first or (len(name) > 1 and not first.isalpha()):
        raise UsageError(f"neither a letter nor a name: {given!r}", "give a letter such as K, or a family name such as Жуков")
    if first.isascii() and first.isalnum():
        return Asked(given, first if len(name) == 1 else first.upper(), "" if len(name) == 1 else f"{name} begins with {first.upper()}")
    capital = first.upper() if len(first.upper()) == 1 else first
    if capital in NEVER_FIRST:
        raise UsageError(f"no name begins with this letter: {first}", "give the first letter of the name")
    begins = f"{name} begins with {capital}" if len(name) > 1 else capital
    if capital in LATIN:
        written = LATIN[capital]
        head = f"{begins}, which is" if len(name) > 1 else f"{capital} is"
        return Asked(given, written[0], f"{head} written {written} in Latin letters" + (f": {written[0]}" if len(written) > 1 else ""))
    plain = STROKED.get(first) or STROKED.get(capital) or unicodedata.normalize("NFD", capital)[0]
    if not (plain.isascii() and plain.isalpha()):
        raise UsageError(f"a letter of neither Latin nor Cyrillic: {first}", "give the Latin letter that is meant")
    return Asked(given, plain, f"{begins}: {plain}")


def letter_page(seen: View, labelled: Labelled, given: str, most: int = SHOWN) -> LetterPage:
    """The page of a letter. ``given``: see :func:`asked_letter`. :class:`UsageError` where the test has no picture of it
    or the model no answer."""
    asked = asked_letter(given)
    members = _members(seen, asked.character)
    own = np.asarray((seen.targets[:, members]).any(axis=1))
    told = np.isin(seen.answers, members)
    if not own.any():
        raise UsageError(f"the test has no picture of this letter: {asked.character}", f"it has {_present(seen)}")
    wrong, intruders = np.flatnonzero(own & ~seen.right), np.flatnonzero(told & ~own)
    swapped = int(told[wrong].sum())
    scores = {each.character: each for each in characters(seen)}
    names = "".join(seen.alphabet[at] for at in members)
    return LetterPage(
        asked=asked,
        members=names,
        accuracy=Accuracy.of(int(own.sum()) - len(wrong) + swapped, int(own.sum())),
        precision=Accuracy.of(int((told & own).sum()), int(told.sum())) if told.any() else None,
        cases=tuple(scores[each] for each in names if each in scores),
        swapped=swapped,
        taken_for=_taken([seen.answer(at) for at in wrong.tolist()], int(own.sum())),
        taken_for_it=_taken([seen.label(at) for at in intruders.tolist()], int(told.sum())),
        wrong=tuple(seen.rows[wrong].tolist()),
        intruders=tuple(seen.rows[intruders].tolist()),
        examples=surest(seen, labelled, wrong, most),
        intruding=surest(seen, labelled, intruders, most),
        typical=_typical(seen, labelled, np.flatnonzero(own & seen.right), most),
    )


def _members(seen: View, character: str) -> list[int]:
    """The answers that stand for the letter in either case."""
    found = {seen.alphabet.find(each) for each in (character, swap_case(character))}
    members = sorted(at for at in found if at is not None)
    if not members:
        raise UsageError(f"this is not among the answers: {character}", f"they are {seen.alphabet.characters}")
    return members


def _present(seen: View) -> str:
    return "".join(seen.alphabet[at] for at in np.flatnonzero(seen.targets.any(axis=0)).tolist())


def _taken(names: list[str], of: int) -> tuple[Taken, ...]:
    ordered = sorted(Counter(names).items(), key=lambda each: (-each[1], each[0]))
    return tuple(Taken(name, count, count / of) for name, count in ordered)


def _typical(seen: View, labelled: Labelled, places: NDArray[np.int64], most: int) -> tuple[Example, ...]:
    """Evenly from the surest to the least sure of them."""
    order = places[np.argsort(-seen.confidence[places], kind="stable")]
    chosen = order[np.linspace(0, len(order) - 1, min(most, len(order))).round().astype(np.int64)] if len(order) else order
    return tuple(example(seen, labelled, at) for at in chosen.tolist())
