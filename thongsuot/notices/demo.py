"""Words of a demo city: one letter with a template of Zalo in use, one whose new words wait for approval."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.notices import actions, letters, queries
from thongsuot.notices.models import LetterVersion
from thongsuot.people.demo import email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for

_ZALO = {"ma_ho_so": "{mã hồ sơ}", "thu_tuc": "{thủ tục}", "cach_nhan": "{cách nhận}"}
_INVITATION = "Bạn vừa nhận kết quả của hồ sơ {thủ tục}. Mời bạn đánh giá, chưa đến một phút.\n\nĐánh giá tại đây:"


def load_demo(city_id: int, *, at: datetime) -> int:
    """How many versions came; none the second time, or without the two people it takes."""
    people = {
        row.email: row for row in Person.objects.filter(email__in=[email_of(who, None) for who in ("quantri", "lanhdao")])
    }
    if len(people) < 2 or LetterVersion.objects.exists():
        return 0
    writer, approver = (actor_for(people[email_of(who, None)], at=at) for who in ("quantri", "lanhdao"))
    ready = _draft("result_ready", city_id, writer, at, zalo_template="301456", zalo_values=_ZALO)
    actions.approve_version(ready.pk, digest=queries.digest_of(ready), valid_from=timezone.localdate(at), actor=approver, at=at)
    _draft("rate_invited", city_id, writer, at, body=_INVITATION)
    return 2


def _draft(key: str, city_id: int, writer: Actor, at: datetime, **changes: object) -> LetterVersion:
    words = letters.shipped(key)
    facts = {"subject": words.subject, "body": words.body, "sms": words.sms, **changes}
    made = actions.draft_version(key, city_id=city_id, **facts, actor=writer, at=at)  # type: ignore[arg-type]  # words of a letter
    return actions.submit_version(made.pk, actor=writer, at=at)
