"""What is sent: a request, an update by its sender."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import Category, FeedbackTicket
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import instant, one_line
from thongsuot.open311 import actions, rules
from thongsuot.open311.answers import Many, Node, answer
from thongsuot.open311.queries.services import service
from thongsuot.open311.views.wire import Asked, call_of, pictures, repeat_key, sent
from thongsuot.units import queries as units

# The page by which a sender follows a ticket of theirs.
FOLLOW = "/phan-anh/theo-doi/{secret}/"


def send_request(request: HttpRequest, form: str) -> HttpResponse:
    asked = sent(request, "service_code")
    category = service(asked.text("service_code"), city_id=asked.city_id, on=asked.day)
    report = actions.Report(
        service_code=category.code,
        description=asked.text("description") or _named(category),
        place=_place(asked, category),
        name=rules.full_name(asked.text("first_name"), asked.text("last_name")),
        phone=asked.text("phone"),
        email=asked.text("email"),
        attributes=rules.attributes(asked.fields.lists()),
        photos=pictures(request),
        media_url=rules.link(asked.text("media_url")),
    )
    taken = actions.send_report(asked.city_id, report, call=call_of(asked, repeat_key(request)), at=asked.now)
    told: dict[str, Node] = {}
    if taken.ticket is None:
        told["service_request_id"] = f"{actions.TRIED}{taken.token}"
    elif asked.terms.by_token:
        told["token"] = taken.token
    else:
        told["service_request_id"] = taken.ticket.number
    told |= {"service_notice": _notice(taken.ticket), "account_id": one_line(asked.text("account_id"))[:200] or None}
    return answer(request, form, "service_requests", Many("request", [told]))


def send_update(request: HttpRequest, form: str) -> HttpResponse:
    """By whoever sent the request. What the status is the city decides: one that is sent along is read and changes nothing."""
    asked = sent(request, "service_request_id")
    if not asked.text("description"):
        raise BadInput({"description": _("Thiếu %(name)s.") % {"name": "description"}})
    if (status := asked.text("status").lower()) and status not in rules.STATUS_WORDS:
        raise BadInput({"status": _("status không có trong danh sách của chuẩn.")})
    rules.instant(asked.text("updated_datetime"), "updated_datetime")
    own = asked.text("update_id")
    if len(own) > 200:
        raise BadInput({"update_id": _("update_id dài quá 200 ký tự.")})
    update = actions.Update(
        number=asked.text("service_request_id"),
        description=asked.text("description"),
        secret=asked.text("secret"),
        photos=pictures(request),
        media_url=rules.link(asked.text("media_url")),
    )
    update_id = actions.send_update(asked.city_id, update, call=call_of(asked, own or repeat_key(request)), at=asked.now)
    return answer(request, form, "service_request_updates", Many("request_update", [{"update_id": update_id}]))


def _named(category: Category) -> str:
    """The standard asks for no description: then the service says what it is about."""
    return f"{category.name}. {category.description}".strip()


def _place(asked: Asked, category: Category) -> PlaceFacts:
    """One of a point, an address, the code of a commune. Raises BadInput."""
    point = rules.point(asked.text("lat"), asked.text("long"))
    address, address_id = asked.text("address_string"), asked.text("address_id")
    if not (point or address or address_id) and category.needs_place:
        raise BadInput(
            {"lat": _("Thiếu nơi xảy ra: hãy ghi lat và long, hoặc address_string, hoặc address_id (mã phường, xã).")}
        )
    unit_id = None
    if address_id:
        known = {unit.code: unit.id for unit in units.units_under(asked.city_id, as_of=asked.day)}
        unit_id = known.get(address_id)
        if unit_id is None:
            raise BadInput({"address_id": _("address_id là mã phường, xã của thành phố. Không có mã này.")})
    latitude, longitude = point or (None, None)
    return PlaceFacts(latitude=latitude, longitude=longitude, address=address, unit_id=unit_id)


def _notice(ticket: FeedbackTicket | None) -> str:
    """What happens next, and the link by which the sender follows and answers."""
    if ticket is None:
        return _("Khóa để thử: nội dung gửi hợp lệ và không được lưu.")
    link = settings.PUBLIC_URL.rstrip("/") + FOLLOW.format(secret=ticket.secret)
    follow = _("Theo dõi và trao đổi tại %(link)s") % {"link": link}
    if ticket.unit_id is None or ticket.due_at is None:
        return _("Đã tiếp nhận. Người trực sẽ xem và chuyển đơn vị có trách nhiệm.") + " " + follow
    unit = units.unit_row(ticket.unit_id, as_of=timezone.localdate(ticket.reported_at)).full_name
    says = _("Đơn vị xử lý: %(unit)s. Hạn trả lời: %(when)s.") % {"unit": unit, "when": instant(ticket.due_at)}
    return f"{says} {follow}"
