"""What commands of helping share: who helps today, and what people type."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.assistance.actions import errors
from thongsuot.assistance.models import Helper
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.contact import phone_as_kept
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line


def is_ready(helper: Helper, on: date) -> bool:
    """In force on the day; of an agent only when it runs and after the training. The account is not locked."""
    of = helper.agent
    runs = of is None or (of.suspended_at is None and of.valid_from <= on and (of.valid_to is None or on < of.valid_to))
    trained = helper.kind != Helper.Kind.AGENT or helper.trained_on is not None
    return runs and trained and helper.person.is_active and helper.kind != Helper.Kind.LAWYER


def own_helper(helper_id: int, *, actor: Actor, at: datetime) -> Helper:
    """The actor's own entry, ready to help today. Raises NotAHelper."""
    day = timezone.localdate(at)
    helper = Helper.objects.select_related("agent", "person").filter(in_force(day), pk=helper_id).first()
    if helper is None or actor.person_id is None or helper.person_id != actor.person_id or not is_ready(helper, day):
        raise errors.NotAHelper
    return helper


def words_of(text: str, field: str, problems: dict[str, str], *, most: int, required: bool = True) -> str:
    line = one_line(text)
    if required and not line:
        problems[field] = _("Chưa điền phần này. Hãy điền rồi gửi lại.")
    elif len(line) > most:
        problems[field] = _("Phần này dài quá %(most)s ký tự. Hãy viết ngắn hơn.") % {"most": most}
    return line[:most]


def name_of(text: str, field: str, problems: dict[str, str]) -> str:
    name = words_of(text, field, problems, most=200)
    if field not in problems and not any(letter.isalpha() for letter in name):
        problems[field] = _("Họ tên chưa đúng. Hãy nhập họ tên như trên giấy tờ.")
    return name


def phone_of(text: str, field: str, problems: dict[str, str], *, required: bool = True) -> str:
    typed = one_line(text)
    phone = phone_as_kept(typed) if typed else "" if not required else None
    if phone is None:
        problems[field] = _("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại số đã nhập.")
    return phone or ""


def save_once(row: Model, refusal: TellPerson) -> None:
    """Raises the refusal when another row says the same already: also one that came in this very moment."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise refusal from None


def refuse(problems: dict[str, str]) -> None:
    """Raises BadInput when there is any."""
    if problems:
        raise BadInput(problems)
