"""Ordered characters: which answers there are, what each stands for, and how one set of answers becomes another.

An alphabet is a row of answers. Each answer is one character and *stands for* one or more characters of handwriting: in
``byclass`` every answer stands for itself, in ``balanced`` the answer ``C`` stands for C and c, in ``vin`` the answer
``0`` stands for 0, O and Q. A :class:`Conversion` carries probability from one alphabet to another by mass, before
anything is normalised (DESIGN, "Alphabets restrict by Bayes").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .errors import AlphabetError, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALL = CAPITALS.lower()

TWINS = "CIJKLMOPSUVWXYZ"
"""The capitals whose lower case has the same shape: the 15 pairs that ByMerge joins (Cohen et al. 2017, section II.C)."""

LOOK_ALIKES = ("0Oo", "1Il", "2Zz", "5Ss", "9gq", *(each + each.lower() for each in TWINS if each not in "OISZ"))
"""Characters of one shape: their kind or case cannot be told from the shape alone."""

CASE_POLICIES = ("keep", "fold", "upper")

UNCOUNTED = 0.5
"""What is added to every count of a prior, so that nothing becomes impossible because it was not counted."""


def log_prior_of(counts: ArrayLike) -> NDArray[np.float64]:
    """The log share of each class, float64 (K,), after so many pictures of it: ``counts`` (K,), :data:`UNCOUNTED` more of each."""
    import numpy as np

    found = np.asarray(counts, np.float64) + UNCOUNTED
    return np.asarray(np.log(found / found.sum()))


def swap_case(character: str) -> str:
    """The same letter in the other case, or the character itself where there is none of length one."""
    other = character.swapcase()
    return other if len(other) == 1 and other.swapcase() == character else character


def joins_case(character: str) -> bool:
    """Whether the two cases of this letter share one shape (the twins of ByMerge)."""
    return character.upper() in TWINS


def look_alike(first: str, second: str) -> bool:
    """Whether the shape alone cannot tell two characters apart: twins of case, and those of :data:`LOOK_ALIKES`."""
    if first != second and swap_case(first) == second and joins_case(first):
        return True
    return any(first in group and second in group for group in LOOK_ALIKES)


@dataclass(frozen=True)
class Alphabet:
    """A row of answers.

    ``characters``: the answers in order; the position is the class index, from 0. ``stands_for``: for each answer the
    characters of handwriting that it stands for, itself included where it is one of them; left out, each answer stands
    for itself. ``name``: how users call it, empty for one of their own.
    """

    characters: str
    stands_for: tuple[str, ...] = ()
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.characters:
            raise AlphabetError("an alphabet needs at least one character")
        double = sorted({each for each in self.characters if self.characters.count(each) > 1})
        if double:
            raise AlphabetError(f"characters stand twice in the alphabet: {''.join(double)}")
        if not self.stands_for:
            object.__setattr__(self, "stands_for", tuple(self.characters))
        if len(self.stands_for) != len(self.characters):
            raise AlphabetError(f"{len(self.characters)} answers but {len(self.stands_for)} entries in `stands_for`")
        members = "".join(self.stands_for)
        shared = sorted({each for each in members if members.count(each) > 1})
        if shared or not all(self.stands_for):
            raise AlphabetError(f"a character must belong to exactly one answer: {''.join(shared) or 'an empty entry'}")

    def __len__(self) -> int:
        return len(self.characters)

    def __iter__(self) -> Iterator[str]:
        return iter(self.characters)

    def __contains__(self, character: object) -> bool:
        return isinstance(character, str) and len(character) == 1 and character in self.characters

    def __getitem__(self, index: int) -> str:
        return self.characters[index]

    def __str__(self) -> str:
        return self.name or self.characters

    @cached_property
    def _answers(self) -> dict[str, int]:
        return {member: index for index, members in enumerate(self.stands_for) for member in members}

    def index(self, character: str) -> int:
        """The class index of the answer that stands for ``character``; :class:`AlphabetError` where none does."""
        try:
            return self._answers[character]
        except KeyError:
            raise AlphabetError(f"the alphabet has no such character: {character!r}", f"it holds {self.characters}") from None

    def find(self, character: str) -> int | None:
        """Like :meth:`index`, but ``None`` where no answer stands for ``character``."""
        return self._answers.get(character)

    def with_case(self, policy: str) -> Alphabet:
        """This alphabet under a case policy.

        ``keep``: as it is. ``fold``: the twins of case become one answer (62 -> 47); where only one of a pair is an
        answer, it stands for both. ``upper``: every letter is told as its capital and both cases count in full
        (62 -> 36).
        """
        if policy not in CASE_POLICIES:
            raise AlphabetError(f"unknown case policy: {policy}", nearest(policy, CASE_POLICIES))
        if policy == "keep":
            return self
        told: dict[str, str] = {}
        for answer, members in zip(self.characters, self.stands_for, strict=True):
            joined = policy == "upper" or joins_case(answer)
            capital = answer.upper()
            name = capital if joined and len(capital) == 1 and (policy == "upper" or capital in self) else answer
            told[name] = told.get(name, "") + members
        taken = set("".join(told.values()))
        for answer, members in told.items():
            more = [swap_case(each) for each in members if policy == "upper" or joins_case(each)]
            fresh = "".join(dict.fromkeys(each for each in more if each not in taken))
            taken.update(fresh)
            told[answer] = members + fresh
        return Alphabet("".join(told), tuple(told.values()), f"{self.name}-{policy}" if self.name else "")


def _joined(characters: str) -> tuple[str, ...]:
    return tuple(each + each.lower() if joins_case(each) and each.isupper() else each for each in characters)


BYCLASS = Alphabet(DIGITS + CAPITALS + SMALL, name="byclass")
BALANCED_CHARACTERS = DIGITS + CAPITALS + "abdefghnqrt"
NAMED: dict[str, Alphabet] = {
    "digits": Alphabet(DIGITS, name="digits"),
    "upper": Alphabet(CAPITALS, name="upper"),
    "lower": Alphabet(SMALL, name="lower"),
    "letters": Alphabet(CAPITALS, tuple(each + each.lower() for each in CAPITALS), "letters"),
    "alnum36": Alphabet(DIGITS + CAPITALS, name="alnum36"),
    "byclass": BYCLASS,
    "balanced": Alphabet(BALANCED_CHARACTERS, _joined(BALANCED_CHARACTERS), "balanced"),
    "vin": Alphabet(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        ("0OQ", "1I", *"23456789ABCDEFGHJKLMNPRSTUVWXYZ"),
        "vin",
    ),
}
"""The alphabets that have a name (SPEC, Words and C4)."""


def alphabet(which: str | Alphabet) -> Alphabet:
    """The alphabet of this name, or one made of the characters themselves (``"ABC"``), in their order.

    A word that looks like a misspelt name (four or more lower-case letters or digits, one or two letters away from a
    name) is refused with the nearest names; every other row of distinct characters is taken as it stands.
    """
    if isinstance(which, Alphabet):
        return which
    if which in NAMED:
        return NAMED[which]
    from difflib import get_close_matches

    repeated = len(set(which)) < len(which)
    close = get_close_matches(which.lower(), list(NAMED), n=1, cutoff=0.65)
    if not which or (close and len(which) >= 3) or repeated or any(each.isspace() for each in which):
        raise AlphabetError(
            f"unknown alphabet: {which!r}", f"{nearest(which, tuple(NAMED))} (or give the characters themselves, each once)"
        )
    return Alphabet(which)


@dataclass(frozen=True)
class Conversion:
    """How probability over ``source`` becomes mass over ``target``.

    ``weights``: float64 (K_source, K_target), 0..1; a row's sum below 1 is the share of that class that lies outside
    the target.
    """

    source: Alphabet
    target: Alphabet
    weights: NDArray[np.float64]

    def mass(self, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
        """Mass over the target, float64 (N, K_target), not normalised, of probabilities (N, K_source)."""
        import numpy as np

        return np.asarray(probabilities, np.float64) @ self.weights

    def restrict(self, probabilities: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Probabilities over the target (N, K_target), each row summing to 1, and the mass ``outside`` (N,).

        A row without any mass inside becomes uniform: nothing is known, and nothing is claimed.
        """
        import numpy as np

        mass = self.mass(probabilities)
        inside = mass.sum(axis=1)
        outside = np.clip(np.asarray(probabilities, np.float64).sum(axis=1) - inside, 0.0, 1.0)
        uniform = np.full_like(mass, 1.0 / mass.shape[1])
        safe = np.where(inside > 0, inside, 1.0)
        return np.where(inside[:, None] > 0, mass / safe[:, None], uniform), outside

    def labels(self, indices: NDArray[np.integer]) -> NDArray[np.int64]:
        """Class indices of the source (N,) as those of the target; -1 where the class does not count in full."""
        import numpy as np

        best = self.weights.argmax(axis=1)
        full = self.weights[np.arange(len(best)), best] == 1.0
        return np.where(full, best, -1)[np.asarray(indices, np.int64)]


