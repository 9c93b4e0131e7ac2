"""Where the open tickets of a desk lie, and where one of them does. The list beside the map says the same."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from thongsuot.feedback import staff_words as words
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries import inbox as lists
from thongsuot.feedback.queries.inbox import Desk, TicketRow
from thongsuot.feedback.views.staff import desk_here, filter_choices, filters_here, rail, unit_names
from thongsuot.feedback.views.staff_ticket import here
from thongsuot.web import maps

MOST_SHOWN = 400


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Without a map, and before it came to rest, the list is that of the whole city."""
    desk, filters = desk_here(request), filters_here(request)
    day = timezone.localdate(desk.now)
    west, south, east, north = maps.ground().box
    view = maps.View(west=west, south=south, east=east, north=north, zoom=11)
    asked = request.GET.urlencode()
    return render(
        request,
        "feedback/staff/map.html",
        {
            "rail": rail(desk, None, {}),
            "filters": filters,
            "choices": filter_choices(desk.city, day),
            "points": f"{reverse('feedback:staff_points')}?{asked}",
            "most": lists.PAGE_ROWS,
            "list_from": f"{reverse('feedback:staff_map_rows')}?{asked}",
            **_listed(desk, lists.in_view(desk, view=view, filters=filters)),
        },
    )


def _listed(desk: Desk, rows: list[TicketRow]) -> dict[str, Any]:
    return {
        "rows": rows,
        "due": words.due_of(desk.city, desk.now),
        "short": words.SHORT,
        "tags": words.TAGS,
        "names": unit_names({row.place_unit_id for row in rows}, timezone.localdate(desk.now)),
    }


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The list of what the map shows."""
    desk = desk_here(request)
    found = lists.in_view(desk, view=maps.view_asked(request), filters=filters_here(request))
    return render(request, "feedback/staff/_map_rows.html", _listed(desk, found))


@require_GET
def points(request: HttpRequest) -> JsonResponse:
    desk = desk_here(request)
    spots = lists.spots(desk, view=maps.view_asked(request), filters=filters_here(request))[:MOST_SHOWN]
    alone = FeedbackTicket.objects.select_related("category").in_bulk([one.id for one in spots if one.count == 1])
    return maps.features_answer(
        _single(alone[one.id]) if one.id in alone else maps.cluster(one.latitude, one.longitude, one.count) for one in spots
    )


@require_GET
def point(request: HttpRequest, ticket_id: int) -> JsonResponse:
    """Of one ticket alone: where it was said to be, to who handles it."""
    _actor, found = here(request, ticket_id)
    return maps.features_answer([_single(found)] if found.latitude is not None else [])


def _single(ticket: FeedbackTicket) -> maps.Feature:
    assert ticket.latitude is not None
    assert ticket.longitude is not None
    return maps.single(
        ticket.latitude,
        ticket.longitude,
        title=f"{ticket.category.name if ticket.category else ticket.get_stream_display()} {ticket.number}",
        state=str(words.SHORT[ticket.state]),
        kind=words.TAGS[ticket.state],
        url=reverse("feedback:ticket", args=[ticket.pk]),
    )
