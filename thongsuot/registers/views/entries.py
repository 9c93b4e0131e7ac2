"""Searching, one entry, annotations, cancellation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.people.queries import looked_lately
from thongsuot.registers import actions
from thongsuot.registers.forms.entries import AnnotationForm, CancelForm, ReasonForm, SearchForm, texts
from thongsuot.registers.models import Annotation, Entry
from thongsuot.registers.queries import entry as entries
from thongsuot.registers.queries import search as searching
from thongsuot.registers.rules import DUTY
from thongsuot.registers.views.common import tabs
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_with, number_of

SEARCHED = "registers_searched"  # in the session: names and numbers of people have no place in addresses


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Masked rows: which entry it is can be seen, what it says cannot."""
    actor = actor_with(request, DUTY, "review dossiers")
    if not actor.units_for(DUTY):
        return redirect("registers:corrections")  # who only decides on what others propose
    if request.method == "POST":
        said = {name: request.POST.get(name, "").strip()[:200] for name in SearchForm.base_fields}
        request.session[SEARCHED] = {name: words for name, words in said.items() if words}
        return redirect(request.get_full_path())
    asked = request.session.get(SEARCHED, {})
    form = SearchForm(asked or None)
    found = None
    if asked and form.is_valid():
        with refusals_on(form):
            wanted = searching.wanted_of(texts(form.cleaned_data))
            if wanted.enough:
                found = searching.search(wanted, actor=actor)
            else:
                form.add_error(None, _("Hãy ghi thêm họ tên, ngày sinh, số giấy tờ, số trong quyển hoặc nơi đăng ký."))
    return render(
        request,
        "registers/search.html",
        {
            "form": form,
            "found": found,
            "tabs": tabs("registers:search", actor=actor),
            "states": dict(Entry.State.choices),
            "dossier": dossier_of(request, actor),
        },
        status=422 if form.errors else 200,
    )


def dossier_of(request: HttpRequest, actor: Actor) -> Dossier | None:
    """The dossier one came from, by ?ho-so=: its code is the reason for opening. One query, when it is named."""
    if not (asked := number_of(request.GET.get("ho-so", ""))):
        return None
    dossier = Dossier.objects.filter(pk=asked).first()
    return dossier if dossier is not None and actor.may(DUTY, unit_id=dossier.resolving_unit_id) else None


def guarded(entry_id: int, actor: Actor) -> Entry:
    entry = Entry.objects.filter(pk=entry_id).select_related("book").first()
    if entry is None or not actor.may(DUTY, unit_id=entry.keeper_id):
        raise NotFound
    return entry


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """First the question why; then the entry, for as long as the reason stands."""
    actor, now = actor_with(request, DUTY), clock.now()
    found = guarded(entry_id, actor)
    dossier = dossier_of(request, actor)
    form = ReasonForm(request.POST or None, initial={"reason": str(dossier) if dossier else ""})
    shown = request.method == "GET" and looked_lately(found, actor, now=now)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.open_entry(found.pk, reason=form.cleaned_data["reason"], actor=actor, at=now)
            shown = True
    return render(
        request,
        "registers/entry.html",
        {
            "entry": found,
            "form": form,
            "page": entries.entry_page(found, now=now) if shown else None,
            "dossier": dossier,
            "tabs": tabs("", actor=actor),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def annotate(request: HttpRequest, entry_id: int) -> HttpResponse:
    actor, now = actor_with(request, DUTY), clock.now()
    found = guarded(entry_id, actor)
    form = AnnotationForm(found.kind, request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        role, _dot, field = said["what"].partition(".")
        with refusals_on(form, places={"field": "what"}):
            actions.annotate_entry(
                found.pk,
                sort=Annotation.Sort(said["sort"]),
                role=role,
                field=field,
                new_value=said["new_value"],
                words=said["words"],
                basis=said["basis"],
                decided_on=said["decided_on"],
                actor=actor,
                at=now,
            )
            messages.success(request, _("Đã ghi chú vào sổ."))
            return redirect("registers:entry", found.pk)
    return render(request, "registers/annotate.html", {"entry": found, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, entry_id: int) -> HttpResponse:
    actor = actor_with(request, DUTY)
    found = guarded(entry_id, actor)
    form = CancelForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.cancel_entry(found.pk, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã hủy mục số %(number)s. Số này không dùng lại.") % {"number": str(found)})
            return redirect("registers:book", found.book_id)
    return confirm(
        request,
        staff=True,
        question=_("Hủy mục số %(number)s?") % {"number": str(found)},
        consequence=_(
            "Mục vẫn đọc được nhưng không còn giá trị và không cấp giấy từ mục này nữa. Việc này không hoàn lại được."
        ),
        button=_("Hủy mục"),
        danger=True,
        cancel_href=entries.href(found.pk),
        form=form,
    )
