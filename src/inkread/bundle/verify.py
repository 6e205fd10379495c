"""Whether the bytes of a bundle are what was written, before anything of them is run."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import BundleError
from .entries import check_format, manifest_digest
from .metadata import graph_digest, keeps_weights_elsewhere

_AGAIN = "take the file again from where it came; a digest tells damage, not who wrote it"


def verify(model: bytes, entries: Mapping[str, str]) -> None:
    """Raises :class:`BundleError` where the graph or the manifest is not as it was written, or weights lie elsewhere.

    ``entries``: the metadata of ``model``. The digests tell a changed file from a whole one; they are no signature.
    """
    check_format(entries)
    if graph_digest(model) != entries["inkread.graph_digest"]:
        raise BundleError("the network in the bundle was changed after it was written", _AGAIN)
    if manifest_digest(entries) != entries["inkread.manifest_digest"]:
        raise BundleError("the metadata of the bundle were changed after it was written", _AGAIN)
    if keeps_weights_elsewhere(model):
        raise BundleError("the network keeps weights in another file, and a bundle is one file")
