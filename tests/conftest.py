"""Fixtures for every room: bundles made by hand, so that reading can be tested without a trained network."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

from inkread.bundle import Bundle, save
from tiny_bundle import make_tiny_bundle as _make

# How long an example takes on a busy machine says nothing of the code.
settings.register_profile("inkread", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("inkread")


@pytest.fixture
def make_tiny_bundle() -> Callable[..., Bundle]:
    """Makes a bundle of random weights: ``make_tiny_bundle(characters, temperature=2.0, ...)``."""
    return _make


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a valid bundle of 62 characters whose answers are arbitrary but always the same."""
    return save(tmp_path_factory.mktemp("bundle") / "tiny.onnx", _make())
