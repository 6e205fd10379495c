"""How frequent each character is expected to be: flat, as in training, or by counts that the user gives."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet, log_prior_of
from ..bundle import Manifest
from ..errors import AlphabetError, nearest, reason

Prior = str | Path | Mapping[str, int]
NAMED = ("flat", "training")
MAX_BYTES = 2**20
MAX_COUNT = 10**15


def log_prior(prior: Prior, manifest: Manifest) -> NDArray[np.float64]:
    """The logarithm of the prior over the answers of a bundle, float64 (K,).

    ``prior``: ``flat``; ``training``, the counts of the bundle's main source; a path to a file of counts; or the counts
    themselves. A count stands for the answer that its character belongs to; a key of several characters (their case or
    kind was not told) is shared evenly among their answers. Half a picture is added to each answer's count, so that nothing
    becomes impossible because it was not counted. :class:`AlphabetError` for a prior that cannot be meant.
    """
    answers, counted = manifest.answers, manifest.counts[manifest.main_source]
    uncounted = "".join(each for each in answers if not any(each in key for key in counted))
    if prior == "training" and manifest.head and uncounted:
        raise AlphabetError(f"the prior `training` says nothing about characters that were taught later: {uncounted}")
    return prior_over(answers, prior, counted)


def prior_over(answers: Alphabet, prior: Prior, trained: Mapping[str, int] | None = None) -> NDArray[np.float64]:
    """The logarithm of a prior over any answers, float64 (K,); see :func:`log_prior`.

    ``trained``: the counts that ``training`` means, None where nothing is known of them.
    """
    if prior == "flat":
        return np.full(len(answers), -np.log(len(answers)))
    if prior == "training":
        if trained is None:
            raise AlphabetError("the prior `training` is not known of predictions", "give a file of counts: --prior FILE")
        counts = trained
    else:
        counts = prior if isinstance(prior, Mapping) else _read(prior)
    return log_prior_of(_by_answer(counts, answers))


def _by_answer(counts: Mapping[str, int], answers: Alphabet) -> NDArray[np.float64]:
    numbers = np.zeros(len(answers))
    for key, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 0:
            raise AlphabetError(f"the prior's count of {key!r} is no whole number: {count!r}", "a prior is made of counts, not of shares")
        if count > MAX_COUNT:
            raise AlphabetError(f"the prior's count of {key!r} is above {MAX_COUNT:,}")
        found = {answers.find(each) for each in key}
        if None in found or not found:
            raise AlphabetError(f"the prior counts what this reader does not know: {key!r}", f"it knows {answers.characters}")
        for answer in found:
            numbers[answer] += count / len(found)
    if not numbers.any():
        raise AlphabetError("a prior without a single count")
    return numbers


def _read(path: str | Path) -> dict[str, int]:
    """The counts in a file: JSON ``{"A": 10}``, or CSV rows ``character,count`` with or without that header."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise AlphabetError(f"unknown prior: {path}", f"{nearest(str(path), NAMED)} (or give a file of counts)") from None
    except UnicodeDecodeError:
        raise AlphabetError(f"a prior's file that is no text: {path}") from None
    except OSError as error:
        raise AlphabetError(f"the prior's file cannot be read ({reason(error)}): {path}") from None
    if len(text) > MAX_BYTES:
        raise AlphabetError(f"a prior's file of more than {MAX_BYTES} characters: {path}")
    return _from_json(text, path) if text.lstrip().startswith("{") else _from_csv(text, path)


def _from_json(text: str, path: str | Path) -> dict[str, int]:
    try:
        counts: dict[str, int] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AlphabetError(f"a prior's file that is no JSON: {path}", str(error)) from None
    return counts


def _from_csv(text: str, path: str | Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    rows = csv.reader(text.splitlines())
    for row in rows:
        if not row or (rows.line_num == 1 and [each.strip() for each in row] == ["character", "count"]):
            continue
        number = row[-1].strip()
        if len(row) != 2 or not row[0] or not (number.isascii() and number.isdigit() and len(number) <= len(str(MAX_COUNT))):
            raise AlphabetError(f"line {rows.line_num} of the prior is not `character,count`: {','.join(row)[:40]}", str(path))
        if row[0] in counts:
            raise AlphabetError(f"line {rows.line_num} of the prior counts {row[0]!r} a second time", str(path))
        counts[row[0]] = int(number)
    return counts