def conversion(source: str | Alphabet, target: str | Alphabet, case_weight: float = 0.0) -> Conversion:
    """The conversion from one label space to another.

    A class of the source goes in full to the answer that stands for it. Where the target leaves its case out but has
    the other one (``a`` under ``upper``), it is the exception and counts ``case_weight`` (0..1) towards that answer.
    :class:`AlphabetError` where the target asks for characters that the source cannot tell: unknown ones, or two
    answers that the source has joined into one.
    """
    import numpy as np

    source, target = alphabet(source), alphabet(target)
    known = set("".join(source.stands_for))
    unknown = [answer for answer, members in zip(target.characters, target.stands_for, strict=True) if not known & set(members)]
    if unknown:
        raise AlphabetError(f"this reader does not know: {''.join(unknown)}", f"it knows {source.characters}")
    weights = np.zeros((len(source), len(target)))
    for row, members in enumerate(source.stands_for):
        found = {at for at in map(target.find, members) if at is not None}
        if len(found) > 1:
            names = " and ".join(target[at] for at in sorted(found))
            raise AlphabetError(f"{source} has one answer for {names} and cannot tell them apart")
        if found:
            weights[row, found.pop()] = 1.0
            continue
        other = {at for at in map(target.find, map(swap_case, members)) if at is not None}
        if len(other) == 1:
            weights[row, other.pop()] = case_weight
    return Conversion(source, target, weights)


