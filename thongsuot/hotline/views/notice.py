"""Where the exchange tells us of a call."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from thongsuot.hotline import exchange as exchanges
from thongsuot.hotline import receiving
from thongsuot.hotline.actions import errors
from thongsuot.hotline.exchange.protocol import NOTICE_AT_MOST
from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson


@csrf_exempt  # its signature says who sent it
@require_POST
def notice(request: HttpRequest, exchange: str) -> JsonResponse:
    """200 once what it says is kept; whatever else is answered, the exchange sends it again, signed anew."""
    if not exchange or exchange != exchanges.name():
        raise Http404
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > NOTICE_AT_MOST:
            raise errors.NoticeTooLong
        row = receiving.take(request.headers, request.body, now=clock.now())
    except TellPerson as refusal:
        return JsonResponse({"code": refusal.code, "detail": refusal.message()}, status=refusal.status)
    return JsonResponse({"status": "taken" if row.changed else "nothing new"})
