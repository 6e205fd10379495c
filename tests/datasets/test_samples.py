from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.alphabet import BYCLASS
from inkread.datasets.drawn.__main__ import main
from inkread.datasets.drawn.files import SAYS
from inkread.datasets.drawn.samples import VIN, samples, write
from inkread.errors import UsageError
from inkread.picture import decode

FOLDER = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return samples()


def test_committed_samples_are_those_that_the_command_makes(made: dict[str, bytes]) -> None:
    committed = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert committed == {*made, "README.md"}
    for name, file in made.items():
        # another build of OpenCV may round another way, by a grey level here and there
        kept, fresh = (cv2.imdecode(np.frombuffer(each, np.uint8), cv2.IMREAD_UNCHANGED) for each in ((FOLDER / name).read_bytes(), file))
        assert kept.shape == fresh.shape, name
        assert np.abs(kept.astype(float) - fresh).mean() < 0.002 * np.iinfo(kept.dtype).max, name


def test_every_sample_says_that_it_is_no_handwriting_and_can_be_decoded(made: dict[str, bytes]) -> None:
    for name, file in made.items():
        assert SAYS.encode() in file, name
        assert decode(file).ndim == 2, name


def test_samples_stay_small(made: dict[str, bytes]) -> None:
    assert sum(map(len, made.values())) < 400_000


def test_the_vin_has_seventeen_boxes_in_order_and_a_right_check_digit(made: dict[str, bytes]) -> None:
    boxes = sorted(name for name in made if name.startswith("vin/"))
    assert boxes == [f"vin/{place:02d}.png" for place in range(1, 18)]
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9], strict=True))
    numbers = [values.get(character) or int(character) for character in VIN]
    total = sum(number * weight for number, weight in zip(numbers, [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2], strict=True))
    assert VIN[8] == "0123456789X"[total % 11]
    assert VIN[0] in "12345"


def test_every_box_of_the_vin_has_a_printed_border_on_four_sides(made: dict[str, bytes]) -> None:
    for place in range(1, 18):
        box = decode(made[f"vin/{place:02d}.png"])
        for edge in (box[:6], box[-6:], box[:, :6].T, box[:, -6:].T):
            assert edge.min(axis=0).max() < 150, place


def test_every_character_has_its_letter_sample(made: dict[str, bytes]) -> None:
    letters = [name.removeprefix("letters/") for name in made if name.startswith("letters/")]
    assert sorted(name[-5] for name in letters) == sorted(BYCLASS)
    assert len({name.lower() for name in letters}) == 62


def test_the_readme_names_every_strange_sample(made: dict[str, bytes]) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in made if name.startswith("strange/") and f"`{name.removeprefix('strange/')}`" not in text] == []
    assert VIN in text


def test_strange_samples_are_strange_in_the_way_their_names_say(made: dict[str, bytes]) -> None:
    def raw(name: str) -> np.ndarray:
        return cv2.imdecode(np.frombuffer(made[f"strange/{name}"], np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)

    assert max(raw("4_ten_pixels.png").shape) == 10
    assert max(raw("R_large_photo.jpg").shape) > 800
    assert raw("B_ink_in_alpha.png")[..., :3].max() == 0
    assert raw("d_sixteen_bits.png").dtype == np.uint16
    assert set(np.unique(raw("t_one_bit.png"))) == {0, 255}
    assert np.median(raw("A_white_on_black.png")) < 30
    assert decode(made["strange/P_turned_by_exif.jpg"]).shape == raw("P_turned_by_exif.jpg").shape[::-1]


def test_the_command_writes_them_and_refuses_a_folder_with_other_files(
    made: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("inkread.datasets.drawn.samples.samples", lambda: made)
    assert main([str(tmp_path)]) == 0
    assert len(list((tmp_path / "vin").iterdir())) == 17
    (tmp_path / "vin" / "mine.png").write_bytes(b"")
    with pytest.raises(UsageError, match=r"mine\.png"):
        write(tmp_path)
    assert main([str(tmp_path)]) == 2
    assert "hint: remove them first" in capsys.readouterr().err
    assert main([]) == 2
