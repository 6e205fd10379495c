"""Transfer to a small set: the same folds for all, nothing learnt from what is asked, and a row whatever happens."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import isnan
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("sklearn")

from inkread.errors import DataError, RunError, UsageError
from inkread.study.transfer import METHODS, Transfer, equal_across_folds, perform, transferred
from inkread.study.transfer.folds import Fold, few, folds_of
from inkread.study.transfer.methods import Answered, answer
from inkread.study.transfer.small_set import SmallSet, body_on, restricted, small_set
from small_letters import CHARACTERS, PER_CLASS, body_run, small_file

COUNT = PER_CLASS * len(CHARACTERS)


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return body_run(tmp_path_factory.mktemp("body") / "tiny-letters", CHARACTERS)


@pytest.fixture(scope="module")
def wide_body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that tells cases apart, and a digit."""
    return body_run(tmp_path_factory.mktemp("body") / "wide", "8" + CHARACTERS + CHARACTERS.lower())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_file(tmp_path_factory.mktemp("data") / "small.npz"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


def asked(method: str, data: str, body: Path | None, **more: object) -> Transfer:
    with_body = None if method == "scratch small" else body
    return Transfer(method, data, with_body, alphabet=CHARACTERS, folds=3, epochs=1, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_a_row_tells_each_fold_of_every_method(method: str, data: str, body: Path) -> None:
    row = transferred(asked(method, data, body, repetition=2))
    assert (row.error, row.seed, row.count, len(row.folds)) == ("", 2, COUNT, 3)
    assert row.accuracy == pytest.approx(np.mean(row.folds))
    assert row.levels["method"] == method
    assert row.setting.startswith(f"method = {method}, body = {'none' if method == 'scratch small' else 'tiny-letters'}")
    assert row.pictures == (0 if method == "as is" else COUNT * 2 // 3)
    assert row.parameters > 0
    assert row.multiply_adds > 0
    assert np.isfinite([row.loss, row.macro_accuracy, row.seconds]).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_labels_of_what_is_asked_change_no_answer(method: str, data: str, body: Path) -> None:
    wanted = asked(method, data, body)
    shown = small_set(wanted)
    fold = folds_of(shown.labels, 3, 1, 1)[0]
    wrong = shown.labels.copy()
    wrong[fold.test] = (wrong[fold.test] + 1) % len(CHARACTERS)
    spoilt = replace(shown, labels=wrong)
    assert np.array_equal(answer(wanted, shown, fold).probabilities, answer(wanted, spoilt, fold).probabilities)


def test_as_it_is_the_body_gives_what_it_gives_without_folds(data: str, body: Path) -> None:
    wanted = asked("as is", data, body)
    shown = small_set(wanted)
    right = body_on(wanted, shown).probabilities.argmax(axis=1) == shown.labels
    assert right.mean() > 0.7
    assert transferred(wanted).accuracy == pytest.approx(right.mean())


def test_reusing_a_body_beats_the_same_network_from_nothing(data: str, body: Path) -> None:
    assert transferred(asked("fine-tuned", data, body)).accuracy > transferred(asked("scratch same", data, body)).accuracy + 0.1


def test_a_body_that_tells_cases_is_restricted_by_mass(data: str, wide_body: Path) -> None:
    told = restricted(np.array([[0.4, 0.25, 0.0, 0.1, 0.25]]), "0OoCc", "OC")
    assert told[0] == pytest.approx([0.25 / 0.35, 0.1 / 0.35])  # lower case is no answer of these
    mass = np.zeros((1, 62))
    mass[0, [0, 24, 50, 12]] = 0.4, 0.2, 0.15, 0.25  # 0, O, o, C
    assert restricted(mass, "byclass", "letters")[0, [14, 2]] == pytest.approx([0.35 / 0.6, 0.25 / 0.6])
    for method in ("as is", "new head", "fine-tuned"):
        assert transferred(asked(method, data, wide_body)).accuracy > 0.6


def test_folds_are_stratified_and_the_same_however_many_repetitions_there_are() -> None:
    labels = np.repeat(np.arange(3), 9)
    folds = folds_of(labels, 3, 2, 7)
    assert [each.number for each in folds] == [3, 4, 5]
    assert sorted(np.concatenate([each.test for each in folds])) == list(range(27))
    for fold in folds:
        assert np.bincount(labels[fold.test]).tolist() == [3, 3, 3]
        assert not set(fold.train) & set(fold.test)
    assert all(np.array_equal(one.test, two.test) for one, two in zip(folds, folds_of(labels, 3, 2, 7), strict=True))
    assert not np.array_equal(folds[0].test, folds_of(labels, 3, 1, 7)[0].test)


def test_more_examples_hold_the_fewer_ones() -> None:
    labels = np.repeat(np.arange(3), 9)
    first, second = folds_of(labels, 3, 1, 7)[:2]
    chosen = [few(labels, first, each, 1) for each in (1, 2, 5, 0)]
    assert [np.bincount(labels[each]).tolist() for each in chosen] == [[1] * 3, [2] * 3, [5] * 3, [6] * 3]
    assert all(set(one) < set(two) for one, two in pairwise(chosen))
    assert set(chosen[2]) != set(few(labels, second, 5, 1))
    assert set(chosen[2]) != set(few(labels, first, 5, 2))


def test_one_example_of_each_class_is_enough_for_a_head(data: str, body: Path) -> None:
    one, all_of_them = (transferred(asked("new head", data, body, examples=each)) for each in (1, 0))
    assert (one.pictures, one.levels["examples"], one.error) == (3, "1", "")
    assert all_of_them.accuracy >= one.accuracy > 0.4


def test_a_fold_that_fails_is_not_the_end(data: str, body: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies_once(asked: Transfer, shown: SmallSet, fold: Fold) -> Answered:
        if fold.number == 1:
            raise RunError("the loss is no number any more in epoch 1")
        return answer(asked, shown, fold)

    whole = transferred(asked("as is", data, body))
    monkeypatch.setattr(perform, "answer", dies_once)
    row = transferred(asked("as is", data, body))
    assert row.error == "fold 2: the loss is no number any more in epoch 1"
    assert (row.folds[0], isnan(row.folds[1]), row.folds[2]) == (whole.folds[0], True, whole.folds[2])
    assert row.accuracy == pytest.approx((whole.folds[0] + whole.folds[2]) / 2)
    assert row.count == COUNT * 2 // 3


def test_a_row_of_which_every_fold_fails_is_a_row(data: str, body: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> Answered:
        raise MemoryError

    monkeypatch.setattr(perform, "answer", dies)
    row = transferred(asked("as is", data, body))
    assert isnan(row.accuracy)
    assert [isnan(each) for each in row.folds] == [True] * 3
    assert row.error == "fold 1, 2, 3: the machine has not enough memory for it"


def test_a_margin_of_paper_keeps_ink_that_fills_its_picture(data: str, body: Path) -> None:
    pictures = {how: small_set(asked("as is", data, body, preparation=how)).pictures for how in ("padded", "prepared", "stretched")}
    rim = {how: np.concatenate([each[:, [0, -1]].ravel(), each[:, :, [0, -1]].ravel()]) for how, each in pictures.items()}
    assert rim["padded"].max() < 64
    assert (rim["stretched"] > 128).mean() > 0.1
    assert not np.array_equal(pictures["padded"], pictures["prepared"])


def test_pictures_of_other_characters_are_left_out(data: str, body: Path) -> None:
    two = small_set(replace(asked("as is", data, body), alphabet="AB"))
    assert (np.bincount(two.labels).tolist(), two.characters) == ([PER_CLASS] * 2, "AB")


def test_equal_pictures_that_are_asked_and_train_are_counted(tmp_path: Path, body: Path) -> None:
    file = small_file(tmp_path / "twice.npz", 6)
    with np.load(file) as held:
        images, labels = held["images"], held["labels"]
    np.savez(file, images=np.concatenate([images, images[:1]]), labels=np.concatenate([labels, labels[:1]]))
    counts = [equal_across_folds(asked("as is", str(file), body, repetition=each)) for each in (1, 2, 3, 4, 5)]
    assert set(counts) == {0, 2}  # both copies in one fold, or each asked while the other trains


def test_what_cannot_be_is_told(data: str, body: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown method: fine-tune$"):
        Transfer("fine-tune", data, body)
    with pytest.raises(UsageError, match="the method as is needs a trained network: None"):
        Transfer("as is", data)
    with pytest.raises(UsageError, match="the method scratch small takes no trained network"):
        Transfer("scratch small", data, body)
    with pytest.raises(UsageError, match="repetition is a whole number from 1: 0"):
        Transfer("as is", data, body, repetition=0)
    with pytest.raises(DataError, match="20 folds need as many pictures of each class, one has 9"):
        transferred(replace(asked("as is", data, body), folds=20))
    with pytest.raises(RunError, match="no finished run"):
        transferred(asked("as is", data, Path(data).parent))
