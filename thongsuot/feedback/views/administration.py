"""What may be reported, as whoever manages the feedback of a city arranges it: categories and what is asked about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback.actions.common import MANAGE
from thongsuot.feedback.arranging_forms import (
    CategoryForm,
    DayForm,
    NewCategoryForm,
    NewQuestionForm,
    PreviewForm,
    QuestionForm,
)
from thongsuot.feedback.models import Category, CategoryQuestion
from thongsuot.feedback.queries import arranging
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.history import history_of
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, nothing_pressed, pressed


def manager(request: HttpRequest) -> tuple[Actor, UnitRow]:
    """Who arranges the feedback of the whole city. Raises NotYourDuty."""
    actor = actor_of(request)
    return actor, units.city_of_duty(actor, MANAGE, on=clock.today())


def category_of(category_id: int, city: UnitRow) -> Category:
    """Raises NotFound."""
    return must_exist(Category.objects.filter(pk=category_id, city=city.id).first())


@require_GET
def categories(request: HttpRequest) -> HttpResponse:
    _actor, city = manager(request)
    today, over = clock.today(), bool(request.GET.get("het"))
    context = {"city": city, "groups": arranging.groups(city.id, on=today, over=over), "today": today, "over": over}
    return render(request, "feedback/administration/categories.html", context)


@require_http_methods(["GET", "POST"])
def new_category(request: HttpRequest) -> HttpResponse:
    actor, city = manager(request)
    form = NewCategoryForm(request.POST or None, initial={"valid_from": clock.today(), "straight": True, "needs_place": True})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            made = actions.add_category(
                city.id, said["code"], form.facts(), valid_from=said["valid_from"], actor=actor, at=clock.now()
            )
            messages.success(request, _("Đã thêm lĩnh vực. Đơn vị nơi xảy ra trả lời, cho đến khi giao đơn vị khác."))
            return redirect("feedback:category", made.pk)
    context = {"form": form}
    return render(request, "feedback/administration/new_category.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def category(request: HttpRequest, category_id: int) -> HttpResponse:
    """What it is, what is asked; buttons: save, end from a day, go on."""
    actor, city = manager(request)
    found, what = category_of(category_id, city), pressed(request)
    posted = request.POST if request.method == "POST" else None
    form = CategoryForm(posted if what == "luu" else None, initial=CategoryForm.initial_of(found))
    ends = DayForm(posted if what == "thoi" else None)
    if posted is not None:
        if what not in {"luu", "thoi", "dung-tiep"}:
            raise nothing_pressed()
        if what == "luu" and form.is_valid():
            with refusals_on(form):
                actions.change_category(found.pk, form.facts(), actor=actor, at=clock.now())
                messages.success(request, _("Đã lưu."))
                return redirect("feedback:category", found.pk)
        elif what == "thoi" and ends.is_valid():
            with refusals_on(ends):
                actions.end_category(found.pk, ends.cleaned_data["day"], actor=actor, at=clock.now())
                messages.success(request, _("Đã định ngày thôi dùng. Phản ánh đã nhận vẫn được xử lý."))
                return redirect("feedback:category", found.pk)
        elif what == "dung-tiep":
            actions.end_category(found.pk, None, actor=actor, at=clock.now())
            messages.success(request, _("Lĩnh vực được dùng tiếp."))
            return redirect("feedback:category", found.pk)
    today = clock.today()
    context = {
        "category": found,
        "form": form,
        "ends": ends,
        "questions": arranging.questions_of(found.pk),
        "today": today,
        "history": history_of(found),
    }
    wrong = form.errors or ends.errors
    return render(request, "feedback/administration/category.html", context, status=422 if wrong else 200)


@require_GET
def preview(request: HttpRequest, category_id: int) -> HttpResponse:
    """As citizens see it when they choose it."""
    _actor, city = manager(request)
    found = category_of(category_id, city)
    context = {"category": found, "form": PreviewForm(arranging.questions_of(found.pk, on=clock.today()))}
    return render(request, "feedback/administration/preview.html", context)


@require_http_methods(["GET", "POST"])
def new_question(request: HttpRequest, category_id: int) -> HttpResponse:
    actor, city = manager(request)
    found = category_of(category_id, city)
    form = NewQuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            actions.add_question(found.pk, said["code"], said["kind"], form.facts(), actor=actor, at=clock.now())
            messages.success(request, _("Đã thêm câu hỏi."))
            return redirect("feedback:category", found.pk)
    context = {"category": found, "form": form, "question": None}
    return render(request, "feedback/administration/question.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    actor, city = manager(request)
    rows = CategoryQuestion.objects.select_related("category").filter(pk=question_id, category__city=city.id)
    found, what = must_exist(rows.first()), pressed(request)
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted if what == "luu" else None, initial=QuestionForm.initial_of(found))
    ends = DayForm(posted if what == "thoi" else None)
    if posted is not None:
        if what not in {"luu", "thoi", "hoi-tiep"}:
            raise nothing_pressed()
        if what == "luu" and form.is_valid():
            with refusals_on(form):
                actions.change_question(found.pk, form.facts(), actor=actor, at=clock.now())
                messages.success(request, _("Đã lưu."))
                return redirect("feedback:category", found.category_id)
        elif what == "hoi-tiep" or (what == "thoi" and ends.is_valid()):
            with refusals_on(ends):
                day = ends.cleaned_data["day"] if what == "thoi" else None
                actions.end_question(found.pk, day, actor=actor, at=clock.now())
                messages.success(request, _("Đã định ngày thôi hỏi.") if day else _("Câu hỏi được hỏi tiếp."))
                return redirect("feedback:category", found.category_id)
    context = {"category": found.category, "question": found, "form": form, "ends": ends}
    wrong = form.errors or ends.errors
    return render(request, "feedback/administration/question.html", context, status=422 if wrong else 200)
