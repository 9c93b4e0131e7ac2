"""The shipped catalogue into a city. May run again and changes nothing then."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from thongsuot.kernel.actor import Actor, system
from thongsuot.procedures import actions
from thongsuot.procedures.actions import LoadReport, Progress
from thongsuot.procedures.catalogue_files import entries
from thongsuot.procedures.models import Competence, Procedure


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
