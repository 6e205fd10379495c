"""The reference: every command from the command line itself, every public name from its docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, is_typeddict

import click

from inkread.cli import main
from inkread.cli.lines import LAYOUTS

ROOMS = (
    "inkread",
    "inkread.alphabet",
    "inkread.errors",
    "inkread.reading",
    "inkread.picture",
    "inkread.preparation",
    "inkread.bundle",
    "inkread.formats",
    "inkread.datasets",
    "inkread.datasets.drawn",
    "inkread.evaluation",
    "inkread.report",
    "inkread.runs",
)
"""The rooms of the base install; those that train need PyTorch, and their docstrings are read in the source."""

MADE = "<!-- Written by `python docs/generate.py` from the program itself: change it there. -->"


def reference() -> dict[str, str]:
    """The pages by their path below `docs/reference/`."""
    pages = {"commands.md": commands()} | {f"{_file(name)}": room(import_module(name)) for name in ROOMS}
    return {"README.md": contents()} | {path: f"{MADE}\n\n{text.rstrip()}\n" for path, text in pages.items()}


def contents() -> str:
    """The list of all pages of the reference."""
    rooms = [f"- [`{name}`]({_file(name)}): {_first(import_module(name).__doc__)}" for name in ROOMS]
    head = [
        MADE,
        "",
        "# Reference",
        "",
        "- [The commands](commands.md): every command, option and output format.",
        "",
        "## From Python",
        "",
    ]
    return "\n".join([*head, *rooms]) + "\n"


def every_command() -> dict[str, click.Context]:
    """Each command by its words after ``inkread``, those of groups right after their group."""
    return {name: context for name, context in _below(click.Context(main, info_name="inkread", **main.context_settings)) if name}


def _below(context: click.Context) -> Iterator[tuple[str, click.Context]]:
    yield context.command_path.partition(" ")[2], context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            assert command
            yield from _below(click.Context(command, info_name=name, parent=context))


def commands() -> str:
    """Every command with all of its options."""
    top = click.Context(main, info_name="inkread", **main.context_settings)
    every = every_command()
    listed = [
        f"{'  ' * name.count(' ')}- [`inkread {name}`](#inkread-{name.replace(' ', '-')}): {context.command.get_short_help_str(200)}"
        for name, context in every.items()
    ]
    parts = ["# Commands", "", markdown(main.help or ""), "", *listed, "", *_options(top), "", markdown(main.epilog or "")]
    parts += [CODES]
    for name, context in every.items():
        parts += _command(context)
        if name == "read":
            parts += [
                "### Output formats",
                "",
                *(f"- `{each}`: {' '.join(markdown(kind.__doc__ or '').split())}" for each, kind in LAYOUTS.items()),
                "",
            ]
    return "\n".join(parts)


CODES = """
Exit codes of all commands: 0 done; 1 done, with something to tell; 2 nothing was done, and one line on standard error says
why; 130 interrupted by Ctrl-C. Answers go to standard output, everything else to standard error.
"""


def room(module: ModuleType) -> str:
    """Every public name of a module."""
    parts = [f"# `{module.__name__}`", "", markdown(module.__doc__ or "")]
    for name in _public(module):
        parts += ["", *_member(name, getattr(module, name))]
    return "\n".join(parts)


def markdown(docstring: str) -> str:
    """A docstring as Markdown: paragraphs on one line each, indented blocks as they are, names in single backticks."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", inspect.cleandoc(docstring).replace("\b", ""))
    text = re.sub(r"``([^`]+)``", r"`\1`", text)
    parts = []
    for paragraph in re.split(r"\n\s*\n", re.sub(r"^::$\n*", "", text, flags=re.MULTILINE)):
        drawn = paragraph.startswith("    ")
        parts.append(f"```text\n{inspect.cleandoc(paragraph)}\n```" if drawn else " ".join(paragraph.split()))
    return "\n\n".join(filter(None, parts))


