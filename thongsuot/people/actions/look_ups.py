"""Reading personal data leaves a trace that the person concerned can see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line
from thongsuot.people import events
from thongsuot.people.models import LookUp


@command
def log_look_up(
    subject: models.Model, *, fields: Collection[str], reason: str, about_id: int | None = None, actor: Actor, at: datetime
) -> LookUp:
    """Someone reads personal data: call this before showing it.

    subject    the row that was read; `fields` names what was uncovered in it ("id_number", "phone")
    about_id   the account of the person whose data it is, when there is one: that person sees the look-up
    reason     why, in the reader's words or the code of the dossier at hand; empty is refused
    Raises BadInput. Whether the actor may read it is for the caller to check.
    """
    reason = one_line(reason)
    if not reason:
        raise BadInput({"reason": _("Chưa có lý do xem. Hãy ghi mã hồ sơ hoặc việc đang làm; người dân đọc được lý do này.")})
    if len(reason) > 300:
        raise BadInput({"reason": _("Lý do dài quá 300 chữ. Hãy viết ngắn lại.")})
    look_up = LookUp.objects.create(
        at=at,
        by_id=actor.person_id,
        by_name=actor.name,
        by_post=actor.post,
        about_id=about_id,
        subject=subject._meta.label_lower,
        subject_id=subject.pk,
        fields=sorted(fields),
        reason=reason,
    )
    # The reason stays in the table of look-ups: free words may name a person, and facts of events never do.
    record(
        events.DATA_LOOKED_UP, look_up, actor=actor, at=at, of=look_up.subject, of_id=look_up.subject_id, fields=look_up.fields
    )
    return look_up
