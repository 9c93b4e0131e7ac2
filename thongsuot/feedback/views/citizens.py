"""A report in under a minute, with or without scripts, with or without a line; and one's own tickets."""

from __future__ import annotations

import hashlib
import math
import secrets
from datetime import datetime
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback.actions.errors import TooMany
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.forms.asking import AskingForm, as_it_stands
from thongsuot.feedback.forms.citizens import RateForm, ReopenForm, ReplyForm, ReportForm
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries import following, reporting
from thongsuot.feedback.queries.reporting import CategoryRow, NearRow
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.rules.recognise import suspected
from thongsuot.feedback.views.public import box_to_begin
from thongsuot.feedback.words import Channel, Stream
from thongsuot.files.queries import opened_row
from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson, must_exist
from thongsuot.kernel.networks import network_of
from thongsuot.people.models import Person
from thongsuot.units import queries as units
from thongsuot.web import faults
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import Answered, refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.private import View, private
from thongsuot.web.qr import picture
from thongsuot.web.request import actor_of, must_be_somebody, nothing_pressed, pressed

_PLACES = {"place": "latitude", "dossier": "dossier"}
# What the page needs without a line, for the service worker: scripts, styles and pictures of its own, nothing of anybody.
SHELL = (
    "thongsuot/tokens.css",
    "thongsuot/base.css",
    "thongsuot/components.css",
    "thongsuot/map.css",
    "thongsuot/map.js",
    "thongsuot/page.js",
    "thongsuot/icons/mark.svg",
    "leaflet/leaflet.css",
    "leaflet/leaflet.js",
    "django_htmx/htmx-2.min.js",
    "feedback/feedback.css",
    "feedback/pictures.js",
    "feedback/outbox.js",
    "feedback/report.js",
)


def for_script(request: HttpRequest) -> bool:
    """The page's own script asks, and wants JSON."""
    return request.headers.get("Accept", "").startswith("application/json")


