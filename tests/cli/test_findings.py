"""The summary of an evaluation in the terminal: its lines break between phrases, and nothing stands over nothing."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.cli.findings import summary
from inkread.evaluation import Evaluation, Wishes, evaluated


def found(sure: bool = True) -> Evaluation:
    """Of 36 pictures four are read as the next character: 1 as 5 twice."""
    labels, answers = np.repeat([0, 1, 2], 12), np.repeat([0, 1, 2], 12)
    answers[::9] = (answers[::9] + 1) % 3
    told = np.where(np.eye(3, dtype=bool)[answers], 0.8, 0.1)
    return evaluated(labels, told if sure else answers, Alphabet("15l"), wishes=Wishes(letter="l"))


@pytest.mark.parametrize("columns", [60, 70, 80, 100])
def test_no_phrase_is_broken_where_lines_are_short(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.cli.findings.WIDTH", columns)
    lines = summary(found()).splitlines()
    assert sum("log loss 0." in line for line in lines) == sum("calibration error " in line for line in lines) == 1


def test_without_probabilities_there_is_no_table_of_thresholds() -> None:
    assert "sure from" in summary(found())
    assert "sure from" not in summary(found(sure=False))


def test_digits_are_apart_from_how_often_they_were_read() -> None:
    told = summary(found())
    assert "1→5 ×2   5→1 ×0" in told
    assert "taken for: 1 ×1" in told
