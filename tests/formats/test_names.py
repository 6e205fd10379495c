from __future__ import annotations

import random

import pytest

from inkread.formats import character_of, labels_of, natural_key


@pytest.mark.parametrize(
    ("folder", "character"),
    [
        ("A", "A"),
        ("a_", "a"),
        ("digit_0", "0"),
        ("upper_A", "A"),
        ("lower_a", "a"),
        ("a_upper", "A"),
        ("065", "A"),
        ("0041", "A"),
        ("U+0416", "Ж"),
        ("и\u0306", "й"),
        ("001", None),
        ("41", None),
        ("letters", None),
        ("upper_AB", None),
        ("\udce9", None),
    ],
)
def test_a_folder_says_which_character_its_pictures_show(folder: str, character: str | None) -> None:
    assert character_of(f"set/{folder}/00017.png", "folder") == character


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("a_00002.jpg", "a"),
        ("upper_A.png", "A"),
        ("lower_a_17.png", "a"),
        ("digit_0_001.png", "0"),
        ("train/A (3).png", "A"),
        ("H.png", "H"),
        ("7.png", "7"),
        ("7_001.png", "7"),
        ("A_w2024-000.png", "A"),
        ("065.png", None),
        ("13.jpg", None),
        ("scan.png", None),
        (".png", None),
        ("\x1b_1.png", None),
        ("upper_\x9b.png", None),
    ],
)
def test_a_file_name_says_which_character_it_shows(name: str, character: str | None) -> None:
    assert character_of(name) == character


def test_folders_are_asked_before_names() -> None:
    assert labels_of(["upper_B/A_1.png", "lower_c/7.png"]) == (("B", "c"), "folder")
    assert labels_of(["scans/A_1.png", "B_2.png"]) == (("A", "B"), "name")


def test_running_numbers_are_no_digits() -> None:
    assert labels_of([f"scans/{at}.png" for at in range(1, 10)]) is None
    assert labels_of([f"{at}/{at}.png" for at in range(12)]) is None
    assert labels_of([f"{at}/{at}_1.png" for at in range(12)]) is None
    assert labels_of([f"{at}/{at}.png" for at in range(10)]) == (tuple("0123456789"), "folder")


def test_where_a_folder_tells_a_character_names_are_not_asked() -> None:
    assert labels_of(["A/B_1.png", "other/C_1.png"]) is None


def test_one_name_that_tells_nothing_leaves_all_without_labels() -> None:
    assert labels_of(["A_1.png", "photo.png"]) is None
    assert labels_of([]) is None


def test_names_come_in_the_order_people_count() -> None:
    wanted = ["2/b.png", "10/1.png", "10/2.png", "10/10.png", "a1", "a2b", "a10", "b"]
    shuffled = wanted.copy()
    random.Random(3).shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == wanted


def test_the_order_is_total_also_for_long_numbers_and_odd_names() -> None:
    names = ["9" * 9000, "007", "7", "", "/", "\udcff", "٣"]
    backwards = names[::-1]
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)