def within_measure(view: View) -> View:
    """More than a report with all its pictures weighs is turned away before any of it is read, be it for the form's token:
    so the view asks for that by itself (`csrf_protect`)."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= settings.FEEDBACK_MAX_BYTES:
            return view(request, **kwargs)
        fault = faults.too_large()
        if for_script(request):
            return JsonResponse({"message": f"{fault.title}. {fault.say}", "problems": {}}, status=fault.status)
        return faults.answer(request, fault)

    return answer


@require_http_methods(["GET", "POST"])
@within_measure
@csrf_protect
@private
def report(request: HttpRequest) -> HttpResponse:
    if request.method == "GET" and for_script(request):
        # A report that waited for days is sent with a token of today, by who wrote it.
        return JsonResponse({"token": get_token(request), "who": _who(request)})
    now = clock.now()
    city = units.default_city(as_of=clock.today())
    rows = reporting.categories(city.id, clock.today())
    if request.method == "GET":
        return _page(request, _form(request, city.id, rows, initial=_begins(request)), rows)
    form = _form(request, city.id, rows, data=request.POST, files=request.FILES)
    if pressed(request) == "hoi":
        return _page(request, _form(request, city.id, rows, initial=as_it_stands(request)), rows)
    with refusals_on(form, places=_PLACES | form.places) as answered:
        if form.is_valid():
            before = _to_know(request, form, rows, now)
            if before is not None:
                return _first(request, form, rows, before)
            ticket = actions.report(city.id, _facts(request, form), channel=Channel.APP, actor=actor_of(request), at=now)
            return _sent(request, ticket, now)
    if for_script(request):
        return _problems(form, answered, now)
    return _page(request, form, rows, status=answered.status)


def _form(request: HttpRequest, city_id: int, rows: tuple[CategoryRow, ...], **said: Any) -> ReportForm:
    """With the questions of the category that was chosen."""
    chosen = (said.get("data") or said.get("initial") or {}).get("category", "")
    questions = next((row.questions for row in rows if row.code == chosen), ())
    return ReportForm(
        groups=[(group, [(row.code, row.name) for row in inside]) for group, inside in reporting.by_group(rows)],
        units=[(unit.id, unit.full_name) for unit in units.units_under(city_id, as_of=clock.today())],
        photos_most=setting("photos_most", city_id=city_id, on=clock.today()),
        questions=questions,
        **said,
    )


def _begins(request: HttpRequest) -> dict[str, Any]:
    """What is known already: who has an account need not say who they are."""
    begins: dict[str, Any] = {"key": secrets.token_urlsafe(24), "category": request.GET.get("linh_vuc", "")[:40]}
    person_id = actor_of(request).person_id
    if person_id is not None:
        person = Person.objects.get(pk=person_id)
        begins |= {"name": person.full_name, "phone": person.phone, "email": person.email}
    return begins


def _who(request: HttpRequest) -> str:
    """Tells one account from another and from none, and nothing else."""
    person_id = actor_of(request).person_id
    return "" if person_id is None else salted_hmac("feedback.outbox", str(person_id)).hexdigest()[:16]


def _to_know(request: HttpRequest, form: ReportForm, rows: tuple[CategoryRow, ...], now: datetime) -> dict[str, Any] | None:
    """What whoever reports should read before it is sent: once, and then it is theirs to decide."""
    said = form.cleaned_data
    if said["knows"]:
        return None
    kind = suspected(said["words"])
    close: list[NearRow] = []
    chosen = next((row for row in rows if row.code == said["category"]), None)
    if chosen is not None and said["latitude"] is not None and said["longitude"] is not None and _may_look_around(request):
        close = reporting.near(chosen.id, said["latitude"], said["longitude"], at=now)
    return {"suspected": kind, "near": close, "reception": _reception()} if kind or close else None


def _may_look_around(request: HttpRequest) -> bool:
    """So often from one network and one account. Who asks more often is offered nothing, and reports all the same."""
    who = actor_of(request).person_id or network_of(get_adapter(request).get_client_ip(request))
    return bool(ratelimit.consume(request, action="near_reports", key=str(who)))


def _reception() -> str:
    try:
        return reverse("citizen_reception:public")
    except NoReverseMatch:
        return ""


def _first(request: HttpRequest, form: ReportForm, rows: tuple[CategoryRow, ...], before: dict[str, Any]) -> HttpResponse:
    """Not sent yet: 409, with what is to be read."""
    if for_script(request):
        return JsonResponse({"html": render_to_string("feedback/citizen/_before.html", before, request)}, status=409)
    return _page(request, form, rows, status=409, **before)


def _facts(request: HttpRequest, form: ReportForm) -> ReportFacts:
    said = form.cleaned_data
    return ReportFacts(
        words=said["words"],
        category=said["category"],
        stream="" if said["category"] else Stream.SCENE,
        place=PlaceFacts(latitude=said["latitude"], longitude=said["longitude"], address=said["address"], unit_id=said["unit"]),
        sender=SenderFacts(
            name=said["name"],
            phone=said["phone"],
            email=said["email"],
            person_id=actor_of(request).person_id,
            network=get_adapter(request).get_client_ip(request),
        ),
        photos=said["photos"],
        happened_at=form.happened_at,
        urgent=said["urgent"],
        masked=said["masked"],
        answers=form.answers,
        dossier=said["dossier"],
        same_as=reporting.offered(said["same_as"]),
        key=key_of_sent(request, form),
    )


def key_of_sent(request: HttpRequest, form: Form) -> str:
    """The page's key together with all it says, as it was sent: the same form twice is one report; a page that Back brought
    again and that names another place is another one. What was read before sending (`knows`, `same_as`) is no part of it."""
    if not form.cleaned_data["key"]:
        return ""
    said = [(name, request.POST.getlist(name)) for name in form.fields if name not in {"key", "photos", "knows", "same_as"}]
    pictures = [(file.name, file.size) for file in request.FILES.getlist("photos")]
    return f"{form.cleaned_data['key']}:{hashlib.sha256(repr((said, pictures)).encode()).hexdigest()[:32]}"


def _sent(request: HttpRequest, ticket: FeedbackTicket, now: datetime) -> HttpResponse:
    href = reverse("feedback:follow", args=[ticket.secret])
    if for_script(request):
        unit = units.unit_row(ticket.unit_id, as_of=clock.today()).full_name if ticket.unit_id else ""
        due = following.due_words(ticket, now)
        return JsonResponse({"number": ticket.number, "href": href, "unit": unit, "due": due}, status=201)
    messages.success(request, _("Đã gửi phản ánh. Cảm ơn bạn."))
    return redirect(href)


def _problems(form: Form, answered: Answered, now: datetime) -> JsonResponse:
    problems = {name: " ".join(map(str, said)) for name, said in form.errors.items() if name != "__all__"}
    above = " ".join(map(str, form.non_field_errors()))
    return JsonResponse(
        {
            "message": above or _("Cần sửa vài chỗ rồi gửi lại."),
            "problems": {form[name].id_for_label or form[name].auto_id: words for name, words in problems.items()},
        },
        status=answered.status,
        headers=_again(answered.refusal, now),
    )


def _again(refusal: TellPerson | None, now: datetime) -> dict[str, str]:
    """When it is taken after all: the page keeps it until then."""
    if not isinstance(refusal, TooMany):
        return {}
    return {"Retry-After": str(max(1, math.ceil((refusal.again_at - now).total_seconds())))}


def _page(
    request: HttpRequest, form: ReportForm, rows: tuple[CategoryRow, ...], *, status: int = 200, **before: Any
) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "questions": [(row.code, AskingForm(questions=row.questions)) for row in rows if row.questions],
        "who": _who(request),
        "box": box_to_begin(units.default_city(as_of=clock.today()).id),
        "kept": "giu" in request.GET,
        "near": before.get("near", ()),
        "suspected": before.get("suspected", ""),
        "reception": before.get("reception", ""),
        "warned": bool(before),
    }
    return render(request, "feedback/citizen/report.html", context, status=status)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from within the folder it may serve; it keeps files of this release."""
    answer = render(request, "feedback/citizen/sw.js", {"assets": SHELL}, content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = reverse("feedback:public")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


# --- One's own ---


def by_secret(view: View) -> View:
    """The ticket whose link it is; whoever guesses learns nothing. No other site is told the link: the house's policy says so
    (`same-origin`; with none at all a browser would not say either where a form comes from, and every press here be refused).
    """

    @wraps(view)
    def answer(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponseBase:
        tickets = FeedbackTicket.objects.select_related("parent", "category", "reporter")
        return view(request, must_exist(tickets.filter(secret=secret).first()), **kwargs)

    return private(answer)


@require_http_methods(["GET", "POST"])
@within_measure
@by_secret
@csrf_protect
def follow(request: HttpRequest, ticket: FeedbackTicket) -> HttpResponse:
    now, posted = clock.now(), request.POST if request.method == "POST" else None
    doing = pressed(request)
    if posted is not None and doing not in _ACTS:
        raise nothing_pressed()
    reply_form = ReplyForm(posted if doing == "nhan" else None, request.FILES if doing == "nhan" else None, prefix="nhan")
    rate_form = RateForm(posted if doing == "danh-gia" else None, prefix="dg")
    reopen_form = ReopenForm(posted if doing == "mo-lai" else None, prefix="ml")
    form = {"nhan": reply_form, "danh-gia": rate_form, "mo-lai": reopen_form}.get(doing)
    status = 200
    if form is not None:
        with refusals_on(
            form, places={"words": "why" if doing == "mo-lai" else "note" if doing == "danh-gia" else "words"}
        ) as no:
            if form.is_valid():
                messages.success(request, _ACTS[doing](request, ticket, form.cleaned_data, now))
                return redirect("feedback:follow", ticket.secret)
        status = no.status
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('feedback:follow', args=[ticket.secret])}"
    context = {
        "seen": following.followed(ticket, now=now),
        "ticket": ticket,
        "address": address,
        "qr": picture(address),
        "reply_form": reply_form,
        "rate_form": rate_form,
        "reopen_form": reopen_form,
        "form": form,
    }
    return render(request, "feedback/citizen/follow.html", context, status=status)


def _reply(request: HttpRequest, ticket: FeedbackTicket, said: dict[str, Any], now: datetime) -> str:
    photos = said["photos"]
    words = said["words"] or (_("Gửi thêm ảnh.") if photos else "")
    actions.reply(ticket.pk, words, photos=photos, secret=ticket.secret, actor=actor_of(request), at=now)
    return _("Đã gửi. Người xử lý sẽ đọc được.")


def _rate(request: HttpRequest, ticket: FeedbackTicket, said: dict[str, Any], now: datetime) -> str:
    actions.rate(ticket.pk, said["level"], words=said["note"], secret=ticket.secret, actor=actor_of(request), at=now)
    return _("Cảm ơn bạn đã đánh giá.")


def _reopen(request: HttpRequest, ticket: FeedbackTicket, said: dict[str, Any], now: datetime) -> str:
    actions.reopen(ticket.pk, said["why"], secret=ticket.secret, actor=actor_of(request), at=now)
    return _("Đã mở lại phản ánh. Trả lời lần này do cấp trên duyệt.")


_ACTS = {"nhan": _reply, "danh-gia": _rate, "mo-lai": _reopen}


@by_secret
@require_GET
def own_photo(request: HttpRequest, ticket: FeedbackTicket, photo_id: int) -> HttpResponseBase:
    """The copy without the picture's own facts, once the worker has made it."""
    photo = must_exist(following.may_see(ticket, photo_id))
    row, content = opened_row(must_exist(photo.shown_id))
    return file_answer(content, row.name, row.content_type, shown=True)


def _due(ticket: FeedbackTicket, now: datetime) -> str:
    return following.due_words(ticket.parent or ticket, now, own=ticket.parent is None)


@private
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    now, found = clock.now(), following.mine(must_be_somebody(request))
    page = page_of(request, count=found.count())
    rows = [(one, following.TAGS[following.State((one.parent or one).state)], _due(one, now)) for one in found[page.slice]]
    return render(request, "feedback/citizen/mine.html", {"rows": rows, "page": page})
