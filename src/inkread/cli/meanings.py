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

UNUSED = 0.01
"""Up to what share of the answers a first column counts as one that stands for nothing, as in EMNIST Letters, which counts from 1."""

HARDLY = 0.05
"""Below what share of right answers it is doubtful that they are understood: guessing among 26 letters is right in 4 %."""

OTHERS = 2
"""Other ways to read a file that are told beside the one that was taken."""

SAY = "--alphabet says what the columns or numbers stand for; in the file, characters say it"


@dataclass(frozen=True, eq=False)
class Meaning:
    """One way to read a file: ``alphabet``, and which of its answers, int64 (K,), each column or number is (-1: none; None: in
    their order).

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
        bare = found.classes is not None and found.columns is None
        return _of_numbers(found, told, path) if bare else _of_columns(found, told, path)
    return _of_answers(found.characters, told) if not found.complete else _of_characters(found, told)


def chosen(found: Predictions, ways: Sequence[Meaning], labelled: Labelled, asked: str | None) -> tuple[Meaning, str]:
    """The way under which most answers are right, and a remark where something was assumed.

    ``found``: a row a picture of ``labelled``. ``asked``: only pictures of this alphabet count, where one was asked for.
    """
    rights = [_right(found, each, labelled, asked) for each in ways]
    best, *rest = sorted(range(len(ways)), key=lambda at: -rights[at])
    remark = ways[best].says
    if rest:
        what = "class numbers" if found.classes is not None and found.columns is None else "columns"
        others = ", ".join(f"as {ways[at].says} {rights[at]:,}" for at in rest[:OTHERS])
        remark = f"the {what} are taken for {ways[best].says}, with {rights[best]:,} answers right; {others}"
    if found.characters is None and rights[best] < HARDLY * len(found):
        remark = "; ".join(filter(None, (remark, f"hardly an answer is right: {SAY}")))
    return ways[best], remark


def applied(found: Predictions, way: Meaning) -> Predictions:
    """The same predictions, which now say themselves what they stand for."""
    import numpy as np

    classes, probabilities = found.classes, found.probabilities
    if classes is not None and way.table is not None:
        classes = np.append(way.table, -1)[classes]
    if probabilities is not None and way.table is not None:
        kept = way.table >= 0
        moved = np.zeros((len(probabilities), len(way.alphabet)))
        moved[:, way.table[kept]] = probabilities[:, kept]
        probabilities = moved / np.maximum(moved.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    characters, stands_for = tuple(way.alphabet.characters), way.alphabet.stands_for
    return replace(
        found, probabilities=probabilities, classes=classes, characters=characters, stands_for=stands_for, complete=True, remark=""
    )


def narrowed(found: Predictions, whole: Alphabet, labelled: Labelled) -> tuple[Predictions, Alphabet, str]:
    """Classes of ``whole`` over the smallest named alphabet that has them and the labels, and which answers no label could be.

    For a program that did not say all that it may answer. What no named alphabet has stands behind it.
    """
    import numpy as np

    from ..alphabet import Alphabet

    assert found.classes is not None
    answers = [whole[at] for at in np.unique(found.classes[found.classes >= 0]).tolist()]
    truths = {labelled.alphabet[at] for at in np.flatnonzero(labelled.targets.any(axis=0)).tolist()}
    expected, there = _smallest(truths), _smallest({*truths, *answers}, unknown=True)
    if whole.stands_for != tuple(whole.characters) or expected is None or there is None:
        return found, whole, ""
    more = "".join(each for each in answers if each not in there)
    told = Alphabet(there.characters + more) if more else there
    places = np.array([at if (at := told.find(each)) is not None else -1 for each in whole] + [-1])
    strays = [each for each in answers if each not in expected]
    count = int(np.isin(found.classes, [whole.index(each) for each in strays]).sum())
    kept = replace(found, classes=places[found.classes], characters=tuple(told.characters), stands_for=told.stands_for)
    return kept, told, _strays(strays, count)


def _smallest(characters: set[str], *, unknown: bool = False) -> Alphabet | None:
    """The smallest named alphabet that has all of these each by itself; with ``unknown`` all but those that none has."""
    from ..alphabet import BYCLASS, FITTING, NAMED

    wanted = {each for each in characters if each in BYCLASS} if unknown else characters
    alone = [NAMED[name] for name in FITTING if NAMED[name].stands_for == tuple(NAMED[name].characters)]
    return next((each for each in alone if all(one in each for one in wanted)), None)


def _strays(characters: Sequence[str], count: int) -> str:
    if not characters:
        return ""
    shown = ", ".join(characters[:8]) + ("…" if len(characters) > 8 else "")
    return f"{count:,} {'answer is' if count == 1 else 'answers are'} {shown}, which no label of the test is"


def _of_numbers(found: Predictions, asked: Alphabet | None, path: Path) -> tuple[Meaning, ...]:
    import numpy as np

    from ..alphabet import BYCLASS, NAMED

    assert found.classes is not None
    used, ways = np.unique(found.classes[found.classes >= 0]), []
    highest = int(used.max(initial=0))
    lowest = int(used.min(initial=highest))
    if asked is not None and highest < len(asked) and asked.stands_for[: highest + 1] == BYCLASS.stands_for[: highest + 1]:
        return (Meaning(asked),)
    if asked is not None:
        ways += _places(asked, str(asked), lowest, highest)
    if highest < len(BYCLASS):
        ways.append(Meaning(BYCLASS, "those of byclass (0-9, A-Z, a-z)"))
    for name in COLUMNS.values():
        if _tells(NAMED[name], asked):
            ways += _places(NAMED[name], _with_members(NAMED[name]), lowest if name == "letters" else 0, highest)
    if used.size and highest <= ord("z") and all(chr(each) in BYCLASS for each in used.tolist()):
        codes = np.full(highest + 1, -1, np.int64)
        codes[used] = [BYCLASS.index(chr(each)) for each in used.tolist()]
        ways.append(Meaning(BYCLASS, f"code points ({highest} is {chr(highest)})", codes))
    if not ways:
        raise DataError(f"class {highest} is none of the 62 of byclass: {path}", SAY)
    apart = {tuple(each.alphabet.stands_for[at] for at in _answers_of(each, used)): each for each in reversed(ways)}
    ways = [each for each in ways if each in apart.values()]
    return tuple(ways) if len(ways) > 1 else (replace(ways[0], says=f"the class numbers are taken for {ways[0].says}"),)


def _places(alphabet: Alphabet, told: str, lowest: int, highest: int) -> list[Meaning]:
    """Numbers as places in an alphabet, from 0 and from 1, as far as it is long enough."""
    import numpy as np

    ways = [Meaning(alphabet, f"places in {told}")] if highest < len(alphabet) else []
    if lowest >= 1 and highest <= len(alphabet):
        ways.append(Meaning(alphabet, f"places in {told}, counted from 1", np.arange(-1, len(alphabet))))
    return ways


def _answers_of(way: Meaning, used: NDArray[np.int64]) -> list[int]:
    return [int(each) for each in (used if way.table is None else way.table[used])]


def _tells(alphabet: Alphabet, asked: Alphabet | None) -> bool:
    """Whether answers of an alphabet can be told in the one that was asked for."""
    from ..alphabet import conversion

    try:
        return asked is None or conversion(alphabet, asked) is not None
    except AlphabetError:
        return False


def _of_columns(found: Predictions, asked: Alphabet | None, path: Path) -> tuple[Meaning, ...]:
    import numpy as np

    from ..alphabet import NAMED

    count = _columns(found)
    usual = COLUMNS.get(count)
    if asked is not None and len(asked) == count:
        return (Meaning(asked, "" if asked.name == usual else f"the {count} columns are taken for {asked}, as asked"),)
    if usual is None and _first(found) < UNUSED and (one_less := _named(count - 1, asked)):
        says = f"the {count} columns are taken for {_with_members(one_less)} behind a first that is not used"
        return (Meaning(one_less, says, np.arange(-1, count - 1)),)
    if usual is None:
        hint = "--alphabet CHARACTERS, in the order of the columns"
        raise AlphabetError(f"the file does not say what its {count} columns stand for: {path}", hint)
    return (Meaning(NAMED[usual], f"the {count} columns are taken for {usual}: {NAMED[usual].characters}"),)


def _columns(found: Predictions) -> int:
    return found.columns or (0 if found.probabilities is None else found.probabilities.shape[1])


def _first(found: Predictions) -> float:
    """What share of all answers the first column has."""
    if found.probabilities is not None:
        return float(found.probabilities[:, 0].mean())
    assert found.classes is not None
    return float((found.classes == 0).mean())


def _named(count: int, asked: Alphabet | None) -> Alphabet | None:
    """The alphabet of so many answers: the one that was asked for, or that of EMNIST Letters."""
    from ..alphabet import NAMED

    if asked is not None and len(asked) == count:
        return asked
    return NAMED["letters"] if count == len(NAMED["letters"]) and _tells(NAMED["letters"], asked) else None


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
        answers = np.append(way.table, -1)[answers]
        told &= answers >= 0
    members = labelled.alphabet.stands_for
    answer_of = np.array([[way.alphabet.find(each[0]) == at for each in members] for at in range(len(way.alphabet))])
    right = told & (labelled.targets & answer_of[answers]).any(axis=1)
    if asked is not None:
        inside = np.array([alphabet(asked).find(each[0]) is not None for each in members])
        right &= labelled.targets[:, inside].any(axis=1)
    return int(right.sum())
