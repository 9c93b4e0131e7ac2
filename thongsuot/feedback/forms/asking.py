"""What a category asks, on every form that a report is written on: by its sender, at a desk, during a call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext

from thongsuot.feedback.models import CategoryQuestion
from thongsuot.web.forms import Form

# A report that waits in a browser for its line is sent under the names of the page it was written on.
_NAME = "hoi_"


class AskingForm(Form):
    """With a field for each question. One that must be answered is marked and missed here; what an answer must be, and for
    who sends no form that something is missing, the command says.
    """

    def __init__(self, *args: Any, questions: Iterable[CategoryQuestion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = {one.code: _field(one) for one in questions}
        self.places = {code: f"{_NAME}{code}" for code in fields}  # where a problem of an answer is shown
        self.add({self.places[code]: field for code, field in fields.items()})

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in self.places.values()]

    @property
    def answers(self) -> dict[str, object]:
        return {code: self.cleaned_data.get(name) for code, name in self.places.items()}


def _field(question: CategoryQuestion) -> forms.Field:
    told: dict[str, Any] = {"label": question.asks, "required": question.required, "help_text": question.hint}
    kinds = CategoryQuestion.Kind
    if question.kind == kinds.ONE_OF:
        return forms.ChoiceField(**told, choices=[("", gettext("Chưa chọn")), *question.answers])
    if question.kind == kinds.SOME_OF:
        return forms.MultipleChoiceField(**told, choices=question.answers, widget=forms.CheckboxSelectMultiple)
    if question.kind == kinds.TEXT:
        return forms.CharField(**told, widget=forms.Textarea(attrs={"rows": 3}))
    attrs = {"autocomplete": "off"}
    if question.kind == kinds.NUMBER:
        attrs["inputmode"] = "decimal"
    if question.kind == kinds.DATETIME:
        attrs["type"] = "datetime-local"
    return forms.CharField(**told, widget=forms.TextInput(attrs=attrs))


def as_it_stands(request: HttpRequest) -> dict[str, Any]:
    """What a page holds so far, to begin the next one with: the questions of another category are asked for, and nothing is
    judged yet.
    """
    said = {name: many if len(many) > 1 else many[0] for name, many in request.POST.lists() if many}
    return said | {name: request.FILES.getlist(name) for name in request.FILES}
