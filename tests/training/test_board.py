"""What TensorBoard shows beside the curves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from inkread.alphabet import alphabet
from inkread.evaluation import confusion
from inkread.recipes import flat
from inkread.training.board import Board, as_grey, grid
from inkread.training.confused import RIGHT, confusion_picture
from inkread.training.events import Events
from tiny_training import shapes, tiny_recipe


def test_pictures_of_a_batch_stand_side_by_side() -> None:
    page = grid(np.full((70, 28, 28), 255, np.uint8))
    assert page.shape == (8 * 86 + 2, 8 * 86 + 2)
    assert (page[2:86, 2:86] == 255).all()
    assert (page[86:88] == 96).all()


@pytest.mark.parametrize(
    "batch",
    [
        torch.tensor([[[0.0, 1.0]]]),
        torch.tensor([[[[-0.2, 1.3]]]]),
        torch.tensor([[[0, 255]]], dtype=torch.uint8),
        np.array([[[0, 255]]], np.uint8),
        np.array([[[0.0, 1.0]]]),
    ],
)
def test_a_batch_of_any_kind_becomes_grey(batch: torch.Tensor | np.ndarray) -> None:
    assert as_grey(batch).tolist() == [[[0, 255]]]


def test_a_confusion_can_be_read_at_62_classes() -> None:
    truth = np.repeat(np.arange(62), 2)
    answers = truth.copy()
    answers[0] = 5
    page = confusion_picture(confusion(answers, truth, alphabet("byclass")))
    height, width, _ = page.shape
    assert max(height, width) < 1000
    cell, edge = 13, 27
    assert page[edge + cell + 4, edge + cell + 4].tolist() == list(RIGHT)
    red, _, blue = page[edge + 4, edge + 5 * cell + 4].tolist()
    assert red > blue
    assert page[edge + 4, edge + 9 * cell + 4].tolist() == [255, 255, 255]


def test_the_board_holds_pictures_recipe_and_hyper_parameters(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    board = Board(Events(tmp_path))
    pictures, labels = shapes(20, 0)
    board.begin(tiny_recipe())
    board.examples(torch.from_numpy(pictures), 0)
    board.confusion(confusion(labels, labels, alphabet("ABC")), 3)
    board.end({"val_loss": 0.1, "val_accuracy": 0.99, "train_loss": 0.1, "train_accuracy": 0.98})
    board.events.close()
    train, val, recipe = (EventAccumulator(str(tmp_path / part)).Reload() for part in ("train", "val", "recipe"))
    assert train.Images("pictures after augmentation")[0].width == 8 * 86 + 2
    assert val.Images("confusion")[0].step == 3
    text = recipe.Tensors("recipe/text_summary")[0].tensor_proto.string_val[0].decode()
    assert "    epochs = 2" in text.splitlines()
    assert recipe.Scalars("val_accuracy")[0].value == pytest.approx(0.99)
    told = recipe.summary_metadata
    assert {"_hparams_/session_start_info", "_hparams_/experiment", "_hparams_/session_end_info"} <= set(told)


def test_keys_are_those_of_the_command_line() -> None:
    keys = flat(tiny_recipe().as_dict())
    assert keys["training.epochs"] == 2
    assert keys["sources.one.repeat"] == 1.0
    assert keys["network.widths"] == "6"
