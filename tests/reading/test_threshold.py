"""Thresholds: the smallest probability that keeps to a wanted error on the left-out pictures."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.bundle import RiskData
from inkread.errors import UsageError
from inkread.reading.posterior import posterior
from inkread.reading.threshold import Curve, curve
from tiny_bundle import tiny_manifest


def _curve(alphabet: str | None = None, prior: object = "flat", **rows: list[tuple[float, int]]) -> Curve:
    """The curve of pictures given as character=[(how much its own logit exceeds the others, how many such), ...].

    A negative excess is given to the next character instead: such a picture is misread.
    """
    characters = "".join(rows)
    logits, targets = [], []
    for at, groups in enumerate(rows.values()):
        for excess, count in groups:
            row = np.zeros(len(characters))
            row[at if excess > 0 else (at + 1) % len(characters)] = abs(excess)
            logits += [row] * count
            targets += [at] * count
    manifest = tiny_manifest(characters, risk=RiskData(np.array(logits), np.array(targets)))
    return curve(manifest.risk, posterior(manifest, alphabet, "keep", prior))  # type: ignore[arg-type]


def _sigmoid(excess: float) -> float:
    return 1 / (1 + np.exp(-excess))


def test_the_smallest_probability_within_the_error_is_found() -> None:
    found = _curve(A=[(5, 90), (-2, 5), (1, 5)], B=[(5, 90), (-2, 5), (1, 5)]).within(0.02)
    assert found.probability == pytest.approx(_sigmoid(5), abs=1e-3)
    assert (found.coverage, found.error) == pytest.approx((0.9, 0.0))


def test_all_are_accepted_where_all_together_keep_to_it() -> None:
    found = _curve(A=[(5, 96), (-2, 4)], B=[(5, 100)]).within(0.02)
    assert (found.coverage, found.error) == pytest.approx((1.0, 0.02))
    assert found.probability == pytest.approx(_sigmoid(2), abs=1e-3)


def test_equal_probabilities_are_accepted_together() -> None:
    with pytest.raises(UsageError, match=r"at most 2\.00% is not reachable") as caught:
        _curve(A=[(5, 95), (-5, 5)], B=[(5, 95), (-5, 5)]).within(0.02)
    assert caught.value.hint == "the left-out pictures show 5.00% at least, when 100% of them are accepted"


def test_few_pictures_cannot_show_a_small_error() -> None:
    perfect = _curve(A=[(5, 20)], B=[(5, 20)])
    assert perfect.within(0.025).coverage == pytest.approx(1.0)
    with pytest.raises(UsageError, match="not reachable") as caught:
        perfect.within(0.02)
    assert caught.value.hint.startswith("the left-out pictures show 2.50% at least")


def test_classes_count_as_often_as_the_prior_expects_them() -> None:
    rows = {"A": [(4.0, 100)], "B": [(4.0, 50), (-4.0, 50)]}
    assert _curve(**rows).at(0).error == pytest.approx(0.25)
    assert _curve(**rows, prior={"A": 900, "B": 100}).at(0).error == pytest.approx(0.5 * 100.5 / 1001)


def test_how_many_pictures_of_a_class_were_left_out_does_not_matter() -> None:
    assert _curve(A=[(4, 500)], B=[(4, 50), (-4, 50)]).at(0).error == pytest.approx(0.25)


def test_pictures_outside_the_alphabet_are_left_out() -> None:
    wrong_c = {"A": [(4.0, 50)], "B": [(4.0, 50)], "C": [(-4.0, 50)]}
    assert _curve(**wrong_c).at(0).error == pytest.approx(1 / 3)
    assert _curve(**wrong_c, alphabet="AB").at(0).error == 0


def test_the_alphabet_changes_the_probabilities() -> None:
    confused = {"A": [(1.0, 50)], "B": [(1.0, 50)], "C": [(1.0, 50)]}
    alone, among_three = (_curve(**confused, alphabet=alphabet).probabilities[0] for alphabet in ("AB", "ABC"))
    assert (alone, among_three) == pytest.approx((_sigmoid(1), np.e / (np.e + 2)), abs=1e-3)


def test_rejecting_below_a_probability_tells_what_it_costs() -> None:
    two = _curve(A=[(5, 80), (1, 20)], B=[(5, 80), (1, 20)])
    assert two.at(0.9).coverage == pytest.approx(0.8)
    assert two.at(1.0).coverage == 0
    assert np.isnan(two.at(1.0).error)


@pytest.mark.parametrize("error", [0.0, 1.0, -0.1, float("nan")])
def test_an_impossible_error_is_refused(error: float) -> None:
    with pytest.raises(UsageError, match="above 0 and below 1"):
        _curve(A=[(5, 9)], B=[(5, 9)]).within(error)


def test_without_left_out_pictures_there_is_no_such_threshold() -> None:
    manifest = tiny_manifest("AB", risk=RiskData.none(2))
    empty = curve(manifest.risk, posterior(manifest, None, "keep", "flat"))
    assert np.isnan(empty.at(0.5).coverage)
    with pytest.raises(UsageError, match="no left-out pictures") as caught:
        empty.within(0.01)
    assert caught.value.hint == "give the probability itself (reject below)"
