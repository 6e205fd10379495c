"""The training step, the moving average and the optimiser, as a LightningModule."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

import lightning
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn

from ..recipes import Recipe
from .augment import augment
from .feed import Batch, Epoch, Feed, Held
from .history import History, Row
from .loss import set_loss
from .scores import Scores, chosen, scores, totals


def seed_of(*numbers: int) -> int:
    """One seed out of several numbers, such as seed, epoch and step."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> np.uint64(1))


class Learner(lightning.LightningModule):
    """Trains ``network`` as ``recipe`` says; ``averaged`` is the moving average of its weights, which is validated and kept.

    ``priors``: float (S,K), the log prior of each source. ``names``: the S sources. Everything random in an epoch comes
    from the recipe's seed and the epoch's number, so that a run resumed goes on as the unbroken one.
    """

    def __init__(
        self, network: nn.Module, recipe: Recipe, feed: Feed, held: Sequence[Held], priors: NDArray[np.float64], history: History
    ) -> None:
        super().__init__()
        # the layout in which convolutions on a processor are quickest
        self.network = network.to(memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(network).requires_grad_(False).eval()
        self.recipe = recipe
        self.feed = feed
        self.held = held
        self.history = history
        self.priors: Tensor
        self.register_buffer("priors", torch.from_numpy(priors).float(), persistent=False)
        self._sums = torch.zeros(3, dtype=torch.float64)
        self._answers: dict[int, list[tuple[Tensor, Tensor]]] = {}
        self._scores: dict[str, Scores] = {}

    def train_dataloader(self) -> Epoch:
        return self.feed.epoch(self.current_epoch)

    def val_dataloader(self) -> list[Held]:
        return list(self.held)

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        return Batch(batch.pictures.to(device), batch.targets.to(device), batch.source.to(device))

    def on_train_epoch_start(self) -> None:
        torch.manual_seed(seed_of(self.recipe.seed, self.current_epoch))
        self._sums.zero_()

    def training_step(self, batch: Batch, number: int) -> Tensor:
        training = self.recipe.training
        generator = Generator().manual_seed(seed_of(self.recipe.seed, self.current_epoch, number))
        with torch.autocast(self.device.type, enabled=False):
            pictures = augment(batch.pictures, self.recipe.augmentation, generator)
        logits = self.network(pictures)[0].float()
        prior = self._priors(batch)
        loss = set_loss(logits, batch.targets, prior, training.smoothing).mean()
        right = batch.targets.gather(1, (logits + prior).argmax(dim=1, keepdim=True)).sum()
        self._sums += torch.tensor([float(loss.detach()) * len(pictures), float(right), len(pictures)], dtype=torch.float64)
        return loss

    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        decay = min(self.recipe.training.average, (1 + self.global_step) / (10 + self.global_step))
        ours, theirs = self.averaged.state_dict(), self.network.state_dict()
        floats = [name for name, value in ours.items() if value.dtype.is_floating_point]
        torch._foreach_lerp_([ours[name] for name in floats], [theirs[name] for name in floats], 1.0 - decay)

    def on_validation_epoch_start(self) -> None:
        self._answers = {number: [] for number in range(len(self.held))}

    def validation_step(self, batch: Batch, number: int, dataloader_idx: int = 0) -> None:
        with torch.autocast(self.device.type, enabled=False):
            logits = self.averaged(batch.pictures)[0]
        self._answers[dataloader_idx].append((logits.cpu(), batch.targets.cpu()))

    def on_validation_epoch_end(self) -> None:
        self._scores = {}
        for number, held in enumerate(self.held):
            logits, targets = (torch.cat(each).numpy() for each in zip(*self._answers[number], strict=True))
            prior = self.priors[held.number].cpu().numpy()
            self._scores[held.pool.name] = scores(logits, targets, prior)
        self.log("chosen", chosen(self._scores, self.recipe.training.choose_by))

    def on_train_epoch_end(self) -> None:
        loss, right, count = self._sums.tolist()
        rate = float(self.optimizers().param_groups[0]["lr"])  # type: ignore[union-attr]
        train = {"loss": loss / max(count, 1), "accuracy": right / max(count, 1), "rate": rate}
        self.history.add(Row(self.current_epoch, train, totals(self._scores), self._scores))

    def configure_optimizers(self) -> Any:
        training = self.recipe.training
        steps = training.epochs * len(self.feed)
        optimizer = _optimizer(self.network, training.optimizer, training.rate, training.decay)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: one_cycle(step / steps, training.warmup))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["history"] = self.history.as_list()

    def on_load_checkpoint(self, checkpoint: Mapping[str, Any]) -> None:
        self.history.restore(checkpoint["history"])

    def _priors(self, batch: Batch) -> Tensor:
        return self.priors[batch.source]


def one_cycle(progress: float, warmup: float) -> float:
    """The learning rate as a share of the highest, at ``progress`` 0..1 of all steps: up a line, then down a cosine."""
    if progress < warmup:
        return 0.04 + 0.96 * progress / warmup
    return 0.5 + 0.5 * math.cos(math.pi * min((progress - warmup) / max(1.0 - warmup, 1e-9), 1.0))


def _optimizer(network: nn.Module, name: str, rate: float, decay: float) -> torch.optim.Optimizer:
    matrices = [each for each in network.parameters() if each.requires_grad and each.ndim > 1]
    others = [each for each in network.parameters() if each.requires_grad and each.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    if name == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True)
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99))
