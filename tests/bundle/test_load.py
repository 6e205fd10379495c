"""Bundles by name and by path, verified before anything is run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inkread.bundle import load, names, parse, save, write
from inkread.bundle.metadata import encode_bytes, fields, read_metadata, replace_metadata
from inkread.errors import BundleError, BundleNotFound, BundleTooNew
from tiny_bundle import make_tiny_bundle, number, random_model, tiny_manifest


def test_a_saved_bundle_is_loaded_as_it_was(tmp_path: Path) -> None:
    bundle = make_tiny_bundle("abc")
    loaded = load(save(tmp_path / "a b.onnx", bundle))
    assert loaded.model == bundle.model
    assert loaded.path == tmp_path / "a b.onnx"
    assert loaded.manifest.characters == "abc"
    assert [each.name for each in tmp_path.iterdir()] == ["a b.onnx"]


def test_an_unknown_name_is_met_with_the_nearest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys.modules["inkread.bundle.load"], "SHIPPED", tmp_path)
    save(tmp_path / "embedded.onnx", make_tiny_bundle("abc"))
    assert names() == ("embedded",)
    assert load().manifest.name == load("embedded").manifest.name == "tiny"
    with pytest.raises(BundleNotFound, match="no bundle: embeded") as caught:
        load("embeded")
    assert caught.value.hint == "did you mean `embedded`?"


def test_a_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("data", [b"", b"just some text\n", b"\x89PNG\r\n\x1a\n"])
def test_other_files_are_refused_with_their_path(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.onnx").write_bytes(data)
    with pytest.raises(BundleError, match=r"x\.onnx"):
        load(tmp_path / "x.onnx")


def test_an_onnx_file_of_someone_else_is_refused_not_guessed() -> None:
    with pytest.raises(BundleError, match=r"lack `inkread.format`") as caught:
        parse(random_model(3))
    assert caught.value.hint == "nothing about a network is guessed"


def test_a_changed_weight_is_found() -> None:
    model = make_tiny_bundle("abc").model
    at = model.index(b"second") + 20
    with pytest.raises(BundleError, match="the network in the bundle was changed after it was written"):
        parse(model[:at] + bytes([model[at] ^ 1]) + model[at + 1 :])


def test_changed_metadata_are_found() -> None:
    bundle = make_tiny_bundle("abc")
    entries = {**read_metadata(bundle.model), "inkread.characters": "abd"}
    with pytest.raises(BundleError, match="metadata of the bundle were changed"):
        parse(replace_metadata(bundle.model, entries, "inkread."))


def test_a_newer_format_is_told_as_such() -> None:
    newer = replace_metadata(random_model(3), {"inkread.format": "7"}, "inkread.")
    with pytest.raises(BundleTooNew, match="format 7"):
        parse(newer)


def test_weights_in_another_file_are_refused() -> None:
    outside = encode_bytes(5, encode_bytes(8, b"w") + number(14, 1))
    parts = [encode_bytes(7, bytes(each.payload) + outside) if each.number == 7 else bytes(each.whole) for each in fields(random_model(3))]
    with pytest.raises(BundleError, match="keeps weights in another file"):
        parse(write(b"".join(parts), tiny_manifest("abc")))


def test_a_bundle_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    with pytest.raises(BundleError, match="cannot be written"):
        save(tmp_path / "taken", make_tiny_bundle("abc"))
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]
