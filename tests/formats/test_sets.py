"""Files that belong together: EMNIST's zips, the letters lab, lists of labels; nothing is unpacked, nothing is guessed."""

from __future__ import annotations

import gzip
import json
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError, SourceNotFound
from inkread.formats import TRANSPOSED, Contents, files_of, is_there, parts_of, read
from made_files import idx, letter_f, many, png, zipped

F = png(letter_f())


def _emnist_members(*sets: str) -> dict[str, bytes]:
    """EMNIST's gzip.zip: two files a part, transposed, gzipped, beside a text for each set."""
    members = {"gzip/": b""}
    for name in sets:
        members[f"gzip/emnist-{name}-mapping.txt"] = b"0 48\n1 49\n"
        for part, count in (("train", 3), ("test", 2)):
            stem = f"gzip/emnist-{name}-{part}"
            members[f"{stem}-images-idx3-ubyte.gz"] = gzip.compress(idx(many(count).swapaxes(1, 2)))
            members[f"{stem}-labels-idx1-ubyte.gz"] = gzip.compress(idx(np.arange(1, count + 1, dtype=np.uint8)))
    return members


def test_the_sets_of_emnists_zip_are_parts_read_in_place(tmp_path: Path) -> None:
    path = zipped(tmp_path / "gzip.zip", _emnist_members("letters", "digits"))
    assert parts_of(path) == ("letters/train", "letters/test", "digits/train", "digits/test")
    contents = read(path, "letters/train")
    assert (contents.pictures == many(3)).all()
    assert (contents.labels, contents.part, contents.orientation.stored) == (("Aa", "Bb", "Cc"), "train", TRANSPOSED)
    assert read(path, "digits/test").labels == ("1", "2")
    assert [each.name for each in tmp_path.iterdir()] == ["gzip.zip"]
    with pytest.raises(FormatError) as refused:
        read(path)
    assert refused.value.hint == f"say which: {path}:letters/train, {path}:letters/test, {path}:digits/train, {path}:digits/test"


def test_a_member_is_named_behind_the_zip_and_finds_its_labels(tmp_path: Path) -> None:
    path = zipped(tmp_path / "gzip.zip", _emnist_members("letters"))
    member = path / "gzip" / "emnist-letters-test-images-idx3-ubyte.gz"
    contents = read(member)
    assert (contents.pictures == many(2)).all()
    assert (contents.labels, contents.part) == (("Aa", "Bb"), "test")
    assert read(path, "letters/test").labels == read(path, "test").labels == ("Aa", "Bb")
    assert files_of(member) == (path,)
    assert is_there(member)
    assert not is_there(path / "gzip" / "other")
    with pytest.raises(SourceNotFound, match="no such member in the zip"):
        read(path / "gzip" / "emnist-letters-test-images")


def test_unpacked_files_of_several_sets_are_parts_too(tmp_path: Path) -> None:
    for name, data in _emnist_members("balanced", "mnist").items():
        if data:
            (tmp_path / "raw").mkdir(exist_ok=True)
            (tmp_path / "raw" / name.rpartition("/")[2].removesuffix(".gz")).write_bytes(
                gzip.decompress(data) if name.endswith("gz") else data
            )
    assert sorted(parts_of(tmp_path)) == ["balanced/test", "balanced/train", "mnist/test", "mnist/train"]
    assert (read(tmp_path, "mnist/train").pictures == many(3)).all()


def test_a_damaged_member_is_told_by_its_name(tmp_path: Path) -> None:
    members = _emnist_members("letters")
    name = "gzip/emnist-letters-train-images-idx3-ubyte.gz"
    members[name] = members[name][:-30]
    path = zipped(tmp_path / "gzip.zip", members)
    with pytest.raises(FormatError) as refused:
        read(path, "train")
    assert str(refused.value) == f"the gzip file ends too early: {path}/{name}"


def test_matlab_sets_in_a_zip_are_read_in_place(tmp_path: Path) -> None:
    scipy_io = pytest.importorskip("scipy.io")
    rows = np.stack([picture.flatten(order="F") for picture in many(2)])
    part = {"images": rows, "labels": np.array([[3.0], [9.0]]), "writers": np.array([[0.0], [5.0]])}
    buffer = BytesIO()
    scipy_io.savemat(buffer, {"dataset": {"train": part, "test": part, "mapping": np.array([[at, 48 + at] for at in range(10)])}})
    path = zipped(tmp_path / "matlab.zip", {f"matlab/emnist-{name}.mat": buffer.getvalue() for name in ("digits", "mnist")})
    assert parts_of(path) == ("digits/train", "digits/test", "mnist/train", "mnist/test")
    contents = read(path, "mnist/train")
    assert (contents.pictures == many(2)).all()
    assert contents.labels == ("3", "9")
    assert (read(path / "matlab" / "emnist-mnist.mat", "train").pictures == many(2)).all()


