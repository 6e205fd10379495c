"""One letter's page: whose name it is, and what the letter is taken for."""

from __future__ import annotations

import pytest

from inkread.alphabet import BYCLASS
from inkread.errors import UsageError
from inkread.evaluation import asked_letter, letter_page, view
from made_answers import labelled, sure

WRITTEN = {
    "Жуков": "Z",
    "Шишкин": "S",
    "Щукин": "S",
    "Юрьев": "Y",
    "Яковлев": "Y",
    "Хомяков": "K",
    "Цветаева": "T",
    "Чехов": "C",
    "Эйзенштейн": "E",
    "Ёлкин": "E",
    "Йовович": "Y",
    "Петров": "P",
    "ильин": "I",
    "Ґалаґан": "G",
    "Petrov": "P",
    "o'Neill": "O",
    "Öztürk": "O",
    "Łukasz": "L",
    "Čapek": "C",
    "q": "q",
    "K": "K",
    "7": "7",
    "ж": "Z",
}


@pytest.mark.parametrize(("name", "letter"), WRITTEN.items())
def test_the_first_letter_of_a_name_as_passports_write_it(name: str, letter: str) -> None:
    assert asked_letter(name).character == letter


def test_how_a_cyrillic_name_becomes_a_letter_is_said() -> None:
    assert asked_letter("Жуков").says == "Жуков begins with Ж, which is written Zh in Latin letters: Z"
    assert asked_letter("Ж").says == "Ж is written Zh in Latin letters: Z"
    assert asked_letter("K").says == ""


@pytest.mark.parametrize("nothing", ["", "  ", "42", "!", "ь", "Ъ", "Ωmega", "李"])
def test_what_is_no_letter_is_refused(nothing: str) -> None:
    with pytest.raises(UsageError):
        asked_letter(nothing)


def test_both_cases_together_are_the_letter_and_each_is_told() -> None:
    test = labelled("KKkkXx", BYCLASS.characters)
    page = letter_page(view(sure("KkKRKx", BYCLASS.characters), test), test, "Ким")
    assert (page.members, page.accuracy.right, page.accuracy.count) == ("Kk", 3, 4)
    assert [(each.character, each.right, each.count) for each in page.cases] == [("K", 1.0, 2.0), ("k", 0.0, 2.0)]
    assert [(each.character, each.count, each.share) for each in page.taken_for] == [("K", 1, 0.25), ("R", 1, 0.25), ("k", 1, 0.25)]
    assert [(each.character, each.count, each.share) for each in page.taken_for_it] == [("X", 1, 0.25)]
    assert (page.swapped, page.wrong, page.intruders) == (2, (1, 2, 3), (4,))
    assert page.precision is not None
    assert page.precision.value == 0.75
    assert [each.answer for each in page.examples] == ["k", "K", "R"]


def test_a_capital_alone_that_is_taken_for_its_small_letter_is_told_so() -> None:
    test = labelled("ZZZZA", BYCLASS.characters)
    page = letter_page(view(sure("Zzzz7", BYCLASS.characters), test), test, "Жуков")
    assert (page.accuracy.value, page.swapped) == (1.0, 3)
    assert [(each.character, each.accuracy, each.count) for each in page.cases] == [("Z", 0.25, 4.0)]
    assert [(each.character, each.count, each.share) for each in page.taken_for] == [("z", 3, 0.75)]
    assert [(each.truth, each.answer) for each in page.examples] == [("Z", "z")] * 3


def test_a_letter_that_the_test_does_not_have_is_refused() -> None:
    test = labelled("AB")
    with pytest.raises(UsageError, match="no picture of this letter: C"):
        letter_page(view(sure("AB"), test), test, "C")
    with pytest.raises(UsageError, match="not among the answers: Z"):
        letter_page(view(sure("AB"), test), test, "Жуков")


def test_a_letter_that_is_never_answered_has_no_precision() -> None:
    test = labelled("AB")
    assert letter_page(view(sure("BB"), test), test, "A").precision is None
