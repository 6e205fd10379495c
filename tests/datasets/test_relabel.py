"""The list of suspects: written for people and spreadsheets, edited, and put into effect on the pictures it was made from."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inkread.datasets import Opened, Relabelled, SuspectRow, open_source, relabel, told_digest, write_suspects
from inkread.errors import DataError, FormatError, InkreadError, SourceNotFound
from made_files import many

LABELS = ("a", "=", "1", "Cc", "b", "e")


@pytest.fixture
def source(tmp_path: Path) -> Opened:
    np.savez(tmp_path / "s.npz", x=many(6), label=np.array(LABELS))
    return open_source(tmp_path / "s.npz")


def rows(source: Opened, labels: dict[int, str]) -> list[SuspectRow]:
    """A line a picture named in ``labels``: what becomes of it."""
    assert source.labels
    return [
        SuspectRow(number, "", at, f"=name {at}", source.labels[at], "b", "", 0.25, told_digest(source.digests[at]), label)
        for number, (at, label) in enumerate(labels.items(), 1)
    ]


def test_a_list_changes_keeps_and_leaves_out(source: Opened, tmp_path: Path) -> None:
    write_suspects(tmp_path / "l.csv", rows(source, {0: "=", 2: "", 3: "Cc", 5: "Ee", 1: "1"}))
    (found,), told = relabel([source], tmp_path / "l.csv")
    assert told == Relabelled(changed=3, left_out=1, kept=1)
    assert found.labels == ("=", "1", "Cc", "b", "Ee")
    assert [int(each[0, 0]) for each in found.pictures] == [1, 2, 4, 5, 6]
    assert found.kinds == ("1", "=", "Cc", "Ee", "b")
    assert found.counts.tolist() == [1, 1, 1, 1, 1]
    assert source.labels == LABELS


SPREADSHEETS = {
    "as_written": lambda text: text,
    "no_mark_and_unix_lines": lambda text: text.removeprefix("\ufeff").replace("\r\n", "\n"),
    "semicolons": lambda text: text.replace(",", ";"),
    "tabs": lambda text: text.replace(",", "\t"),
    "quoted_formulas": lambda text: text.replace(",=,\r\n", ',"=""=""",\r\n').replace(",=,", ",'=,"),
    "other_columns_and_cases": lambda text: (
        "\r\n".join(f"x,{line}" for line in text.replace("\ufeff", "").strip().split("\r\n")).replace("label", "Label")
        + "\r\n,,,,,,,,,,\r\n"
    ),
    "decimal_comma": lambda text: text.replace(",", ";").replace("0.25", "0,25"),
}


@pytest.mark.parametrize("change", SPREADSHEETS)
def test_what_spreadsheets_do_to_a_csv_does_no_harm(source: Opened, tmp_path: Path, change: str) -> None:
    path = tmp_path / "l.csv"
    write_suspects(path, rows(source, {0: "=", 1: "1", 4: "b"}))
    path.write_bytes(SPREADSHEETS[change](path.read_bytes().decode()).encode())
    (found,), told = relabel([source], path)
    assert found.labels == ("=", "1", "1", "Cc", "b", "e")
    assert told == Relabelled(changed=2, left_out=0, kept=1)


def test_no_cell_of_a_list_looks_like_a_number_that_it_is_not_or_like_a_formula(source: Opened, tmp_path: Path) -> None:
    write_suspects(tmp_path / "l.csv", rows(source, {0: "b"}))
    (row,) = csv.DictReader((tmp_path / "l.csv").open(encoding="utf-8-sig", newline=""))
    assert row["name"] == "'=name 0"
    assert len(row["digest"]) == 17
    assert row["digest"].startswith("x")


def test_a_list_is_applied_to_the_part_it_names(source: Opened, tmp_path: Path) -> None:
    train, test = replace(source, part="train"), replace(source, part="test")
    write_suspects(tmp_path / "l.csv", [replace(each, part="test") for each in rows(source, {0: "b"})])
    (first, second), _ = relabel([train, test], tmp_path / "l.csv")
    assert first is train
    assert second.labels == ("b", *LABELS[1:])


def test_of_joined_sources_the_one_that_the_list_names_is_changed(source: Opened, tmp_path: Path) -> None:
    first, second = replace(source, source="ra"), replace(source, source="rb")
    write_suspects(tmp_path / "l.csv", [replace(each, source="rb") for each in rows(source, {0: "b"})])
    (kept, changed), _ = relabel([first, second], tmp_path / "l.csv")
    assert kept is first
    assert changed.labels == ("b", *LABELS[1:])


def test_of_joined_sources_the_one_that_has_the_label_is_changed_and_two_that_have_it_are_refused(source: Opened, tmp_path: Path) -> None:
    other = source.codes.copy()
    other[0] = other[4]
    first, second, third = replace(source, codes=other, source="ra"), replace(source, source="rb"), replace(source, source="rc")
    path = tmp_path / "l.csv"
    write_suspects(path, rows(source, {0: "e"}))
    (kept, changed), _ = relabel([first, second], path)
    assert kept is first
    assert changed.labels == ("e", *LABELS[1:])
    with pytest.raises(DataError) as caught:
        relabel([first, second, third], path)
    told = f"several sources have this picture with this label at this place, rb and rc: picture 0 in line 2 of {path}"
    assert str(caught.value) == told


def edited(source: Opened, **changes: object) -> SuspectRow:
    return replace(rows(source, {0: "b"})[0], **changes)  # type: ignore[arg-type]


FAULTS = {
    "another_picture": ({"digest": "x" + "0" * 16}, DataError, "the source has not this picture at this place: picture 0 in line 2 of {}"),
    "beyond": ({"picture": 99}, DataError, "the source has not this picture at this place: picture 99 in line 2 of {}"),
    "another_part": ({"part": "test"}, DataError, "the source has not this picture at this place: picture 0 in line 2 of {}"),
    "applied": ({"given": "z"}, DataError, "the picture is labelled 'a' here, not 'z': picture 0 in line 2 of {}"),
    "word": ({"label": "bee"}, FormatError, "a label is one character, or both cases of one: 'bee' in line 2 of {}"),
    "index": ({"picture": "1.5"}, FormatError, "no index of a picture: '1.5' in line 2 of {}"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_line_that_does_not_fit_is_refused_with_its_number(source: Opened, tmp_path: Path, fault: str) -> None:
    changes, kind, message = FAULTS[fault]
    path = tmp_path / "l.csv"
    write_suspects(path, [edited(source, **changes)])
    with pytest.raises(InkreadError) as caught:
        relabel([source], path)
    assert type(caught.value) is kind
    assert str(caught.value) == message.format(path)


def test_files_that_are_no_list_are_refused(source: Opened, tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    with pytest.raises(SourceNotFound):
        relabel([source], path)
    path.write_text("part,picture,label\n")
    with pytest.raises(FormatError, match=r"^the list lacks the column given: "):
        relabel([source], path)
    path.write_text("part,picture,given,digest,label\n,0\n")
    with pytest.raises(FormatError, match=r"^a line of the list is too short: line 2 of "):
        relabel([source], path)
    path.write_bytes(b"\xff\xfep\0")
    with pytest.raises(FormatError, match=r"^not a CSV in UTF-8: "):
        relabel([source], path)
    path.write_text("")
    with pytest.raises(FormatError, match=r"^the list lacks the column part: "):
        relabel([source], path)
    write_suspects(path, rows(source, {0: "b"}) * 2)
    with pytest.raises(DataError, match=r"^a picture is listed twice: 0 in line 3 of "):
        relabel([source], path)
