"""The shipped catalogue into a city. May run again and changes nothing then."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from thongsuot.kernel.actor import Actor, system
from thongsuot.procedures import actions
from thongsuot.procedures.actions import LoadReport, Progress
from thongsuot.procedures.catalogue_files import department_entries, entries
from thongsuot.procedures.models import Competence, Procedure
from thongsuot.units import queries as units


def silent(what: str, done: int, of: int) -> None:
    """The progress nobody asked for."""


def load_catalogue(city_id: int, *, at: datetime, progress: Progress = silent, actor: Actor | None = None) -> LoadReport:
    """Every shipped procedure the database does not have, and the right of this city's communes to resolve it.

    A procedure that is there already is left alone: its administrators own it.
    """
    shipped = list(entries())
    with transaction.atomic():
        # Two loaders at once would both find the same things missing.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE procedures_procedure IN SHARE ROW EXCLUSIVE MODE")
        known = set(Procedure.objects.values_list("code", flat=True))
        rights = Competence.objects.filter(city_id=city_id, unit__isnull=True, level="commune")
        entitled = set(rights.values_list("procedure__code", flat=True))
        new = [entry for entry in shipped if entry.code not in known]
        without_right = [entry for entry in shipped if entry.code not in entitled]
        if not new and not without_right:
            return LoadReport(known=len(shipped))
        report = actions.add_shipped(
            new, without_right, city_id=city_id, actor=actor or system("cli"), at=at, progress=progress
        )
        report.known = len(shipped) - len(new)
    return report


def load_departments(city_id: int, *, at: datetime, actor: Actor | None = None) -> int:
    """The right of the city's departments to resolve what `data/departments.csv` names; how many came. Again: none.

    Needs the departments as agencies (`units.loading.load_agencies`); one that is missing is left out.
    """
    actor, came = actor or system("cli"), 0
    on = timezone.localtime(at).date()
    departments = {row.full_name: row for row in units.agencies_of(city_id, kind="department", on=on)}
    for entry in department_entries():
        department = departments.get(entry.department)
        if department is None or Competence.objects.filter(procedure__code=entry.code, unit_id=department.id).exists():
            continue
        if not Procedure.objects.filter(code=entry.code).exists():
            actions.publish_version(entry.code, draft=entry.draft, valid_from=entry.since, city_id=city_id, actor=actor, at=at)
        actions.grant_competence(
            entry.code,
            city_id=city_id,
            unit_id=department.id,
            kind=entry.kind,
            basis=entry.basis,
            basis_is_assumed=entry.basis_is_assumed,
            body_kind="department",
            valid_from=max(entry.since, department.valid_from),
            actor=actor,
            at=at,
        )
        came += 1
    return came
