"""Priors: flat, of training, and by counts of the user's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.alphabet import NAMED
from inkread.bundle import Head
from inkread.errors import AlphabetError
from inkread.reading.prior import Prior, log_prior
from tiny_bundle import tiny_manifest

ABC = tiny_manifest("abc", counts={"main": {"a": 7, "b": 1}, "other": {"c": 9}}, main_source="main")


def _shares(prior: Prior, manifest=ABC) -> list[float]:
    return np.exp(log_prior(prior, manifest)).round(6).tolist()


def test_a_flat_prior_expects_all_answers_alike() -> None:
    assert _shares("flat") == pytest.approx([1 / 3] * 3, abs=1e-6)


def test_the_training_prior_is_the_main_source_with_a_half_added() -> None:
    assert _shares("training") == pytest.approx([7.5 / 9.5, 1.5 / 9.5, 0.5 / 9.5], abs=1e-6)


def test_counts_of_ones_own_with_a_half_added() -> None:
    assert _shares({"c": 3}) == pytest.approx([0.5 / 4.5, 0.5 / 4.5, 3.5 / 4.5], abs=1e-6)


def test_a_count_whose_case_was_not_told_is_shared() -> None:
    assert _shares({"a": 1, "ac": 4}) == pytest.approx([3.5 / 6.5, 0.5 / 6.5, 2.5 / 6.5], abs=1e-6)


def test_counts_of_both_cases_add_up_where_one_answer_stands_for_both() -> None:
    balanced = NAMED["balanced"]
    manifest = tiny_manifest(balanced.characters, stands_for=balanced.stands_for)
    prior = np.exp(log_prior({"C": 5, "c": 4, "a": 9}, manifest))
    assert prior[balanced.index("C")] == pytest.approx(9.5 / (47 / 2 + 18))
    assert prior[balanced.index("a")] == pytest.approx(9.5 / (47 / 2 + 18))


@pytest.mark.parametrize(
    "text", ["character,count\na,7\nb,1\n", "a,7\r\n\r\nb,1\r\n", "\ufeffa,7\nb, 1", '{"a": 7, "b": 1}', ' \n{"a":7,"b":1}']
)
def test_a_file_of_counts_is_csv_or_json(tmp_path: Path, text: str) -> None:
    (tmp_path / "counts").write_text(text, encoding="utf-8", newline="")
    assert _shares(tmp_path / "counts") == _shares(str(tmp_path / "counts")) == pytest.approx([7.5 / 9.5, 1.5 / 9.5, 0.5 / 9.5], abs=1e-6)


def test_a_comma_and_a_quote_can_be_counted(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text('character,count\n",",4\n"""",1\n')
    assert _shares(tmp_path / "counts.csv", tiny_manifest(',"')) == pytest.approx([4.5 / 6, 1.5 / 6], abs=1e-6)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,7\nb;1\n", "line 2 of the prior is not `character,count`: b;1"),
        ("a,7\nb,0.5\n", "line 2"),
        ("a,7\na,8\n", "line 2 of the prior counts 'a' a second time"),
        ("a,7\nz,1\n", "counts what this reader does not know: 'z'"),
        ("a,0\n", "without a single count"),
        ("", "without a single count"),
        ('{"a": 0.5}', "no whole number: 0.5"),
        ('{"a": 1' + "0" * 400 + "}", "count of 'a' is above 1,000,000,000,000,000"),
        ("a,9999999999999999\n", "count of 'a' is above"),
        ('{"a": "x"}', "no whole number: 'x'"),
        ('{"a": ', "no JSON"),
        ("\0", "line 1"),
    ],
)
def test_a_file_that_is_no_counts_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "counts").write_text(text)
    with pytest.raises(AlphabetError, match=says):
        log_prior(tmp_path / "counts", ABC)


def test_a_picture_is_no_prior(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\xff")
    with pytest.raises(AlphabetError, match="no text"):
        log_prior(tmp_path / "x.png", ABC)


def test_a_misspelt_prior_is_met_with_the_nearest() -> None:
    with pytest.raises(AlphabetError, match="unknown prior: trainin") as caught:
        log_prior("trainin", ABC)
    assert caught.value.hint.startswith("did you mean `training`?")


def test_characters_taught_later_have_no_training_prior() -> None:
    taught = tiny_manifest("abc", head=Head("aß", np.zeros((16, 2)), np.zeros(2)))
    with pytest.raises(AlphabetError, match="nothing about characters that were taught later: ß"):
        log_prior("training", taught)
