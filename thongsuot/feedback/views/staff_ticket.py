"""One ticket as its handlers see it: what was said and shown, why it came here, what to do next; who sent it, for a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback import staff_words as words
from thongsuot.feedback.actions.errors import SenderKept
from thongsuot.feedback.forms.staff import CoverForm, LookForm
from thongsuot.feedback.models import FeedbackTicket, Photo
from thongsuot.feedback.pictures import Box, blurs_from, rows_of
from thongsuot.feedback.pictures.facts import SIGN_WORDS
from thongsuot.feedback.queries import near
from thongsuot.feedback.queries.reception import entry_of, keeps_sender_close
from thongsuot.feedback.queries.ticket import DUTIES, TicketPage, access_ticket, may_merge, next_actions, seen_among
from thongsuot.feedback.words import Suspected, WithheldReason
from thongsuot.files import queries as files
from thongsuot.files.views import serve
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import instant
from thongsuot.people.actions import log_look_up
from thongsuot.people.models import LookUp
from thongsuot.people.queries import looked_lately
from thongsuot.people.rules import field_label
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_with, pressed

# Keys that press an action on the page of a ticket; the main one of the moment has T.
KEYS = {
    "chuyen": "C",
    "phan-loai": "P",
    "giao": "I",
    "hoi": "H",
    "nhan-tin": "M",
    "ghi-chu": "G",
    "tra-loi": "L",
    "tra-lai": "B",
    "duyet": "D",
    "cong-khai": "K",
}
SENDER_FIELDS = ("full_name", "phone", "email")


def here(request: HttpRequest, ticket_id: int) -> tuple[Actor, FeedbackTicket]:
    """Who asks, and the ticket if it is theirs to see. Raises NotYourDuty, NotFound; SenderKept: nothing of it is, here."""
    actor = actor_with(request, *DUTIES)
    found = access_ticket(ticket_id, actor=actor)
    if keeps_sender_close(found):
        raise SenderKept
    return actor, found


@require_GET
def ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    actor = actor_with(request, *DUTIES)
    found = access_ticket(ticket_id, actor=actor)
    if keeps_sender_close(found):
        return _kept_close(request, found)
    now = clock.now()
    page = TicketPage(found, now)
    alike = near.same_pictures(found)
    return render(
        request,
        "feedback/staff/ticket.html",
        {
            "page": page,
            "ticket": found,
            "due": words.due_of(found.city_id, now)(found),
            "tag": words.TAGS[found.state],
            "step_name": words.step_name(found),
            "actions": next_actions(page, actor=actor),
            "keys": KEYS,
            "why_here": words.why_here,
            "history": _history(found),
            "looks": _looks(found),
            "sender_shown": looked_lately(found.reporter, actor, now=now),
            "same_pictures": alike,
            "may_open": seen_among([one[0] for one in alike], actor=actor) if alike else frozenset(),
            "may_merge": may_merge(found, actor),
            "signs": SIGN_WORDS,
            "suspected": dict(Suspected.choices),
            "withheld": dict(WithheldReason.choices),
            "roles": dict(Photo.Role.choices),
            "own": actor.person_id,
            "register_number": str(entry_of(found) or ""),
        },
    )


def _kept_close(request: HttpRequest, found: FeedbackTicket) -> HttpResponse:
    """A denunciation that citizen reception has: words, talk, place and pictures tell who sent it as well as a name does."""
    return render(
        request,
        "feedback/staff/kept_close.html",
        {"ticket": found, "tag": words.TAGS[found.state], "register_number": str(entry_of(found) or "")},
    )


def _history(found: FeedbackTicket) -> list[dict[str, object]]:
    return [
        {"state": "done", "title": row.label, "lines": [f"{instant(row.at)}, {words.actor_name(row)}"]}
        for row in reversed(history_of(found))
    ]


def _looks(found: FeedbackTicket) -> list[LookUp]:
    rows = LookUp.objects.filter(subject=found.reporter._meta.label_lower, subject_id=found.reporter.pk)
    looks = list(rows.order_by("-at", "-pk")[:20])
    for look in looks:
        look.fields = [field_label(name) for name in look.fields]
    return looks


@require_http_methods(["GET", "POST"])
def sender(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Who sent it, for a reason they will read; shown on the ticket's page for as long as one look lasts."""
    actor, found = here(request, ticket_id)
    form = LookForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            log_look_up(
                found.reporter,
                fields=SENDER_FIELDS,
                reason=form.cleaned_data["reason"],
                about_id=found.reporter.person_id,
                actor=actor,
                at=clock.now(),
            )
            return redirect(f"{reverse('feedback:ticket', args=[found.pk])}#nguoi-gui")
    return render(request, "feedback/staff/sender.html", {"ticket": found, "form": form}, status=422 if form.errors else 200)


# -- pictures ------------------------------------------------------------------------------------------------------------


def _photo(found: FeedbackTicket, photo_id: int) -> Photo:
    return must_exist(found.photos.select_related("answer", "message").filter(pk=photo_id).first())


@require_GET
def photo(request: HttpRequest, ticket_id: int, photo_id: int) -> HttpResponseBase:
    """The copy without the picture's own facts, with what was covered, in the page itself: we made it."""
    _actor, found = here(request, ticket_id)
    shown = _photo(found, photo_id).shown_id
    if shown is None:
        raise NotFound
    row, content = files.opened_row(shown)
    return file_answer(content, row.name, row.content_type, shown=True)


@require_GET
def original(request: HttpRequest, ticket_id: int, photo_id: int) -> HttpResponseBase:
    """As it was handed in, with its position and instant: a download, and a look that is kept."""
    actor, found = here(request, ticket_id)
    one = _photo(found, photo_id)
    if not looked_lately(one, actor, now=clock.now()):
        log_look_up(one, fields=["files"], reason=found.number, about_id=found.reporter.person_id, actor=actor, at=clock.now())
    return serve(one.original_id, download_name=f"{found.number}-{one.pk}")


@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest, ticket_id: int, photo_id: int) -> HttpResponse:
    """Faces and plates are hidden by hand, or the whole picture is kept back."""
    actor, found = here(request, ticket_id)
    one = _photo(found, photo_id)
    form = CoverForm(request.POST or None, initial={"kept_back": one.kept_back, "why": one.kept_why})
    rows = rows_of(request.POST if form.is_bound else [Box(*box) for box in one.blurs])
    if form.is_valid() and pressed(request) != "them-vung":
        with refusals_on(form):
            boxes = blurs_from(request.POST)
            said = {name: form.cleaned_data[name] for name in ("kept_back", "why")}
            actions.cover(one.pk, boxes, **said, actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu ảnh như sẽ công khai."))
            return redirect("feedback:cover", found.pk, one.pk)
    return render(
        request,
        "feedback/staff/cover.html",
        {
            "ticket": found,
            "photo": one,
            "form": form,
            "rows": rows,
            "answered": TicketPage(found, clock.now()).to_publish,
        },
        status=422 if form.errors else 200,
    )


def public_photos(page: TicketPage) -> list[Photo]:
    """Those that would be published, and those kept back: never what was sent in the talk."""
    return [one for one in page.photos if one.role != Photo.Role.REPLY]
