"""Weights that others trained: the user names them, and they are looked at before anything begins."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

pytest.importorskip("torchvision")

import torch

from inkread import networks
from inkread.errors import RunError, SourceNotFound, UsageError
from inkread.study import StudyFolder, begin, brought, go_on
from tiny_study import WIDTHS, asked, written

TEXT = """
name = "photographs"
question = "?"
recipe = "transfer"
data = "letters"
alphabet = "ABC"

[[factors]]
name = "start"
levels = [{ name = "photographs", weights = "imagenet" }, { name = "nothing" }]

[budgets.smoke]
seeds = 1
set = { "network.side" = 32 }
"""


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    file = tmp_path / "weights.pt"
    torch.save(networks.build("pretrained", 2, side=32).body.state_dict(), file)
    return file


def test_the_users_file_stands_in_for_what_levels_call_weights(tmp_path: Path, weights: Path) -> None:
    plan, folder = begin(asked(written(tmp_path, TEXT), weights=str(weights)), tmp_path / "studies")
    assert {each.setting: each.weights for each in plan.jobs({}).values()} == {"base": str(weights), "start = nothing": ""}
    assert list(brought(plan)) == [("weights weights.pt", sha256(weights.read_bytes()).hexdigest())]
    assert StudyFolder(folder.path).asked().weights == str(weights)
    weights.unlink()
    assert go_on(folder.path)[0].total() == 2, "a report needs no weights"


def test_weights_that_are_wanted_and_not_named_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        begin(asked(written(tmp_path, TEXT)), tmp_path / "studies")
    assert caught.value.message == "the study photographs begins with weights that others trained, and none were named: imagenet"
    assert caught.value.hint.startswith("--weights FILE")
    assert not (tmp_path / "studies").exists()


def test_weights_that_do_not_fit_are_told_before_anything_begins(tmp_path: Path, weights: Path) -> None:
    study = written(tmp_path, TEXT)
    with pytest.raises(SourceNotFound, match="no file of weights"):
        begin(asked(study, weights=str(tmp_path / "none.pt")), tmp_path / "studies")
    torch.save({"other": torch.zeros(3)}, weights)
    with pytest.raises(RunError, match="these weights are of another network than squeezenet1_1"):
        begin(asked(study, weights=str(weights)), tmp_path / "studies")
    with pytest.raises(UsageError, match="the study widths begins with no weights of others"):
        begin(asked(written(tmp_path, WIDTHS), weights=str(weights)), tmp_path / "studies")
