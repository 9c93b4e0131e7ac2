"""What capabilities above made from a dossier and must be undone before it ends without a result.

`dossiers` knows none of them:

from thongsuot.dossiers import ties
ties.tie("registers.entry", written)  # from apps.ready; written(dossier_id) -> the refusal that says what to undo, or None
"""

from __future__ import annotations

from collections.abc import Callable

from thongsuot.kernel.errors import TellPerson

Find = Callable[[int], TellPerson | None]
_ties: dict[str, Find] = {}


def tie(name: str, find: Find) -> None:
    """Add or replace. `find` may cost one query; it runs under the dossier's lock."""
    _ties[name] = find


def must_be_free(dossier_id: int) -> None:
    """Raises the refusal of the first tie that holds."""
    for find in _ties.values():
        if (refusal := find(dossier_id)) is not None:
            raise refusal
