"""What pyHanko builds is encoded once, not at every look.

asn1crypto never forgets that a structure was built and not read: each look at its contents encodes it anew with all that lies
in it, three times a level. That came to 200,000 encodings for nine signatures and to more than half of the time of each
(https://github.com/wbond/asn1crypto/issues/256, open). Here a structure that was just encoded counts as unchanged, until
something in it changes. To see that, a change is looked for behind a choice and an "any" too, where the library does not look.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asn1crypto import core

_STRUCTURES = (core.Sequence, core.SequenceOf, core.Set, core.SetOf)


def once() -> None:
    """Teach the library. Called when the application starts; again does nothing."""
    if core.Sequence._is_mutated is _is_changed:
        return
    core.Sequence._is_mutated = core.SequenceOf._is_mutated = _is_changed
    for structure in _STRUCTURES:
        structure._set_contents = _settling(structure.__dict__["_set_contents"])


def _settling(encode: Callable[..., None]) -> Callable[..., None]:
    def encoded(structure: Any, force: bool = False) -> None:
        encode(structure, force=force)
        structure._mutated = False

    return encoded


def _is_changed(structure: Any) -> bool:
    return structure._mutated or any(
        _is_changed(part) for part in map(_seen_through, structure.children or ()) if part is not None
    )


def _seen_through(part: Any) -> Any:
    """The structure that a part of another is or hides; None for what has no parts, or was not looked into yet."""
    while isinstance(part, core.Choice | core.Any):
        chosen = part._parsed
        part = chosen[0] if isinstance(chosen, tuple) else chosen
    return part if isinstance(part, core.Sequence | core.SequenceOf) else None
