"""What is asked for a ticket, beside a call and beside who was called back."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest

from thongsuot.feedback.forms.asking import as_it_stands
from thongsuot.hotline.forms import ClassifyForm, TicketForm
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.views.common import communes_of
from thongsuot.kernel import clock
from thongsuot.web.request import number_of


def ticket_forms(
    request: HttpRequest, what: str, city_id: int, *, category_id: int | None, urgent: bool, phone: str
) -> tuple[ClassifyForm, TicketForm]:
    """What it is about, and what was told. What was chosen and typed stays when the classification is noted, or its questions
    asked for: they come with it.
    """
    typed, today = request.POST if what in ("phan-loai", "hoi", "phieu") else None, clock.today()
    initial: dict[str, Any] = {"phone": phone, "key": secrets.token_urlsafe(18)}
    chosen = (number_of(typed.get("category", "")) or None) if typed is not None else category_id
    if typed is not None and what != "phieu":
        initial |= as_it_stands(request)
    classify = ClassifyForm(
        typed,
        categories=queries.categories(city_id, on=today),
        asked=what != "phieu",
        initial={"category": category_id, "urgent": urgent},
        auto_id="loai_%s",
    )
    ticket = TicketForm(
        typed if what == "phieu" else None,
        communes=communes_of(city_id),
        questions=queries.questions_of(chosen, on=today),
        initial=initial,
        auto_id="phieu_%s",
    )
    return classify, ticket
