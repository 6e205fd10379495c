"""Top-k, thresholds, label spaces and characters against worked examples and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.alphabet import BYCLASS, NAMED
from inkread.evaluation import Answered, Labelled, case_policies, characters, evenness, gini, spaces, view
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
    assert half.probability == pytest.approx(np.linspace(0.99, 0.5, 100)[97])
    assert selective(view(sure("AB"), labelled("BA"))).thresholds[0].probability is None


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
    assert [each.name for each in found] == ["digits"]


def test_case_policies_are_scored_side_by_side() -> None:
    rows = np.eye(62)[[BYCLASS.index(each) for each in "Cag"]]
    truth = labelled("cAg", BYCLASS.characters)
    found = case_policies(Answered(BYCLASS, rows), truth, BYCLASS)
    assert [(each.policy, each.classes, each.accuracy.right) for each in found] == [("keep", 62, 1), ("fold", 47, 2), ("upper", 36, 3)]
    assert case_policies(Answered(NAMED["digits"], np.eye(10)), labelled("0123456789", "0123456789"), NAMED["digits"]) == ()
