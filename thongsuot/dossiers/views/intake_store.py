"""The owner's store at the counter: looked into when asked, for one procedure, and every look is written down."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from thongsuot.dossiers.queries.drafts import offers_of
from thongsuot.kernel.actor import Actor
from thongsuot.people.actions import log_look_up
from thongsuot.personal_store import queries as stored
from thongsuot.procedures import queries as procedures


def looked_into(version: procedures.VersionView, id_number: str, *, actor: Actor, at: datetime, on: date) -> int:
    """Note a look at each paper that will be shown: the person reads that it was seen. How many there are."""
    offers = offers_of(version, stored.Owner(id_number=id_number), on=on)
    found = {paper.pk: paper for papers in offers.values() for paper in papers}
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
