"""What a version of a procedure says, as typed values: papers, steps, fees, results, legal basis.

Stored as JSON in `ProcedureVersion`, read back with `read`. Unknown keys and wrong types are refused, never dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Literal, TypeVar

import msgspec

T = TypeVar("T")

PaperKind = Literal["submit", "show", "form"]
FeeKind = Literal["fee", "levy"]
FeeForm = Literal["fixed", "per_copy", "per_page"]
Operator = Literal["is", "is_not", "at_least", "at_most", "answered", "not_answered"]


class Subject(StrEnum):
    """Who may ask for a procedure: the kinds that the national portal tells apart. Vietnamese: đối tượng thực hiện."""

    CITIZEN = "citizen"
    OVERSEAS = "overseas_vietnamese"
    FOREIGNER = "foreigner"
    OFFICIAL = "official"
    ENTERPRISE = "enterprise"
    VIETNAMESE_ENTERPRISE = "vietnamese_enterprise"
    FOREIGN_ENTERPRISE = "foreign_enterprise"
    COOPERATIVE = "cooperative"
    ORGANISATION = "organisation"
    FOREIGN_ORGANISATION = "foreign_organisation"
    PARTY_ORGANISATION = "party_organisation"
    PARTY_MEMBER = "party_member"


class _Piece(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Paper(_Piece, frozen=True, kw_only=True):
    """A paper of the dossier. Vietnamese: giấy tờ, thành phần hồ sơ.

    kind     submit: handed in; show: shown and given back, never scanned; form: filled in, here or on paper
    only_if  the case in which it is needed, as words for people; empty = always
    """

    code: str
    name: str
    originals: int = 1
    copies: int = 0
    required: bool = True
    only_if: str = ""
    kind: PaperKind = "submit"
    has_form: bool = False

    @property
    def is_needed(self) -> bool:
        """In every case, whoever files."""
        return self.required and self.kind == "submit"


class Condition(_Piece, frozen=True, kw_only=True):
    """When a way is taken, as data that never runs: a field of the dossier, an operator, a value. Vietnamese: điều kiện.

    field   channel, owner_kind, form.KEY (an answer of the e-form) or quantity.NAME; `rules.condition_fields` lists them
    value   true or false for a tick, a whole number, or the code of a choice; nothing for answered and not_answered
    """

    field: str
    op: Operator = "is"
    value: bool | int | str = ""


class Way(_Piece, frozen=True, kw_only=True):
    """A way on from a step. Vietnamese: hướng đi tiếp. Without `when` it is the one taken when no other holds."""

    to: str
    when: Condition | None = None


class Step(_Piece, frozen=True, kw_only=True):
    """One step of the e-process. Vietnamese: bước xử lý.

    minutes            of working time; the counted ones add up to the limit
    counted            False for the hand-back, whose time is the citizen's
    body_kind          which body of the resolving unit does it: a `units.Body.Kind`
    parallel_opinions  others may be asked while it runs; asking does not stop the clock
    ways               where it goes on, the first whose condition holds; empty = to the step that follows in order
    agency             the partner that does it, a role of `units`: tax, land_registration...; empty = the resolving unit
    asks_payment       it ends with the partner's payment notice, which holds the clock until it is paid
    silence_basis      the text by which silence of who was asked here counts as agreement; empty = it does not
    """

    key: str
    name: str
    duty: str
    minutes: int
    counted: bool = True
    body_kind: str = ""
    parallel_opinions: bool = False
    ways: tuple[Way, ...] = ()
    agency: str = ""
    asks_payment: bool = False
    silence_basis: str = ""

    @property
    def lane(self) -> tuple[str, str]:
        """Where it is drawn: the lane of a partner, (role, ""), or of an office of the resolving unit, ("", body kind)."""
        return (self.agency, "") if self.agency else ("", self.body_kind)


class Tier(_Piece, frozen=True, kw_only=True):
    """A price per page up to and with `up_to`; None = all further pages."""

    dong: int
    up_to: int | None = None


class Exemption(_Piece, frozen=True, kw_only=True):
    """Who or what pays less, and by which text. `percent_due` is what remains to be paid."""

    code: str
    name: str
    basis: str
    percent_due: int = 0


class FeeRule(_Piece, frozen=True, kw_only=True):
    """How one fee or levy is computed.

    form          fixed: once per dossier; per_copy: times `quantity`; per_page: `tiers` over the pages, capped, times copies
    cap_dong      the most for one copy (per_page)
    online_percent  what channel 2 pays of it; 100 = no difference
    to_check      the amount was not read in the text named: a page says so
    """

    code: str
    name: str
    kind: FeeKind
    basis: str
    valid_from: date
    valid_to: date | None = None
    form: FeeForm = "fixed"
    amount_dong: int = 0
    quantity: str = "copies"
    tiers: tuple[Tier, ...] = ()
    cap_dong: int | None = None
    online_percent: int = 100
    exemptions: tuple[Exemption, ...] = ()
    to_check: bool = False


class ResultPaper(_Piece, frozen=True, kw_only=True):
    """What the citizen receives. `code` is the national result code when known, else our own."""

    code: str
    name: str


class LegalBasis(_Piece, frozen=True, kw_only=True):
    """A text the version rests on. `effective_on` is None when the day was not read in a source."""

    title: str
    effective_on: date | None = None
    ended_on: date | None = None


def read(kind: type[T], stored: Any) -> T:
    """Stored JSON as its typed value. Raises msgspec.ValidationError, whose text names the place."""
    return msgspec.convert(stored, kind)


def plain(pieces: Sequence[_Piece]) -> list[dict[str, Any]]:
    """As stored: only what differs from the defaults."""
    stored: list[dict[str, Any]] = msgspec.to_builtins(list(pieces))
    return stored
