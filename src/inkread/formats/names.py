"""What names of files and folders say: which character is on the picture, and in which order people expect them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable

KINDS: dict[str, Callable[[str], str]] = {
    "digit": str,
    "number": str,
    "upper": str.upper,
    "uppercase": str.upper,
    "capital": str.upper,
    "lower": str.lower,
    "lowercase": str.lower,
    "small": str.lower,
}
"""Words beside a character in a name that settle its case: `upper_A`, `lower_a`, `a_upper`."""

_SEPARATORS = re.compile(r"[_\-. ()]+")
_DECIMAL = re.compile(r"[0-9]{3}")
_CODE_POINT = re.compile(r"(?:U\+)?([0-9A-Fa-f]{4,5})")
_NUMBER = re.compile(r"([0-9]+)")
_RUNNING = re.compile(r"(.*/)?[0-9]+\.[^./]*", re.DOTALL)


def character_of(name: str, by: str = "name") -> str | None:
    """The character that a path says is on its picture, or None where it says none.

    ``by="folder"``: the last folder's name, which has to be the character (`A`), the character and an underscore
    (`a_`, beside `A` where file names ignore case), a kind and the character (`digit_0`, `upper_A`, `lower_a`), its
    ASCII code as three decimal digits (`065`) or its code point as four hexadecimal ones (`0041`, `U+0041`).
    ``by="name"``: the file's name without suffix, which has to begin with the character or with a kind and the
    character, the rest set apart by `_`, `-`, a blank, a dot or a bracket (`a_00002.jpg`, `upper_A.png`, `A (3).png`);
    numbers of several digits there are running numbers, not codes.
    """
    folder, _, file = name.rpartition("/")
    word = unicodedata.normalize("NFC", folder.rpartition("/")[2] if by == "folder" else os.path.splitext(file)[0])
    if len(word) == 1:
        return word if word.isprintable() else None
    if by == "folder":
        if _DECIMAL.fullmatch(word):
            return _printable(int(word))
        if found := _CODE_POINT.fullmatch(word):
            return _printable(int(found[1], 16))
    words = [each for each in _SEPARATORS.split(word) if each]
    if by == "folder" and len(words) > (1 if word.endswith("_") else 2):
        return None
    return _from_words(words, strict=by == "folder" and not word.endswith("_"))


def _from_words(words: list[str], *, strict: bool) -> str | None:
    """The character of `[kind, character, ...]`, `[character, kind, ...]` or, unless strict, `[character, ...]`."""
    first, second = [*words, "", ""][:2]
    if _is_character(second) and (kind := KINDS.get(first.lower())):
        return kind(second)
    if _is_character(first) and (kind := KINDS.get(second.lower())):
        return kind(first)
    return first if _is_character(first) and not strict else None


def _is_character(word: str) -> bool:
    return len(word) == 1 and word.isprintable()


def _printable(code: int) -> str | None:
    character = chr(code) if code <= 0x10FFFF else ""
    return character if character.isprintable() and character.strip() else None


def labels_of(names: Iterable[str]) -> tuple[tuple[str, ...], str] | None:
    """The characters that these paths tell and what told them ("folder" or "name"), or None where some tell none.

    Folders are asked first: in `upper_A/13.jpg` and `065/7_2.png` the file's name is a number. Where one of them tells a
    character, they are class folders, and names are not asked: beside `9/` there may be `10/`. Names that are nothing but
    a number (`7.png`) are running numbers as long as nobody says that they are characters.
    """
    every = list(names)
    for by in ("folder", "name"):
        found = [None if by == "name" and _RUNNING.fullmatch(each) else character_of(each, by) for each in every]
        if found and all(found):
            return tuple(each for each in found if each), by
        if any(found):
            return None
    return None


def natural_key(name: str) -> list[str | tuple[int, str, int]]:
    """A sort key under which `a_9` comes before `a_10` and a folder's files stay together; total over all names.

    Digits compare by value without ever becoming a number; the slash sorts before every other character.
    """
    pieces: list[str | tuple[int, str, int]] = [*_NUMBER.split(name.replace("/", "\0"))]
    for at in range(1, len(pieces), 2):
        run = pieces[at]
        assert isinstance(run, str)
        digits = run.lstrip("0")
        pieces[at] = (len(digits), digits, len(run))
    return pieces
