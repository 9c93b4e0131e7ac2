"""What receiving a dossier now would promise and cost, before it is received: by the same rules as the reception itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from thongsuot.dossiers import rules
from thongsuot.dossiers.actions.intake import fee_lines, terms_for
from thongsuot.dossiers.models import Channel
from thongsuot.kernel.errors import TellPerson
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.content import Exemption, FeeRule
from thongsuot.procedures.rules import FeeLine
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
    calendar = units.working_calendar(units.city_of(resolving_unit_id), on=now.date())
    terms = terms_for(version, at=now, calendar=calendar)
    due = rules.due_view(
        due_at=terms.due_at, warn_at=None, paused_at=None, ended_at=None, limit=version.limit, calendar=calendar, now=now
    )
    fees = fee_lines(
        version, form=form, quantities=quantities, channel=channel, exemptions=exemptions, on=calendar.local_day(now)
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
    city_id = units.city_of(unit_id)
    for row in procedures.catalogue(words, on=on).rows:
        elsewhere = row.code not in known and procedures.version(row.version_id).non_boundary
        if elsewhere and procedures.competent_unit_ids(row.code, city_id=city_id, on=on):
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
    competent = procedures.competent_unit_ids(code, city_id=units.city_of(unit_id), on=on)
    if Channel.COUNTER not in version.channels and Channel.POST not in version.channels:
        return None
    return version if unit_id in competent or (version.non_boundary and competent) else None


def resolving_units(version: procedures.VersionView, *, unit_id: int, on: date) -> list[tuple[int, str]]:
    """Who may resolve what is received here, (id, name), the receiving unit first when it is among them."""
    competent = procedures.competent_unit_ids(version.code, city_id=units.city_of(unit_id), on=on)
    if not version.non_boundary:
        competent &= {unit_id}
    if competent == {unit_id}:
        return [(unit_id, units.unit_row(unit_id, as_of=on).full_name)]
    rows = units.unit_rows(competent, as_of=on).values()
    return [(row.id, row.full_name) for row in sorted(rows, key=lambda row: (row.id != unit_id, row.sort_name))]
