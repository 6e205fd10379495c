"""The rooms and what each may know: DESIGN's table as data, held against every import statement in the package.

Imports inside functions count like those at the top of a file for our own rooms; only `cli` may name every room, and it
does so inside functions. Imports under `if TYPE_CHECKING` are knowledge too: they count for our own rooms, and for third
parties as if they stood inside a function, since they cost nothing when the file is imported.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import inkread

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "inkread"


@dataclass(frozen=True)
class Room:
    """A row of the table: third parties at the `top` of its files may stand inside functions too."""

    level: int
    ours: str = "errors"
    top: str = ""
    inside: str = ""


ROOMS = {
    "errors": Room(0, ours=""),
    "interrupt": Room(0, ours=""),
    "alphabet": Room(0, inside="numpy"),
    "preparation": Room(0, inside="numpy"),
    "formats": Room(1, "alphabet errors", "numpy", "scipy pyarrow"),
    "picture": Room(1, "preparation errors", "numpy", "cv2 PIL"),
    "datasets": Room(2, "formats picture preparation alphabet errors", "numpy", "cv2 httpx remotezip"),
    "evaluation": Room(2, "picture alphabet errors", "numpy", "cleanlab scipy"),
    "bundle": Room(2, "alphabet preparation errors", "numpy", "onnxruntime"),
    "recipes": Room(2, "preparation alphabet errors"),
    "reading": Room(3, "bundle formats picture preparation alphabet errors", "numpy", "onnxruntime openvino"),
    "report": Room(3, "evaluation picture alphabet errors", "numpy", "matplotlib jinja2 markupsafe"),
    "networks": Room(3, "errors", "torch", "torchvision timm huggingface_hub safetensors numpy"),
    "runs": Room(4, "recipes evaluation report alphabet errors", "numpy"),
    "training": Room(
        4,
        "recipes networks datasets picture evaluation bundle preparation alphabet interrupt errors",
        "numpy torch lightning",
        "tensorboard onnx onnxruntime safetensors torchmetrics cv2 rich",
    ),
    "contest": Room(5, "formats datasets recipes training evaluation report bundle reading alphabet errors", "numpy", "sqlalchemy"),
    "study": Room(
        5,
        "recipes networks training datasets picture preparation bundle evaluation report runs alphabet interrupt errors",
        "numpy",
        "optuna ray sklearn scipy sqlalchemy torch",
    ),
    "serve": Room(5, "reading datasets picture alphabet errors", "starlette uvicorn"),
}
ROOMS["cli"] = Room(6, " ".join(ROOMS), "click", "rich numpy")
FACE = Room(7, "alphabet errors reading cli")
"""The package's own `__init__` and `__main__`: lazy, so nothing of ours at the top but `__main__`'s cli."""

OPEN_FOLDERS = {"datasets.drawn"}
"""Folders inside a room that have a face of their own."""

DYNAMIC = re.compile(r"(\w+/)?__init__\.py|cli/commands\.py|networks/build\.py")
"""Where a module of the same room is named by a string (lazy faces): an `import_module` elsewhere would go round the table."""

NETWORK = {
    "asyncio",
    "ftplib",
    "http",
    "httpx",
    "remotezip",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "urllib",
    "urllib3",
    "xmlrpc",
}
MAY_USE_THE_NETWORK = re.compile(r"datasets/fetch\w*\.py|datasets/fetch/.*|serve/.*")


@dataclass(frozen=True)
class Import:
    """One imported module: dotted name, whether it runs with the file (not in a function, not for types only)."""

    module: str
    at_top: bool
    where: str


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first.startswith("__") else first


def imports_of(path: Path, source: str | None = None) -> Iterator[Import]:
    """Every import statement of a file as absolute dotted names; a module imported from its package counts as that module."""
    tree = ast.parse(source if source is not None else path.read_text(encoding="utf-8"))
    package = ("inkread", *path.relative_to(PACKAGE).parent.parts)

    def walk(node: ast.AST, top: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            where = f"{path.relative_to(ROOT)}:{getattr(child, 'lineno', 0)}"
            if isinstance(child, ast.Import):
                yield from (Import(each.name, top, where) for each in child.names)
            elif isinstance(child, ast.ImportFrom):
                if child.level and [each.name for each in child.names] == ["__version__"]:
                    continue  # a literal: knowing it is knowing nothing
                above = package[: len(package) - child.level + 1] if child.level else ()
                module = ".".join([*above, *([child.module] if child.module else [])])
                submodules = [f"{module}.{each.name}" for each in child.names if is_module(f"{module}.{each.name}")]
                yield from (Import(each, top, where) for each in submodules or [module])
            types_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            in_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, top and not types_only and not in_function)

    yield from walk(tree, True)


def is_module(dotted: str) -> bool:
    """Whether the name is a module of ours, and not what a room's face gives under the module's name (`training.fit`)."""
    if not dotted.startswith("inkread."):
        return False
    path = PACKAGE.joinpath(*dotted.split(".")[1:])
    return (path.is_dir() or path.with_suffix(".py").exists()) and path.name not in face_of(path.parent)


@cache
def face_of(folder: Path) -> frozenset[str]:
    """The names in a room's `__all__`."""
    face = folder / "__init__.py"
    found = re.search(r"^__all__ = (\[.*?\])", face.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL) if face.exists() else None
    return frozenset(ast.literal_eval(found[1])) if found else frozenset()


