"""A callback of one's own: tells how far the weights have moved since they were drawn."""

import sys

import torch
from lightning import Callback, LightningModule, Trainer
from torch.nn.utils import parameters_to_vector


class Moved(Callback):
    """Writes a line an epoch to standard error."""

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.start = parameters_to_vector(pl_module.parameters()).detach().clone()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        way = torch.linalg.vector_norm(parameters_to_vector(pl_module.parameters()).detach() - self.start)
        sys.stderr.write(f"the weights moved by {way:.2f}\n")
