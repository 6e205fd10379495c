"""The whole evaluation: one value, complete with pictures and a predictor, and as complete as can be without."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from inkread.alphabet import BYCLASS, NAMED, Alphabet
from inkread.errors import DataError
from inkread.evaluation import (
    PASSES,
    PUBLISHED,
    VIEWS,
    Averaged,
    Evaluation,
    Labelled,
    Restricted,
    Wishes,
    beside,
    evaluate,
    evaluated,
    robustness,
)
from inkread.evaluation.examples import Gallery
from made_answers import bars, labelled, sure


class Bars:
    """Reads the bars: each answer as probable as there is ink where its bar stands."""

    alphabet = Alphabet("ABC")

    def __init__(self) -> None:
        self.asked = 0

    def probabilities(self, pictures: np.ndarray) -> np.ndarray:
        self.asked += len(pictures)
        ink = pictures.astype(np.float64) / 255
        seen = np.stack([ink[:, 4:24, 4:10].mean((1, 2)), ink[:, 4:24, 17:23].mean((1, 2)), ink[:, 18:24, 4:24].mean((1, 2))], axis=1)
        powers = np.exp(8 * seen)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@cache
def whole(thorough: bool = True) -> tuple[Evaluation, Labelled]:
    labels = "ABC" * 20
    test = labelled(labels, pictures=bars(labels), name="bars")
    training = labelled("ABC" * 10, pictures=bars("ABC" * 10, seed=1))
    reader = Bars()
    answered = sure(labels[:50] + "C" * 10)
    return evaluate(answered, test, Wishes(thorough=thorough, letter="A"), predictor=reader, training=training), test


def strict(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def test_the_first_keys_are_those_that_are_promised() -> None:
    told = whole()[0].as_dict()
    assert list(told)[:5] == ["accuracy", "interval", "macro_accuracy", "ece", "n"]
    assert told["n"] == 60
    assert told["accuracy"] == pytest.approx(54 / 60, abs=0.02)
    assert told["interval"][0] < told["accuracy"] < told["interval"][1]
    assert json.loads(strict(told))["characters"][0]["character"] in "AB"


def test_pictures_are_on_the_page_and_not_in_the_json() -> None:
    found = whole()[0]
    assert found.pairs[0].examples[0].picture is not None
    assert found.pairs[0].examples[0].nearest is not None
    assert "picture" not in found.as_dict()["pairs"][0]["examples"][0]
    assert max(map(len, strict(found.as_dict()["mistakes"]).split('"'))) < 200


def test_robustness_and_saliency_take_a_predictor_and_the_wish() -> None:
    found = whole()[0]
    assert found.robustness is not None
    assert found.robustness.whole.value == 1.0
    assert {each.name for each in found.robustness.damages} == {"noise", "blur", "shift", "border", "thinner", "thicker", "darker"}
    assert all(len(each.strengths) == 3 for each in found.robustness.damages)
    assert found.saliency
    first = found.saliency[0]
    assert first.for_answer.shape == (28, 28)
    assert whole(thorough=False)[0].robustness is None


def test_damaged_pictures_are_prepared_again_as_those_of_the_reader_were() -> None:
    given: list[np.ndarray] = []

    class Watched(Bars):
        def probabilities(self, pictures: np.ndarray) -> np.ndarray:
            given.append(pictures)
            return super().probabilities(pictures)

    def prepared(picture: np.ndarray) -> np.ndarray:
        return picture // 2

    robustness(Watched(), labelled("ABC", pictures=bars("ABC")), prepared=prepared)
    assert len(given) == PASSES
    assert all(np.array_equal(again, damaged // 2) for damaged, again in zip(given[1::2], given[2::2], strict=True))


def test_what_speaks_for_a_bar_is_the_bar() -> None:
    found = next(each for each in whole()[0].saliency if each.example.truth == each.example.answer == "A")
    assert found.for_truth is None
    assert 4 <= found.place[1] <= 10


def test_from_arrays_alone() -> None:
    rows = np.array([[0.8, 0.2], [0.4, 0.6], [0.9, 0.1]])
    found = evaluated([0, 1, 1], rows, Alphabet("AB"), name="mine")
    assert (found.overall.right, found.overall.count, found.model.name) == (2, 3, "mine")
    assert found.saliency == ()
    assert found.robustness is None
    strict(found.as_dict())


def test_classes_alone_are_scored_without_what_takes_probabilities() -> None:
    found = evaluated([0, 1, 1], np.array([0, 1, 0]), Alphabet("AB"))
    assert found.overall.right == 2
    assert (found.calibration, found.selective, found.likelihood, found.top, found.ece) == (None, None, None, (), None)
    assert found.mistakes[0].probability is None
    strict(found.as_dict())


def test_the_training_pictures_are_made_ready_once_where_classes_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Gallery] = []
    monkeypatch.setattr("inkread.evaluation.evaluation.Gallery", lambda *given: made.append(Gallery(*given)) or made[-1])
    labels = "A" * 6 + "B" * 6
    test = Labelled(np.array([[each == "A", each != "A", each != "A"] for each in labels]), Alphabet("AKk"), pictures=bars(labels))
    found = evaluate(sure("kkA" * 4, "AKk"), test, training=labelled(labels, "AB", pictures=bars(labels, seed=1)))
    assert len(made) == 1
    assert {each.nearest.label for each in found.mistakes if each.nearest} == {"A", "B"}


def test_one_class_only_and_an_absent_one_are_no_fault() -> None:
    found = evaluated([0, 0, 0], np.array([[0.8, 0.1, 0.1]] * 2 + [[0.1, 0.8, 0.1]]), Alphabet("ABC"))
    assert (found.test.characters, found.test.absent, found.macro_accuracy) == (1, "BC", pytest.approx(2 / 3))
    assert found.evenness.range == 0.0
    strict(found.as_dict())


def test_labels_of_another_number_are_refused() -> None:
    with pytest.raises(DataError, match="answers to 1 pictures, but the test has 2"):
        evaluated([0, 1], np.array([[1.0, 0.0]]), Alphabet("AB"))


def test_an_alphabet_of_one_s_own_leaves_pictures_out_and_says_so() -> None:
    found = evaluate(sure("ABC"), labelled("ABC"), Wishes(alphabet=Alphabet("AB")))
    assert found.overall.count == 2
    assert dict(found.test.outside) == {"C": 1}


def test_case_policies_change_the_answers() -> None:
    rows = np.eye(62)[[BYCLASS.index("C")]]
    assert evaluated([BYCLASS.index("c")], rows, BYCLASS).overall.right == 0
    folded = evaluated([BYCLASS.index("c")], rows, BYCLASS, wishes=Wishes(case="fold"))
    assert (folded.overall.right, len(folded.alphabet), folded.published[0].published.of) == (1, 47, "ByMerge")


def test_published_results_are_another_split_unless_the_test_is_the_official_one() -> None:
    assert {each.split for each in beside("byclass")} == {"other split"}
    official = beside("byclass", "emnist/byclass", whole=True)
    assert {each.split for each in official if each.published.remark != "validation"} == {"official"}
    assert {each.published.of for each in beside("balanced", "emnist/balanced", whole=True)[:5]} == {"Balanced"}
    assert {each.published.of for each in beside("digits", "mnist", whole=True)} == {"MNIST"}
    assert {each.published.of for each in beside("digits")} == {"Digits"}
    assert beside("") == ()
    assert all(0.5 < each.value < 1 and (each.high or 1) > each.value for each in PUBLISHED)


def test_nine_views_are_averaged() -> None:
    reader = Bars()
    pictures = bars("ABC")
    found = Averaged(reader).probabilities(pictures)
    assert reader.asked == 3 * len(VIEWS) == 27
    assert found.sum(axis=1) == pytest.approx(1)
    assert found.argmax(axis=1).tolist() == [0, 1, 2]
    assert np.abs(found - Bars().probabilities(pictures)).max() > 1e-3


def test_a_predictor_over_fewer_answers_sums_mass_and_normalises() -> None:
    fewer = Restricted(Bars(), Alphabet("AB"))
    found = fewer.probabilities(bars("AB"))
    whole_rows = Bars().probabilities(bars("AB"))
    assert found == pytest.approx(whole_rows[:, :2] / whole_rows[:, :2].sum(axis=1, keepdims=True))


def test_suspected_labels_are_no_mistakes_of_the_model() -> None:
    pytest.importorskip("cleanlab")
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 600)
    rows = np.full((600, 3), 0.02)
    rows[np.arange(600), truth] = 0.96
    given = truth.copy()
    given[:12] = (truth[:12] + 1) % 3
    found = evaluated(given, rows, Alphabet("EFH"), wishes=Wishes(thorough=True))
    assert found.suspects is not None
    assert found.suspects.count >= 10
    assert {each.example.index for each in found.suspects.shown} <= set(range(12))
    assert not {each.index for each in found.mistakes} & {each.example.index for each in found.suspects.shown}


def doubting(right: float) -> Evaluation:
    """A reader of E, F and H that is sure of everything and right so often; three labels of its 300 are wrong."""
    rng = np.random.default_rng(0)
    truth = np.arange(300) % 3
    answers = np.where(rng.random(300) < right, truth, (truth + rng.integers(1, 3, 300)) % 3)
    given = truth.copy()
    given[:3] = (answers[:3] + 1) % 3
    sureness = rng.uniform(0.8, 0.98, 300)[:, None]
    rows = np.where(np.eye(3, dtype=bool)[answers], sureness, (1 - sureness) / 2)
    return evaluated(given, rows, Alphabet("EFH"), wishes=Wishes(thorough=True))


def test_a_reader_that_errs_too_often_audits_no_labels() -> None:
    pytest.importorskip("cleanlab")
    good, weak = doubting(0.99).suspects, doubting(0.6).suspects
    assert good is not None
    assert weak is not None
    assert (good.errs_too_often, weak.errs_too_often) == (False, True)
    assert good.estimated is not None
    assert (weak.estimated, weak.estimated_look_alikes, len(weak.shown)) == (None, None, 6)
    assert 0.3 < weak.misread < 0.5
    assert len(doubting(0.6).mistakes) == Wishes().mistakes, "its mistakes are mistakes"


def test_the_alphabets_of_the_published_sets_are_found_by_what_they_stand_for() -> None:
    letters = evaluated(list(range(26)), np.eye(26), NAMED["letters"])
    assert {each.published.of for each in letters.published} == {"Letters"}
