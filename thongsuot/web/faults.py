"""What goes wrong outside the rules of a capability, and what the asker is told: a page, a fragment or problem details."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.http import http_date
from django.utils.translation import gettext as _

from thongsuot.kernel import clock, text
from thongsuot.kernel.errors import TellPerson
from thongsuot.web.site import Site, came_from

log = logging.getLogger("thongsuot.web")

# Without I, O, 0 and 1: the code is read out on the telephone.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
RETRY_AFTER_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that went wrong. `say` is two sentences at most: what happened; what to do.

    bare  the page shows nothing that could ask the database: for faults in which it may be the database that is gone
    """

    status: int
    code: str
    title: str
    say: str
    headers: dict[str, str] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    template: str = "web/fault.html"
    bare: bool = True


# Beginnings of addresses where programs speak a language of their own, and who tells there what went wrong, or a refusal.
Teller = Callable[[HttpRequest, int, str, Mapping[str, object]], HttpResponse]
_tellers: dict[str, Teller] = {}


def told_by(beginning: str, teller: Teller) -> None:
    """`teller(request, status, sentence, facts)` answers below that address. Said when the application is ready."""
    _tellers[beginning] = teller


def teller_of(request: HttpRequest) -> Teller | None:
    return next((teller for beginning, teller in _tellers.items() if request.path.startswith(beginning)), None)


def answer(request: HttpRequest, fault: Fault) -> HttpResponse:
    if teller := teller_of(request):
        response = teller(request, fault.status, f"{fault.title}. {fault.say}", fault.facts)
    elif for_program(request):
        response = problem(fault.status, fault.code, f"{fault.title}. {fault.say}", **fault.facts)
    elif for_fragment(request):
        response = fragment(fault.title, fault.say, status=fault.status)
    else:
        response = HttpResponse(_page_or_words(request, fault), status=fault.status)
    for name, value in fault.headers.items():
        response.headers[name] = value
    return response


def _page_or_words(request: HttpRequest, fault: Fault) -> str:
    try:
        return _page(request, fault)
    except Exception:
        # A fault while telling a fault: bare words are left. Anything else would go round in circles.
        log.exception("the page of a fault failed")
        return format_html(
            '<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><title>{0}</title><h1>{0}</h1><p>{1}</p>',
            fault.title,
            fault.say,
        )


def _page(request: HttpRequest, fault: Fault) -> str:
    context = {"fault": fault, "back": came_from(request), "at": clock.now(), **fault.facts}
    if fault.bare:  # without the request no context processor runs, and none of them can fail
        return render_to_string(fault.template, {**context, "site": Site(request, bare=True)})
    return render_to_string(fault.template, context, request)


def for_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def for_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def fragment(title: str, say: str, *, status: int) -> HttpResponse:
    """A note for the status region of the page, wherever the request wanted to put its own answer."""
    response = HttpResponse(render_to_string("web/_refused.html", {"title": title, "say": say}), status=status)
    response.headers["HX-Retarget"] = "#thong-bao"
    response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response


def refusal_page(request: HttpRequest, refusal: TellPerson) -> HttpResponse:
    return render(request, "web/refused.html", {"refusal": refusal, "back": came_from(request)}, status=refusal.status)


def problem(status: int, code: str, message: str, **details: object) -> HttpResponse:
    """Problem details, RFC 9457: `type` is our stable code, `detail` a sentence for a person."""
    body = {"type": f"urn:thongsuot:{code}", "title": message, "status": status, "detail": message, **details}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


# --- The faults ---


def malformed() -> Fault:
    return Fault(
        status=400,
        code="web.malformed",
        title=_("Yêu cầu có chỗ không đọc được"),
        say=_("Địa chỉ hoặc nội dung gửi có ký tự hỏng. Hãy quay lại trang trước và nhập lại."),
    )


def too_large() -> Fault:
    return Fault(
        status=413,
        code="web.too_large",
        title=_("Nội dung gửi quá lớn nên chưa nhận được"),
        say=_("Chưa có gì được lưu. Hãy bớt số tệp hoặc chụp lại ở cỡ nhỏ hơn, rồi gửi lại."),
    )


def too_many() -> Fault:
    return Fault(
        status=400,
        code="web.too_many_fields",
        title=_("Lần gửi này có quá nhiều ô hoặc quá nhiều tệp"),
        say=_("Chưa có gì được lưu. Hãy chia thành nhiều lần gửi."),
    )


