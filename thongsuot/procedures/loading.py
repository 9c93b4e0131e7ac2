"""The shipped catalogue into a city. May run again and changes nothing then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor, system
from thongsuot.procedures import actions
from thongsuot.procedures.catalogue_files import Entry, entries
from thongsuot.procedures.models import Competence, Procedure
from thongsuot.units import queries as units

Progress = Callable[[str, int, int], None]


@dataclass(kw_only=True)
class LoadReport:
    """What was added. `known` procedures were there before: administrators own them, they are left alone."""

    procedures: int = 0
    versions: int = 0
    competences: int = 0
    known: int = 0


def silent(what: str, done: int, of: int) -> None:
    """The progress nobody asked for."""


def load_catalogue(city_id: int, *, at: datetime, progress: Progress = silent, actor: Actor | None = None) -> LoadReport:
    """Every shipped procedure the database does not have, and the right of this city's communes to resolve it."""
    actor = actor or system("cli")
    report = LoadReport()
    shipped = list(entries())
    with transaction.atomic():
        # Two loaders at once would both find the same things missing.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE procedures_procedure IN SHARE ROW EXCLUSIVE MODE")
        known = set(Procedure.objects.values_list("code", flat=True))
        entitled = set(Competence.objects.filter(city_id=city_id, unit__isnull=True).values_list("procedure__code", flat=True))
        for place, entry in enumerate(shipped, start=1):
            _load_one(entry, city_id, known, entitled, report, actor, at)
            progress(_("thủ tục"), place, len(shipped))
    units.clear_caches()
    return report


def _load_one(
    entry: Entry, city_id: int, known: set[str], entitled: set[str], report: LoadReport, actor: Actor, at: datetime
) -> None:
    if entry.code in known:
        report.known += 1
    else:
        for valid_from, draft in entry.versions:
            actions.publish_version(entry.code, draft=draft, valid_from=valid_from, city_id=city_id, actor=actor, at=at)
        report.procedures += 1
        report.versions += len(entry.versions)
    if entry.code not in entitled:
        right = entry.right
        actions.grant_competence(entry.code, city_id=city_id, kind=right.kind, basis=right.basis, body_kind=right.body_kind,
                                 basis_is_assumed=right.basis_is_assumed, valid_from=right.valid_from, actor=actor, at=at)
        report.competences += 1
