"""Networks by name: ``build("residual", 62, widths=(32, 64))`` is an ``nn.Module`` that gives (logits, features)."""

from __future__ import annotations

from .build import build, names

__all__ = ["build", "names"]
