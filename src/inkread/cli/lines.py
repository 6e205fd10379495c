"""The layouts of ``inkread read``: how one answer becomes one line of text, ascii, csv, json or jsonl."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..reading import Answer
    from .truth import Verdict

UNREADABLE, BLANK, UNSURE = "unreadable", "blank", "unsure"
# what moves the cursor, ends a line, or turns the direction in which the rest of a line is shown
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_ESCAPES = {code: chr(code).encode("unicode_escape").decode("ascii") for code in (ord("\\"), *_CONTROLS)}
_ESCAPES |= {0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0xA0)}  # bytes of a path that is no UTF-8
_JSON_ESCAPES = {code: f"\\u{code:04x}" for code in _CONTROLS if code >= 0x7F}


class Layout(Protocol):
    """How answers are written: a head, for each answer its line and its ``end`` (``between`` stands between two), a tail."""

    @property
    def head(self) -> str: ...
    @property
    def between(self) -> str: ...
    @property
    def end(self) -> str: ...

    def line(self, answer: Answer, verdict: Verdict | None) -> str:
        """The line of one answer, without its end."""
        ...

    def tail(self, summary: Mapping[str, object], count: int) -> str:
        """What ends the output after ``count`` lines."""
        ...


def layout(name: str, top: int) -> Layout:
    """The layout of this name (:data:`LAYOUTS`), with ``top`` answers a picture."""
    return LAYOUTS[name](top)


def note(answer: Answer) -> str:
    """What is to be said beside the answer: ``unreadable``, ``blank``, ``unsure`` or nothing."""
    reading = answer.reading
    if reading is None:
        return UNREADABLE
    if reading.blank:
        return BLANK
    return "" if reading.sure else UNSURE


def escaped(path: str) -> str:
    """``path`` on one line that moves no cursor and is shown in its order: control characters (``\\n``, ``\\x1b``, ``\\u202e``) and the
    backslash are escaped."""
    return path.translate(_ESCAPES)


@dataclass(frozen=True)
class _Lines:
    """Lines and nothing else."""

    top: int = 1
    head: str = ""
    between: str = ""
    end: str = "\n"

    def tail(self, summary: Mapping[str, object], count: int) -> str:
        return ""


@dataclass(frozen=True)
class Text(_Lines):
    """``path<TAB>character<TAB>probability<TAB>note``, then for each runner-up ``<TAB>character probability``."""

    def line(self, answer: Answer, verdict: Verdict | None) -> str:
        reading = answer.reading
        path = escaped(answer.path)
        if reading is None or reading.blank:
            return f"{path}\t\t\t{note(answer)}"
        line = f"{path}\t{reading.character}\t{reading.probability:.4f}\t{note(answer)}"
        return line + "".join(f"\t{character} {probability:.4f}" for character, probability in reading.ranking[1 : self.top])


@dataclass(frozen=True)
class Ascii(_Lines):
    """``NNN, path``: the character's code in decimal, at least three digits; 000 for a blank or unreadable picture."""

    def line(self, answer: Answer, verdict: Verdict | None) -> str:
        character = answer.reading.character if answer.reading else ""
        return f"{ord(character) if character else 0:03d}, {escaped(answer.path)}"


@dataclass(frozen=True)
class Csv(_Lines):
    """``path,character,probability,sure``, then for each runner-up ``character_2,probability_2`` and so on.

    ``probability`` is empty where there is no answer; ``sure`` is ``true`` or ``false``.
    """

    def __post_init__(self) -> None:
        names = [f"{what}_{rank}" for rank in range(2, self.top + 1) for what in ("character", "probability")]
        object.__setattr__(self, "head", ",".join(["path", "character", "probability", "sure", *names]) + "\n")

    def line(self, answer: Answer, verdict: Verdict | None) -> str:
        reading = answer.reading
        cells = [answer.path, "", "", "false"]
        if reading is not None:
            probability = "" if reading.blank else f"{reading.probability:.6f}"
            cells[1:] = [reading.character, probability, "true" if reading.sure else "false"]
            for character, share in reading.ranking[1 : self.top]:
                cells += [character, f"{share:.6f}"]
        cells += [""] * (2 + 2 * self.top - len(cells))
        out = StringIO()
        csv.writer(out, lineterminator="\r\n").writerow(cells)  # Python 3.11 quotes only what it ends lines with
        return out.getvalue().removesuffix("\r\n")


@dataclass(frozen=True)
class JsonLines(_Lines):
    """One object a line: ``path``, ``character``, ``probability``, ``sure``, ``outside``, ``blank``, ``error``; with
    ``--top`` also ``ranking``, with ``--truth`` also ``truth`` and ``right``.
    """

    def line(self, answer: Answer, verdict: Verdict | None) -> str:
        return written(facts_of(answer, verdict, self.top))


@dataclass(frozen=True)
class Json(JsonLines):
    """One object: ``readings``, a list of what ``jsonl`` has as lines, and the ``summary``.

    ``summary``: counts of ``pictures``, ``blank``, ``unreadable``, ``unsure``, ``several`` (it seems that more than one
    character is in them) and ``skipped``; ``seconds``; ``engine``; ``threshold``, with one also ``coverage`` and ``error``
    on left-out pictures; after Ctrl-C ``interrupted``; with ``--truth`` also ``truth``: ``by``, ``scored``, ``right``,
    ``accuracy``, ``low``, ``high``, ``sure``, ``accuracy_sure``, ``unknown``,
    ``outside_alphabet``, and ``trained_on``, the scored files that the reader learnt from.
    """

    head: str = '{"readings": [\n'
    between: str = ",\n"
    end: str = ""

    def tail(self, summary: Mapping[str, object], count: int) -> str:
        return "\n" * bool(count) + f'],\n"summary": {written(summary)}}}\n'


LAYOUTS: dict[str, type[Text | Ascii | Csv | Json | JsonLines]] = {
    "text": Text,
    "ascii": Ascii,
    "csv": Csv,
    "json": Json,
    "jsonl": JsonLines,
}


def facts_of(answer: Answer, verdict: Verdict | None, top: int) -> dict[str, object]:
    """Everything that an answer holds, as plain values for JSON."""
    reading = answer.reading
    facts: dict[str, Any] = {"path": answer.path, "character": "", "probability": None, "sure": False}
    facts |= {"outside": None, "blank": False, "error": answer.error.message if answer.error else None}
    if reading is not None:
        facts |= {"character": reading.character, "sure": reading.sure, "blank": reading.blank}
        if not reading.blank:
            facts |= {"probability": round(reading.probability, 6), "outside": round(reading.outside, 6)}
    if top > 1:
        facts["ranking"] = [[character, round(share, 6)] for character, share in (reading.ranking[:top] if reading else ())]
    if verdict is not None:
        facts |= {"truth": verdict.truth, "right": verdict.right}
    return facts


def written(facts: Mapping[str, object], indent: int | None = None) -> str:
    """JSON, on one line without ``indent``: as people read it, control characters escaped, all else too where a path is no Unicode."""
    text = json.dumps(facts, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(facts, indent=indent)
    return text.translate(_JSON_ESCAPES)