def _command(context: click.Context) -> list[str]:
    command = context.command
    usage = command.get_usage(context).removeprefix("Usage: ")
    parts = [f"## {context.command_path}", "", f"    {' '.join(usage.split())}", "", markdown(command.help or ""), ""]
    return [*parts, *_options(context), "", markdown(command.epilog or ""), ""]


def _options(context: click.Context) -> Iterator[str]:
    for each in context.command.get_params(context):
        record = each.get_help_record(context) if isinstance(each, click.Option) else None
        if record:
            names, says = (" ".join(part.split()) for part in record)
            yield f"- `{names}`: {says}"


def _public(module: ModuleType) -> list[str]:
    if hasattr(module, "__all__"):
        return [each for each in module.__all__ if not each.startswith("__")]
    return [name for name, value in vars(module).items() if not name.startswith("_") and _own(value, module)]


def _own(value: object, module: ModuleType) -> bool:
    return (inspect.isclass(value) or inspect.isfunction(value)) and value.__module__ == module.__name__


def _member(name: str, value: Any) -> list[str]:
    if inspect.isclass(value) and value.__module__.startswith("inkread"):
        shown = "" if issubclass(value, BaseException) else _signature(value)
        parts = [f"## `{name}{shown}`", "", markdown(value.__doc__ or "")]
        for each, method in vars(value).items():
            if not each.startswith("_") and _doc(method):
                says = markdown(_doc(method)).replace("\n\n", "\n\n  ")
                parts += ["", f"- `{name}.{each}{_signature(_bare(method))}`: {says}"]
        return parts
    if inspect.isfunction(value):
        return [f"## `{name}{_signature(value)}`", "", markdown(value.__doc__ or "")]
    shown = repr(value)
    return [f"## `{name}`", "", f"`{shown}`" if len(shown) < 100 else f"A {type(value).__name__}."]


def _bare(method: Any) -> Any:
    """The function behind a method; a property is as it is, and has no signature."""
    return method.__func__ if isinstance(method, classmethod | staticmethod) else method


def _doc(method: Any) -> str:
    told = inspect.isfunction(_bare(method)) or isinstance(method, property) or type(method).__name__ == "cached_property"
    return (_bare(method).__doc__ or "") if told else ""


def _signature(value: Any) -> str:
    """The signature as it stands in the source; empty for what is not called."""
    if is_typeddict(value) or getattr(value, "_is_protocol", False) or not (inspect.isclass(value) or inspect.isfunction(value)):
        return ""
    signature = inspect.signature(value)
    parts, star = [], False
    for each in signature.parameters.values():
        if each.kind is each.KEYWORD_ONLY and not star:
            parts.append("*")
            star = True
        if each.name not in ("self", "cls"):
            star = star or each.kind is each.VAR_POSITIONAL
            parts.append(_parameter(each))
    returns = signature.return_annotation
    ends = "" if inspect.isclass(value) or returns is signature.empty else f" -> {_name(returns)}"
    return f"({', '.join(parts)}){ends}"


def _parameter(each: inspect.Parameter) -> str:
    stars = "*" if each.kind is each.VAR_POSITIONAL else "**" if each.kind is each.VAR_KEYWORD else ""
    annotated = f": {_name(each.annotation)}" if each.annotation is not each.empty else ""
    default = "" if each.default is each.empty else f" = {_default(each.default)}" if annotated else f"={_default(each.default)}"
    return f"{stars}{each.name}{annotated}{default}"


def _default(value: object) -> str:
    shown = repr(value)
    return "..." if " at 0x" in shown or "<factory>" in shown else shown


def _name(annotation: object) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))


def _file(room_name: str) -> str:
    return f"python-{room_name.removeprefix('inkread.').replace('.', '-')}.md"


def _first(docstring: str | None) -> str:
    """The first sentence of a docstring, or the part of it before a colon."""
    return re.split(r"(?<=\.)\s|\n\n", markdown(docstring or ""))[0]
