"""Where the gateway tells us of a transaction."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson
from thongsuot.payments import receiving
from thongsuot.payments.actions import errors
from thongsuot.payments.gateway import NOTICE_AT_MOST


@csrf_exempt  # its signature says who sent it
@require_POST
def notice(request: HttpRequest) -> JsonResponse:
    """200 once what it says is kept; whatever else is answered, the gateway sends it again, signed anew."""
    try:
        if len(body := request.body) > NOTICE_AT_MOST:
            raise errors.NoticeUnreadable
        row = receiving.take(request.headers, body, now=clock.now())
    except TellPerson as refusal:
        return JsonResponse({"code": refusal.code, "detail": refusal.message()}, status=refusal.status)
    return JsonResponse({"outcome": row.outcome})
