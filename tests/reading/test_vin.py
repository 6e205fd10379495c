from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from inkread.errors import DataError, UsageError
from inkread.reading.check_digit import CHARACTERS, LENGTH, Rule, check_digit, holds, rules
from inkread.reading.vin import best_strings, read_vin, string_mass

HONDA = "1HGCM82633A004352"
VOLKSWAGEN = "WVWZZZ1JZXW000001"


def boxes(text: str, sharpness: float = 0.99) -> np.ndarray:
    probabilities = np.full((LENGTH, len(CHARACTERS)), (1 - sharpness) / 32)
    probabilities[np.arange(LENGTH), [CHARACTERS.index(each) for each in text]] = sharpness
    return np.log(probabilities)


def doubtful(text: str, position: int, seen: str, probability: float) -> np.ndarray:
    """A row where the box at ``position`` looks like ``seen``, the true character coming second."""
    scores = np.exp(boxes(text))
    row = np.full(33, 1e-6)
    row[CHARACTERS.index(seen)] = probability
    row[CHARACTERS.index(text[position - 1])] = 1 - probability
    scores[position - 1] = row / row.sum()
    return np.log(scores)


@pytest.mark.parametrize("text", [HONDA, "11111111111111111", "1M8GDM9AXKP042788", "5GZCZ43D13S812715"])
def test_check_digits_of_known_numbers_hold(text: str) -> None:
    assert holds(text)
    assert not holds(text[:-1])


def test_check_digit_is_that_of_the_regulation() -> None:
    assert check_digit("1M8GDM9A_KP042788".replace("_", "0")) == "X"
    assert not holds(HONDA.replace("4", "A"))
    assert not holds("IOQ45678901234567")


def test_a_lookalike_is_corrected_by_the_check_digit() -> None:
    reading = read_vin(doubtful(HONDA, 13, "4", 0.7), "yes")
    assert reading.text == HONDA
    assert reading.read_as == HONDA[:12] + "4" + HONDA[13:]
    assert reading.corrected == (13,)
    assert reading.check_digit == "applied"
    assert reading.characters[12].own_probability == pytest.approx(0.7, abs=1e-3)


def test_a_right_row_is_left_alone_and_sure() -> None:
    reading = read_vin(boxes(HONDA, 0.9999))
    assert (reading.text, reading.corrected, reading.check_digit, reading.sure) == (HONDA, (), "holds", True)
    assert reading.probability > 0.99 > reading.runner_up_probability


def test_check_digit_box_admits_only_digits_and_x() -> None:
    reading = read_vin(doubtful(HONDA, 9, "J", 0.98), "yes")
    assert reading.text == HONDA
    assert reading.corrected == (9,)


def test_auto_leaves_a_european_number_alone() -> None:
    assert not holds(VOLKSWAGEN)
    reading = read_vin(boxes(VOLKSWAGEN))
    assert (reading.text, reading.check_digit) == (VOLKSWAGEN, "not applied")
    assert read_vin(boxes(VOLKSWAGEN), "yes").check_digit == "applied"


def test_no_reads_every_box_alone() -> None:
    reading = read_vin(doubtful(HONDA, 13, "4", 0.7), "no")
    assert reading.text == reading.read_as != HONDA


def test_auto_takes_a_right_check_digit_as_evidence_for_the_first_character() -> None:
    """A doubtful first box, J or 1 alike: with 1 the number holds, and that is a 33 to 1 coincidence otherwise."""
    reading = read_vin(doubtful(HONDA, 1, "J", 0.6))
    assert (reading.text, reading.check_digit, reading.corrected) == (HONDA, "applied", (1,))
    wrong = HONDA[:8] + "7" + HONDA[9:]
    assert read_vin(doubtful(wrong, 1, "J", 0.6)).text[0] == "J"


def test_blank_box_is_filled_only_where_the_check_digit_settles_it() -> None:
    ninth = read_vin(boxes(HONDA), "yes", blank=[8])
    assert (ninth.text, ninth.blank, ninth.corrected) == (HONDA, (9,), (9,))
    third = read_vin(boxes(HONDA), "yes", blank=[2])
    assert (third.text, third.sure) == (HONDA[:2] + "?" + HONDA[3:], False)
    assert read_vin(boxes(VOLKSWAGEN), "no", blank=[16]).text == VOLKSWAGEN[:-1] + "?"


def small_rows(seed: int) -> np.ndarray:
    """Three open characters in each of four boxes, one in every other: 81 strings, few enough to try them all."""
    rng = np.random.default_rng(seed)
    scores = np.full((LENGTH, len(CHARACTERS)), -np.inf)
    for at in range(LENGTH):
        open_characters = rng.choice(33, 3 if at in (0, 4, 10, 16) else 1, replace=False)
        scores[at, open_characters] = rng.normal(size=len(open_characters))
    scores[8, :11] = rng.normal(size=11)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


@pytest.mark.parametrize("choice", ["yes", "no", "auto"])
@pytest.mark.parametrize("seed", range(3))
def test_search_and_posterior_agree_with_trying_every_string(choice: str, seed: int) -> None:
    scores = small_rows(seed)
    every = [np.flatnonzero(row > -np.inf) for row in scores]
    weighed: dict[str, float] = {}
    for string in product(*every):
        text = "".join(CHARACTERS[each] for each in string)
        score = float(sum(scores[at, each] for at, each in enumerate(string)))
        demanded = choice == "yes" or (choice == "auto" and text[0] in "12345L")
        if not demanded or holds(text):
            weighed[text] = np.exp(score) * (33 if demanded and choice == "auto" else 1)
    if not weighed:
        with pytest.raises(DataError):
            read_vin(scores, choice)
        return
    first, second = sorted(weighed, key=lambda text: -weighed[text])[:2]
    total = sum(weighed.values())
    reading = read_vin(scores, choice)
    assert (reading.text, reading.runner_up) == (first, second)
    assert reading.probability == pytest.approx(weighed[first] / total)
    assert reading.runner_up_probability == pytest.approx(weighed[second] / total)
    fifth = sum(weight for text, weight in weighed.items() if text[4] == first[4]) / total
    assert reading.characters[4].probability == pytest.approx(fifth)


def test_mass_of_every_box_is_the_mass_of_all_allowed_strings() -> None:
    probabilities = np.random.default_rng(5).dirichlet(np.ones(33), size=LENGTH)
    for rule in rules("auto"):
        sums = string_mass(probabilities, rule).sum(axis=1)
        assert sums == pytest.approx(sums[0])


def test_best_strings_come_in_order_and_obey_the_rule() -> None:
    scores = np.log(np.random.default_rng(7).dirichlet(np.ones(33), size=LENGTH))
    (rule,) = rules("yes")
    found = best_strings(scores, rule, count=5)
    assert [score for score, _ in found] == sorted((score for score, _ in found), reverse=True)
    assert all(holds("".join(CHARACTERS[each] for each in string)) for _, string in found)
    assert isinstance(rule, Rule)


@pytest.mark.parametrize("shape", [(16, 33), (17, 36), (17,)])
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match="17, 33"):
        read_vin(np.zeros(shape))


def test_unknown_choice_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="perhaps") as caught:
        read_vin(boxes(HONDA), "perhaps")
    assert "auto" in caught.value.hint
