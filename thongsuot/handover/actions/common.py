"""What every command on a changeover begins with."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thongsuot.handover import rules
from thongsuot.handover.models import Changeover
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, TellPerson


class ChangeoverClosed(TellPerson):
    code = "handover.changeover_closed"

    def message(self) -> str:
        return _("Đợt chuyển giao đã khép. Sửa đổi sau đó được lập thành biên bản bổ sung.")


class AlreadyRunning(TellPerson):
    """Things are being moved, or moved back, right now."""

    code = "handover.already_running"

    def message(self) -> str:
        return _("Việc chuyển đang chạy. Hãy chờ chạy xong, hoặc bấm Dừng trước.")


def locked(changeover_id: int, actor: Actor, *, while_running: bool = False) -> Changeover:
    """The changeover under its row lock, for who steers it. Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning."""
    changeover = Changeover.objects.select_for_update(of=("self",)).select_related("decision").filter(pk=changeover_id).first()
    if changeover is None:
        raise NotFound
    actor.must(rules.DUTY, unit_id=changeover.city_id)
    if changeover.state == Changeover.State.CLOSED:
        raise ChangeoverClosed
    if not while_running and changeover.state != Changeover.State.OPEN:
        raise AlreadyRunning
    return changeover


def silent(what: str, done: int, total: int) -> None:
    """The progress nobody asked for."""