def faults_of(path: Path, source: str | None = None) -> list[str]:
    """What a file imports against the table, one sentence each."""
    home = room_of(path)
    room = ROOMS.get(home, FACE)
    return [f"{each.where} {fault}" for each in imports_of(path, source) if (fault := fault_of(each, home, room))]


def fault_of(each: Import, home: str, room: Room) -> str:
    first, _, rest = each.module.partition(".")
    if first == "inkread":
        return own_fault(rest, each.at_top, home, room)
    if first in sys.stdlib_module_names or first in room.top.split():
        return ""
    if first in room.inside.split():
        return f"imports {first} at the top, which `{home}` may only inside a function" if each.at_top else ""
    return f"imports {first}, which `{home}` may not"


def own_fault(dotted: str, at_top: bool, home: str, room: Room) -> str:
    target = dotted.split(".")[0]
    if target == home:
        return ""
    if not target:
        return "" if home in ("", "cli") else "imports the package's face, which is above every room"
    if target not in room.ours.split():
        return f"imports the room `{target}`, which `{home}` may not"
    if "." in dotted and dotted not in OPEN_FOLDERS:
        return f"imports `{dotted}` past the face of the room `{target}`"
    if at_top and home in ("cli", "") and ROOMS[target].level > 0 and target != "cli":
        return f"imports the room `{target}` at the top, not inside a function"
    return ""


def rooms_that_exist() -> set[str]:
    return {room for room in map(room_of, files()) if room}


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_room_may(path: Path) -> None:
    assert faults_of(path) == []


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        ("formats/x.py", "from ..picture import decode", "imports the room `picture`, which `formats` may not"),
        ("reading/x.py", "from ..picture.decode import decode", "imports `picture.decode` past the face of the room `picture`"),
        ("evaluation/x.py", "def f():\n  import inkread.bundle", "imports the room `bundle`, which `evaluation` may not"),
        ("evaluation/x.py", "if TYPE_CHECKING:\n  from ..bundle import Bundle", "imports the room `bundle`, which `evaluation` may not"),
        ("reading/x.py", "import onnxruntime", "imports onnxruntime at the top, which `reading` may only inside a function"),
        ("reading/x.py", "def f():\n  import torch", "imports torch, which `reading` may not"),
        ("cli/x.py", "from ..reading import Reader", "imports the room `reading` at the top, not inside a function"),
        ("datasets/x.py", "from .. import read", "imports the package's face, which is above every room"),
    ],
)
def test_the_table_catches(file: str, line: str, fault: str) -> None:
    (found,) = faults_of(PACKAGE / file, line)
    assert found.endswith(fault)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("reading/x.py", "def f():\n  import onnxruntime"),
        ("reading/x.py", "if TYPE_CHECKING:\n  import onnxruntime"),
        ("cli/x.py", "def f():\n  from ..training import fit"),
        ("training/x.py", "from ..datasets.drawn import draw"),
    ],
)
def test_the_table_lets_through(file: str, line: str) -> None:
    assert faults_of(PACKAGE / file, line) == []


def test_a_room_imports_only_lower_levels() -> None:
    for name, room in ROOMS.items():
        for target in room.ours.split():
            assert ROOMS[target].level < room.level or target == "errors", f"{name} -> {target}"


def test_every_folder_is_a_room_of_the_table() -> None:
    assert rooms_that_exist() <= set(ROOMS)


def test_modules_are_named_by_strings_only_where_the_table_knows() -> None:
    dynamic = [path for path in files() if re.search(r"import_module|__import__", path.read_text(encoding="utf-8"))]
    assert [path for path in dynamic if not DYNAMIC.fullmatch(path.relative_to(PACKAGE).as_posix())] == []


def test_only_fetching_and_serving_can_reach_the_network() -> None:
    """No telemetry, no download at first use: nothing else in the package imports what opens a socket."""
    found = [
        each.where
        for path in files()
        if not MAY_USE_THE_NETWORK.fullmatch(path.relative_to(PACKAGE).as_posix())
        for each in imports_of(path)
        if each.module.split(".")[0] in NETWORK
    ]
    assert found == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {path.name: count for path in files() if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def test_architecture_page_names_the_rooms_that_exist_and_what_each_may_import() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) \| `(\w+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|", page, flags=re.MULTILINE)
    told = {room: (int(level), words(ours), words(top), words(inside)) for level, room, ours, top, inside in rows}
    here = {
        name: (room.level, {"every room"} if name == "cli" else set(room.ours.split()), set(room.top.split()), set(room.inside.split()))
        for name, room in ROOMS.items()
        if name in rooms_that_exist()
    }
    assert told == here


def words(cell: str) -> set[str]:
    return {each.strip() for each in cell.split(",")} - {"-"}


def test_the_version_is_one_literal() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", inkread.__version__)
    assert f'__version__ = "{inkread.__version__}"' in (PACKAGE / "__init__.py").read_text(encoding="utf-8")


def test_the_citation_names_the_same_version() -> None:
    assert f"\nversion: {inkread.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
