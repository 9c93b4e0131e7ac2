"""The words of letters: what people get today, a new version, its approval by another person."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.notices import actions, kinds, letters, queries, rules
from thongsuot.notices.actions.wording import APPROVE, WRITE
from thongsuot.notices.forms import DraftForm, RouteForm
from thongsuot.notices.models import LetterVersion
from thongsuot.people.drafted_pages import Jobs, decided, forms_of
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, number_of, pressed

State = LetterVersion.State


def _city(request: HttpRequest, *duties: str) -> tuple[Actor, int]:
    """Whoever holds one of the duties over the city. Raises NotYourDuty."""
    actor = actor_of(request)
    city = units.default_city(as_of=timezone.localdate(clock.now()))
    if not any(actor.may(duty, unit_id=city.id) for duty in duties):
        raise NotYourDuty(duties[0])
    return actor, city.id


@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    """All letters: their version of today, what waits for approval, by which ways they go."""
    actor, city_id = _city(request, WRITE, APPROVE)
    today = timezone.localdate(clock.now())
    rows = queries.letter_rows(city_id, on=today)
    context = {
        "rows": rows,
        "routes": rules.ROUTE_LABELS,
        "waiting": [row for row in rows if row.under_way and row.under_way.state == State.SUBMITTED],
        "may_write": actor.may(WRITE, unit_id=city_id),
    }
    return render(request, "notices/letters.html", context)


@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, letter: str) -> HttpResponse:
    """One letter: its words of today by every way, all its versions, the order of its ways."""
    actor, city_id = _city(request, WRITE, APPROVE)
    kind = kinds.LETTERS.get(letter)
    if kind is None:
        raise Http404
    now = clock.now()
    today = timezone.localdate(now)
    if pressed(request) == "bo":
        actions.withdraw_route(number_of(request.POST.get("so", "")), actor=actor, at=now)
        messages.success(request, _("Đã bỏ cách gửi chưa dùng."))
        return redirect("notices:letter", letter)
    form = RouteForm(request.POST or None, initial={"route": queries.route_of(city_id, letter, on=today), "valid_from": today})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, beside="valid_from"):
            actions.set_route(city_id, key=letter, **form.cleaned_data, actor=actor, at=now)
            messages.success(request, _("Đã đặt cách gửi."))
            return redirect("notices:letter", letter)
    version = queries.version_in_force(city_id, letter, on=today)
    words = queries.words_of(version) if version else letters.shipped(letter)
    versions = queries.versions_of(city_id, letter)
    context = {
        "key": letter,
        "kind": kind,
        "optional": kinds.OPTIONAL.get(kind.optional),
        "number": version.number if version else letters.SHIPPED,
        "words": words,
        "versions": versions,
        "under_way": next((one for one in versions if one.state in {State.DRAFT, State.SUBMITTED}), None),
        "route": rules.ROUTE_LABELS[queries.route_of(city_id, letter, on=today)],
        "to_come": queries.routes_to_come(city_id, letter, on=today),
        "form": form if actor.may(WRITE, unit_id=city_id) else None,
    }
    return render(request, "notices/letter.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, letter: str) -> HttpResponse:
    """A new version, begun from the words of today; or the open draft. "xem" shows how it reads and keeps nothing."""
    actor, city_id = _city(request, WRITE)
    kind = kinds.LETTERS.get(letter)
    if kind is None:
        raise Http404
    now = clock.now()
    own = queries.versions_of(city_id, letter)
    version = next((one for one in own if one.state in {State.DRAFT, State.SUBMITTED}), None)
    if version is not None and version.state == State.SUBMITTED:
        return redirect("notices:version", version.pk)
    version = version or queries.version_in_force(city_id, letter, on=timezone.localdate(now))
    words = queries.words_of(version) if version else letters.shipped(letter)
    form = DraftForm(request.POST or None, initial=DraftForm.initial_of(words))
    shown = words
    if request.method == "POST" and form.is_valid():
        shown = form.words()
        form.judge(letter, shown)
        if not form.errors and pressed(request) != "xem":
            with refusals_on(form):
                made = actions.draft_version(
                    letter,
                    city_id=city_id,
                    subject=shown.subject,
                    body=shown.body,
                    sms=shown.sms,
                    zalo_template=shown.zalo_template,
                    zalo_values=shown.zalo_values,
                    actor=actor,
                    at=now,
                )
                messages.success(request, _("Đã lưu bản đang soạn. Xem lại rồi gửi duyệt."))
                return redirect("notices:version", made.pk)
    context = {
        "key": letter,
        "kind": kind,
        "form": form,
        "note": version.note if version and version.state == State.DRAFT else "",
        "places": kind.all_places(),
        "shown": None if form.errors else _reading(letter, shown),
    }
    return render(request, "notices/draft.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: how it reads, what it changes, and what may be done with it now."""
    actor, city_id = _city(request, WRITE, APPROVE)
    found = queries.version_for(version_id)
    if found.city_id != city_id:
        raise Http404
    now, today = clock.now(), clock.today()
    forms = forms_of(request, today=today)
    if request.method == "POST" and decided(request, found.pk, _JOBS, forms, actor=actor, at=now):
        return redirect("notices:version", found.pk)
    words = queries.words_of(found)
    number, before = queries.words_before(found)
    context = {
        "version": found,
        "kind": kinds.LETTERS[found.key],
        "words": words,
        "shown": _reading(found.key, words),
        "before": number,
        "changes": queries.changes_between(before, words),
        "forms": forms,
        "draft_href": reverse("notices:draft", args=[found.key]),
        "may_write": actor.may(WRITE, unit_id=city_id),
        "may_approve": actor.may(APPROVE, unit_id=city_id),
        "digest": queries.digest_of(found),
        "own": queries.wrote(found, actor),
        "to_come": bool(found.valid_from and found.valid_from > today),
    }
    return render(request, "notices/version.html", context, status=422 if any(one.errors for one in forms.values()) else 200)


_JOBS: Jobs = {
    "gui-duyet": (actions.submit_version, gettext_lazy("Đã gửi duyệt. Người khác có nhiệm vụ duyệt mẫu tin sẽ xem.")),
    "bo": (actions.drop_version, gettext_lazy("Đã bỏ bản này. Bản vẫn đọc được trong danh sách.")),
    "thu-hoi": (actions.withdraw_version, gettext_lazy("Đã thu hồi. Bản dùng trước đó vẫn tiếp tục được dùng.")),
    "duyet": (actions.approve_version, gettext_lazy("Đã duyệt. Tin viết từ ngày đó dùng bản này.")),
    "tra-lai": (actions.send_back_version, gettext_lazy("Đã trả lại để sửa.")),
}


def _reading(key: str, words: letters.Words) -> dict[str, object]:
    """How it reads with nobody's facts, and how long its SMS is."""
    try:
        read = letters.example(key, words)
    except KeyError:  # of a release that knew other places
        return {}
    sms = letters.sms_in_all(key, read.sms)
    return {"letter": read, "sms": sms, "segments": rules.segments(sms), "most": rules.MOST_SEGMENTS}
