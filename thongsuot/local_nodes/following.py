"""A node's loop: it asks the city every two seconds, and runs the hall when nobody answers for ten."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, IntegrityError

from thongsuot.counters.tasks import close_points
from thongsuot.kernel.actor import system
from thongsuot.local_nodes import actions, lines
from thongsuot.local_nodes.actions import node as own
from thongsuot.local_nodes.client import City, NoAnswer, RefusedByCity
from thongsuot.local_nodes.models import Standing
from thongsuot.local_nodes.rules import ACTS_AFTER, LINES_AT_ONCE, SETUP_EVERY
from thongsuot.local_nodes.wire import Answer, Question

logger = logging.getLogger(__name__)
CLOSES_EVERY = 60.0
SELF = system("node")


class Follower:
    """One question per `step`. `now`: the instant; `seconds`: a clock that only goes forward."""

    def __init__(self, city: City, *, now: Callable[[], datetime], seconds: Callable[[], float] = time.monotonic) -> None:
        self.city, self.now, self.seconds = city, now, seconds
        self.answered = seconds()  # so a node that starts without a line waits its ten seconds as well
        self._setup_at = self._closed_at = float("-inf")

    def step(self, *, asleep: bool = False) -> None:
        """Ask, tell, take in. Never raises for the line's sake."""
        row = Standing.objects.get()
        try:
            if row.acting_since is None:
                self._follow(row, asleep=asleep)
            else:
                self._tell(row)
            self.answered = self.seconds()
        except NoAnswer:
            if row.acting_since is None and self.seconds() - self.answered >= ACTS_AFTER and not asleep:
                logger.warning("The city does not answer: the hall is run here.")
                actions.begin_to_act(actor=SELF, at=self.now())
        except RefusedByCity as refused:
            self.answered = self.seconds()
            own.tell_trouble(str(refused))
        except (IntegrityError, ValueError) as error:  # what was given does not fit what is here: the set-up anew
            logger.warning("What the city gave does not fit (%s)", type(error).__name__)
            self._setup_at = float("-inf")
            Standing.objects.update(setup="", state="")
        if row.acting_since is not None and self.seconds() - self._closed_at >= CLOSES_EVERY:
            self._closed_at = self.seconds()
            own.number_on(row, at=self.now())
            close_points(0)

    def _follow(self, row: Standing, *, asleep: bool) -> None:
        due = not row.setup or self.seconds() - self._setup_at >= SETUP_EVERY
        answer = self.city.ask(Question(setup=row.setup if due else None, state=row.state, asleep=asleep))
        if due:
            self._setup_at = self.seconds()
        digests = (answer.setup_digest or row.setup, answer.state_digest or row.state)
        if answer.setup is not None or answer.state is not None:
            actions.take_in(setup=answer.setup, state=answer.state, digests=digests, at=self.now())
        else:
            Standing.objects.update(heard_at=self.now(), trouble="")

    def _tell(self, row: Standing) -> None:
        """All there is, in pieces; then the city's word on how the hall stands, and it is the city's again."""
        while True:
            with own.hall_to_itself():
                told = lines.after(row.sent_up_to, most=LINES_AT_ONCE)
                rows = lines.rows_of(told)
            if not told:
                break
            answer = self._send(row, Question(acting_since=row.acting_since, lines=told, rows=rows))
            row.sent_up_to = answer.taken_up_to
        answer = self._send(row, Question(acting_since=row.acting_since, ends=True, state=""))
        if answer.state is not None and actions.follow(
            state=answer.state, digest=answer.state_digest, actor=SELF, at=self.now()
        ):
            logger.warning("The line is back: the city runs the hall.")

    def _send(self, row: Standing, question: Question) -> Answer:
        answer = self.city.ask(question)
        own.sent(answer.taken_up_to, at=self.now())
        return answer


def follow(city: City, *, now: Callable[[], datetime], stopped: Callable[[float], bool], every: float) -> None:
    """Until `stopped(seconds)` says so; then the city is told that the node sleeps. A database that is away is waited for."""
    follower = Follower(city, now=now)
    while not stopped(every):
        try:
            follower.step()
        except DatabaseError as error:
            logger.warning("The node's database does not answer (%s)", type(error).__name__)
    follower.step(asleep=True)
