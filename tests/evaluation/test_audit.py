"""Planted wrong labels are found, look-alikes are told apart, and a set of characters is not suspected of being one of them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cleanlab")

from inkread.alphabet import Alphabet, look_alike
from inkread.errors import DataError
from inkread.evaluation import audit, witnesses

ABC = Alphabet("ABCDO0")


def reader(labels: np.ndarray, classes: int, seed: int = 0, sure: float = 5.0) -> np.ndarray:
    """What a reader says that is right in about 95 % of cases: float (N,K)."""
    logits = np.random.default_rng(seed).normal(0.0, 1.4, (len(labels), classes))
    logits[np.arange(len(labels)), labels] += sure
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


def planted(count: int = 1200, wrong: int = 40, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True labels, labels of which ``wrong`` were moved, and where."""
    rng = np.random.default_rng(seed)
    right = rng.integers(0, len(ABC), count)
    given = right.copy()
    at = rng.choice(count, wrong, replace=False)
    given[at] = (given[at] + rng.integers(1, len(ABC), wrong)) % len(ABC)
    return right, given, np.sort(at)


def test_planted_errors_are_found_with_few_false_alarms_and_the_right_suggestion() -> None:
    right, given, at = planted()
    found = audit(given, reader(right, len(ABC)), ABC)
    suspected = [each.index for each in found.suspects]
    hits = set(suspected) & set(at.tolist())
    assert len(hits) >= 0.75 * len(at)
    assert len(hits) >= 0.7 * len(suspected)
    assert sum(each.suggested == ABC[right[each.index]] for each in found.suspects if each.index in hits) >= 0.95 * len(hits)
    assert all(each.given == ABC[given[each.index]] != each.suggested for each in found.suspects)
    assert 0.6 * len(at) <= found.estimated <= 1.8 * len(at)


def test_labels_that_the_reader_confirms_are_not_suspected() -> None:
    right, _, _ = planted()
    found = audit(right, reader(right, len(ABC), sure=12.0), ABC)
    assert (found.suspects, found.pairs) == ((), ())
    assert found.estimated == pytest.approx(0.0, abs=3.0)


def test_the_worst_labels_stand_first_and_look_alikes_last() -> None:
    right, given, _ = planted()
    found = audit(given, reader(right, len(ABC), 2), ABC)
    order = [(each.look_alike, each.quality) for each in found.suspects]
    assert order == sorted(order)
    assert {each.look_alike for each in found.suspects} == {True, False}
    assert all(each.look_alike == look_alike(each.given, each.suggested) for each in found.suspects)
    assert all(0.0 <= each.quality <= 0.5 for each in found.suspects)


def test_pairs_add_up_to_the_suspects() -> None:
    right, given, _ = planted()
    found = audit(given, reader(right, len(ABC)), ABC)
    assert sum(each.suspects for each in found.pairs) == len(found.suspects)
    assert [each.suspects for each in found.pairs] == sorted((each.suspects for each in found.pairs), reverse=True)
    assert 0.0 < found.estimated_look_alikes < found.estimated
    assert found.as_dict()["pairs"][0]["given"] == found.pairs[0].given


def test_a_label_of_several_characters_is_suspected_only_of_being_none_of_them() -> None:
    right, _, _ = planted(600, 0)
    targets = np.eye(len(ABC), dtype=np.bool_)[right]
    targets[:300, 4:] |= targets[:300, 4:].any(axis=1, keepdims=True)  # O or 0, not known which
    targets[0] = [True, True, False, False, False, False]
    probabilities = reader(right, len(ABC), sure=9.0)
    probabilities[0] = [0.001, 0.001, 0.995, 0.001, 0.001, 0.001]
    found = audit(targets, probabilities, ABC)
    assert [(each.index, each.given, each.suggested) for each in found.suspects] == [(0, "AB", "C")]
    assert found.suspects[0].probability_given == pytest.approx(0.002)


def test_an_answer_that_stands_for_both_cases_is_told_as_both() -> None:
    joined = Alphabet("CK7", ("Cc", "Kk", "7"))
    right = np.arange(300) % 3
    given = right.copy()
    given[:6] = (given[:6] + 1) % 3
    found = audit(given, reader(right, 3, sure=9.0), joined)
    assert {(each.given, each.suggested) for each in found.suspects} == {("Kk", "Cc"), ("7", "Kk"), ("Cc", "7")}


def test_classes_that_no_picture_has_are_no_trouble() -> None:
    right = np.arange(200) % 2
    given = right.copy()
    given[:4] = 1 - given[:4]
    found = audit(given, reader(right, len(ABC), sure=9.0), ABC)
    assert sorted(each.index for each in found.suspects) == [0, 1, 2, 3]
    assert audit(np.zeros(20, np.int64), reader(np.zeros(20, np.int64), 2), Alphabet("AB")).suspects == ()


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        (np.full((3, 2), 0.5), "probabilities must have the shape (N,6): (3, 2)"),
        (np.full((3, 6), 1 / 6), "3 rows of probabilities for 1200 pictures"),
        (np.full((1200, 6), 1.0), "rows of probabilities must not be negative and must sum to 1"),
        (np.full((1200, 6), np.nan), "rows of probabilities must not be negative and must sum to 1"),
    ],
    ids=["shape", "length", "sum", "nan"],
)
def test_what_cannot_be_audited_is_told(probabilities: np.ndarray, message: str) -> None:
    with pytest.raises(DataError) as caught:
        audit(planted()[1], probabilities, ABC)
    assert str(caught.value) == message


def bars(levels: list[int]) -> np.ndarray:
    """Pictures of one upright bar each, at these columns."""
    pictures = np.zeros((len(levels), 28, 28), np.uint8)
    for picture, column in zip(pictures, levels, strict=True):
        picture[4:24, column : column + 3] = 255
    return pictures


def test_witnesses_are_the_nearest_confident_pictures_of_either_class_and_no_suspects() -> None:
    pictures = bars([5, 6, 12, 7, 20, 6, 5])
    labels = np.array([0, 1, 1, 0, 0, 1, 1])
    probabilities = np.array([[0.1, 0.9], [0.02, 0.98], [0.01, 0.99], [0.95, 0.05], [0.99, 0.01], [0.4, 0.6], [0.9, 0.1]])
    (found,) = witnesses(pictures, labels, probabilities, [0], 2)
    assert found.given == (3, 4)
    assert found.suggested == (1, 2), "5 is nearer than 2 but not sure, 6 is suspected itself"


def test_where_no_picture_is_sure_the_agreeing_ones_stand_in_and_there_may_be_none() -> None:
    (found,) = witnesses(bars([5, 6]), np.array([0, 1]), np.array([[0.3, 0.7], [0.4, 0.6]]), [0], 3)
    assert (found.given, found.suggested) == ((), (1,))


def test_labels_and_probabilities_of_any_type_are_taken() -> None:
    right, given, _ = planted(300, 10)
    probabilities = reader(right, len(ABC)).astype(np.float32)
    assert audit(given.astype(np.uint8), probabilities, ABC) == audit(np.eye(len(ABC), dtype=np.bool_)[given], probabilities, ABC)