FITTING = ("digits", "upper", "lower", "letters", "alnum36", "balanced", "byclass")
"""The alphabets that labels may be of by themselves, narrowest first."""


def fitting(labels: Iterable[str]) -> Alphabet:
    """The alphabet that these labels are of; a label of several characters is a picture whose case is not known.

    Where every label is one character and they are not all of a named alphabet, those characters alone: nobody can
    answer what was never seen. Else the narrowest named one in which every label is exactly one answer and no two are the
    same one; else ``byclass`` where it knows every character (``Cc`` beside ``C``: some pictures' case is known, some not);
    else the characters themselves, in order.
    """
    kinds = sorted(set(labels))
    if not kinds:
        raise AlphabetError("no picture has a label, so that no alphabet fits them")
    for name in FITTING:
        told = NAMED[name]
        answers = [{told.find(each) for each in kind} for kind in kinds]
        single = [each.pop() for each in answers if len(each) == 1]
        if None in single or len(set(single)) < len(kinds):
            continue
        if len(kinds) == len(told) or any(len(each) > 1 for each in kinds):
            return told
    characters = sorted(set("".join(kinds)))
    several = any(len(each) > 1 for each in kinds)
    return BYCLASS if several and all(each in BYCLASS for each in characters) else Alphabet("".join(characters))
