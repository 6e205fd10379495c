"""The docs say what is true: examples are run, commands and links are there, nothing of one machine is in them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest
from making import DOCS, ROOT, drawings, keys, pages, tables
from making.examples import FENCE, alike, outcomes, renewed
from making.reference import every_command, reference
from making.running import place

from inkread.errors import InkreadError

AGAIN = "write it anew: make docs"
MISSING = "hint: pip install 'inkread["
PAGES = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in pages()}
COMMANDS = every_command()
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
IMPORTED = {">>> import inkread.study": "optuna", ">>> from inkread.networks import": "torchvision"}
"""What the Python of a page imports, and the library without which it cannot be run."""
MACHINE = re.compile(r"(?<![\w.$}])/(?:work|root|home|tmp|Users)\b")
REGISTRY = re.compile(r"pypi\.|pythonhosted|anaconda\.org|index-url|ghcr\.io|quay\.io|docker\.io", re.IGNORECASE)


def options(name: str) -> set[str]:
    own = {
        option for each in COMMANDS[name].command.params if isinstance(each, click.Option) for option in (*each.opts, *each.secondary_opts)
    }
    return own | {"-h", "--help"}


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if FENCE.search(text)])
def test_an_example_prints_what_the_page_shows(page: str) -> None:
    for library in (library for line, library in IMPORTED.items() if line in PAGES[page]):
        pytest.importorskip(library)
    for each in outcomes(PAGES[page]):
        if MISSING in each.now and MISSING not in each.shown:
            pytest.skip("an example needs an extra that is not installed")
        assert each.same, f"{page}, line {each.line}: {AGAIN}\n--- shown\n{each.shown}--- now\n{each.now}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_reference(name: str) -> None:
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    section = re.search(rf"^## inkread {name}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, f"not in the reference: {name}; {AGAIN}"
    missing = [each for each in options(name) if not re.search(rf"^- `[^`]*{re.escape(each)}\b", section[1], re.MULTILINE)]
    assert missing == [], AGAIN


def test_every_command_is_in_the_readme_and_shown_at_work() -> None:
    shown = "".join(block for text in PAGES.values() for kind, block in FENCE.findall(text) if kind == "console")
    of_this_machine = {"data fetch", "data where", "data remove"}  # they print folders, or take a server
    for name, context in COMMANDS.items():
        if name in of_this_machine:
            continue
        assert f"`inkread {name.partition(' ')[0]} " in PAGES["README.md"], name
        assert isinstance(context.command, click.Group) or re.search(rf"^\$ inkread {name}\b", shown, re.MULTILINE), name


def test_the_reference_is_what_the_program_says_of_itself() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md")}
    made = reference()
    assert written.keys() == made.keys(), AGAIN
    assert [name for name in made if made[name] != written[name]] == [], AGAIN


def test_a_command_that_is_not_run_has_only_options_that_exist() -> None:
    for page, text in PAGES.items():
        for block in re.findall(r"^```(?:sh|console)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            for line in re.findall(r"^(?:\$ )?inkread +(\w+.*)$", block, re.MULTILINE):
                name, *words = shlex.split(line.partition(" | ")[0], comments=True)
                if words and f"{name} {words[0]}" in COMMANDS:
                    name = f"{name} {words.pop(0)}"
                unknown = {each.partition("=")[0] for each in words if re.match("--?[a-z]", each)} - options(name)
                assert not unknown, f"{page}: inkread {line}"


QUICK = "--set epochs=1 --set batch=2 --set validation=0.4"

JSON = {
    "read": "read samples/strange --json --truth name --top 2 --reject-below 0.9 --quiet",
    "vin": "vin samples/vin --json",
    "teach": "teach hand --json",
    "doctor": "doctor samples/letters/upper_R.png --json --no-page --data hand",
    "evaluate": "evaluate embedded --data hand --letter A --json",
    "compare": "compare embedded taught.onnx --data hand --json",
    "data list": "data list --json",
    "data where": "data where --json",
    "data remove": "data remove --arrays --yes --json",
    "data show": "data show samples/letters --json",
    "data check": "data check samples/letters --json",
    "data suspects": "data suspects hand --bundle embedded --json",
    "data overlap": "data overlap samples/letters samples/strange --json",
    "recipes": "recipes --keys --json",
    "train": f"train linear --data source {QUICK} --seeds 2 --json",
    "export": "export runs/linear-source source.onnx --bits 8 --json",
    "curves": "curves examples/runs/mlp --json",
    "runs": "runs examples/runs/mlp examples/runs/mlp-slow --json",
    "data convert": "data convert samples/letters letters.zip --json",
    "study list": "study list --json",
    "study show": "study show examples/own/study.toml --json",
    "study report": "study report rates-smoke --json",
}

AS_REPORT = {"study run", "study resume"}
"""Commands that end in `study report`: they tell the same."""

NEEDS = {
    "data suspects": "cleanlab",
    "train": "lightning",
    "export": "lightning",
    "study list": "optuna",
    "study show": "optuna",
    "study report": "optuna",
}
"""What is not in the base install."""

BEFORE = {
    "train": ("python examples/draw_hand.py source AB",),
    "export": ("python examples/draw_hand.py source AB", f"inkread train linear --data source {QUICK}"),
    "compare": ("python examples/draw_hand.py hand AB", "inkread teach hand -o taught.onnx"),
    "study report": (
        "python examples/draw_hand.py source AB",
        f"inkread study run examples/own/study.toml --budget smoke --data source --set alphabet=AB {QUICK} --seeds 2 --workers 1",
    ),
}
"""What has to be there first, where it is more than a few pictures in `hand`. JSON has the names of sources as keys, hence `source`."""


def test_every_command_that_gives_json_is_tried() -> None:
    giving = {name for name in COMMANDS if "--json" in options(name)}
    assert giving - {"data fetch"} - AS_REPORT == set(JSON)  # to fetch takes a server: tests/cli/test_data_fetch.py
    for name in AS_REPORT:
        assert "JSON: as `inkread study report`" in (COMMANDS[name].command.epilog or "")


@pytest.mark.parametrize("name", JSON)
def test_every_key_of_the_json_is_in_the_reference(name: str) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    section = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8").partition(f"\n## inkread {name}\n")[2].partition("\n## ")[0]
    with place() as here:
        for line in BEFORE.get(name, ("python examples/draw_hand.py hand AB",)):
            here.console(line)
        here.console(f"inkread {JSON[name]} > out.json")
        told = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert {key for key in _keys(told) if not re.search(rf"\b{key}\b", section)} == set()


def _keys(value: object) -> set[str]:
    """The keys of an object and of all in it; characters that are counted (`A`, or `Aa` for both cases) are no keys."""
    if isinstance(value, list):
        return set().union(*map(_keys, value))
    if not isinstance(value, dict):
        return set()
    return set().union(*({key} | _keys(each) for key, each in value.items() if len(set(key.lower())) > 1))


def test_the_page_on_privacy_switches_telemetry_off_as_inkread_does() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGES["docs/explanation/privacy.md"], re.MULTILINE | re.DOTALL)
    start, engines = ((ROOT / "src" / "inkread" / name).read_text(encoding="utf-8") for name in ("__init__.py", "reading/engines.py"))
    for name, source in (("ORT_DISABLE_TELEMETRY", start), ("openvino_telemetry", engines)):
        assert f'["{name}"] = ' in block
        assert f'"{name}"' in source


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in LINK.findall(PAGES[page]):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        linked = (page.parent / link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8")) if ":" not in link)
        waiting += {each.resolve() for each in linked if each.suffix == ".md" and each.is_file()} - reached
    assert set(DOCS.rglob("*.md")) - reached == set()


def test_the_readme_is_short_and_begins_with_what_it_is_for() -> None:
    lines = PAGES["README.md"].splitlines()
    assert len(lines) <= 120
    assert "what no OCR engine does: one handwritten character" in lines[2]


def test_nothing_of_one_machine_and_no_registry_is_in_the_docs() -> None:
    texts = PAGES | {path.name: path.read_text(encoding="utf-8") for path in (*SCRIPTS, *DOCS.rglob("*.py"))}
    assert {name: found[0] for name, text in texts.items() if (found := MACHINE.search(text) or REGISTRY.search(text))} == {}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_an_example_script_is_short_and_run_by_a_page(script: Path) -> None:
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 40
    assert any(f"$ python examples/{script.name} " in text for text in PAGES.values())


def test_the_picture_in_the_readme_shows_what_the_reader_answers() -> None:
    shown = drawings.told_in(drawings.PICTURES / "answers.png")
    now = drawings.captions()
    assert [each for pair in zip(shown, now, strict=True) for each in pair if not _alike_to_a_hundredth(*pair)] == [], AGAIN


def _alike_to_a_hundredth(shown: str, now: str) -> bool:
    """Two places are told, so that one unit in the last is rounding."""
    one, other = (re.search(r"\d\.\d\d", each) for each in (shown, now))
    words = [re.sub(r"\d\.\d\d", "#", each) for each in (shown, now)]
    return words[0] == words[1] and (not one or not other or abs(float(one[0]) - float(other[0])) < 0.011)


@pytest.mark.parametrize(
    ("now", "same"),
    [
        ("a.png\tA\t0.9931\n1 picture; 12.0 s, onnxruntime\n", True),
        ("a.png\tA\t0.9921\n1 picture; 1.2 s, onnxruntime\n", True),
        ("a.png\tA\t0.9831\n1 picture; 1.2 s, onnxruntime\n", False),
        ("a.png\t4\t0.9931\n1 picture; 1.2 s, onnxruntime\n", False),
        ("a.png\tA\t0.9931\n2 pictures; 1.2 s, onnxruntime\n", False),
    ],
)
def test_another_answer_is_noticed_and_another_time_is_not(now: str, same: bool) -> None:
    assert alike("a.png\tA\t0.9931\n1 picture; 1.2 s, onnxruntime\n", now) is same


def test_a_page_is_renewed_only_where_it_is_wrong() -> None:
    right = "```pycon\n>>> 1 + 1\n2\n```\n"
    wrong = "```console\n$ inkread read nothing.png | head -2\nnothing to see\n```\n"
    assert renewed(f"A\n{right}B\n{wrong}C\n") == f"A\n{right}B\n{wrong.replace('nothing to see', NOTHING)}C\n"


NOTHING = "error: no such file or folder: nothing.png"


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if "<!-- keys -->" in text])
def test_every_key_of_a_recipe_is_explained_as_the_program_explains_it(page: str) -> None:
    assert keys.renewed(PAGES[page]) == PAGES[page], AGAIN
    assert "| `epochs` | a whole number | `20` |" in PAGES[page]


def test_every_key_of_a_study_is_explained_and_taken() -> None:
    pytest.importorskip("optuna")
    from making.study_keys import study_keys

    assert keys.renewed(PAGES["docs/studies.md"]) == PAGES["docs/studies.md"], AGAIN
    for key in study_keys():
        where = {"factors": "[[factors]]\n", "factors.levels": "[[factors]]\n[[factors.levels]]\n"}
        where |= {name: f"[[{name}]]\n" for name in ("questions", "bodies")}
        table = where.get(key.table, f"[{key.table.replace('NAME', 'small')}]\n" if key.table else "")
        assert "unknown key" not in _refusal(f"{table}{key.name} = []\n"), key


def _refusal(text: str) -> str:
    """Why a study of nothing but this is none: it lacks the rest, but knows the key."""
    from inkread.study import parse

    with pytest.raises(InkreadError) as refused:
        parse(text)
    return str(refused.value)


def test_the_page_on_studies_shows_its_files_as_they_are() -> None:
    own, search = ((ROOT / "examples" / "own" / name).read_text(encoding="utf-8") for name in ("study.toml", "search.toml"))
    assert len(own.splitlines()) == 10
    shown = re.findall(r"^```toml\n(.*?)^```$", PAGES["docs/studies.md"], re.MULTILINE | re.DOTALL)
    assert own in shown
    assert any(block in search for block in shown)


@pytest.mark.parametrize("file", ["network.py", "recipe.toml"])
def test_the_page_on_training_shows_its_files_as_they_are(file: str) -> None:
    shown = re.findall(r"^```(?:python|toml)\n(.*?)^```$", PAGES["docs/training.md"], re.MULTILINE | re.DOTALL)
    assert any(block in (ROOT / "examples" / "own" / file).read_text(encoding="utf-8") for block in shown)


def test_a_table_is_made_from_its_file_and_stays_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "speed-some-machine.csv").write_text("figure,median,load\nthree pictures,0.5,1\n", encoding="utf-8")
    page = "<!-- table {}: figure median -->\nOld.\n<!-- end of table -->\n"
    new = "<!-- figures: results/speed-some-machine.csv -->\n| figure | median |\n| --- | --- |\n| three pictures | 0.5 |\n"
    assert tables.renewed(page.format("speed"), tmp_path) == page.format("speed").replace("Old.\n", new)
    assert tables.renewed(page.format("accuracy"), tmp_path) == page.format("accuracy")
