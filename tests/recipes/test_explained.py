"""Every key of a recipe is explained, in the docstring of its part and nowhere else."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import pytest
from click.testing import CliRunner

from inkread.cli import main
from inkread.recipes import Recipe, Training, assigned, keys_explained, load
from inkread.recipes.explained import EXPLAINED, meanings


@pytest.mark.parametrize("kind", EXPLAINED.values(), ids=lambda kind: kind.__name__)
def test_every_field_has_a_meaning(kind: type) -> None:
    told = meanings(kind)
    assert {each.name for each in fields(kind)} - set(told) - set(EXPLAINED) == set()
    assert [name for name, text in told.items() if len(text) < 8 or "``" in text] == []


def test_every_table_of_a_recipe_is_explained() -> None:
    tables = {name for name, value in load("embedded").as_dict().items() if isinstance(value, dict | list)}
    assert tables == set(EXPLAINED) - {""}


def test_a_key_says_what_it_takes_what_it_is_and_what_it_means() -> None:
    found = {each.dotted: each for each in keys_explained()}
    assert (found["training.batch"].takes, found["training.batch"].default) == ("a whole number", Training().batch)
    assert found["training.batch"].meaning == "pictures a step"
    assert found["training.steps"].takes == "a row of numbers"
    assert found["seed"].default == 1
    assert found["sources.data"].default is None
    assert "logits that leave a run are free of priors" in found["training.imbalance"].meaning
    assert "settings" not in {each.name for each in found.values()}


def test_every_key_can_be_set_as_it_stands() -> None:
    own = ("sources.", "network.", "name")
    for each in keys_explained():
        if each.default is not None and not each.dotted.startswith(own):
            row = isinstance(each.default, tuple)
            text = ",".join(each.default) if row else str(each.default)
            assert assigned(Recipe("plain"), [f"{each.dotted}={text}"]) == Recipe("plain"), each.dotted


def test_the_command_tells_them_as_text_and_as_json() -> None:
    text = CliRunner().invoke(main, ["recipes", "--keys"]).stdout
    assert "\n[training]\n" in text
    assert re.search(r"^batch = 256 +pictures a step$", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) <= 100
    told = json.loads(CliRunner().invoke(main, ["recipes", "--keys", "--json"]).stdout)["keys"]
    assert [told[-1][key] for key in ("key", "takes", "default")] == ["export.bits", "a whole number", 32]
    refused = CliRunner().invoke(main, ["recipes", "mlp", "--keys"])
    assert refused.exit_code == 2
    assert "every recipe has the same keys: mlp" in refused.stderr
