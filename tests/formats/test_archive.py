from __future__ import annotations

import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError
from inkread.formats import Archive, read
from made_files import letter_f, many, png, zipped


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_are_read_in_any_packing_and_from_many_threads(tmp_path: Path, packing: int) -> None:
    members = {f"a/{at}.bin": bytes([at]) * 999 for at in range(40)}
    archive = Archive(zipped(tmp_path / "a.zip", members, packing))
    assert archive.names == tuple(members)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(archive.read, range(40))) == list(members.values())


def test_nothing_is_unpacked_to_disk(tmp_path: Path) -> None:
    read(zipped(tmp_path / "a.zip", {"A/1.png": png(letter_f())})).encoded[0]  # type: ignore[index]
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]


def test_hidden_files_and_what_macos_adds_are_no_members(tmp_path: Path) -> None:
    names = ["__MACOSX/A/._1.png", "A/.DS_Store", ".git/1.png", "A/._1.png", "A/1.png"]
    assert Archive(zipped(tmp_path / "a.zip", dict.fromkeys(names, b"x"))).names == ("A/1.png",)


def test_names_that_the_zip_does_not_call_utf8_survive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"XXX.png": b"1", "YY.png": b"2"})
    data = path.read_bytes().replace(b"XXX", "é_".encode()).replace(b"YY", b"\xe9_")
    path.write_bytes(data)
    assert Archive(path).names == ("é_.png", "\udce9_.png")


@pytest.mark.parametrize("name", ["../evil.png", "/etc/evil.png", "a/../../evil.png", "..\\evil.png", "C:\\evil.png"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatError, match="a name that leads out of its folder"):
        read(zipped(tmp_path / "slip.zip", {"A/1.png": png(letter_f()), name: b"x"}))


def test_a_member_that_unpacks_beyond_the_limit_is_not_unpacked(tmp_path: Path) -> None:
    archive = Archive(zipped(tmp_path / "a.zip", {"1.png": bytes(3 << 20)}))
    with pytest.raises(FormatError, match=r"the zip member is larger than 2 MiB: .*a\.zip/1\.png"):
        archive.read(0, limit=2 << 20)


def test_a_zip_that_unpacks_to_far_more_than_pictures_do_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.formats.archive.MAX_UNPACKED", 1 << 20)
    with pytest.raises(FormatError, match=r"looks like a decompression bomb: .* bytes unpack to 2,097,152"):
        Archive(zipped(tmp_path / "bomb.zip", {"1.png": bytes(2 << 20)}))


def _central(data: bytes) -> int:
    return data.index(b"PK\1\2")


def test_a_header_that_announces_what_deflate_cannot_reach_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "lie.zip", {"1.png": b"x" * 50})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, _central(data) + 24, 2**31)
    path.write_bytes(data)
    with pytest.raises(FormatError, match="decompression bomb"):
        Archive(path)


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "overlap.zip", {"1.png": bytes(range(256)) * 4, "2.png": b"x"}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    second = data.index(b"PK\1\2", _central(data) + 4)
    struct.pack_into("<II", data, second + 20, 1024, 1024)
    path.write_bytes(data)
    with pytest.raises(FormatError, match="members overlap"):
        Archive(path)


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"1.png": b"abcdefgh"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"abcdefgh", b"abcdefgH"))
    with pytest.raises(FormatError, match=r"damaged, its checksum differs: .*a\.zip/1\.png"):
        Archive(path).read(0)


def test_an_encrypted_member_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"1.png": b"abc"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match="encrypted"):
        Archive(path).read(0)


def test_a_zip_cut_short_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"1.png": bytes(500)})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(FormatError, match=r"the zip cannot be read .*a\.zip") as refused:
        read(path)
    assert refused.value.hint == "an interrupted copy? fetch or pack it again"


@pytest.mark.parametrize("before", [{}, {"0.png": png(letter_f())}], ids=["at its beginning", "after a picture"])
@pytest.mark.parametrize("inside", ["a.zip", "a.npz"])
@pytest.mark.parametrize("after", [0, 1, 40])
def test_a_zip_cut_short_behind_a_whole_one_inside_it_is_not_taken_for_that(
    tmp_path: Path, before: dict[str, bytes], inside: str, after: int
) -> None:
    if inside == "a.zip":
        zipped(tmp_path / inside, {"A/1.png": png(letter_f())})
    else:
        np.savez(tmp_path / inside, x=many(1), label=np.array(["a"]))
    data = (tmp_path / inside).read_bytes()
    path = zipped(tmp_path / "outer", before | {inside: data, "2.png": png(letter_f())}, zipfile.ZIP_STORED)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(data) + len(data) + after])
    for opened in (Archive, read):
        with pytest.raises(FormatError, match=r"the zip cannot be read \(it ends too early, in or after a zip inside it\): .*outer"):
            opened(path)


def test_a_zip_behind_a_program_that_unpacks_it_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.exe", {"A/1.png": png(letter_f())})
    path.write_bytes(b"MZ a program" + path.read_bytes())
    assert Archive(path).read(0) == png(letter_f())


def test_a_zip_of_nothing_has_no_members(tmp_path: Path) -> None:
    assert Archive(zipped(tmp_path / "a.zip", {})).names == ()
