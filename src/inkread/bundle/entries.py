"""A manifest as the texts of an ONNX file's metadata, and back. The meaning of each key stands in ``manifest.KEYS``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from itertools import chain, groupby
from typing import NoReturn

import numpy as np

from ..errors import BundleError, BundleTooNew, PreparationError
from ..preparation import Preparation
from .arrays import from_text, to_text
from .manifest import FORMAT, KEYS, MAX_CLASSES, MAX_INPUTS, MAX_LEFT_OUT, OPTIONAL, PREFIX, Head, Manifest, RiskData

MAX_TEXT = 2**24
"""The longest JSON in the metadata; a whole bundle's left-out pictures of 62 classes take 2**20."""


def to_entries(manifest: Manifest, graph_digest: str) -> dict[str, str]:
    """The metadata of a bundle with this manifest and a graph of this digest."""
    texts = {
        "format": str(FORMAT),
        "name": manifest.name,
        "characters": manifest.characters,
        "stands_for": _json(manifest.alphabet.stands_for),
        "preparation": _json(manifest.preparation.as_dict()),
        "temperature": repr(float(manifest.temperature)),
        "case_weight": repr(float(manifest.case_weight)),
        "main_source": manifest.main_source,
        "counts": _json({source: dict(counts) for source, counts in manifest.counts.items()}),
        "risk": _json(_risk_facts(manifest.risk)),
        "recipe": _json(dict(manifest.recipe)),
        "data": _json(dict(manifest.data)),
        "figures": _json(dict(manifest.figures)),
        "graph_digest": graph_digest,
    }
    if manifest.head:
        texts["head"] = _json(_head_facts(manifest.head))
    entries = {PREFIX + key: text for key, text in texts.items()}
    return {**entries, "inkread.manifest_digest": manifest_digest(entries)}


def manifest_digest(entries: Mapping[str, str]) -> str:
    """SHA-256, in hexadecimal, of all keys of inkread and their texts, itself left out."""
    digest = sha256()
    for key in sorted(entries):
        if key.startswith(PREFIX) and key != "inkread.manifest_digest":
            for part in (key.encode(), entries[key].encode()):
                digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def check_format(entries: Mapping[str, str]) -> None:
    """Raises :class:`BundleError` for metadata that are not a bundle's, :class:`BundleTooNew` for a newer format's."""
    if "inkread.format" not in entries:
        raise BundleError("this ONNX file is no bundle: its metadata lack `inkread.format`", "nothing about a network is guessed")
    text = entries["inkread.format"]
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise BundleError(f"the format of the bundle is no number: {text[:40]!r}")
    if int(text) > FORMAT:
        raise BundleTooNew(f"the bundle is of format {text}, this inkread reads format {FORMAT}", "a newer inkread reads it")
    for key in KEYS:
        if key not in entries and key not in OPTIONAL:
            raise BundleError(f"the bundle lacks `{key}`: {KEYS[key].split(':')[-1].strip()}", "nothing about a network is guessed")


def from_entries(entries: Mapping[str, str]) -> Manifest:
    """The manifest in these metadata; :class:`BundleError` names the key that is missing or cannot be meant."""
    check_format(entries)
    return Manifest(
        name=entries["inkread.name"],
        characters=entries["inkread.characters"],
        stands_for=_strings(_parsed(entries["inkread.stands_for"], "inkread.stands_for"), "inkread.stands_for"),
        preparation=_preparation(_table(entries, "inkread.preparation")),
        temperature=_number(entries["inkread.temperature"], "inkread.temperature"),
        case_weight=_number(entries["inkread.case_weight"], "inkread.case_weight"),
        main_source=entries["inkread.main_source"],
        counts=_counts(_table(entries, "inkread.counts")),
        risk=_risk(_table(entries, "inkread.risk"), "inkread.risk"),
        recipe=_table(entries, "inkread.recipe"),
        data={str(source): str(digest) for source, digest in _table(entries, "inkread.data").items()},
        figures=_table(entries, "inkread.figures"),
        head=_head(_table(entries, "inkread.head")) if "inkread.head" in entries else None,
        graph_digest=entries["inkread.graph_digest"],
        format=int(entries["inkread.format"]),
    )