def not_found() -> Fault:
    return Fault(
        status=404,
        code="web.not_found",
        title=_("Không có trang này"),
        template="web/404.html",
        bare=False,
        say=_("Địa chỉ có thể đã đổi, hoặc gõ thiếu."),
    )


def forbidden() -> Fault:
    return Fault(
        status=403,
        code="web.forbidden",
        title=_("Bạn không mở được trang này"),
        bare=False,
        say=_("Trang này dành cho người khác. Hãy đăng nhập bằng tài khoản được giao việc này."),
    )


def unavailable() -> Fault:
    return Fault(
        status=503,
        code="web.unavailable",
        title=_("Kho dữ liệu đang tạm ngắt"),
        template="web/503.html",
        say=_("Lần bấm vừa rồi chưa được lưu. Hãy chờ một phút rồi thử lại."),
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def unexpected(code_to_read: str) -> Fault:
    say = _("Hãy chờ một phút rồi thử lại. Nếu vẫn lỗi, hãy đọc mã %(code)s cho người trực.")
    return Fault(
        status=500,
        code="web.fault",
        title=_("Lỗi ở phía chúng tôi, không phải ở bạn"),
        template="web/500.html",
        say=say % {"code": code_to_read},
        facts={"incident": code_to_read},
    )


def maintenance(starts_at: datetime, ends_at: datetime) -> Fault:
    return Fault(
        status=503,
        code="web.maintenance",
        title=_("Nghỉ bảo trì đến %(until)s") % {"until": text.instant(ends_at)},
        say=_("Lần gửi vừa rồi chưa được lưu. Hãy gửi lại sau giờ đó."),
        template="web/maintenance.html",
        headers={"Retry-After": http_date(ends_at.timestamp())},
        facts={"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()},
    )


def of(request: HttpRequest, exception: BaseException | None) -> Fault:
    """Which fault an exception is. Database gone: also gives its connection back, so that the next request makes a new one.
    What nobody expected gets a code that is logged and shown: the log line and the telephone call meet there."""
    if known := known_fault(exception):
        return known
    code = code_to_read_out()
    match = request.resolver_match
    log.error("fault %s: %s %s %s", code, request.method, match.route if match else "-", type(exception).__name__)
    return unexpected(code)


def known_fault(exception: BaseException | None) -> Fault | None:
    """The fault, when it is one whose cause we know; None for a bug."""
    if isinstance(exception, OperationalError | InterfaceError) and not _sql_state(exception).startswith(_OUR_OWN_DOING):
        log.error("database unavailable: %s", type(exception.__cause__ or exception).__name__)
        connection.close_if_unusable_or_obsolete()
        return unavailable()
    for kind, fault in _BY_KIND:
        if isinstance(exception, kind):
            return fault()
    return malformed() if _unstorable(exception) else None


def code_to_read_out() -> str:
    """Like K7-2341-PX."""

    def pick(alphabet: str, count: int) -> str:
        return "".join(secrets.choice(alphabet) for _place in range(count))

    return f"{pick(_LETTERS, 1)}{pick(_DIGITS, 1)}-{pick(_DIGITS, 4)}-{pick(_LETTERS, 2)}"


_BY_KIND: list[tuple[type[BaseException], Callable[[], Fault]]] = [
    (RequestDataTooBig, too_large),
    (TooManyFieldsSent, too_many),
    (TooManyFilesSent, too_many),
]
# Classes of SQLSTATE that psycopg calls operational although the database is well: a lock or statement timeout is load (and
# told as unavailable); a full disk too. A serialization failure or deadlock is not: it is a bug that the command did not retry.
_OUR_OWN_DOING = ("40",)
# Text that no column can hold, a number beyond every column, a day beyond the calendar.
_UNSTORABLE = {"22003", "22008", "22021", "22P05"}


def _sql_state(exception: BaseException) -> str:
    return getattr(exception.__cause__, "sqlstate", None) or ""


def _unstorable(exception: BaseException | None) -> bool:
    """Input that slipped through to the database and that no table could hold: the sender's slip, not our fault."""
    if isinstance(exception, DataError):
        return _sql_state(exception) in _UNSTORABLE or "NUL (0x00)" in str(exception)
    if isinstance(exception, UnicodeEncodeError):
        return "surrogates" in exception.reason
    return isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)
