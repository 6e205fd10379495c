"""Top-k, thresholds, label spaces and characters against worked examples and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.alphabet import BYCLASS, NAMED, Alphabet
from inkread.evaluation import Answered, Labelled, case_policies, characters, evenness, gini, macro_accuracy, spaces, view, wilson
from inkread.evaluation.scores import calibrated, selective, top
from made_answers import labelled, said, sure


def random_test(count: int = 400, classes: int = 8, seed: int = 0) -> tuple[Answered, Labelled]:
    rng = np.random.default_rng(seed)
    characters = BYCLASS.characters[:classes]
    rows = rng.dirichlet(np.full(classes, 0.5), count)
    labels = np.where(rng.random(count) < 0.6, rows.argmax(axis=1), rng.integers(0, classes, count))
    return said(rows.tolist(), characters), labelled("".join(characters[at] for at in labels), characters)


def test_top_k_agrees_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    answered, test = random_test()
    seen = view(answered, test)
    for each in top(seen):
        truth = test.targets.argmax(axis=1)
        expected = metrics.top_k_accuracy_score(truth, answered.probabilities, k=each.k, labels=np.arange(8))
        assert each.accuracy.value == pytest.approx(expected)
    assert [each.k for each in top(seen)] == [2, 3, 5]


def test_precision_and_recall_of_characters_agree_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    answered, test = random_test()
    seen = view(answered, test)
    truth = test.targets.argmax(axis=1)
    precision, recall, f1, count = metrics.precision_recall_fscore_support(truth, seen.answers, labels=np.arange(8))
    for each in characters(seen):
        at = seen.alphabet.index(each.character)
        assert (each.precision, each.accuracy, each.f1, each.count) == pytest.approx((precision[at], recall[at], f1[at], count[at]))
        assert each.low < each.accuracy < each.high


def test_characters_stand_from_the_worst_and_an_absent_one_not_at_all() -> None:
    found = characters(view(sure("AAB"), labelled("ABB")))
    assert [(each.character, each.accuracy, each.answered) for each in found] == [("B", 0.5, 1), ("A", 1.0, 2)]


def test_a_character_that_is_never_answered_has_no_precision() -> None:
    (first, _) = characters(view(sure("BB"), labelled("AB")))
    assert first.character == "A"
    assert np.isnan(first.precision)


def test_evenness_of_worked_examples() -> None:
    assert gini(np.array([1.0, 1.0, 1.0])) == pytest.approx(0.0)
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)
    assert gini(np.zeros(3)) == 0.0
    found = evenness(characters(view(sure("AAABBC"), labelled("AABBBC"))))
    assert (found.lowest, found.highest, found.worst[0], found.best[-1]) == (pytest.approx(2 / 3), 1.0, "B", "B")
    assert found.spread == pytest.approx(np.std([1, 1, 2 / 3]))


def test_thresholds_are_read_off_the_curve() -> None:
    rows = [[p, (1 - p) / 2, (1 - p) / 2] for p in np.linspace(0.99, 0.5, 100)]
    found = selective(view(said(rows), labelled("A" * 98 + "BC")))
    half, one, two = found.thresholds
    assert (half.kept, one.kept, two.kept) == (98, 98, 100)
    assert (one.error, one.risk) == (0.01, 0.0)
    assert two.coverage == 1.0
    assert (half.wrong, two.wrong) == (0, 2)
    assert (half.low, half.high) == wilson(0, 98)
    assert (two.low, two.high) == wilson(2, 100)
    assert half.too_few is True
    assert half.probability == pytest.approx(np.linspace(0.99, 0.5, 100)[97])
    assert selective(view(sure("AB"), labelled("BA"))).thresholds[0].probability is None


def test_a_test_is_large_enough_where_no_mistake_would_show_the_error() -> None:
    rows = [[0.9, 0.05, 0.05]] * 800
    half, one, two = selective(view(said(rows), labelled("A" * 800))).thresholds
    assert (half.too_few, one.too_few, two.too_few) == (False, False, False)
    half, one, _ = selective(view(said(rows[:500]), labelled("A" * 500))).thresholds
    assert (half.too_few, one.too_few) == (True, False)


def test_a_long_curve_keeps_its_ends() -> None:
    rng = np.random.default_rng(0)
    rows = rng.dirichlet(np.ones(3), 5000)
    found = selective(view(said(rows.tolist()), labelled("A" * 5000)))
    assert len(found.curve.coverage) <= 200
    assert found.curve.coverage[-1] == 1.0
    assert found.curve.threshold[0] == pytest.approx(rows.max())


def test_calibration_before_the_temperature_is_told_beside() -> None:
    after, before = np.array([[0.9, 0.05, 0.05]] * 10), np.array([[0.5, 0.25, 0.25]] * 10)
    found = calibrated(view(said(after.tolist(), temperature=2.0, before=before), labelled("A" * 9 + "B")))
    assert found.after.error == pytest.approx(0.0)
    assert found.before is not None
    assert found.before.error == pytest.approx(0.4)


def test_one_model_in_every_label_space_that_fits() -> None:
    rows = np.eye(62)[[BYCLASS.index(each) for each in "Cc0OaB7x"]]
    truth = labelled("cCO0aB7q", BYCLASS.characters)
    found = {each.name: each for each in spaces(Answered(BYCLASS, rows), truth)}
    right = {name: (each.accuracy.right, each.accuracy.count, each.outside) for name, each in found.items()}
    assert right["byclass"] == (3, 8, 0)
    assert right["balanced"] == (5, 8, 0)
    assert right["byclass-upper"] == (5, 8, 0)
    assert right["vin"] == (4, 5, 3)  # O and 0 are one answer; a C read as c is no VIN answer at all
    assert right["digits"] == (1, 2, 6)


def test_a_digit_reader_is_scored_on_digits_alone() -> None:
    rows = np.eye(10)[[1, 2, 3]]
    found = spaces(Answered(NAMED["digits"], rows), labelled("124", "0123456789"))
    assert [(each.name, each.says, each.classes) for each in found] == [("digits", "digits", 10)]


def test_case_policies_are_scored_side_by_side() -> None:
    rows = np.eye(62)[[BYCLASS.index(each) for each in "Cag"]]
    truth = labelled("cAg", BYCLASS.characters)
    found = case_policies(Answered(BYCLASS, rows), truth, BYCLASS)
    assert [(each.policy, each.classes, each.accuracy.right) for each in found] == [("keep", 62, 1), ("fold", 47, 2), ("upper", 36, 3)]
    assert case_policies(Answered(NAMED["digits"], np.eye(10)), labelled("0123456789", "0123456789"), NAMED["digits"]) == ()


def test_no_answer_is_never_among_the_first_k_and_never_right_in_the_calibration() -> None:
    seen = view(said([[0.25] * 4] * 8, "ABCD"), labelled("ABCD" * 2, "ABCD"))
    assert seen.right.sum() == 0
    assert [(each.k, each.accuracy.right) for each in top(seen)] == [(2, 0), (3, 0)]
    assert [(each.count, each.accuracy) for each in calibrated(seen).after.bins if each.count] == [(8, 0.0)]


def test_a_truth_that_is_as_probable_as_others_does_not_come_before_them() -> None:
    seen = view(said([[0.4, 0.2, 0.2, 0.2]] * 2, "ABCD"), labelled("BA", "ABCD"))
    assert [(each.k, each.accuracy.right) for each in top(seen)] == [(2, 1), (3, 1)]


def up_to(labels: list[str]) -> Labelled:
    """A test over byclass whose pictures may be any of the characters of their label."""
    targets = np.array([[each in label for each in BYCLASS] for label in labels])
    return Labelled(targets, BYCLASS)


def test_capitals_and_small_letters_are_no_space_of_labels_known_up_to_case() -> None:
    test = up_to(["Kk"] * 5 + ["Cc"] * 5 + ["5"] * 5)
    read = Answered(BYCLASS, np.eye(62)[[BYCLASS.index(each) for each in "k" * 5 + "c" * 5 + "5" * 5]])
    found = {each.name: each.accuracy for each in spaces(read, test)}
    assert {name: (each.right, each.count) for name, each in found.items()} == {
        "byclass": (15, 15),
        "balanced": (15, 15),
        "byclass-upper": (15, 15),
        "letters": (10, 10),
    }


def test_a_space_takes_the_pictures_that_lie_in_it_with_all_that_they_may_be() -> None:
    test = up_to(["Kk"] * 5 + ["A", "B", "a", "b"])
    read = Answered(BYCLASS, np.eye(62)[[BYCLASS.index(each) for each in "kkkkkABab"]])
    found = {each.name: (each.accuracy.right, each.accuracy.count, each.outside) for each in spaces(read, test)}
    assert (found["upper"], found["lower"], found["letters"]) == ((2, 2, 7), (2, 2, 7), (9, 9, 0))


def test_case_policies_are_scored_on_the_same_pictures() -> None:
    labels = "ABCDabcdddddddd"
    rows = np.eye(62)[[BYCLASS.index(each) for each in labels]]
    found = case_policies(Answered(BYCLASS, rows), labelled(labels, BYCLASS.characters), Alphabet("ABCDabc"))
    assert [(each.policy, each.accuracy.count) for each in found] == [("keep", 7), ("fold", 7), ("upper", 7)]


def test_a_picture_that_may_be_several_counts_in_equal_parts_wherever_it_is_counted() -> None:
    seen = view(Answered(BYCLASS, np.eye(62)[[BYCLASS.index(each) for each in "KKXX5"]]), up_to(["Kk"] * 4 + ["5"]))
    found = {each.character: (each.count, each.right, each.accuracy) for each in characters(seen)}
    assert found == {"K": (2.0, 1.0, 0.5), "k": (2.0, 1.0, 0.5), "5": (1.0, 1.0, 1.0)}
    macro = macro_accuracy(seen.answers, seen.targets, 62)
    assert macro == pytest.approx(np.mean([each[2] for each in found.values()]))


def test_half_a_picture_read_right_lies_in_its_own_interval() -> None:
    seen = view(Answered(BYCLASS, np.eye(62)[[BYCLASS.index(each) for each in "K5"]]), up_to(["Kk", "5"]))
    (half,) = [each for each in characters(seen) if each.character == "K"]
    assert (half.count, half.accuracy, half.high) == (0.5, 1.0, 1.0)
    assert half.low == wilson(0.5, 0.5)[0] > 0
