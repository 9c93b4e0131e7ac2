"""What receiving a dossier now would promise and cost, before it is received: by the same rules as the reception itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import rules
from thongsuot.dossiers.actions.intake import fee_lines, terms_for
from thongsuot.dossiers.models import Channel
from thongsuot.kernel.errors import TellPerson
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.content import Exemption, FeeRule
from thongsuot.procedures.rules import FeeLine
from thongsuot.units import finding
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class Quote:
    due_at: datetime
    due: rules.Due
    fees: list[FeeLine]

    @property
    def total_dong(self) -> int:
        return sum(fee.amount_dong for fee in self.fees)


def quote(
    version: procedures.VersionView,
    *,
    resolving_unit_id: int,
    channel: int,
    quantities: Mapping[str, int],
    exemptions: Collection[str],
    form: Mapping[str, Any],
    now: datetime,
) -> Quote:
    """Raises BadInput for an impossible quantity."""
    calendar = units.working_calendar(resolving_unit_id, on=timezone.localdate(now))
    terms = terms_for(version, at=now, calendar=calendar)
    due = rules.due_view(rules.Term(terms.due_at), limit=version.limit, calendar=calendar, now=now)
    fees = fee_lines(
        version, form=form, quantities=quantities, channel=channel, exemptions=exemptions, on=timezone.localdate(now)
    )
    return Quote(due_at=terms.due_at, due=due, fees=fees)


def rules_on(version: procedures.VersionView, on: date) -> list[FeeRule]:
    """The fee rules in force on that day."""
    return [rule for rule in version.fee_rules if rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to)]


def counted_by(version: procedures.VersionView, on: date) -> list[tuple[str, str, int]]:
    """What the fees of a procedure are counted by: (name, title, how many when nothing is said).

    The titles and beginnings of its e-form when it has them: copies that are merely offered begin at none.
    """
    fields = {field["x-quantity"]: field for field in _fields(version.form_schema) if "x-quantity" in field}
    names: dict[str, None] = {}
    for rule in rules_on(version, on):
        if rule.form == "per_page":
            names["pages"] = None
        if rule.form != "fixed":
            names[rule.quantity] = None
    return [
        (name, fields[name]["title"] if name in fields else "", int(fields.get(name, {}).get("default", 1))) for name in names
    ]


def _fields(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    fields = list(schema.get("properties", {}).values())
    return [*fields, *(part for field in fields if field["type"] == "array" for part in field["items"]["properties"].values())]


def exemptions_of(version: procedures.VersionView, on: date) -> list[Exemption]:
    """Those someone at the counter may prove, each once."""
    return list({exemption.code: exemption for rule in rules_on(version, on) for exemption in rule.exemptions}.values())


# -- what can be received here -----------------------------------------------------------------------------------------

SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class OfferRow:
    """A procedure this desk can receive. `here`: its own unit resolves it."""

    code: str
    name: str
    here: bool


def offers(words: str, *, unit_id: int, on: date) -> list[OfferRow]:
    """Procedures with these words that the desk may receive: of its own unit first, then those that may be filed anywhere."""
    mine = [
        OfferRow(code=row.code, name=row.name, here=True)
        for row in procedures.catalogue(words, on=on, unit_id=unit_id).rows[:SHOWN]
    ]
    if len(mine) >= SHOWN or not words.strip():
        return mine
    known = {row.code for row in mine}
    for row in procedures.catalogue(words, on=on).rows:
        if row.code not in known and may_resolve(procedures.version(row.version_id), unit_id=unit_id, on=on):
            mine.append(OfferRow(code=row.code, name=row.name, here=False))
        if len(mine) >= SHOWN:
            break
    return mine


def version_offered(code: str, *, unit_id: int, on: date) -> procedures.VersionView | None:
    """The version in force, if the desk of this unit may receive the procedure at all."""
    try:
        version = procedures.version_in_force(code, on=on)
    except TellPerson:
        return None
    if Channel.COUNTER not in version.channels and Channel.POST not in version.channels:
        return None
    return version if may_resolve(version, unit_id=unit_id, on=on) else None


def may_resolve(version: procedures.VersionView, *, unit_id: int, on: date) -> frozenset[int]:
    """The units for which this desk may receive the procedure; empty when it must be filed elsewhere."""
    competent = procedures.competent_unit_ids(version.code, city_id=units.city_of(unit_id), on=on)
    receiver = units.agency_kind(unit_id, on=on)
    return frozenset(
        other
        for other in competent
        if rules.may_be_filed_at(
            receiver_kind=receiver,
            resolver_kind=units.agency_kind(other, on=on),
            same_unit=other == unit_id,
            same_city=True,  # competent units are asked for in one city
            non_boundary=version.non_boundary,
        )
    )


def why_not_here(code: str, *, unit_id: int, on: date) -> str:
    """Why this desk may not receive a procedure that exists, as a sentence; empty when it may or nobody knows the code."""
    try:
        version = procedures.version_in_force(code, on=on)
    except TellPerson as refusal:
        return "" if isinstance(refusal, procedures.UnknownProcedure) else refusal.message()
    if Channel.COUNTER not in version.channels and Channel.POST not in version.channels:
        return _("Thủ tục %(code)s chỉ nhận trực tuyến. Hãy hướng dẫn người dân nộp trên cổng.") % {"code": code}
    if may_resolve(version, unit_id=unit_id, on=on):
        return ""
    try:
        procedures.competence(code, unit_id=unit_id, on=on)
    except procedures.CompetenceEnded as refusal:
        return refusal.message()
    except TellPerson:
        pass
    if procedures.competent_unit_ids(code, city_id=units.city_of(unit_id), on=on):
        return _("Thủ tục %(code)s chưa được công bố là nộp ở mọi nơi trong thành phố, chỉ nhận tại đơn vị giải quyết.") % {
            "code": code
        }
    return _("Chưa có đơn vị nào của thành phố được giao giải quyết thủ tục %(code)s.") % {"code": code}


def near_address(places: Sequence[tuple[int, str]], address: str, *, unit_id: int, on: date) -> list[tuple[int, str]]:
    """The same places; those the person's address names come next after the desk's own unit, marked.

    Words nobody can read change nothing.
    """
    if len(places) < 3 or not address.strip():
        return list(places)
    try:
        found = [one.unit.id for one in finding.find(address, as_of=on).candidates]
    except TellPerson:
        return list(places)
    first, *others = places
    named = [(other, _("%(unit)s (theo nơi ở)") % {"unit": name}) for other, name in others if other in found]
    rest = [(other, name) for other, name in others if other not in found]
    if first[0] == unit_id or first[0] in found:
        return [first, *named, *rest]
    return [*named, first, *rest]


def resolving_units(version: procedures.VersionView, *, unit_id: int, on: date) -> list[tuple[int, str]]:
    """Who may resolve what is received here, (id, name), the receiving unit first when it is among them."""
    competent = may_resolve(version, unit_id=unit_id, on=on)
    if competent == {unit_id}:
        return [(unit_id, units.unit_row(unit_id, as_of=on).full_name)]
    rows = units.unit_rows(competent, as_of=on).values()
    return [(row.id, row.full_name) for row in sorted(rows, key=lambda row: (row.id != unit_id, row.sort_name))]
