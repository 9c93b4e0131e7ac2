"""Letters that lie in the mailbox: which are tried now, which wait, which are held because trying them went wrong too often.

What is counted here is no deed of anybody and has no event; that an operator has a letter tried again is one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from thongsuot.feedback import events
from thongsuot.feedback.actions.mailing import MailWaits, take_mail
from thongsuot.feedback.mail_in.mailbox import Address, MailboxTrouble, Outcome, Read
from thongsuot.feedback.models import HeldMail
from thongsuot.feedback.queries.mail import WHOLE, whole_rests
from thongsuot.feedback.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist

log = logging.getLogger(__name__)
Why = HeldMail.Why
_AGAIN_IN = (0, 0, 10, 60, 360)  # minutes after each try; later ones as the last


class MailDesk:
    """Takes the letters of one mailbox, each by itself: what goes wrong with one keeps no other waiting.

    now   the time, asked anew for each letter
    """

    def __init__(self, city_id: int, address: Address, now: Callable[[], datetime]) -> None:
        self._city_id, self._now = city_id, now
        self._mailbox = f"{address.host}:{address.port}/{address.user}/{address.folder}"
        self._box = ""
        self.left = 0  # letters that lie there untaken

    def is_full(self) -> bool:
        return whole_rests(at=self._now()) is not None

    def due(self, validity: str, uids: Sequence[int]) -> list[int]:
        """Those to be tried now: fresh ones first, so that what waits or breaks is never in their way."""
        self._box = hashlib.sha256(f"{self._mailbox}\x00{validity}".encode()).hexdigest()
        self.left, unread = len(uids), set(uids)
        rows = list(HeldMail.objects.exclude(uid=WHOLE))
        HeldMail.objects.filter(pk__in=[row.pk for row in rows if row.box != self._box or row.uid not in unread]).delete()
        known = {row.uid: row.again_at for row in rows if row.box == self._box}
        again = [uid for uid in uids if (at := known.get(uid)) is not None and at <= self._now()]
        return [uid for uid in uids if uid not in known] + again

    def take(self, uid: int, read: Read) -> Outcome:
        """Raises MailboxTrouble, and what the database does when it is not there: that says nothing of the letter."""
        row = self._begun(uid)
        if row is None:
            return Outcome.FAILED
        try:
            raw, whole = read()
            if raw is not None:
                take_mail(self._city_id, raw, whole=whole, at=self._now())
        except MailWaits as waits:
            return self._waits(row, waits)
        except (MailboxTrouble, OperationalError, InterfaceError):
            raise
        except Exception as fault:
            log.error("feedback mailbox: a letter could not be taken (%s)", type(fault).__name__)
            row.fault = type(fault).__name__[:60]
            row.save(update_fields=["fault"])
            if row.tries >= self._most_tries():
                self._hold(row)
            return Outcome.FAILED
        row.delete()
        self.left -= 1
        return Outcome.GONE if raw is None else Outcome.TAKEN  # gone: somebody else has moved it

    def _begun(self, uid: int) -> HeldMail | None:
        """Counted before it is tried; None: it killed whoever tried it before, often enough."""
        now = self._now()
        row, _new = HeldMail.objects.get_or_create(box=self._box, uid=uid, defaults={"since": now, "again_at": now})
        if row.tries >= self._most_tries():
            self._hold(row)
            return None
        row.again_at = now + timedelta(minutes=_AGAIN_IN[min(row.tries, len(_AGAIN_IN) - 1)])
        row.tries, row.why = row.tries + 1, ""
        row.save(update_fields=["again_at", "tries", "why"])
        return row

    def _most_tries(self) -> int:
        return setting("mail_tries", city_id=self._city_id, on=timezone.localdate(self._now()))

    def _hold(self, row: HeldMail) -> None:
        row.why, row.again_at = Why.FAULT, None
        row.save(update_fields=["why", "again_at"])

    def _waits(self, row: HeldMail, waits: MailWaits) -> Outcome:
        """To wait is no try."""
        if waits.why == Why.BOX:
            row.delete()
            HeldMail.objects.update_or_create(
                box="", uid=WHOLE, defaults={"why": waits.why, "since": self._now(), "again_at": waits.until}
            )
            return Outcome.FULL
        row.why, row.again_at, row.tries = waits.why, waits.until, 0
        row.save(update_fields=["why", "again_at", "tries"])
        return Outcome.WAITS


@command
def try_mail_again(held_id: int, *, actor: Actor, city_id: int, at: datetime) -> HeldMail:
    """With the next fetching, whatever it waits for; limits still hold. Raises NotFound, NotYourDuty."""
    actor.must("take feedback", unit_id=city_id)
    row = must_exist(HeldMail.objects.select_for_update().filter(pk=held_id).exclude(uid=WHOLE).first())
    row.why, row.again_at, row.tries = "", at, 0
    row.save(update_fields=["why", "again_at", "tries"])
    record(events.MAIL_TRIED_AGAIN, row, actor=actor, at=at, unit_id=city_id, uid=row.uid)
    return row