def _zip_bytes(members: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


LAB = {"train": ("a_00002.jpg", "b_00010.jpg"), "test": ("c_00001.jpg",)}


def _lab(root: Path, layout: str) -> Path:
    inner = {part: _zip_bytes(dict.fromkeys(names, F)) for part, names in LAB.items()}
    if layout == "one zip":
        return zipped(root / "images.zip", {f"{part}/{name}": F for part, names in LAB.items() for name in names})
    if layout == "zips in a zip":
        return zipped(root / "outer.zip", {f"lab/{part}/images.zip": data for part, data in inner.items()})
    for part, names in LAB.items():
        (root / "lab" / part).mkdir(parents=True)
        if layout == "zips in folders":
            (root / "lab" / part / "images.zip").write_bytes(inner[part])
        else:
            for name in names:
                (root / "lab" / part / name).write_bytes(F)
    return root / "lab"


@pytest.mark.parametrize("layout", ["one zip", "folders", "zips in folders", "zips in a zip"])
def test_the_letters_lab_is_read_in_all_its_layouts(tmp_path: Path, layout: str) -> None:
    path = _lab(tmp_path, layout)
    assert set(parts_of(path)) == {"train", "test"}
    for part, labels in (("train", ("Aa", "Bb")), ("test", ("Cc",))):
        contents = read(path, part)
        assert (contents.labels, contents.part, contents.turn, contents.orientation.stored) == (labels, part, True, TRANSPOSED)
        assert list(contents.encoded or ()) == [F] * len(labels)


def test_one_of_the_labs_two_zips_knows_its_part_by_its_folder(tmp_path: Path) -> None:
    contents = read(_lab(tmp_path, "zips in folders") / "train" / "images.zip")
    assert (contents.part, contents.turn, contents.labels) == ("train", True, ("Aa", "Bb"))


def test_zips_that_are_no_parts_of_one_set_are_not_joined(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        zipped(tmp_path / name, {"A/1.png": F})
    with pytest.raises(FormatError) as refused:
        read(tmp_path)
    assert str(refused.value) == f"several zips: {tmp_path}: one.zip, two.zip"


def test_csvs_of_one_set_are_its_parts(tmp_path: Path) -> None:
    for part, label in (("train", 7), ("test", 8)):
        rows = [",".join(map(str, [label, *picture.T.ravel().tolist()])) for picture in many(2)]
        (tmp_path / f"emnist-digits-{part}.csv").write_text("\n".join(rows))
    assert read(tmp_path, "train").labels == ("7", "7")
    assert (read(tmp_path, "digits/test").pictures == many(2)).all()


NAMES = ("img/1.png", "img/2.png", "img/3.png")
LISTS = {
    "labels.csv": "filename,label\n1.png,A\n2.png,b\n3.png,7\n",
    "english.csv": '"image";"label"\r\n"img/1.png";"A"\r\n"img/2.png";"b"\r\n"img/3.png";"7"\r\n',
    "labels.tsv": "file\tcharacter\tquality\n1.png\tupper_A\t3\n2.png\t0062\t1\n3.png\t055\t2\n",
    "records.json": json.dumps([{"file_name": name, "text": label} for name, label in zip(NAMES, "Ab7", strict=True)]),
    "mapping.json": json.dumps({"1.png": "A", "img\\2.png": "b", "./img/3.png": 7}),
}


def _listed(root: Path, name: str, text: str, packed: bool) -> Path:
    members = dict.fromkeys(NAMES, F) | {name: text.encode("utf-8-sig")}
    if packed:
        return zipped(root / "a.zip", members)
    for member, data in members.items():
        (root / "a" / member).parent.mkdir(parents=True, exist_ok=True)
        (root / "a" / member).write_bytes(data)
    return root / "a"


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_labels_the_pictures_beside_it(tmp_path: Path, name: str, packed: bool) -> None:
    path = _listed(tmp_path, name, LISTS[name], packed)
    contents = read(path)
    assert (contents.names, contents.labels) == (NAMES, ("A", "b", "7"))
    assert contents.format == f"{'zip' if packed else 'folder'} of pictures with a list"
    if not packed:
        assert read(path / name).labels == ("A", "b", "7")
        assert len(files_of(path / name)) == 4


def test_pictures_that_the_list_does_not_name_are_left_out_and_counted(tmp_path: Path) -> None:
    contents = read(_listed(tmp_path, "labels.csv", "file,label\n2.png,Kk\n", False))
    assert (contents.names, contents.labels, contents.skipped) == (("img/2.png",), ("Kk",), 3)


def test_another_csv_beside_pictures_is_no_list(tmp_path: Path) -> None:
    for text in ("id,width\n1,28\n", "file,label\nother.png,A\n", "{}", "[1, 2]"):
        assert read(_listed(tmp_path, "notes.csv", text, False)).format == "folder of pictures"


LIST_FAULTS = {
    "labels must be characters: '17', 'cat': PATH/labels.csv": "file,label\n1.png,17\n2.png,cat\n3.png,A\n",
    "1 of 3 listed pictures are not there: PATH/labels.csv: 9.png": "file,label\n1.png,A\n9.png,B\n3.png,C\n",
    "a picture is listed with two labels: 1.png in PATH/labels.csv: A and B": "file,label\n1.png,A\n1.png,B\n",
    "a list of pictures without a name or a label: the 2. entry of PATH/labels.csv": "file,label\n1.png,A\n2.png\n",
}


@pytest.mark.parametrize("message", LIST_FAULTS)
def test_a_fault_of_a_list_is_told(tmp_path: Path, message: str) -> None:
    path = _listed(tmp_path, "labels.csv", LIST_FAULTS[message], False)
    with pytest.raises(FormatError) as refused:
        read(path)
    assert str(refused.value) == message.replace("PATH", str(path))


def test_two_lists_that_both_fit_are_not_chosen_from(tmp_path: Path) -> None:
    path = _listed(tmp_path, "a.csv", LISTS["labels.csv"], False)
    (path / "b.csv").write_text(LISTS["labels.csv"])
    with pytest.raises(FormatError) as refused:
        read(path)
    assert str(refused.value) == f"several lists of labels: {path}/a.csv, {path}/b.csv"


def _same(one: Contents, other: Contents) -> bool:
    return one.labels == other.labels and one.names == other.names


def test_a_folder_inside_a_zip_is_a_source(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"train/A/1.png": F, "test/B/1.png": F, "test/B/2.txt": b"x"})
    inside = read(path / "test")
    assert _same(inside, read(path, "test"))
    assert inside.skipped == 1


def test_data_beside_a_picture_is_not_taken_for_a_folder_of_pictures(tmp_path: Path) -> None:
    (tmp_path / "preview.png").write_bytes(F)
    np.savez(tmp_path / "contest.npz", training_images=many(3), training_labels=np.arange(3))
    with pytest.raises(FormatError, match="the folder holds data in several formats") as refused:
        read(tmp_path)
    assert refused.value.hint == "name one of its files: contest.npz, preview.png"
    assert read(tmp_path / "contest.npz").labels == ("0", "1", "2")
    (tmp_path / "contest.npz").unlink()
    (tmp_path / "more.csv").write_text(("1," + ",".join(["0"] * 784) + "\n") * 3)
    with pytest.raises(FormatError, match="the folder holds data in several formats"):
        read(tmp_path)


def test_a_zip_beside_its_unpacked_idx_files_is_left_out(tmp_path: Path) -> None:
    members = _emnist_members("letters")
    zipped(tmp_path / "gzip.zip", members)
    for name, data in members.items():
        if data:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)
    assert parts_of(tmp_path) == ("test", "train")
    assert read(tmp_path, "train").labels == ("Aa", "Bb", "Cc")


