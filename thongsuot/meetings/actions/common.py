"""What commands of conferences share: locks, and what people type."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.meetings.actions import errors
from thongsuot.meetings.models import Conference, Site
from thongsuot.meetings.rules import HOLD

_PHONE = re.compile(r"\+?\d{3,15}")


def locked_conference(conference_id: int, *states: str) -> Conference:
    """In one of these states. Raises NotFound, ConferenceNotThere."""
    found = must_exist(Conference.objects.select_for_update().filter(pk=conference_id).first())
    if states and found.state not in states:
        raise errors.ConferenceNotThere(found.state)
    return found


def held(conference_id: int, *states: str, actor: Actor) -> Conference:
    """As `locked_conference`, by an operator of its hub. Raises NotYourDuty too."""
    found = locked_conference(conference_id)
    actor.must(HOLD, unit_id=found.city_id)
    if states and found.state not in states:
        raise errors.ConferenceNotThere(found.state)
    return found


def locked_site(site_id: int) -> Site:
    """Raises NotFound."""
    found = must_exist(Site.objects.select_for_update().filter(pk=site_id).first())
    return found


def conference_of(site_id: int) -> int:
    """Raises NotFound."""
    found = must_exist(Site.objects.filter(pk=site_id).values_list("conference_id", flat=True).first())
    return found


def still_asked(site: Site) -> None:
    """Raises SiteLeftOut."""
    if site.left_out:
        raise errors.SiteLeftOut


def phone_of(text: str, field: str, *, required: bool = True) -> str:
    """Digits alone, so that a telephone can dial it. Raises BadInput."""
    digits = re.sub(r"[\s.()-]", "", one_line(text))
    if not digits and not required:
        return ""
    if not _PHONE.fullmatch(digits):
        raise BadInput({field: _("Chưa đọc được số điện thoại này. Hãy ghi số để gọi được, ví dụ: 024 3825 3536.")})
    return digits


def words_of(text: str, field: str, *, most: int, required: bool = True) -> str:
    """Raises BadInput."""
    line = one_line(text)
    if required and not line:
        raise BadInput({field: _("Chưa điền phần này. Hãy điền rồi gửi lại.")})
    if len(line) > most:
        raise BadInput({field: _("Phần này dài quá %(most)s ký tự. Hãy viết ngắn hơn.") % {"most": most}})
    return line
