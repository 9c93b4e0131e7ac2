"""The owner's store at the counter: looked into when asked, for one procedure, and every look is written down."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.people.actions import log_look_up
from thongsuot.personal_store import queries as stored
from thongsuot.personal_store.models import StoredPaper
from thongsuot.personal_store.rules import Wanted
from thongsuot.procedures import queries as procedures


def offers_of(version: procedures.VersionView, id_number: str, *, on: date) -> dict[str, list[StoredPaper]]:
    """By paper of the procedure, what the store of this number has for it. Shown only after `looked_into`."""
    wanted = [
        Wanted(procedure_code=version.code, paper_code=paper.code, name=paper.name)
        for paper in version.papers
        if paper.kind == "submit"
    ]
    return stored.offers(stored.Owner(id_number=id_number), wanted, on=on)


def looked_into(version: procedures.VersionView, id_number: str, *, actor: Actor, at: datetime, on: date) -> int:
    """Note a look at each paper that will be shown: the person reads that it was seen. How many there are."""
    found = {paper.pk: paper for papers in offers_of(version, id_number, on=on).values() for paper in papers}
    for paper in found.values():
        log_look_up(
            paper,
            fields=["files"],
            reason=_("Tiếp nhận tại quầy, thủ tục %(code)s") % {"code": version.code},
            about_id=paper.account_id,
            actor=actor,
            at=at,
        )
    return len(found)
