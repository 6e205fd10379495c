"""What docs/networks.md says of the networks is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from inkread.networks import build, names, settings_of, size

pytest.importorskip("torch")

PAGE = (Path(__file__).parents[2] / "docs" / "networks.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([\w-]+)` \| [^|]* \| ([\d,]+) \| ([\d,]+) \|$", PAGE, re.MULTILINE)


def test_every_network_has_its_row() -> None:
    assert {name for name, *_ in ROWS} == set(names()) - {"graph"}


@pytest.mark.parametrize(("name", "parameters", "multiply_adds"), ROWS)
def test_a_network_is_as_large_as_the_page_says(name: str, parameters: str, multiply_adds: str) -> None:
    measured = size(build(name, 62))
    assert (f"{measured.parameters:,}", f"{measured.multiply_adds:,}") == (parameters, multiply_adds)


@pytest.mark.parametrize("block", re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
def test_what_the_page_shows_can_be_built(block: str) -> None:
    told = tomllib.loads(block)["network"]
    assert size(build(told.pop("name"), 62, **told)).parameters > 0


def test_the_page_names_the_settings_of_each_node() -> None:
    from inkread.networks.graph import LAYERS
    from inkread.networks.settings import settings_of as keywords_of

    rows = dict(re.findall(r"^\| (`[a-z`, ]+`) \| ((?:`\w+`(?:, )?)*)\s*\|$", PAGE.partition("| layer | settings |")[2], re.MULTILINE))
    told = {layer: re.findall(r"`(\w+)`", keys) for cell, keys in rows.items() for layer in re.findall(r"`(\w+)`", cell)}
    known = {layer: [key for key in keywords_of(maker) if key not in ("shape", "where")] for layer, maker in LAYERS.items()}
    assert told == known


def test_the_allowed_values_that_the_page_shows() -> None:
    assert settings_of("cnn")["padding"].allowed == "one of same, valid"
