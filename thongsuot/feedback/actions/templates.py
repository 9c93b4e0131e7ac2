"""Words to answer with again: a unit's own, or the city's for all. What stands in braces is filled in from the ticket."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions.common import APPROVE, HANDLE, MANAGE, TAKE, words_of
from thongsuot.feedback.models import AnswerTemplate, Category
from thongsuot.feedback.rules.templates import PLACEHOLDERS, unknown_placeholders
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units


@command
def add_template(unit_id: int, *, title: str, words: str, category: str = "", actor: Actor, at: datetime) -> AnswerTemplate:
    """Raises NotYourDuty, BadInput."""
    must_keep(unit_id, actor)
    template = AnswerTemplate(unit_id=unit_id, changed_at=at)
    _fill(template, title=title, words=words, category=category, at=at)
    template.save()
    record(events.TEMPLATE_ADDED, template, actor=actor, at=at, unit_id=unit_id)
    return template


@command
def change_template(
    template_id: int, *, title: str, words: str, category: str = "", actor: Actor, at: datetime
) -> AnswerTemplate:
    """Answers written with it stay as they are. Raises NotYourDuty, NotFound, BadInput."""
    template = _kept(template_id, actor)
    _fill(template, title=title, words=words, category=category, at=at)
    template.changed_at = at
    template.save()
    record(events.TEMPLATE_CHANGED, template, actor=actor, at=at, unit_id=template.unit_id)
    return template


@command
def drop_template(template_id: int, *, actor: Actor, at: datetime) -> AnswerTemplate:
    """Offered no more. Raises NotYourDuty, NotFound."""
    template = _kept(template_id, actor)
    template.dropped_at = at
    template.save(update_fields=["dropped_at"])
    record(events.TEMPLATE_DROPPED, template, actor=actor, at=at, unit_id=template.unit_id)
    return template


def keeps(unit_id: int, actor: Actor) -> bool:
    """Who answers for the unit; of the city those who take or arrange feedback of all."""
    return any(actor.may(duty, unit_id=unit_id) for duty in (HANDLE, APPROVE, TAKE, MANAGE))


def must_keep(unit_id: int, actor: Actor) -> None:
    if not keeps(unit_id, actor):
        raise NotYourDuty(HANDLE)


def _kept(template_id: int, actor: Actor) -> AnswerTemplate:
    rows = AnswerTemplate.objects.select_for_update(of=("self",)).filter(pk=template_id, dropped_at=None)
    template = must_exist(rows.first())
    must_keep(template.unit_id, actor)
    return template


def _fill(template: AnswerTemplate, *, title: str, words: str, category: str, at: datetime) -> None:
    title, problems = one_line(title), {}
    if not title or len(title) > 120:
        problems["title"] = _("Hãy đặt tên mẫu, nhiều nhất 120 ký tự.")
    if unknown := unknown_placeholders(words):
        problems["words"] = _("Không có chỗ điền {%(name)s}. Các chỗ điền được: %(known)s.") % {
            "name": unknown[0][:40],
            "known": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
        }
    found = None
    if category:
        of_city = Category.objects.filter(in_force(timezone.localdate(at)), city_id=units.city_of(template.unit_id))
        found = of_city.filter(code=one_line(category)[:40]).first()
        if found is None:
            problems["category"] = _("Không có lĩnh vực này. Hãy chọn lại lĩnh vực trong danh sách.")
    if problems:
        raise BadInput(problems)
    template.title, template.words, template.category = title, words_of(words), found
