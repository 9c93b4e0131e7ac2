"""Signing a leader's queue with one PIN: in pieces over several requests, each dossier on its own, safe against a crash.

The PIN is in no job and in no plain row: it lies sealed in the batch, and the key to it only in a cookie of the leader's
browser. Neither is worth anything without the other, and both end after some minutes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.actions.signing import forward_signed
from thongsuot.dossiers.models import ResultSigning, SigningBatch, SigningBatchItem
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty, TellPerson, must_exist
from thongsuot.signing import actions as signing
from thongsuot.signing import errors as refusals
from thongsuot.signing import sealing
from thongsuot.signing.queries import choosing

OPEN_FOR = timedelta(minutes=15)
MOST = 200
PIECE = 5
# What no other dossier of the batch would survive either: the PIN is asked again instead of spoiling the rest.
_OF_THE_KEY = (refusals.WrongPin, refusals.KeyLocked, refusals.TokenAbsent, refusals.StamperSilent)


def start_batch(picked: Sequence[tuple[int, str]], *, pin: str, actor: Actor, at: datetime) -> tuple[SigningBatch, bytes]:
    """Check the PIN and write down what is to be signed: the batch, and the key for the leader's cookie.

    picked   (dossier, the step the leader saw), in the order of signing; at most MOST
    Raises NotYourDuty, NothingPicked, and what keeps the leader's certificate from being used.
    """
    if actor.person_id is None or not actor.units_for("sign results"):
        raise NotYourDuty("sign results")
    if not picked:
        raise errors.NothingPicked
    holder = choosing.of_person(actor.person_id, unit_id=None, at=at)
    signing.check_pin(holder, pin, actor=actor, at=at)
    return _start(list(dict(picked[:MOST]).items()), pin=pin, actor=actor, at=at)


@command
def _start(picked: Sequence[tuple[int, str]], *, pin: str, actor: Actor, at: datetime) -> tuple[SigningBatch, bytes]:
    assert actor.person_id is not None  # the caller looked
    batch = SigningBatch.objects.create(person_id=actor.person_id, made_at=at, opens_until=at + OPEN_FOR)
    key = secrets.token_bytes(32)
    batch.sealed = sealing.seal(pin.encode(), what=_what(batch), key=key)
    batch.save(update_fields=["sealed"])
    SigningBatchItem.objects.bulk_create(
        SigningBatchItem(batch=batch, place=place, dossier_id=dossier_id, step_key=step_key)
        for place, (dossier_id, step_key) in enumerate(picked)
    )
    record(events.BATCH_STARTED, batch, actor=actor, at=at, dossiers=[dossier_id for dossier_id, _step in picked])
    return batch, key


def sign_piece(batch_id: int, *, key: bytes, most: int = PIECE, actor: Actor, now: Callable[[], datetime]) -> int:
    """Sign the next few of a batch; how many are left. One refusal stops none of the others.

    Not to be called in a transaction. Raises NotFound, BatchClosed, and WrongPin, KeyLocked, TokenAbsent, StamperSilent.
    """
    batch = of_person(batch_id, actor=actor)
    pin = _pin(batch, key, at=now())
    waiting = list(batch.items.filter(state=SigningBatchItem.State.WAITING).order_by("place")[:most])
    for item in waiting:
        refused = ""
        try:
            forward_signed(item.dossier_id, step_key=item.step_key, pin=pin, actor=actor, at=now())
        except _OF_THE_KEY:
            raise
        except TellPerson as refusal:
            refused = "" if _signed_already(item, actor) else refusal.message()
        _note(item.pk, refused=refused, actor=actor, at=now())
    return batch.items.filter(state=SigningBatchItem.State.WAITING).count()


def of_person(batch_id: int, *, actor: Actor) -> SigningBatch:
    """One's own batch. Raises NotFound: others learn nothing."""
    batch = must_exist(SigningBatch.objects.filter(pk=batch_id, person_id=actor.person_id or 0).first())
    return batch


@command
def _note(item_id: int, *, refused: str, actor: Actor, at: datetime) -> None:
    item = SigningBatchItem.objects.select_for_update(of=("self",)).select_related("batch").get(pk=item_id)
    item.state = SigningBatchItem.State.REFUSED if refused else SigningBatchItem.State.DONE
    item.message, item.done_at = refused[:500], at
    item.save(update_fields=["state", "message", "done_at"])
    if not item.batch.items.filter(state=SigningBatchItem.State.WAITING).exists():
        SigningBatch.objects.filter(pk=item.batch_id).update(sealed=None)
    record(events.BATCH_ITEM_DONE, item.batch, actor=actor, at=at, dossier=item.dossier_id, done=not refused)


def _signed_already(item: SigningBatchItem, actor: Actor) -> bool:
    """By this leader, since the batch was made: a piece that crashed after signing and before it was noted."""
    return ResultSigning.objects.filter(
        result__dossier_id=item.dossier_id,
        fallen_at=None,
        signature__person_id=actor.person_id or 0,
        signature__signed_at__gte=item.batch.made_at,
    ).exists()


def _pin(batch: SigningBatch, key: bytes, *, at: datetime) -> str:
    if batch.sealed is None or at >= batch.opens_until:
        raise errors.BatchClosed
    try:
        return sealing.opened(bytes(batch.sealed), what=_what(batch), key=key).decode()
    except sealing.DoesNotOpen:
        raise errors.BatchClosed from None


def close_abandoned(*, at: datetime) -> int:
    """Forget the sealed PINs of batches past their time, whoever left them; how many."""
    return SigningBatch.objects.filter(sealed__isnull=False, opens_until__lte=at).update(sealed=None)


def _what(batch: SigningBatch) -> str:
    return f"batch/{batch.pk}/{batch.person_id}"
