"""What stands beside a bundle for people: data, figures, and whose handwriting it fails on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..bundle import Manifest
from .provenance import WEIGHTS


def card(manifest: Manifest) -> str:
    """The card of a bundle as Markdown, from its manifest alone."""
    recipe: Mapping[str, Any] = manifest.recipe
    figures: Mapping[str, Any] = manifest.figures
    lines = [
        f"# The reader `{manifest.name}`",
        "",
        f"{len(manifest.characters)} characters: `{manifest.characters}`. Format {manifest.format}.",
        _network_line(recipe, figures),
        *([f"It reads every picture in {figures['views']} slightly different views and tells the mean."] if "views" in figures else []),
        f"Temperature {manifest.temperature:.3f}, case weight {manifest.case_weight:g}.",
        f"Exported in 32 bits, the largest difference to PyTorch in any logit or feature is {figures['parity']:.1e}.",
        "",
        *_width_lines(figures),
        "## Data",
        "",
        "| source | files | SHA-256 | pictures trained on |",
        "|---|---|---|---|",
        *(_source_line(use, manifest) for use in recipe["sources"]),
        "",
        *_weights_lines(manifest),
        "## How it reads",
        "",
        "Pictures held back from training, and pictures of sources that a twin of this reader never saw (*left out*).",
        f"Temperature and case weight were chosen on: {', '.join(figures['chosen_on'])} (selected on: these figures flatter a little).",
        "",
        "| source | pictures | all characters, flat prior | case folded | with its own prior | calibration error, flat |",
        "|---|---|---|---|---|---|",
        *(_read_line(name, of) for name, of in figures["read"].items()),
        "",
        "## Whose handwriting it fails on",
        "",
        *(line for name, of in figures["read"].items() for line in _failures(name, of)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _network_line(recipe: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    size = f"{figures['parameters']:,} parameters"
    if "members" not in figures:
        return f"Network `{recipe['network']['name']}`, {size}."
    members = figures["members"]
    each = ", ".join(f"`{of['network']}` ({of['name']}, counts {of['weight']})" for of in members)
    return f"{len(members)} networks whose probabilities are averaged, {size} together: {each}."


def _width_lines(figures: Mapping[str, Any]) -> list[str]:
    """Of a network in whole numbers: how it differs from the one that was trained."""
    of = figures.get("eight_bits")
    if of is None:
        return []
    compared = (
        f"On {of['pictures']:,} held-back pictures its likeliest answer is that of the 32-bit network in {100 * of['agreement']:.2f} %"
    )
    return [
        "Its weights are 7 bits wide and what flows through it 8.",
        f"{compared}, and no probability differs by more than {of['largest']:.3f}. The figures below are the 32-bit network's.",
        "",
    ]


def _source_line(use: Mapping[str, Any], manifest: Manifest) -> str:
    count = sum(manifest.counts[use["name"]].values())
    return f"| {use['name']} | {use['data']} | {manifest.data[use['name']][:16]} | {count:,} |"


def _weights_lines(manifest: Manifest) -> list[str]:
    """Of a network that began with weights that others trained: which."""
    found = [f"`{name.removeprefix(WEIGHTS)}` ({digest[:16]})" for name, digest in manifest.data.items() if name.startswith(WEIGHTS)]
    return (
        [f"Before these it learnt from what others trained it on: weights {', '.join(found)}, whose terms hold too.", ""] if found else []
    )


def _read_line(name: str, of: Mapping[str, Any]) -> str:
    shares = (of["flat"], of["flat_case_folded"], of["own_prior"])
    told = " | ".join(f"{100 * each['value']:.2f} % ({100 * each['low']:.1f}-{100 * each['high']:.1f})" for each in shares)
    what = f"{name} (left out)" if of["left_out"] else f"{name} (held back)"
    return f"| {what} | {of['flat']['count']:,} | {told} | {100 * of['calibration_error_flat']:.2f} % |"


def _failures(name: str, of: Mapping[str, Any]) -> list[str]:
    pairs = ", ".join(f"{true} read as {answer} ({count:g})" for true, answer, count in of["most_confused"])
    return [f"**{name}**, most confused: {pairs or 'nothing'}.", ""]
