"""Answers and truth brought over the same characters, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.alphabet import BYCLASS, NAMED, Alphabet
from inkread.errors import AlphabetError, DataError
from inkread.evaluation import Answered, Labelled, Model, answered_by_classes, view
from made_answers import labelled, said, sure


def test_mass_goes_over_before_it_is_normalised() -> None:
    seen = view(said([[0.4, 0.25, 0.35]], "Ccx"), labelled("c", "Ccx"), Alphabet("Cx", ("Cc", "x")))
    assert seen.probabilities.tolist() == [[0.65, 0.35]]
    assert seen.right.tolist() == [True]


def test_pictures_outside_of_the_alphabet_are_left_out_and_counted() -> None:
    seen = view(sure("AABC"), labelled("ABCC"), Alphabet("AB"))
    assert seen.rows.tolist() == [0, 1]
    assert dict(seen.outside) == {"C": 2}
    assert [seen.answer(at) + seen.label(at) for at in range(2)] == ["AA", "AB"]


def test_labels_that_the_model_cannot_answer_are_refused_with_counts() -> None:
    with pytest.raises(DataError, match=r"3 labels are not among the answers \(ABC\): x \(2\), y \(1\)") as refused:
        view(sure("AAAA"), labelled("Axxy", "ABCxy"))
    assert "--alphabet" in refused.value.hint


def test_a_label_up_to_its_case_is_right_in_either() -> None:
    truth = Labelled(np.array([[True, True, False]]), Alphabet("Aax"))
    assert view(said([[0.1, 0.8, 0.1]], "Aax"), truth).right.tolist() == [True]
    assert view(said([[0.1, 0.1, 0.8]], "Aax"), truth).right.tolist() == [False]
    assert not view(said([[0.1, 0.8, 0.1]], "Aax"), truth).single.any()


def test_a_joined_label_asks_for_any_of_its_members() -> None:
    truth = Labelled(np.eye(26, dtype=bool)[:1], NAMED["letters"])
    rows = np.eye(62)[[BYCLASS.index("a")]]
    assert view(Answered(BYCLASS, rows), truth).right.all()


def test_classes_alone_are_answers_without_probabilities() -> None:
    found = answered_by_classes(np.array([1, -1, 0]), Alphabet("ABC"), Model("classes"))
    assert not found.sure
    assert view(found, labelled("BBB")).answers.tolist() == [1, -1, 0]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([[0.5, 0.5]], r"probabilities must be \(N,3\)"),
        ([[0.5, 0.4, 0.4]], "row 0 sums to 1.3"),
        ([[1.2, -0.1, -0.1]], "0 and above"),
        ([[np.nan, 0.5, 0.5]], "must be numbers"),
    ],
)
def test_rows_that_are_no_probabilities_are_refused(rows: list[list[float]], told: str) -> None:
    with pytest.raises(DataError, match=told):
        said(rows)


def test_what_has_no_mass_in_the_alphabet_is_no_answer() -> None:
    seen = view(said([[0.0, 0.0, 1.0], [0.1, 0.2, 0.7]]), labelled("AB"), Alphabet("AB"))
    assert seen.answers.tolist() == [-1, 1]
    assert seen.probabilities.sum(axis=1) == pytest.approx(1)


def test_another_number_of_pictures_is_refused() -> None:
    with pytest.raises(DataError, match="answers to 3 pictures, but the test has 2"):
        view(sure("AAA"), labelled("AB"))
    with pytest.raises(DataError, match=r"pictures must have one entry a picture \(2\): 1"):
        labelled("AB", pictures=np.zeros((1, 28, 28), np.uint8))


def test_characters_that_the_model_joined_cannot_be_asked_apart() -> None:
    joined = Answered(Alphabet("C", ("Cc",)), np.ones((1, 1)))
    with pytest.raises(AlphabetError):
        view(joined, labelled("C", "Cc"), Alphabet("Cc"))


def test_a_test_without_pictures_is_refused() -> None:
    with pytest.raises(DataError, match="no picture to evaluate on"):
        labelled("")
