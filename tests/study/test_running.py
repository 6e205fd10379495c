"""Studies run with trainings that are only pretended: their order, what is kept, what is never done twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.errors import RunError, UsageError
from inkread.recipes import load, parse
from inkread.study import Job, begin, go_on, ranking, winner
from tiny_study import SEARCH, TUNED, WIDTHS, Pretend, asked, made_row, run, runner, written


def stopping(after: int) -> Pretend:
    def stops(done: int) -> None:
        if done == after:
            raise KeyboardInterrupt

    return Pretend(stops=stops)


def cut(where: Pretend, study: Path, out: Path, storage: str = "") -> None:
    with pytest.raises(KeyboardInterrupt):
        run(study, out, where, storage)


def shown(jobs: list[Job]) -> list[tuple[str, int]]:
    return [(each.setting, each.seed) for each in jobs]


def test_whole_seeds_are_done_one_after_another(tmp_path: Path) -> None:
    where = Pretend()
    folder = run(written(tmp_path), tmp_path / "studies", where)
    assert shown(where.done) == [("base", 1), ("width = 16", 1), ("base", 2), ("width = 16", 2)]
    assert folder.path == tmp_path / "studies" / "widths-smoke"
    assert {"study.toml", "base.toml", "asked.json", "rows.csv", "best.toml", "runs", "trials.log"} <= {
        each.name for each in folder.path.iterdir()
    }
    assert where.closed == 1


def test_rows_csv_has_a_column_a_factor_and_a_row_a_trial(tmp_path: Path) -> None:
    folder = run(written(tmp_path), tmp_path / "studies", Pretend(fails=lambda job: "no, not this" if job.seed == 2 else ""))
    head, *rows = (folder.path / "rows.csv").read_text().splitlines()
    assert head.startswith("width,setting,seed,accuracy,last,loss,")
    assert sorted(each.split(",")[:4] for each in rows) == [
        ["16", "width = 16", "1", "0.8661"], ["16", "width = 16", "2", ""], ["8", "base", "1", "0.8581"], ["8", "base", "2", ""],
    ]  # fmt: skip
    assert any('"no, not this"' in each for each in rows)


def test_the_best_settings_recipe_is_left_with_its_first_seed(tmp_path: Path) -> None:
    folder = run(written(tmp_path), tmp_path / "studies")
    best = load(folder.path / "best.toml")
    assert (best.network.settings["width"], best.seed, best.training.epochs) == (16, 1, 2)


def test_a_study_that_was_broken_off_does_what_is_left_and_nothing_else(tmp_path: Path) -> None:
    study, out, rest = written(tmp_path), tmp_path / "studies", Pretend()
    cut(stopping(3), study, out)
    folder = run(study, out, rest)
    assert shown(rest.done) == [("width = 16", 2)]
    whole = run(study, tmp_path / "unbroken")
    assert [each.as_dict() for each in folder.rows()] == [each.as_dict() for each in whole.rows()]
    again = Pretend()
    run(study, out, again)
    assert again.done == []


def test_going_on_takes_what_was_asked_at_first(tmp_path: Path) -> None:
    study = written(tmp_path)
    made, folder = begin(asked(study, changes=("width=32",), seeds=1), tmp_path / "studies")
    study.unlink()
    again, _ = go_on(folder.path)
    assert [each.recipe for each in again.jobs({}).values()] == [each.recipe for each in made.jobs({}).values()]
    assert len(again.seeds) == 1


def test_a_failed_trial_is_a_row_and_is_tried_once_more_another_time(tmp_path: Path) -> None:
    study, out = written(tmp_path), tmp_path / "studies"
    folder = run(study, out, Pretend(fails=lambda job: "the machine has not enough memory for it" if job.seed == 2 else ""))
    assert sorted((each.setting, each.error) for each in folder.rows() if each.error) == [
        (name, "the machine has not enough memory for it") for name in ("base", "width = 16")
    ]
    again = Pretend()
    folder = run(study, out, again)
    assert shown(again.done) == [("base", 2), ("width = 16", 2)]
    assert not any(each.error for each in folder.rows())


@pytest.mark.parametrize("damage", ["removed", "cut", "rubbish", "half a line"])
def test_finished_runs_are_kept_whatever_befalls_the_journal(tmp_path: Path, damage: str) -> None:
    study, out = written(tmp_path), tmp_path / "studies"
    cut(stopping(3), study, out)
    journal = out / "widths-smoke" / "trials.log"
    lines = journal.read_bytes().splitlines(keepends=True)
    if damage == "removed":
        journal.unlink()
    elif damage == "cut":
        journal.write_bytes(b"".join([*lines[:3], *lines[6:]]))
    elif damage == "rubbish":
        journal.write_bytes(b"".join([*lines[:3], b"\x00{]\n", *lines[3:]]))
    else:
        journal.write_bytes(b"".join([*lines[:4], lines[4][:10], *lines[5:]]))
    rest = Pretend()
    folder = run(study, out, rest)
    assert shown(rest.done) == [("width = 16", 2)]
    assert len(folder.rows()) == 4


@pytest.mark.parametrize("damage", ["removed", "cut"])
def test_a_journal_that_goes_away_meanwhile_ends_the_study_with_a_sentence(tmp_path: Path, damage: str) -> None:
    study, out = written(tmp_path), tmp_path / "studies"
    journal = out / "widths-smoke" / "trials.log"

    def stops(done: int) -> None:
        if done == 2:
            journal.unlink() if damage == "removed" else journal.write_bytes(journal.read_bytes()[:100])

    with pytest.raises(RunError, match="the book of trials cannot be used") as caught:
        run(study, out, Pretend(stops=stops))
    assert caught.value.hint == "finished runs are kept; go on with the same command"
    rest = Pretend()
    run(study, out, rest)
    assert shown(rest.done) == [("width = 16", 2)], "the third had ended before the book was asked"


def test_a_database_keeps_the_book_as_well(tmp_path: Path) -> None:
    study, out, url = written(tmp_path), tmp_path / "studies", f"sqlite:///{tmp_path}/book.db"
    where = Pretend()
    run(study, out, where, url)
    assert len(where.done) == 4
    assert not (out / "widths-smoke" / "trials.log").exists()
    again = Pretend()
    run(study, out, again, url)
    assert again.done == []


@pytest.mark.parametrize("url", ["nothing://there", "sqlite:////nowhere/at/all.db", "postgresql://me:secret@127.0.0.1:1/book"])
def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(RunError, match="the book of trials cannot be used") as caught:
        run(written(tmp_path), tmp_path / "studies", storage=url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_programs_are_not_at_one_study_at_the_same_time(tmp_path: Path) -> None:
    plan, folder = begin(asked(written(tmp_path)), tmp_path / "studies")
    with folder.alone(), pytest.raises(RunError, match="another program is at this study: "):
        runner(plan, folder, Pretend()).run()
    runner(plan, folder, Pretend()).run()


def test_what_is_tuned_is_chosen_by_a_seed_of_its_own_before_the_others(tmp_path: Path) -> None:
    study = written(tmp_path, WIDTHS.split("[[factors]]")[0] + TUNED + "[budgets.smoke]\nepochs = 2\nseeds = 2\n")
    where = Pretend()
    folder = run(study, tmp_path / "studies", where)
    pilots = [f"optimizer = sgd, training.rate = {rate}" for rate in ("0.001", "0.01", "0.1")]
    assert sorted(shown(where.done)[:4]) == sorted([*((each, 0) for each in pilots), ("base", 1)])
    tuned = [parse(each.recipe).training.rate for each in where.done if each.setting == "optimizer = sgd"]
    assert tuned == [0.01, 0.01]
    assert [name for name, _ in ranking(folder.rows(), "accuracy")] == ["optimizer = sgd", "base"]


def test_pilots_that_fail_leave_the_choice_to_the_others(tmp_path: Path) -> None:
    study = written(tmp_path, WIDTHS.split("[[factors]]")[0] + TUNED + "[budgets.smoke]\nepochs = 2\nseeds = 1\n")
    where = Pretend(fails=lambda job: "no" if job.setting.endswith("rate = 0.01") else "")
    folder = run(study, tmp_path / "studies", where)
    assert [parse(each.recipe).training.rate for each in where.done if each.setting == "optimizer = sgd"] == [0.001]
    later = Pretend()
    run(study, tmp_path / "studies", later)
    assert shown(later.done) == [("optimizer = sgd, training.rate = 0.01", 0), ("optimizer = sgd", 1)]
    folder = go_on(folder.path)[1]
    assert [each.accuracy for each in folder.rows() if each.setting == "optimizer = sgd"] == [pytest.approx(0.9 + 0.512 + 0.0001)]
    none = Pretend(fails=lambda job: "no" if job.seed == 0 else "")
    run(study, tmp_path / "other", none)
    assert ("optimizer = sgd", 1) not in shown(none.done)


def test_a_search_tries_its_settings_and_trains_the_best_with_every_seed(tmp_path: Path) -> None:
    where = Pretend()
    folder = run(written(tmp_path, SEARCH), tmp_path / "studies", where)
    tried = [each for each in where.done if each.seed == 1]
    assert (len({each.setting for each in tried}), len(tried), len(where.done)) == (6, 6, 6 + 2 * 2)
    best = sorted(tried, key=lambda each: -made_row(each).accuracy)[:2]
    assert {each.setting for each in where.done[6:]} == {each.setting for each in best}
    assert [each.seed for each in where.done[6:]] == [2, 3, 2, 3]
    assert winner(folder.rows(), "accuracy") == best[0].setting


def test_the_luckiest_of_single_trainings_is_not_the_best(tmp_path: Path) -> None:
    where = Pretend()
    folder = run(written(tmp_path, SEARCH), tmp_path / "studies", where)
    rows = [*folder.rows(), made_row(where.done[0])]
    lucky = rows.pop()
    rows.append(type(lucky)(**{**vars(lucky), "setting": "lucky", "accuracy": 0.999}))
    assert ranking(rows, "accuracy")[0][0] == "lucky"
    assert winner(rows, "accuracy") != "lucky"
    assert winner([], "accuracy") == ""


@pytest.mark.parametrize("book", ["kept", "lost"])
def test_a_search_that_was_broken_off_draws_on(tmp_path: Path, book: str) -> None:
    study, out = written(tmp_path, SEARCH), tmp_path / "studies"
    first, rest = stopping(3), Pretend()
    cut(first, study, out)
    if book == "lost":
        (out / "rates-smoke" / "trials.log").unlink()
    run(study, out, rest)
    drawn = [each.name for each in [*first.done, *rest.done] if each.seed == 1]
    assert len(drawn) == len(set(drawn)) == 6


def test_a_search_among_few_settings_tries_each_at_most_once_and_ends(tmp_path: Path) -> None:
    few = SEARCH.replace("low = 1e-4\nhigh = 1e-1\nlog = true", "values = [0.001, 0.01]")
    where = Pretend()
    run(written(tmp_path, few), tmp_path / "studies", where)
    tried = [each.name for each in where.done if each.seed == 1]
    assert 2 <= len(tried) == len(set(tried)) <= 4


def test_an_edited_study_is_told_and_goes_on_under_a_new_name_with_what_is_the_same(tmp_path: Path) -> None:
    study, out = written(tmp_path), tmp_path / "studies"
    run(study, out)
    study.write_text(WIDTHS.replace("[8, 16]", "[8, 16, 32]"))
    with pytest.raises(RunError) as caught:
        run(study, out)
    assert str(caught.value) == f"the study in this folder was begun otherwise (its text): {out / 'widths-smoke'}"
    assert caught.value.hint.startswith("--fork NAME")
    rest = Pretend()
    folder = run(study, out, rest, fork="wider")
    assert shown(rest.done) == [("width = 32", 1), ("width = 32", 2)]
    assert (folder.path.name, len(folder.rows())) == ("wider", 6)
    again = Pretend()
    run(study, out, again, fork="wider")
    assert again.done == []


def test_a_fork_leaves_behind_what_is_no_longer_the_same(tmp_path: Path) -> None:
    study, out = written(tmp_path), tmp_path / "studies"
    run(study, out)
    study.write_text(WIDTHS.replace("epochs = 2", "epochs = 3"))
    where = Pretend()
    folder = run(study, out, where, fork="longer")
    assert (len(where.done), len(folder.rows()), len(list((folder.path / "runs").iterdir()))) == (4, 4, 4)


def test_a_search_forks_too(tmp_path: Path) -> None:
    study, out = written(tmp_path, SEARCH), tmp_path / "studies"
    run(study, out)
    study.write_text(SEARCH.replace("trials = 6", "trials = 8"))
    rest = Pretend()
    folder = run(study, out, rest, fork="longer")
    assert sum(each.seed == 1 for each in rest.done) == 2
    assert sum(each.seed == 1 for each in folder.rows()) == 8


@pytest.mark.parametrize(("change", "told"), [
    ({"seeds": 5}, "seeds"), ({"data": "mine"}, "data"), ({"changes": ("width=3",)}, "changes"), ({"recipe": "linear"}, "recipe"),
])  # fmt: skip
def test_what_else_was_asked_is_told_as_well(tmp_path: Path, change: dict[str, object], told: str) -> None:
    text = WIDTHS.replace("network.width", "training.epochs").replace("base = 8", "").replace('"network.layers" = 1, ', "")
    study = written(tmp_path, text)
    begin(asked(study), tmp_path / "studies")
    with pytest.raises(RunError, match=rf"begun otherwise \({told}\)"):
        begin(asked(study, **change), tmp_path / "studies")


def test_a_base_recipe_that_has_changed_is_told_and_a_study_goes_on_with_the_one_it_had(tmp_path: Path) -> None:
    recipe = tmp_path / "mine.toml"
    recipe.write_text('name = "mine"\n[network]\nname = "mlp"\nlayers = 1\nwidth = 8\n')
    study = written(tmp_path, WIDTHS.replace('"mlp"', f'"{recipe.as_posix()}"'))
    made, folder = begin(asked(study), tmp_path / "studies")
    recipe.write_text('name = "mine"\n[network]\nname = "mlp"\nlayers = 1\nwidth = 8\n[training]\nrate = 0.5\n')
    with pytest.raises(RunError, match="the recipe that it starts from"):
        begin(asked(study), tmp_path / "studies")
    assert go_on(folder.path)[0].jobs({}).keys() == made.jobs({}).keys()


def test_forks_of_nothing_and_names_that_are_places_are_refused(tmp_path: Path) -> None:
    study = written(tmp_path)
    with pytest.raises(RunError, match="there is no study to fork: "):
        begin(asked(study), tmp_path, fork="new")
    with pytest.raises(UsageError, match="a fork has a new name: widths-smoke"):
        begin(asked(study), tmp_path, fork="widths-smoke")
    with pytest.raises(UsageError, match=r"this is no name of a folder: '../x'"):
        begin(asked(study), tmp_path, name="../x")
    assert [each.name for each in tmp_path.iterdir()] == ["own.toml"]


def test_a_recipe_is_refused_where_each_level_brings_its_own(tmp_path: Path) -> None:
    levels = '[[factors.levels]]\nname = "a"\nrecipe = "mlp"\n[[factors.levels]]\nname = "b"\nrecipe = "linear"\n'
    study = written(tmp_path, f'name = "own"\nquestion = "?"\ndata = "letters"\n[[factors]]\nname = "network"\n{levels}')
    plan, _ = begin(asked(study), tmp_path / "studies")
    assert [parse(each.recipe).name for each in plan.jobs({}).values()][:2] == ["mlp", "linear"]
    with pytest.raises(UsageError, match="brings its own recipe: vgg-5"):
        begin(asked(study, recipe="vgg-5"), tmp_path / "other")
