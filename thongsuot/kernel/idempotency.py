"""The same request twice is answered once: keys of requests and the answers given to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.models import Answered

KEPT = timedelta(days=7)


class KeyUsedWithOtherBody(TellPerson):
    code = "kernel.key_used_with_other_body"
    says = _("Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới.")


@dataclass(frozen=True, kw_only=True)
class Key:
    """An Idempotency-Key with its caller and the fingerprint of the request's path and body."""

    caller: str
    key: str
    body_hash: bytes


def answer_once(key: Key | None, run: Callable[[], Any], *, at: datetime) -> Any:
    """`run()`'s answer (JSON-able), or the answer given before to the same key. The answer is stored in the same transaction.

    A refusal is not stored: nothing was done, so the caller may ask again. Raises KeyUsedWithOtherBody and what `run` raises.
    """
    if key is None:
        return run()
    known = _known(key)
    if known is not None:
        return known.answer
    try:
        with transaction.atomic():
            answer = run()
            Answered.objects.create(
                caller=key.caller, key=key.key, body_hash=key.body_hash, status=200, answer=answer, answered_at=at
            )
            return answer
    except IntegrityError:
        # The same request came twice at the same instant and the other was first: ours was rolled back.
        known = _known(key)
        if known is None:
            raise
        return known.answer


def answered(key: Key | None) -> bool:
    """Was this very request answered before? Then nothing need be prepared for it. Raises KeyUsedWithOtherBody."""
    return key is not None and _known(key) is not None


def _known(key: Key) -> Answered | None:
    known = Answered.objects.filter(caller=key.caller, key=key.key).first()
    if known is not None and bytes(known.body_hash) != key.body_hash:
        raise KeyUsedWithOtherBody
    return known
