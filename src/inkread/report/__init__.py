"""Results as pages: one self-contained HTML file, nothing loaded from elsewhere."""

from __future__ import annotations

from .contact import Card, ContactSheet, Fact

__all__ = ["Card", "ContactSheet", "Fact"]
