"""Changing an issued result, for the people of the resolving unit: what there is, and the one thing to do now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers import actions, conversion
from thongsuot.dossiers.forms import papers as forms
from thongsuot.dossiers.models import Dossier, Result, ResultChange, Status
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.views.looking import note_look
from thongsuot.dossiers.views.officer import desk_actor
from thongsuot.files.actions import store
from thongsuot.files.rules import FileType
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.request import pressed

State = ResultChange.State


@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """All changes of a result; POST opens one."""
    actor, now = desk_actor(request), clock.now()
    dossier = cases.access_dossier(dossier_id, actor=actor)
    note_look(dossier, actor=actor, at=now)
    result = Result.objects.filter(dossier=dossier, issued_on__isnull=False).first()
    found = list(ResultChange.objects.filter(result=result).order_by("-pk")) if result else []
    form = forms.OpenChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            opened = actions.open_change(dossier.pk, **form.cleaned_data, actor=actor, at=now)
            messages.success(request, _("Đã mở việc này. Hãy đính kèm dự thảo."))
            return redirect("dossiers:change", dossier.pk, opened.pk)
    may = actor.may("process dossiers", unit_id=actions.answers_for(dossier, at=now))
    return render(
        request,
        "dossiers/officer/changes.html",
        {
            "dossier": dossier,
            "procedure": procedures.version(dossier.version_id).name,
            "result": result,
            "changes": found,
            "form": form,
            "may_open": may
            and result is not None
            and dossier.status in (Status.RESOLVED, Status.RETURNED)
            and not any(one.state in ResultChange.OPEN or (one.kind == "revocation" and one.number) for one in found),
        },
        status=422 if form.errors else 200,
    )


# What can be done in a state, by whom: word -> (duty, unit, form, button, sentence when done).
_Do = tuple[str, str, type[Form] | None, Any, Any]
_TODO: dict[str, dict[str, _Do]] = {
    State.DRAFTING: {
        "soan": (
            "process dossiers",
            "resolving",
            forms.DraftChangeForm,
            gettext_lazy("Trình soát"),
            gettext_lazy("Đã trình soát."),
        ),
    },
    State.REVIEW: {
        "duyet": ("review dossiers", "resolving", None, gettext_lazy("Duyệt, trình ký"), gettext_lazy("Đã trình ký.")),
        "tra": (
            "review dossiers",
            "resolving",
            forms.ReasonForm,
            gettext_lazy("Trả lại người soạn"),
            gettext_lazy("Đã trả lại."),
        ),
    },
    State.SIGNING: {
        "ky": ("sign results", "resolving", forms.PersonPinForm, gettext_lazy("Ký"), gettext_lazy("Đã ký.")),
        "khong-ky": (
            "sign results",
            "resolving",
            forms.ReasonForm,
            gettext_lazy("Trả lại người soạn"),
            gettext_lazy("Đã trả lại."),
        ),
    },
    State.ISSUING: {
        "phat-hanh": (
            "issue results",
            "resolving",
            forms.AgencyPinForm,
            gettext_lazy("Vào sổ, phát hành"),
            gettext_lazy("Đã phát hành, chủ hồ sơ được báo tin."),
        ),
    },
    State.ISSUED: {
        "giao": ("hand back results", "receiving", forms.HandedForm, gettext_lazy("Trả văn bản"), gettext_lazy("Đã trả.")),
    },
}


def _todo(change: ResultChange, dossier: Dossier, actor: Actor, *, at: datetime) -> dict[str, _Do]:
    day = timezone.localdate(at)

    def unit_of(which: str) -> int:
        place = dossier.receiving_unit_id if which == "receiving" else dossier.resolving_unit_id
        return units.keeper_of(place, on=day)

    found = {word: do for word, do in _TODO.get(change.state, {}).items() if actor.may(do[0], unit_id=unit_of(do[1]))}
    unsealed = change.state == State.ISSUED and change.by_person and not change.by_agency
    if unsealed and actor.may("issue results", unit_id=unit_of("resolving")):
        sealed = (gettext_lazy("Đóng dấu số"), gettext_lazy("Đã đóng dấu số."))
        found["phat-hanh"] = ("issue results", "resolving", forms.AgencyPinForm, *sealed)
    if change.state in ResultChange.OPEN and any(
        actor.may(duty, unit_id=unit_of("resolving")) for duty in ("process dossiers", "review dossiers")
    ):
        found["bo"] = ("process dossiers", "resolving", forms.ReasonForm, gettext_lazy("Bỏ việc này"), gettext_lazy("Đã bỏ."))
    return found


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, dossier_id: int, change_id: int) -> HttpResponse:
    """One change: where it stands and what this officer can do with it now."""
    actor, now = desk_actor(request), clock.now()
    dossier = cases.access_dossier(dossier_id, actor=actor)
    one = must_exist(
        ResultChange.objects.select_related("result", "follows", "file").filter(pk=change_id, result__dossier=dossier).first()
    )
    note_look(dossier, actor=actor, at=now)
    offered = _todo(one, dossier, actor, at=clock.now())
    word = pressed(request)
    made: dict[str, Form | None] = {}
    wrong: Form | None = None
    for key, (_duty, _unit, form_class, _button, _done) in offered.items():
        mine = key == word
        initial = {"title": _usual_title(one), "handed_to": dossier.owner_name}
        made[key] = (
            form_class(*((request.POST, request.FILES) if mine else ()), prefix=key, initial=initial) if form_class else None
        )
    if request.method == "POST":
        if word not in offered:
            # Pressed on a page that has grown old: nothing is run, the page as it is now says what can be done.
            messages.warning(request, _("Việc này không còn làm được ở bước hiện tại. Hãy xem việc cần làm bên dưới."))
            return redirect("dossiers:change", dossier.pk, one.pk)
        wrong = made[word]
        if wrong is None or wrong.is_valid():
            with refusals_on(wrong):
                if _RUN[word](one, wrong.cleaned_data if wrong else {}, actor, now) is not None:
                    messages.success(request, str(offered[word][4]))
                return redirect("dossiers:change", dossier.pk, one.pk)
    return render(
        request,
        "dossiers/officer/change.html",
        {
            "dossier": dossier,
            "change": one,
            "changed": one.follows or one.result,
            "offered": [(key, made[key], do[3], key in ("tra", "khong-ky", "bo")) for key, do in offered.items()],
            "form": wrong,
        },
        status=422 if wrong is not None and wrong.errors else 200,
    )


def _usual_title(change: ResultChange) -> str:
    before = (change.follows or change.result).title
    words = {
        "correction": _("Văn bản đính chính: %(title)s"),
        "replacement": "%(title)s",
        "revocation": _("Quyết định thu hồi: %(title)s"),
    }
    return change.title or (words[change.kind] % {"title": before})[:300]


@transaction.atomic  # a file that came to nothing is not kept
def _soan(change: ResultChange, said: dict[str, Any], actor: Actor, at: Any) -> ResultChange:
    file = said["file"]
    stored = store(file, name=file.name, purpose="dossiers.result", actor=actor, at=at)
    return actions.draft_change(change.pk, title=said["title"], file_id=stored.pk, actor=actor, at=at)


_RUN: dict[str, Callable[[ResultChange, dict[str, Any], Actor, Any], Any]] = {
    "soan": _soan,
    "duyet": lambda one, said, actor, at: actions.review_change(one.pk, approve=True, actor=actor, at=at),
    "tra": lambda one, said, actor, at: actions.review_change(
        one.pk, approve=False, reason=said.get("reason", ""), actor=actor, at=at
    ),
    "ky": lambda one, said, actor, at: actions.sign_change(one.pk, pin=said.get("pin", ""), actor=actor, at=at),
    "khong-ky": lambda one, said, actor, at: actions.refuse_to_sign(one.pk, reason=said.get("reason", ""), actor=actor, at=at),
    "phat-hanh": lambda one, said, actor, at: actions.issue_change(one.pk, pin=said.get("pin", ""), actor=actor, at=at),
    "giao": lambda one, said, actor, at: actions.hand_back_change(
        one.pk, handed_to=said.get("handed_to", ""), actor=actor, at=at
    ),
    "bo": lambda one, said, actor, at: actions.drop_change(one.pk, reason=said.get("reason", ""), actor=actor, at=at),
}


@require_GET
def paper_copy(request: HttpRequest, dossier_id: int) -> HttpResponseBase:
    """The result on paper for an owner at the desk, with who converted it."""
    actor, now = desk_actor(request), clock.now()
    dossier = cases.access_dossier(dossier_id, actor=actor)
    note_look(dossier, actor=actor, at=now)
    by = ", ".join(part for part in (actor.name, actor.post) if part)
    made = conversion.of_result(dossier, by=by, at=now, copy_id=conversion.asked_copy(request.GET.get("ban-sao", "")))
    return file_answer(made, f"{dossier}-ban-giay.pdf", FileType.PDF, shown="xem" in request.GET)