def _two_lists(root: Path) -> Path:
    for part, labels in (("train", "ab"), ("test", "cd")):
        (root / part).mkdir(parents=True)
        for at in range(2):
            (root / part / f"{at}.png").write_bytes(F)
        rows = "".join(f"{at}.png,{label}\n" for at, label in enumerate(labels))
        (root / part / "labels.csv").write_text(f"file,label\n{rows}")
    return root


def test_a_list_in_each_parts_folder_labels_that_part(tmp_path: Path) -> None:
    root = _two_lists(tmp_path / "lists")
    packed = zipped(tmp_path / "lists.zip", {str(each.relative_to(root)): each.read_bytes() for each in root.rglob("*.*")})
    for source in (root, packed):
        assert (read(source, "train").labels, read(source, "test").labels) == (("a", "b"), ("c", "d"))
    assert (read(root / "train").labels, read(root / "test" / "labels.csv").labels) == (("a", "b"), ("c", "d"))
    (root / "train" / "labels.csv").write_text("file,label\n0.png,a\n2.png,b\n")
    (root / "test" / "2.png").write_bytes(F)
    with pytest.raises(FormatError, match="1 of 2 listed pictures are not there"):
        read(root, "train")


def test_two_lists_that_name_the_same_picture_are_refused(tmp_path: Path) -> None:
    root = _two_lists(tmp_path / "lists")
    (root / "all.csv").write_text("file,label\ntrain/0.png,x\n")
    with pytest.raises(FormatError, match="several lists of labels"):
        read(root, "train")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.json", b'{"by": "me", '),
        ("notes.json", b'[{"name": "me", "text": 0.5}]'),
        ("notes.csv", b"name,text\nm\xff,x\n"),
    ],
)
def test_a_broken_note_beside_pictures_stops_nothing(tmp_path: Path, name: str, text: bytes) -> None:
    (tmp_path / "A_1.png").write_bytes(F)
    (tmp_path / name).write_bytes(text)
    assert (read(tmp_path).labels, read(tmp_path).skipped) == (("A",), 1)


def test_a_broken_list_of_pictures_is_told(tmp_path: Path) -> None:
    (tmp_path / "A_1.png").write_bytes(F)
    (tmp_path / "labels.json").write_bytes(b'{"A_1.png": "B", ')
    with pytest.raises(FormatError, match="the json cannot be read"):
        read(tmp_path)
