from __future__ import annotations

from pathlib import Path

import pytest

from inkread.errors import FormatError
from inkread.formats import read_answers


def test_answers_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Id,Category,Usage\n1,10,Private\n0,61,Public\n")
    answers = read_answers(tmp_path / "a.csv")
    assert answers.labels == ("z", "A")
    assert answers.usage.tolist() == ["Public", "Private"]


FAULTS = {
    "header": ("Id,Category\n0,1\n", "the header must be Id,Category,Usage"),
    "empty": ("", "the header must be"),
    "double": ("Id,Category,Usage\n0,1,P\n0,1,P\n", "ids must be 0..1, each once: 0 in line 3"),
    "beyond": ("Id,Category,Usage\n0,1,P\n7,1,P\n", "ids must be 0..1, each once: 7 in line 3"),
    "class": ("Id,Category,Usage\n0,62,P\n", "labels must be 0..61: the 1. is 62"),
    "fraction": ("Id,Category,Usage\n0,1.0,P\n", "not an id, a class and a usage: line 2"),
    "short": ("Id,Category,Usage\n0,1\n", "not an id, a class and a usage: line 2"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_refused_with_its_line(tmp_path: Path, fault: str) -> None:
    text, message = FAULTS[fault]
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FormatError, match=message):
        read_answers(tmp_path / "a.csv")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\0\1")
    with pytest.raises(FormatError, match="not a CSV in UTF-8"):
        read_answers(tmp_path / "a.csv")
