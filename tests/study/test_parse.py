"""Studies as TOML: what cannot be meant is told with its place and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.errors import SourceNotFound, UsageError
from inkread.study import load, names, parse
from tiny_study import SEARCH, WIDTHS

HEAD = 'name = "own"\nquestion = "?"\nrecipe = "mlp"\n'


def refused(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        parse(text, "own.toml")
    return f"{caught.value.message} | {caught.value.hint}"


def factor(text: str, head: str = "") -> str:
    return f"{HEAD}{head}\n[[factors]]\n{text}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = [", "own.toml is no TOML"),
        ('name = "own"\nquestion = "?"\nrecipe = "mlp"', "the study varies nothing: own | give it [[factors]]"),
        ('question = "?"\n[[factors]]\nkey = "network.width"\nvalues = [1]', "own.toml lacks: name"),
        (WIDTHS.replace("question", "querstion"), "unknown key in own.toml: querstion | did you mean `question`"),
        (WIDTHS.replace("values", "valeus"), "unknown key in factors[0]: valeus | did you mean `values`"),
        (WIDTHS.replace("pictures", "picture"), "unknown key in budgets.smoke: picture | did you mean `pictures`?"),
        (WIDTHS.replace("smoke", "smok"), "unknown budget: smok | did you mean `smoke`?"),
        (WIDTHS.replace("[8, 16]", "[]"), "factors[0].values must be a row with something in it: []"),
        (WIDTHS.replace("[8, 16]", "8"), "factors[0].values must be a row with something in it: 8"),
        (WIDTHS.replace("[8, 16]", "[8, 8]"), "a factor has each level once: width"),
        (WIDTHS.replace("base = 8", "base = 9"), "the factor width has no level of this name: 9 | known: 8, 16"),
        (WIDTHS + 'values = { wdith = [8] }', "the study widths has no factor wdith | did you mean `width`?"),
        (WIDTHS + "values = { width = [9] }", "the factor width has no level of this name: 9"),
        (WIDTHS + "values = { width = 8 }", "budgets.smoke.values.width must be a row of levels: 8"),
        (WIDTHS + "values = [8]", "budgets.smoke.values must be a table of keys and values: [8]"),
        (WIDTHS.replace("seeds = 2", "seeds = 0"), "a budget's seeds is at least 1: 0"),
        (WIDTHS.replace('name = "widths"', 'name = "../widths"'), "a study's name is that of its folder too: '../widths'"),
        (WIDTHS.replace('recipe = "mlp"\n', ""), "the study names no recipe: widths"),
        (SEARCH.replace('recipe = "mlp"\n', ""), "the study names no recipe: rates"),
        (SEARCH.replace('design = "search"', ""), 'low and high are for a search: rate | design = "search", or values'),
        (SEARCH.replace("low = 1e-4", "low = 0"), "a range goes from low up to high, above 0 with log: 0 to 0.1"),
        (SEARCH.replace("low = 1e-4", "low = 1"), "a range goes from low up to high"),
        (SEARCH.replace("high = 1e-1", "high = inf"), "a range goes from low up to high"),
        (SEARCH.replace("log = true", "whole = true"), "a range of whole numbers ends in whole numbers: 0.0001 to 0.1"),
        (SEARCH.replace("log = true", 'log = "no"'), "factors[0].log must be true or false: 'no'"),
        (SEARCH.replace("high = 1e-1\n", ""), "factors[0].high must be a number: None"),
        (SEARCH.replace("log = true", "base = 0.01"), "a factor with low and high has no base: rate"),
        (factor("values = [1, 2]"), "factors[0] needs a name, or the key that it varies"),
        (factor('name = "a"\nvalues = [1, 2]'), "the factor a has values and needs the key that they are of"),
        (factor('name = "a"\nkey = "network.width"'), "the factor a needs either values, levels, or low and high"),
        (factor('name = 3\nkey = "network.width"\nvalues = [1]'), "factors[0].name must be a text: 3"),
        (factor('key = "network.width"\n[[factors.levels]]\nname = "a"'), "the factor width has levels, which say themselves what they"),
        (factor('name = "a"\nlevels = [{ name = "x", rate_rule = "liner" }]'), "unknown rate_rule: liner | did you mean `linear`?"),
        (factor('name = "a"\nlevels = [{ name = "x", tune = { "training.rate" = 1 } }]'), "tune names values for each key"),
        (factor('name = "a"\nlevels = [{ name = "x", set = 3 }]'), "factors[0].levels[0].set must be a table of dotted keys: 3"),
        (factor('name = "a"\nlevels = [{ nam = "x" }]'), "unknown key in factors[0].levels[0]: nam | did you mean `name`?"),
        (factor('key = "network.width"\nvalues = [1, 2, 3]', 'design = "add-and-leave-out"'), "off or on, two levels: width"),
        (factor('key = "network.width"\nvalues = [1, 2]\nbase = 2', 'design = "steps"'), "begins with the first level of width, not with"),
        (WIDTHS.replace('alphabet = "ABC"', 'design = "gird"'), "unknown design: gird | did you mean `grid`?"),
        (f'{HEAD}factors = 3', "factors must be a row of tables: 3 | write [[factors]]"),
        (f'{HEAD}budgets = 3', "budgets must be a table of tables: 3"),
        (WIDTHS + '\n[[factors]]\nkey = "training.epochs"\nname = "width"\nvalues = [1]', "a study has each factor once: width, width"),
    ],
)  # fmt: skip
def test_a_study_that_cannot_be_is_refused_with_its_place_and_a_way_out(text: str, told: str) -> None:
    assert told in refused(text)


def test_a_search_leaves_nothing_to_be_tuned_and_steps_have_one_factor() -> None:
    tuned = '[[factors.levels]]\nname = "x"\ntune = { "training.rate" = [0.1] }'
    assert "a search has levels that leave nothing to be tuned: a" in refused(factor(f'name = "a"\n{tuned}', 'design = "search"'))
    two = factor('key = "network.width"\nvalues = [1]', 'design = "steps"') + '[[factors]]\nkey = "training.rate"\nvalues = [1]'
    assert "steps have one factor, whose levels they are: own has 2" in refused(two)


def test_what_is_added_and_left_out_stays_off_or_on_in_every_budget() -> None:
    study = factor('key = "network.dropout"\nvalues = [0.0, 0.5]', 'design = "add-and-leave-out"')
    assert "two levels: dropout" in refused(study + "[budgets.smoke]\nvalues = { dropout = [0.5] }")
    parse(study + '[[factors]]\nkey = "network.width"\nvalues = [8, 16]\n[budgets.smoke]\nvalues = { dropout = [] }')


def test_levels_are_called_by_their_values() -> None:
    study = parse(factor('key = "network.widths"\nvalues = [[32, 64], [], true, 1e-4, "relu"]'))
    assert [each.name for each in study.factors[0].levels] == ["32-64", "none", "yes", "0.0001", "relu"]
    assert study.factors[0].levels[0].set == {"network.widths": (32, 64)}
    assert study.factors[0].name == "widths"


def test_a_level_sets_dotted_keys_however_they_are_written() -> None:
    quoted = 'set = { "training.rate" = 0.1, "training.optimizer" = "sgd" }'
    nested = "set = { training.rate = 0.1, training.optimizer = 'sgd' }"
    one, other = (parse(factor(f'name = "a"\n[[factors.levels]]\nname = "x"\n{each}')) for each in (quoted, nested))
    assert one == other
    assert one.factors[0].levels[0].set == {"training.rate": 0.1, "training.optimizer": "sgd"}


def test_a_budget_narrows_a_factor_to_some_levels_and_its_base_or_leaves_it_out() -> None:
    two = WIDTHS.replace("[8, 16]", "[8, 16, 32]") + "values = { width = [32] }"
    (width,) = parse(two).within(parse(two).budget("smoke"))
    assert [each.name for each in width.levels] == ["8", "32"]
    assert parse(WIDTHS + "values = { width = [] }").within(parse(WIDTHS + "values = { width = [] }").budget("smoke")) == ()


def test_the_first_of_named_levels_is_the_base_in_a_small_budget_too() -> None:
    levels = "".join(f'[[factors.levels]]\nname = "{each}"\nset = {{ "network.width" = {at} }}\n' for at, each in enumerate("abc", 8))
    study = parse(factor(f'name = "w"\n{levels}') + '[budgets.smoke]\nvalues = { w = ["c"] }')
    assert [each.name for each in study.within(study.budget("smoke"))[0].levels] == ["a", "c"]


def test_every_shipped_study_is_one_by_its_own_name() -> None:
    assert names()
    assert all(load(each).name == each for each in names())


def test_what_is_no_file_and_no_name_is_met_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound) as caught:
        load("mlp-factor")
    assert str(caught.value) == "no study of this name: mlp-factor"
    assert "`mlp-factors`" in caught.value.hint
    with pytest.raises(SourceNotFound, match="no study at: "):
        load(tmp_path / "absent.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match=r"odd.toml is no TOML: it is no text in UTF-8"):
        load(tmp_path / "odd.toml")