def _json(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    except (TypeError, ValueError) as error:
        raise BundleError(f"a manifest that is no JSON: {error}") from None
    if len(text) > MAX_TEXT:
        raise BundleError(f"a manifest with a text of more than {MAX_TEXT} characters: {text[:40]}...")
    return text


def _refuse(key: str, why: object) -> NoReturn:
    raise BundleError(f"`{key}` of the bundle cannot be meant: {str(why)[:80]}")


def _parsed(text: str, key: str) -> object:
    if len(text) > MAX_TEXT:
        _refuse(key, f"longer than {MAX_TEXT} characters")
    if re.search(r"\\u[dD][89a-fA-F]", text):
        _refuse(key, "half a character")
    try:
        return json.loads(text, parse_constant=lambda word: _refuse(key, word))
    except (ValueError, RecursionError) as error:
        _refuse(key, error)


def _table(entries: Mapping[str, str], key: str) -> dict[str, object]:
    value = _parsed(entries[key], key)
    return value if isinstance(value, dict) else _refuse(key, "it is no table")


def _strings(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        _refuse(key, "it is no row of texts")
    return tuple(value)


def _number(text: object, key: str) -> float:
    try:
        return float(str(text))
    except ValueError as error:
        _refuse(key, error)


def _whole(value: object, key: str, most: float = float("inf")) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        _refuse(key, f"no whole number from 0 to {most}: {value!r}")
    return value


def _preparation(settings: Mapping[str, object]) -> Preparation:
    try:
        return Preparation.from_dict(settings)
    except (PreparationError, OverflowError) as error:
        _refuse("inkread.preparation", error)


def _counts(value: Mapping[str, object]) -> dict[str, dict[str, int]]:
    key = "inkread.counts"
    if not all(isinstance(counts, dict) for counts in value.values()):
        _refuse(key, "a source has no table of counts")
    return {source: {character: _whole(count, key) for character, count in dict(counts).items()} for source, counts in value.items()}  # type: ignore[call-overload]


def _risk_facts(risk: RiskData) -> dict[str, object]:
    return {
        "rows": len(risk),
        "classes": risk.logits.shape[1],
        "logits": to_text(risk.logits, "<f2"),
        "targets": to_text(risk.targets, "<i2"),
        "sources": [[name, len(list(run))] for name, run in groupby(risk.sources)],
    }


def _risk(facts: Mapping[str, object], key: str) -> RiskData:
    rows = _whole(facts.get("rows"), key, MAX_LEFT_OUT)
    classes = _whole(facts.get("classes"), key, MAX_CLASSES)
    runs = facts.get("sources")
    if not isinstance(runs, list) or not all(isinstance(run, list) and len(run) == 2 and isinstance(run[0], str) for run in runs):
        _refuse(key, "its sources are no runs of [name, rows]")
    sources = tuple(chain.from_iterable([name] * _whole(count, key, MAX_LEFT_OUT) for name, count in runs[:MAX_LEFT_OUT]))
    logits = from_text(facts.get("logits"), "<f2", (rows, classes))
    targets = from_text(facts.get("targets"), "<i2", (rows,))
    return RiskData(logits.astype(np.float16), targets.astype(np.int16), sources)


def _head_facts(head: Head) -> dict[str, object]:
    return {
        "characters": head.characters,
        "inputs": head.weights.shape[0],
        "weights": to_text(head.weights, "<f4"),
        "bias": to_text(head.bias, "<f4"),
        "temperature": float(head.temperature),
        "risk": _risk_facts(head.risk) if head.risk else None,
    }


def _head(facts: Mapping[str, object]) -> Head:
    key = "inkread.head"
    characters, risk = facts.get("characters"), facts.get("risk")
    if not isinstance(characters, str):
        _refuse(key, "it has no characters")
    if not isinstance(risk, dict | None):
        _refuse(key, "its risk data are no table")
    inputs = _whole(facts.get("inputs"), key, MAX_INPUTS)
    weights = from_text(facts.get("weights"), "<f4", (inputs, len(characters)))
    bias = from_text(facts.get("bias"), "<f4", (len(characters),))
    temperature = _number(facts.get("temperature"), key)
    return Head(characters, weights.astype(np.float32), bias.astype(np.float32), temperature, _risk(risk, key) if risk else None)
