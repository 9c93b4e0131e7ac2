"""Keys of organisations, made once, shown once, withdrawn at any time; the terms on which others connect."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.open311 import events
from thongsuot.open311.errors import AlreadyWithdrawn
from thongsuot.open311.models import AccessTerms, ApiKey
from thongsuot.open311.queries.access import BEGINS, TermsRow, digest_of

MANAGE = "manage feedback"
MOST_AN_HOUR = 100_000


class NewKey(NamedTuple):
    """`secret` is nowhere kept: who loses it gets another key."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    organisation: str
    contact: str
    limit_hour: int
    may_report: bool = True
    may_update: bool = True
    for_tests: bool = False
    goes_on: int | None = None  # with the key of this id
    valid_from: date
    valid_to: date | None = None


@command
def make_key(city_id: int, facts: KeyFacts, *, actor: Actor, at: datetime) -> NewKey:
    """Raises NotYourDuty, BadInput."""
    actor.must(MANAGE, unit_id=city_id)
    organisation, contact = one_line(facts.organisation), one_line(facts.contact)
    problems = {}
    if not organisation or len(organisation) > 200:
        problems["organisation"] = _("Hãy ghi tên tổ chức dùng khóa, không quá 200 ký tự.")
    if not is_email(contact):
        problems["contact"] = _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")
    if not 1 <= facts.limit_hour <= MOST_AN_HOUR:
        problems["limit_hour"] = _("Hãy ghi số lượt mỗi giờ từ 1 đến %(most)s.") % {"most": MOST_AN_HOUR}
    if not (facts.may_report or facts.may_update):
        problems["may_report"] = _("Hãy chọn ít nhất một việc khóa được làm.")
    if facts.valid_to is not None and facts.valid_to <= max(facts.valid_from, timezone.localdate(at)):
        problems["valid_to"] = _("Ngày hết hạn phải sau ngày bắt đầu và sau hôm nay. Hãy chọn lại.")
    before = None
    if facts.goes_on is not None:
        before = ApiKey.objects.filter(pk=facts.goes_on, city_id=city_id, for_tests=facts.for_tests).first()
        if before is None:
            problems["goes_on"] = _("Khóa để thử chỉ nối tiếp khóa để thử, khóa thật chỉ nối tiếp khóa thật. Hãy chọn lại.")
    if problems:
        raise BadInput(problems)
    values = {name: value for name, value in asdict(facts).items() if name != "goes_on"}
    secret = BEGINS + secrets.token_urlsafe(30)
    key = ApiKey.objects.create(
        city_id=city_id,
        **(values | {"organisation": organisation, "contact": contact.lower()}),
        first_id=(before.first_id or before.pk) if before else None,
        digest=digest_of(secret),
        hint=secret[:10],
        made_at=at,
    )
    record(
        events.KEY_MADE,
        key,
        actor=actor,
        at=at,
        unit_id=city_id,
        limit_hour=key.limit_hour,
        for_tests=key.for_tests,
        may_report=key.may_report,
        may_update=key.may_update,
        goes_on=facts.goes_on,
    )
    return NewKey(key, secret)


@command
def withdraw_key(key_id: int, *, actor: Actor, at: datetime) -> ApiKey:
    """It works no more, from this moment on. Raises NotFound, NotYourDuty, AlreadyWithdrawn."""
    key = must_exist(ApiKey.objects.select_for_update(of=("self",)).filter(pk=key_id).first())
    actor.must(MANAGE, unit_id=key.city_id)
    if key.withdrawn_at is not None:
        raise AlreadyWithdrawn
    key.withdrawn_at = at
    key.save(update_fields=["withdrawn_at"])
    record(events.KEY_WITHDRAWN, key, actor=actor, at=at, unit_id=key.city_id)
    return key


@command
def change_terms(city_id: int, facts: TermsRow, *, from_day: date, actor: Actor, at: datetime) -> AccessTerms:
    """From that day on. Raises NotYourDuty, BadInput."""
    actor.must(MANAGE, unit_id=city_id)
    basis = one_line(facts.basis)
    problems = {}
    if not basis or len(basis) > 200:
        problems["basis"] = _("Hãy ghi căn cứ: văn bản hoặc quyết định của thành phố, không quá 200 ký tự.")
    for name, value in (("read_hour", facts.read_hour), ("keyless_hour", facts.keyless_hour)):
        if not 1 <= value <= MOST_AN_HOUR:
            problems[name] = _("Hãy ghi số lượt mỗi giờ từ 1 đến %(most)s.") % {"most": MOST_AN_HOUR}
    if from_day < timezone.localdate(at):
        problems["from_day"] = _("Ngày bắt đầu đã qua. Hãy chọn hôm nay hoặc một ngày sau.")
    if problems:
        raise BadInput(problems)
    values = asdict(facts) | {"basis": basis}
    row = change_from(AccessTerms.objects.filter(city_id=city_id), from_day, {"city_id": city_id}, values)
    record(
        events.TERMS_CHANGED,
        row,
        actor=actor,
        at=at,
        unit_id=city_id,
        from_day=from_day,
        keyless=row.keyless,
        by_token=row.by_token,
    )
    return row
