"""Every error that inkread raises on purpose.

::

    InkreadError                       anything below; catch this one to catch all
    ├── UsageError        ValueError   an argument or an option that cannot be meant
    ├── SourceNotFound    FileNotFoundError   nothing there, or nothing in it to read
    ├── FormatError       ValueError   a file that is not what it should be
    ├── PictureError      ValueError   one picture that cannot be decoded or is no picture
    │   └── PictureTooLarge            its header announces more pixels than the limit
    ├── AlphabetError     ValueError   unknown alphabet, character, case policy or prior
    ├── PreparationError  ValueError   settings of a preparation that this version does not know
    ├── DataError         ValueError   labelled data that contradict themselves or their alphabet
    ├── FetchError        OSError      a published file that could not be fetched whole
    ├── BundleError       ValueError   a file that is no bundle, or a bundle that was tampered with
    │   ├── BundleNotFound             no such bundle; nearest names in the hint
    │   └── BundleTooNew               a bundle of a newer format than this inkread reads
    ├── RunError          RuntimeError a training run that cannot start, go on or be exported
    └── MissingExtra      ImportError  an optional part of inkread that is not installed

Each carries one sentence that says what is wrong with the value after a colon, and a ``hint`` with the way out.
"""

from __future__ import annotations


class InkreadError(Exception):
    """The root: ``str(error)`` is one sentence, ``error.hint`` the way out (may be empty)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class UsageError(InkreadError, ValueError):
    """An argument or an option that cannot be meant."""


class SourceNotFound(InkreadError, FileNotFoundError):
    """A path that is not there, or that holds nothing to read."""


class FormatError(InkreadError, ValueError):
    """A file that is not what its place, name or first bytes promise."""


class PictureError(InkreadError, ValueError):
    """One picture that cannot be decoded, or an array that is no picture."""


class PictureTooLarge(PictureError):
    """A picture whose header announces more pixels than the limit (a decompression bomb, mostly)."""


class AlphabetError(InkreadError, ValueError):
    """An alphabet, a character, a case policy or a prior that is not known."""


class PreparationError(InkreadError, ValueError):
    """Settings of a preparation that this version of inkread does not know."""


class DataError(InkreadError, ValueError):
    """Labelled data that contradict themselves or their alphabet."""


class FetchError(InkreadError, OSError):
    """A published file that could not be fetched, or that is not what was published."""


class BundleError(InkreadError, ValueError):
    """A file that is no bundle, or a bundle whose graph or manifest was changed."""


class BundleNotFound(BundleError, FileNotFoundError):
    """No bundle of this name or at this path."""


class BundleTooNew(BundleError):
    """A bundle written in a newer format than this inkread reads."""


class RunError(InkreadError, RuntimeError):
    """A training run that cannot start, go on or be exported."""


class MissingExtra(InkreadError, ImportError):
    """An optional part of inkread that is not installed; the hint is the line that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed", f"pip install 'inkread[{extra}]'")
        self.what = what
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        return type(self), (self.what, self.extra)


def reason(error: OSError) -> str:
    """What the operating system says, in lower case, as it stands in the middle of a sentence."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """A hint that offers the known words nearest to ``word`` in whatever case, or all of them when none is near."""
    from difflib import get_close_matches

    folded = {each.casefold(): each for each in reversed(known)}
    close = get_close_matches(word.casefold(), [*folded][::-1], n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(f"`{folded[each]}`" for each in close) + "?"
    return "known: " + ", ".join(known)
