"""``inkread read``: its layouts, its choices and what it tells on the side."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from command_line import Inkread
from inkread.reading import Reader


@pytest.fixture
def reader(tiny_bundle: Path) -> Reader:
    return Reader(tiny_bundle)


def test_text_is_path_character_probability_note(inkread: Inkread, folder: Path, reader: Reader) -> None:
    seven, a = (reader.read(folder / name) for name in ("2.png", "10.png"))
    result = inkread("read", folder)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{folder}/2.png\t{seven.character}\t{seven.probability:.4f}\t\n"
        f"{folder}/10.png\t{a.character}\t{a.probability:.4f}\t\n"
        f"{folder}/white.png\t\t\tblank\n"
    )
    assert result.stderr.startswith("3 pictures, 1 blank; ")


def test_ascii_is_three_digits_and_the_path(inkread: Inkread, folder: Path, reader: Reader) -> None:
    seven = reader.read(folder / "2.png").character
    lines = inkread("read", folder, "--format", "ascii").stdout.splitlines()
    assert lines[0] == f"{ord(seven):03d}, {folder}/2.png"
    assert lines[2] == f"000, {folder}/white.png"


def test_csv_has_its_header_and_survives_commas_and_newlines(inkread: Inkread, folder: Path) -> None:
    (folder / "2.png").rename(folder / 'a,"b\nc.png')
    (folder / "10.png").rename(folder / "1\n0.png")
    out = inkread("read", folder, "--format", "CSV", "--reject-below", "1").stdout
    assert out.startswith("path,character,probability,sure\n")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["path"] for row in rows] == [f"{folder}/1\n0.png", f'{folder}/a,"b\nc.png', f"{folder}/white.png"]
    assert {row["sure"] for row in rows} == {"false"}
    assert (rows[2]["character"], rows[2]["probability"]) == ("", "")


def test_runners_up_are_columns_of_csv_and_text(inkread: Inkread, folder: Path, reader: Reader) -> None:
    ranking = reader.read(folder / "2.png").ranking
    rows = list(csv.reader(io.StringIO(inkread("read", folder, "--format", "csv", "--top", "3").stdout)))
    assert rows[0][4:] == ["character_2", "probability_2", "character_3", "probability_3"]
    assert rows[1][4:] == [ranking[1][0], f"{ranking[1][1]:.6f}", ranking[2][0], f"{ranking[2][1]:.6f}"]
    assert rows[3][4:] == ["", "", "", ""]
    text = inkread("read", folder / "2.png", "--top", "2").stdout
    assert text.endswith(f"\t{ranking[1][0]} {ranking[1][1]:.4f}\n")


def test_json_holds_readings_and_summary(inkread: Inkread, folder: Path, reader: Reader) -> None:
    found = json.loads(inkread("read", folder, "--json", "--top", "2").stdout)
    first = found["readings"][0]
    ranking = reader.read(folder / "2.png").ranking
    assert first["path"] == f"{folder}/2.png"
    assert first["ranking"] == [[character, round(probability, 6)] for character, probability in ranking[:2]]
    assert found["readings"][2]["blank"] is True
    assert {key: found["summary"][key] for key in ("pictures", "blank", "unreadable")} == {"pictures": 3, "blank": 1, "unreadable": 0}


def test_jsonl_is_one_object_a_line(inkread: Inkread, folder: Path) -> None:
    lines = inkread("read", folder, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["path"] for line in lines] == [f"{folder}/{name}" for name in ("2.png", "10.png", "white.png")]


def test_newline_tab_and_backslash_in_a_path_stay_on_one_line(inkread: Inkread, folder: Path) -> None:
    (folder / "2.png").rename(folder / "two\nlines\\and\ttab.png")
    assert f", {folder}/two\\nlines\\\\and\\ttab.png" in inkread("read", folder, "--format", "ascii").stdout
    assert f"{folder}/two\\nlines\\\\and\\ttab.png\t" in inkread("read", folder).stdout


def test_a_zip_is_read_whole_and_a_member_of_it_alone(inkread: Inkread, folder: Path) -> None:
    packed = folder.parent / "forms.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(folder / "2.png", "page 1/2.png")
        archive.write(folder / "10.png", "page 1/10.png")
    lines = inkread("read", packed).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [f"{packed}/page 1/2.png", f"{packed}/page 1/10.png"]
    assert inkread("read", f"{packed}/page 1/10.png").stdout.splitlines() == lines[1:]


def test_standard_input_is_one_picture(inkread: Inkread, drawn_a: bytes, folder: Path) -> None:
    assert inkread("read", "-", stdin=drawn_a).stdout == inkread("read", folder / "10.png").stdout.replace(f"{folder}/10.png", "-")


def test_alphabet_case_and_prior_reach_the_reader(inkread: Inkread, folder: Path, tiny_bundle: Path) -> None:
    reading = Reader(tiny_bundle, alphabet="letters", case="upper", prior="training").read(folder / "2.png")
    out = inkread("read", folder / "2.png", "--alphabet", "letters", "--case", "upper", "--prior", "training").stdout
    assert out.split("\t")[1:3] == [reading.character, f"{reading.probability:.4f}"]


def test_a_threshold_marks_what_is_unsure(inkread: Inkread, folder: Path) -> None:
    result = inkread("read", folder, "--reject-below", "100%")
    assert result.stdout.splitlines()[0].endswith("\tunsure")
    assert result.stderr.startswith("3 pictures, 1 blank, 2 unsure (below 1)")


def test_max_error_takes_percent_and_share_alike(inkread: Inkread, folder: Path) -> None:
    percent, share = (json.loads(inkread("read", folder, "--json", "--max-error", each).stdout)["summary"] for each in ("20%", "0.2"))
    assert percent["threshold"] == share["threshold"] > 0
    assert percent["error"] <= 0.2
    told = inkread("read", folder, "--max-error", "0.2").stderr
    assert f"left out of training {share['coverage']:.1%} are sure, and {share['error']:.1%} of those wrong\n" in told


def test_quiet_says_only_what_went_wrong(inkread: Inkread, folder: Path) -> None:
    (folder / "3.png").write_bytes(b"no picture")
    told = inkread("read", folder, "--quiet").stderr
    assert told.startswith(f"unreadable: {folder}/3.png: ")
    assert told.count("\n") == 1


def test_sorted_by_probability_the_doubtful_come_first(inkread: Inkread, folder: Path) -> None:
    (folder / "broken.png").write_bytes(b"no picture at all")
    readings = json.loads(inkread("read", folder, "--json", "--sort", "probability").stdout)["readings"]
    assert [each["path"].rsplit("/")[-1] for each in readings[:2]] == ["broken.png", "white.png"]
    assert readings[2]["probability"] <= readings[3]["probability"]


def test_skipped_files_are_counted(inkread: Inkread, folder: Path) -> None:
    (folder / "notes.txt").write_text("nothing to read")
    (folder / "picture without suffix").write_bytes((folder / "2.png").read_bytes())
    result = inkread("read", folder)
    assert len(result.stdout.splitlines()) == 4
    assert result.stderr.startswith("4 pictures, 1 blank; 1 other file skipped; ")


def test_the_contact_sheet_shows_every_picture(inkread: Inkread, folder: Path) -> None:
    sheet = folder.parent / "sheet.html"
    before = sorted(folder.iterdir())
    result = inkread("read", folder, "--html", sheet)
    page = sheet.read_text(encoding="utf-8")
    assert page.count('<li class="card') == 3
    assert page.count('class="seen"') == 3
    assert f"contact sheet: {sheet}\n" in result.stderr
    assert sorted(folder.iterdir()) == before
