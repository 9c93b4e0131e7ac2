"""The command that publishes what is new in a file, row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.procedures import events, rules
from thongsuot.procedures.actions.catalogue import DUTY, Progress, publish_version, stored
from thongsuot.procedures.models import CatalogueImport, Procedure, ProcedureVersion


@dataclass(frozen=True, kw_only=True)
class ImportedRow:
    """A row of a file: what it asks to publish, or why it cannot be read."""

    place: int
    code: str
    draft: rules.Draft | None = None
    reason: str = ""


@command
def import_rows(
    rows: Sequence[ImportedRow],
    *,
    file_name: str,
    city_id: int,
    valid_from: date,
    actor: Actor,
    at: datetime,
    progress: Progress,
) -> CatalogueImport:
    """Publish what is new in a file, each row on its own; what became of every row is kept with the file's name."""
    actor.must(DUTY, unit_id=city_id)
    columns = ("procedure__code", "procedure__kind", *_CONTENT, *_OFTEN_MISSING)
    now = {row["procedure__code"]: row for row in ProcedureVersion.objects.filter(in_force(valid_from)).values(*columns)}
    loaded = unchanged = kept = 0
    rejected: list[dict[str, object]] = []
    seen: set[str] = set()
    for done, row in enumerate(rows, start=1):
        progress(_("dòng"), done, len(rows))
        current = now.get(row.code)
        if row.draft is None:
            rejected.append(_rejected(row, row.reason))
        elif row.code in seen:
            rejected.append(_rejected(row, _("Mã này đã có ở một dòng phía trên.")))
        elif current is not None and current["has_own_process"]:
            kept += 1
        elif current is not None and _same(current, row.draft):
            unchanged += 1
        else:
            kind = current["procedure__kind"] if current is not None else _kind_of(row.code)
            draft = row.draft
            if current is not None and not draft.subjects:
                draft = replace(draft, subjects=frozenset(current["subjects"]))
            try:
                publish_version(row.code, draft=draft, valid_from=valid_from, city_id=city_id, kind=kind, actor=actor, at=at)
            except TellPerson as refusal:
                rejected.append(_rejected(row, refusal.message()))
            else:
                loaded += 1
        if row.draft is not None:
            seen.add(row.code)
    report = CatalogueImport.objects.create(
        file_name=file_name,
        city_id=city_id,
        imported_at=at,
        imported_by_name=actor.name,
        loaded=loaded,
        unchanged=unchanged,
        kept=kept,
        rejected=rejected,
    )
    record(
        events.IMPORTED,
        report,
        actor=actor,
        at=at,
        unit_id=city_id,
        loaded=loaded,
        unchanged=unchanged,
        kept=kept,
        rejected=len(rejected),
    )
    return report


# What makes two versions say the same; where it was read may differ.
_CONTENT = (
    "name",
    "also_called",
    "limit_value",
    "limit_unit",
    "extension_days",
    "papers",
    "fee_rules",
    "results",
    "channels",
    "fully_online",
    "non_boundary",
    "legal_basis",
    "has_own_process",
    "unverified",
)
_OFTEN_MISSING = ("decision_number", "decision_on", "subjects")


def _same(current: Mapping[str, object], draft: rules.Draft) -> bool:
    new = stored(replace(draft, name=one_line(draft.name)))
    if any(new[key] and current[key] != new[key] for key in _OFTEN_MISSING):
        return False  # a file that names none takes none away
    # Through JSON and back, as the stored side went: a day is text there.
    return all(current[key] == json.loads(json.dumps(new[key])) for key in _CONTENT)


def _kind_of(code: str) -> str:
    is_local = rules.check_code(code, "national") and not rules.check_code(code, "local")
    return Procedure.Kind.LOCAL if is_local else Procedure.Kind.NATIONAL


def _rejected(row: ImportedRow, reason: str) -> dict[str, object]:
    return {"row": row.place, "code": row.code, "reason": reason}
