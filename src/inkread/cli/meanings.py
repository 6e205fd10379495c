"""What the columns, class numbers or characters in a file of predictions stand for, where the file alone does not say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AlphabetError, DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..alphabet import Alphabet
    from ..evaluation import Labelled
    from ..formats import Predictions

COLUMNS = {62: "byclass", 47: "balanced", 36: "alnum36", 33: "vin", 26: "letters", 10: "digits"}
"""What so many columns without characters are taken for: the label spaces of the published sets."""

SAY = "--alphabet says what the columns or numbers stand for; in the file, characters say it"


@dataclass(frozen=True, eq=False)
class Meaning:
    """One way to read a file: ``alphabet``, and which of its answers, int64 (K,), each column or number is (None: in their order).

    ``says``: what the columns or numbers are then taken for; empty where the file itself says it.
    """

    alphabet: Alphabet
    says: str = ""
    table: NDArray[np.int64] | None = None


def meanings(found: Predictions, asked: str | None, path: Path) -> tuple[Meaning, ...]:
    """The ways in which a file can be read, the likeliest first. ``asked``: the alphabet that was asked for, if any.

    :class:`AlphabetError` and :class:`DataError` where there is none.
    """
    from ..alphabet import alphabet

    told = None if asked is None else alphabet(asked)
    if found.characters is None:
        return _of_numbers(found.classes, told, path) if found.classes is not None else _of_columns(found, told, path)
    return _of_answers(found.characters, told) if not found.complete else _of_characters(found, told)


def chosen(found: Predictions, ways: Sequence[Meaning], labelled: Labelled, asked: str | None) -> tuple[Meaning, str]:
    """The way under which most answers are right, and a remark where something was assumed.

    ``found``: a row a picture of ``labelled``. ``asked``: only pictures of this alphabet count, where one was asked for.
    """
    if len(ways) == 1:
        return ways[0], ways[0].says
    rights = [_right(found, each, labelled, asked) for each in ways]
    best = max(range(len(ways)), key=lambda at: (rights[at], -at))
    others = [f"as {way.says} {right:,}" for at, (way, right) in enumerate(zip(ways, rights, strict=True)) if at != best]
    what = "class numbers" if found.classes is not None else "columns"
    return ways[best], f"the {what} are taken for {ways[best].says}, with {rights[best]:,} answers right; {', '.join(others)}"


def applied(found: Predictions, way: Meaning) -> Predictions:
    """The same predictions, which now say themselves what they stand for."""
    import numpy as np

    classes = found.classes
    if classes is not None and way.table is not None:
        classes = np.append(way.table, -1)[classes]
    characters, stands_for = tuple(way.alphabet.characters), way.alphabet.stands_for
    return replace(found, classes=classes, characters=characters, stands_for=stands_for, complete=True, remark="")


def _of_numbers(classes: NDArray[np.int64], asked: Alphabet | None, path: Path) -> tuple[Meaning, ...]:
    import numpy as np

    from ..alphabet import BYCLASS

    used, ways = np.unique(classes[classes >= 0]), []
    highest = int(used.max(initial=0))
    if asked is not None and highest < len(asked):
        ways.append(Meaning(asked, f"places in {asked}"))
        if asked.stands_for[: highest + 1] == BYCLASS.stands_for[: highest + 1]:
            return (Meaning(asked),)
    if highest < len(BYCLASS):
        ways.append(Meaning(BYCLASS, "those of byclass (0-9, A-Z, a-z)"))
    if used.size and highest <= ord("z") and all(chr(each) in BYCLASS for each in used.tolist()):
        codes = np.full(highest + 1, -1, np.int64)
        codes[used] = [BYCLASS.index(chr(each)) for each in used.tolist()]
        ways.append(Meaning(BYCLASS, f"code points ({highest} is {chr(highest)})", codes))
    if not ways:
        raise DataError(f"class {highest} is none of the 62 of byclass: {path}", SAY)
    return tuple(ways) if len(ways) > 1 else (replace(ways[0], says=f"the class numbers are taken for {ways[0].says}"),)


def _of_columns(found: Predictions, asked: Alphabet | None, path: Path) -> tuple[Meaning, ...]:
    from ..alphabet import NAMED

    assert found.probabilities is not None
    count = found.probabilities.shape[1]
    usual = COLUMNS.get(count)
    if asked is not None and len(asked) == count:
        return (Meaning(asked, "" if asked.name == usual else f"the {count} columns are taken for {asked}, as asked"),)
    if usual is None:
        hint = "--alphabet CHARACTERS, in the order of the columns"
        raise AlphabetError(f"the file does not say what its {count} columns stand for: {path}", hint)
    return (Meaning(NAMED[usual], f"the {count} columns are taken for {usual}: {NAMED[usual].characters}"),)


def _of_answers(characters: Sequence[str], asked: Alphabet | None) -> tuple[Meaning, ...]:
    """Answers written as characters: the program could have given any of byclass, those that it gave and those that are asked for."""
    import numpy as np

    from ..alphabet import BYCLASS, Alphabet

    possible = [*BYCLASS.characters, *characters, *("".join(asked.stands_for) if asked else "")]
    whole = Alphabet("".join(dict.fromkeys(possible)))
    whole = BYCLASS if whole == BYCLASS else whole
    return (Meaning(whole, "", np.array([whole.index(each) for each in characters], np.int64)),)


def _of_characters(found: Predictions, asked: Alphabet | None) -> tuple[Meaning, ...]:
    from ..alphabet import NAMED, Alphabet

    told = "".join(found.characters or ())
    if found.stands_for is not None:
        own = Alphabet(told, found.stands_for)
        return (Meaning(next((known for known in NAMED.values() if known == own), own)),)
    if asked is not None and asked.characters == told:
        return (Meaning(asked),)
    fitting = [known for known in NAMED.values() if known.characters == told]
    if len(fitting) > 1:
        return tuple(Meaning(each, _with_members(each)) for each in fitting)
    if not fitting:
        return (Meaning(Alphabet(told)),)
    joins = fitting[0].stands_for != tuple(told)
    return (Meaning(fitting[0], f"the characters are taken for {_with_members(fitting[0])}" if joins else ""),)


def _with_members(which: Alphabet) -> str:
    several = next(((each, of) for each, of in zip(which, which.stands_for, strict=True) if each != of), None)
    return f"{which} (where {several[0]} stands for {several[1]})" if several else str(which)


def _right(found: Predictions, way: Meaning, labelled: Labelled, asked: str | None) -> int:
    """How many answers are right if the file is read this way."""
    import numpy as np

    from ..alphabet import alphabet

    if found.classes is not None:
        answers, told = found.classes, found.classes >= 0
    else:
        assert found.probabilities is not None
        answers, told = found.probabilities.argmax(axis=1), np.ones(len(found), np.bool_)
    if way.table is not None:
        answers = way.table[answers]
    members = labelled.alphabet.stands_for
    answer_of = np.array([[way.alphabet.find(each[0]) == at for each in members] for at in range(len(way.alphabet))])
    right = told & (labelled.targets & answer_of[answers]).any(axis=1)
    if asked is not None:
        inside = np.array([alphabet(asked).find(each[0]) is not None for each in members])
        right &= labelled.targets[:, inside].any(axis=1)
    return int(right.sum())
