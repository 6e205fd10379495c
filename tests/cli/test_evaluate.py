"""``inkread evaluate``: bundles, runs and files of predictions on labelled pictures, with what it tells, writes and refuses."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from command_line import Inkread
from inkread.alphabet import BYCLASS, CAPITALS, DIGITS, NAMED
from inkread.cli.evaluate import OWN
from inkread.datasets.drawn import draw
from inkread.formats import write_predictions
from inkread.picture import encode_png

pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """``letters/A/1.png`` and so on: four pictures each of A, B and k."""
    place = tmp_path / "letters"
    for number, character in enumerate("ABk"):
        folder = place / ("lower_k" if character == "k" else character)
        folder.mkdir(parents=True)
        for at in range(4):
            (folder / f"{at}.png").write_bytes(encode_png(draw(character, np.random.default_rng((number, at)))))
    return place


@pytest.fixture
def labelled_test_part(tmp_path: Path) -> Path:
    """``emnist-byclass-test.npz`` with labels: the test part of a set."""
    pictures = np.stack([np.pad(np.full((20, 8), 255, np.uint8), ((4, 4), (10, 10)))] * 6)
    path = tmp_path / "letters-test.npz"
    np.savez(path, testing_images=pictures.transpose(0, 2, 1), testing_labels=np.array([18, 18, 18, 44, 44, 1]))
    return path


def probabilities(path: Path, answers: str, characters: str = BYCLASS.characters) -> Path:
    """A file of predictions that gives these answers."""
    rows = np.full((len(answers), len(characters)), 0.1 / (len(characters) - 1))
    rows[np.arange(len(answers)), [characters.index(each) for each in answers]] = 0.9
    np.savez(path, probabilities=rows, characters=np.array(list(characters)))
    return path


def test_the_json_has_what_is_promised_first(inkread: Inkread, tiny_bundle: Path, letters: Path) -> None:
    result = inkread("evaluate", tiny_bundle, "--data", letters, "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert list(told)[:5] == ["accuracy", "interval", "macro_accuracy", "ece", "n"]
    assert told["n"] == 12
    assert told["model"]["kind"] == "bundle"
    assert told["calibration"]["before"] is not None
    assert told["robustness"] is None
    assert "this is no test part" in result.stderr


def test_the_summary_is_for_people(inkread: Inkread, tiny_bundle: Path, letters: Path) -> None:
    result = inkread("evaluate", tiny_bundle, "--data", letters, "--letter", "Ким")
    assert result.exit_code == 0, result.stderr
    for line in ("tiny on letters", "12 pictures, 62 answers", "Label space", "worst", "Ким begins with К, which is written K"):
        assert line in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100
    assert "\x1b" not in result.stdout


def test_predictions_of_another_program_are_evaluated_alike(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    names = sorted(str(path.relative_to(letters)) for path in letters.rglob("*.png"))
    order = "".join("k" if name.startswith("lower") else name[0] for name in names)
    told = json.loads(inkread("evaluate", probabilities(tmp_path / "p.npz", "B" + order[1:]), "--data", letters, "--json").stdout)
    assert (told["n"], told["right"], told["model"]["kind"]) == (12, 11, "predictions")
    assert told["pairs"][0]["directions"][0]["answer"] == "B"
    classes = tmp_path / "p.csv"
    classes.write_text("".join(f"{BYCLASS.index(each)}\n" for each in order))
    result = inkread("evaluate", classes, "--data", letters, "--json")
    told = json.loads(result.stdout)
    assert (told["accuracy"], told["ece"], told["selective"]) == (1.0, None, None)
    assert "taken for those of byclass" in result.stderr
    fewer = json.loads(inkread("evaluate", classes, "--data", letters, "--alphabet", "AB", "--json").stdout)
    assert (fewer["right"], fewer["n"]) == (8, 8)


def in_order(letters: Path) -> str:
    """What is on each picture of a folder, in the order of its names."""
    names = sorted(str(path.relative_to(letters)) for path in letters.rglob("*.png"))
    return "".join("k" if name.startswith("lower") else name[0] for name in names)


def facts(inkread: Inkread, *arguments: object) -> tuple[int, int, str]:
    """Right answers, pictures, and what is said beside them."""
    result = inkread("evaluate", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    return told["right"], told["n"], result.stderr


def test_ids_that_are_numbers_are_the_pictures_names(inkread: Inkread, tmp_path: Path) -> None:
    for name, digit in (("11", "0"), ("1", "1"), ("2", "0"), ("10", "1")):
        (tmp_path / "digits" / digit).mkdir(parents=True, exist_ok=True)
        (tmp_path / "digits" / digit / f"{name}.png").write_bytes(encode_png(draw(digit, np.random.default_rng(int(name)))))
    (tmp_path / "p.csv").write_text("id,class\n1,1\n2,0\n10,1\n11,0\n")
    right, n, said = facts(inkread, tmp_path / "p.csv", "--data", tmp_path / "digits")
    assert (right, n) == (4, 4)
    assert "the ids are taken for the pictures' names, not for their places" in said


def test_characters_as_answers_need_not_all_occur(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    order = in_order(letters)
    (tmp_path / "p.csv").write_text("character\n" + "".join(f"{each}\n" for each in order.replace("B", "é")))
    assert facts(inkread, tmp_path / "p.csv", "--data", letters)[:2] == (8, 12)
    assert facts(inkread, tmp_path / "p.csv", "--data", letters, "--alphabet", "ABC")[:2] == (4, 8)


@pytest.mark.parametrize("case", ["numbers", "places"])
def test_class_numbers_mean_what_fits_the_labels_and_it_is_said(inkread: Inkread, letters: Path, tmp_path: Path, case: str) -> None:
    order = in_order(letters).replace("k", "A")
    number = {"numbers": BYCLASS.index, "places": CAPITALS.index}[case]
    (tmp_path / "p.csv").write_text("".join(f"{number(each)}\n" for each in order))
    right, n, said = facts(inkread, tmp_path / "p.csv", "--data", letters, "--alphabet", "upper")
    assert (right, n) == (8, 8)
    told = {"numbers": "those of byclass (0-9, A-Z, a-z)", "places": "places in upper"}[case]
    assert f"note: the class numbers are taken for {told}, with 8 answers right; as " in said


def test_a_submission_of_code_points_is_read_and_it_is_said(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    order = in_order(letters)
    names = sorted(str(path.relative_to(letters)) for path in letters.rglob("*.png"))
    for how, said in (("04x", "code points in hexadecimal"), ("d", "taken for code points (107 is k)")):
        rows = "".join(f"{name},{ord(each):{how}}\n" for name, each in zip(names, order, strict=True))
        (tmp_path / "p.csv").write_text("Id,Category\n" + rows)
        found = facts(inkread, tmp_path / "p.csv", "--data", letters)
        assert found[:2] == (12, 12)
        assert said in found[2]


def test_columns_of_26_capitals_are_letters_where_labels_are_small(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    predictions = probabilities(tmp_path / "p.npz", in_order(letters).upper(), CAPITALS)
    right, n, said = facts(inkread, predictions, "--data", letters)
    assert (right, n) == (12, 12)
    assert "note: the columns are taken for letters (where A stands for Aa), with 12 answers right; as upper 8" in said
    assert facts(inkread, predictions, "--data", letters, "--alphabet", "upper")[:2] == (8, 8)


def test_an_alphabet_that_is_the_models_own_leaves_the_others_out(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    (letters / "7").mkdir()
    (letters / "7" / "1.png").write_bytes((letters / "A" / "1.png").read_bytes())
    order = "A" + in_order(letters).upper()[1:]
    predictions = probabilities(tmp_path / "p.npz", order, CAPITALS)
    right, n, said = facts(inkread, predictions, "--data", letters, "--alphabet", "upper")
    assert (right, n) == (8, 8)
    assert "5 pictures left out, whose labels are not in the alphabet (7k)" in said


def test_a_label_that_no_alphabet_has_is_left_out_by_one(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    (letters / "é").mkdir()
    (letters / "é" / "1.png").write_bytes((letters / "A" / "1.png").read_bytes())
    predictions = probabilities(tmp_path / "p.npz", in_order(letters).replace("é", "e"))
    refused = inkread("evaluate", predictions, "--data", letters)
    assert refused.exit_code == 2
    assert "labels are not among the answers" in refused.stderr or "label is not among the answers" in refused.stderr
    right, n, said = facts(inkread, predictions, "--data", letters, "--alphabet", "AB")
    assert (right, n) == (8, 8)
    assert "5 pictures left out" in said


def test_a_report_folder_holds_all_figures_and_predictions_that_can_be_read_again(
    inkread: Inkread, tiny_bundle: Path, letters: Path, tmp_path: Path
) -> None:
    report = tmp_path / "out" / "report"
    result = inkread("evaluate", tiny_bundle, "--data", letters, "--report", report, "--training", letters, "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "tiny on letters" in page
    assert "<script" not in page
    drawn = {"confusion.png", "characters.png", "calibration.png", "risk.png"} if find_spec("matplotlib") else set()
    assert {each.name for each in report.glob("*.png")} >= drawn
    assert json.loads((report / "report.json").read_text(encoding="utf-8")) == told
    assert told["robustness"]["pictures"] == 12
    assert told["mistakes"][0]["nearest"]["index"] != told["mistakes"][0]["index"]
    assert {each.name for each in report.iterdir()} <= {*OWN, "predictions.npz"}
    again = json.loads(inkread("evaluate", report / "predictions.npz", "--data", letters, "--json").stdout)
    assert (again["accuracy"], again["model"]["name"], again["model"]["kind"]) == (told["accuracy"], "tiny", "predictions")
    assert again["calibration"]["temperature"] == pytest.approx(told["calibration"]["temperature"])
    assert again["ece"] == pytest.approx(told["ece"], abs=1e-4)


def test_test_labels_are_handed_out_on_record(inkread: Inkread, tiny_bundle: Path, labelled_test_part: Path, tmp_path: Path) -> None:
    result = inkread("evaluate", tiny_bundle, "--data", labelled_test_part, "--json")
    assert result.exit_code == 0, result.stderr
    assert "test labels were read: runs/test-reads.csv" in result.stderr
    rows = (tmp_path / "runs" / "test-reads.csv").read_text().splitlines()
    assert len(rows) == 2
    assert f"evaluate {tiny_bundle}" in rows[1]


def test_labels_of_a_contest_are_joined_by_row(inkread: Inkread, tmp_path: Path, labelled_test_part: Path) -> None:
    with np.load(labelled_test_part) as held:
        np.savez(tmp_path / "hidden-test.npz", testing_images=held["testing_images"])
    labels = tmp_path / "labels.csv"
    labels.write_text("Id,Category,Usage\n" + "".join(f"{at},{18 if at < 3 else 1},Public\n" for at in range(6)))
    predictions = probabilities(tmp_path / "p.npz", "III111")
    refused = inkread("evaluate", predictions, "--data", tmp_path / "hidden-test.npz")
    assert refused.exit_code == 2
    assert "the source has no labels" in refused.stderr
    told = json.loads(inkread("evaluate", predictions, "--data", tmp_path / "hidden-test.npz", "--labels", labels, "--json").stdout)
    assert (told["n"], told["accuracy"]) == (6, 1.0)


def test_alphabet_and_case_change_what_is_right(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    predictions = probabilities(tmp_path / "p.npz", "AAAABBBBKKKK")

    def right(*options: object) -> tuple[int, int]:
        told = json.loads(inkread("evaluate", predictions, "--data", letters, "--json", *options).stdout)
        return told["right"], told["n"]

    assert right() == (8, 12)
    assert right("--case", "fold") == (12, 12)
    assert right("--alphabet", "upper") == (8, 8)


def test_a_blank_picture_is_no_answer_of_a_reader(inkread: Inkread, tiny_bundle: Path, letters: Path, tmp_path: Path) -> None:
    (letters / "A" / "9.png").write_bytes(encode_png(np.full((40, 40), 255, np.uint8)))
    report = tmp_path / "blank"
    told = json.loads(inkread("evaluate", tiny_bundle, "--data", letters, "--report", report, "--json").stdout)
    assert (told["n"], told["test"]["blank"]) == (13, 1)
    assert sum(row[-1] for row in told["confusion"]["counts"]) == 1
    again = json.loads(inkread("evaluate", report / "predictions.npz", "--data", letters, "--json").stdout)
    assert (again["right"], again["confusion"]) == (told["right"], told["confusion"])


def test_averaging_views_is_told(inkread: Inkread, tiny_bundle: Path, letters: Path) -> None:
    told = json.loads(inkread("evaluate", tiny_bundle, "--data", letters, "--tta", "--json").stdout)
    assert told["model"]["views"] == 9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no-such-model", "--data", "letters"), "neither a run, a bundle nor predictions: no-such-model"),
        (("letters", "--data", "letters"), "this folder is no run: letters"),
        (("short.npz", "--data", "letters"), "the file has 2 predictions for 12 pictures"),
        (("odd.npz", "--data", "letters"), "does not say what its 5 columns stand for"),
        (("digits.npz", "--data", "letters"), "labels are not among the answers"),
        (("short.npz", "--data", "letters", "--letter", "42"), "neither a letter nor a name"),
        (("short.npz", "--data", "letters", "--prior", "training"), "predictions are evaluated as they are"),
        (("short.npz", "--data", "letters", "--report", "short.npz"), "--report names a folder"),
        (("short.npz", "--data", "nowhere", "--report", "short.npz/report"), "--report names a folder, and this is a file: short.npz"),
        (("list.json", "--data", "letters"), "neither a bundle nor predictions: list.json"),
        (("p.pkl", "--data", "letters"), "the file is a pickle, which may run code when read: p.pkl"),
        (("short.npz", "--data", "nowhere"), "no such file or folder: nowhere"),
        (("letters.npz", "--data", "letters", "--letter", "Z"), "the test has no picture of this letter: Z"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    inkread: Inkread, letters: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    probabilities(tmp_path / "short.npz", "AB")
    probabilities(tmp_path / "letters.npz", "A" * 12)
    probabilities(tmp_path / "digits.npz", "0" * 12, "0123456789")
    np.savez(tmp_path / "odd.npz", probabilities=np.full((12, 5), 0.2))
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "p.pkl").write_bytes(b"\x80\x04N.")
    result = inkread("evaluate", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.startswith("error: ")
    assert result.stdout == ""


def test_saved_predictions_say_what_their_answers_stand_for(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    order = in_order(letters).upper()
    rows = np.eye(26)[[CAPITALS.index(each) for each in order]]
    write_predictions(tmp_path / "p.npz", rows, CAPITALS, None, NAMED["letters"].stands_for)
    right, n, said = facts(inkread, tmp_path / "p.npz", "--data", letters)
    assert (right, n) == (12, 12)
    assert "taken for" not in said


def test_what_was_not_answered_is_saved_as_no_answer(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    """Neither as the first class, which would be right where that is on the picture, nor as the last."""
    order = in_order(letters)
    names = sorted(str(path.relative_to(letters)) for path in letters.rglob("*.png"))
    rows = "".join(f"{name},{each.replace('A', '')},1,1\n" for name, each in zip(names, order, strict=True))
    (tmp_path / "p.csv").write_text("path,character,probability,sure\n" + rows)
    assert facts(inkread, tmp_path / "p.csv", "--data", letters, "--report", tmp_path / "report")[:2] == (8, 12)
    with np.load(tmp_path / "report" / "predictions.npz") as saved:
        assert saved["classes"].tolist() == [-1 if each == "A" else BYCLASS.index(each) for each in order]
    assert facts(inkread, tmp_path / "report" / "predictions.npz", "--data", letters)[:2] == (8, 12)


@pytest.mark.parametrize("numbers", ["places", "codes", "none"])
def test_class_numbers_of_which_some_are_no_answer(inkread: Inkread, letters: Path, tmp_path: Path, numbers: str) -> None:
    """Under none of the ways to read numbers is -1 an answer, not even the last one."""
    order = in_order(letters).replace("k", "z")
    number = {"places": BYCLASS.index, "codes": ord, "none": lambda each: -1}[numbers]
    (tmp_path / "p.csv").write_text("class\n" + "".join(f"{-1 if each == 'A' else number(each)}\n" for each in order))
    right, n, said = facts(inkread, tmp_path / "p.csv", "--data", letters)
    assert (right, n) == (0 if numbers == "none" else 4, 12)
    assert f"taken for {'code points (122 is z)' if numbers == 'codes' else 'those of byclass'}" in said


def test_no_answer_is_not_the_last_one_where_ways_to_read_numbers_are_weighed(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("class\n" + "".join("0\n" if each == "B" else "-1\n" for each in in_order(letters)))
    right, n, said = facts(inkread, tmp_path / "p.csv", "--data", letters, "--alphabet", "BA")
    assert (right, n) == (4, 8)
    assert "taken for places in BA, with 4 answers right; as those of byclass (0-9, A-Z, a-z) 0" in said


def test_a_class_number_beyond_all_code_points_is_refused(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("class\n" + "2000000\n" * 12)
    refused = inkread("evaluate", tmp_path / "p.csv", "--data", letters)
    assert (refused.exit_code, refused.stderr.splitlines()[0][:31]) == (2, "error: class 2000000 is none of")


def test_a_report_without_cleanlab_says_what_it_lacks(
    inkread: Inkread, tiny_bundle: Path, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab.count", None)
    result = inkread("evaluate", tiny_bundle, "--data", letters, "--report", tmp_path / "report")
    assert result.exit_code == 0, result.stderr
    assert "note: labels that may be wrong are not looked for" in result.stderr
    assert "Labels that may be wrong are not looked for" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def test_predictions_and_summary_are_there_where_the_report_fails(
    inkread: Inkread, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report"
    report.mkdir()
    for name in ("pairs.png", "mine.txt"):
        (report / name).write_text("older")

    def full(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = inkread("evaluate", probabilities(tmp_path / "p.npz", in_order(letters)), "--data", letters, "--report", report)
    assert result.exit_code == 2
    assert "100.00% right" in result.stdout
    assert "the report cannot be written (no space left on device)" in result.stderr.lower()
    assert {each.name for each in report.iterdir()} == {"mine.txt", "predictions.npz"}


@pytest.fixture
def alphabet_of_capitals(tmp_path: Path) -> Path:
    """``capitals/A/0.png`` to ``capitals/Z/0.png``."""
    for character in CAPITALS:
        (tmp_path / "capitals" / character).mkdir(parents=True)
        (tmp_path / "capitals" / character / "0.png").write_bytes(encode_png(draw(character, np.random.default_rng(ord(character)))))
    return tmp_path / "capitals"


@pytest.mark.parametrize("alphabet", [(), ("--alphabet", "letters"), ("--alphabet", "upper")])
def test_emnist_letters_own_numbering_is_understood(
    inkread: Inkread, alphabet_of_capitals: Path, tmp_path: Path, alphabet: tuple[str, ...]
) -> None:
    data = ("--data", alphabet_of_capitals, *alphabet)
    soft = np.full((26, 27), 0.001)
    soft[np.arange(26), np.arange(1, 27)] = 1 - 0.026
    tables = {"onehot": np.eye(27)[1:], "soft": soft, "from1": np.arange(1, 27), "from0": np.arange(26)}
    for name, table in tables.items():
        np.savez(tmp_path / "p.npz", p=table)
        right, n, said = facts(inkread, tmp_path / "p.npz", *data)
        assert (name, right, n) == (name, 26, 26), said
    assert "hardly" not in said


def test_an_answer_in_the_first_of_27_columns_is_none_of_the_letters(inkread: Inkread, alphabet_of_capitals: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", p=np.eye(27)[[*range(1, 26), 0]])
    refused = inkread("evaluate", tmp_path / "p.npz", "--data", alphabet_of_capitals)
    assert "does not say what its 27 columns stand for" in refused.stderr


def test_what_was_hardly_understood_is_told_how_to_say(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("class\n" + "61\n" * 12)
    assert "hardly an answer is right: --alphabet says" in facts(inkread, tmp_path / "p.csv", "--data", letters)[2]


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    for digit in "0123":
        (tmp_path / "digits" / digit).mkdir(parents=True)
        for at in range(2):
            (tmp_path / "digits" / digit / f"{at}.png").write_bytes(encode_png(draw(digit, np.random.default_rng(at))))
    return tmp_path / "digits"


@pytest.mark.parametrize(
    ("header", "answers", "characters", "odd"),
    [
        ("class", "00112233", "0123456789", ""),
        ("character", "0011223é", "0123456789é", "1 answer is é, which no label of the test is"),
        ("character", "OO112233", DIGITS + CAPITALS, "2 answers are O, which no label of the test is"),
    ],
)
def test_answers_are_scored_over_the_smallest_alphabet_that_has_them(
    inkread: Inkread, digits: Path, tmp_path: Path, header: str, answers: str, characters: str, odd: str
) -> None:
    (tmp_path / "p.csv").write_text(f"{header}\n" + "".join(f"{each}\n" for each in answers))
    result = inkread("evaluate", tmp_path / "p.csv", "--data", digits, "--json")
    told = json.loads(result.stdout)
    assert told["confusion"]["characters"] == characters
    assert told["right"] == sum(one == two for one, two in zip(answers, "00112233", strict=True))
    assert odd in result.stderr
    if not odd:
        assert [each["name"] for each in told["spaces"]] == ["digits"]
        assert told["cases"] == []
