"""Background work of citizen reception. Cron times are UTC."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from thongsuot.citizen_reception import actions, letters
from thongsuot.citizen_reception.queries import access, keeping
from thongsuot.citizen_reception.queries import register as queries
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import NotFound, TellPerson
from thongsuot.kernel.jobs import RETRY
from thongsuot.kernel.working_time import local_day
from thongsuot.units import queries as units


@app.periodic(cron="50 19 * * *")
@app.task(name="citizen_reception.forget_people", retry=RETRY)
def forget_people(timestamp: int) -> None:
    """Who came and who took part is not kept for ever; entries, sessions and their history stay."""
    now, house = clock.now(), system("worker")
    for entry_id in actions.visitors_to_forget(at=now):
        with suppress(NotFound):  # by another run meanwhile
            actions.forget_visitor(entry_id, actor=house, at=now)
    for session_id in actions.sessions_to_forget(at=now):
        actions.forget_parties(session_id, actor=house, at=now)


@app.periodic(cron="40 1 * * *")
@app.task(name="citizen_reception.dispose_minutes", retry=RETRY)
def dispose_minutes(timestamp: int) -> None:
    """Signed minutes whose time is over go; where that needs a signed decision, who leads the unit learns once."""
    now = clock.now()
    day = local_day(now)
    for session in keeping.minutes_to_dispose(at=now):
        if not setting(keeping.DECISION, on=day):
            with suppress(TellPerson):  # by another run meanwhile
                actions.dispose_minutes(session.pk, actor=system("worker"), at=now)
            continue
        leaders = access.leaders_of(units.keeper_of(session.unit_id, on=day), on=day)
        key = f"citizen_reception.to_dispose/{session.pk}"
        letters.tell_about_session(
            session, leaders, "Biên bản đã hết thời hạn bảo quản, chờ quyết định hủy.", send_key=key, at=now
        )


@app.periodic(cron="20 19 * * *")
@app.task(name="citizen_reception.fill_due", retry=RETRY)
def fill_due(timestamp: int) -> None:
    """Each night: what was open before due instants were kept, or was written by an older program meanwhile."""
    for entry_id in queries.without_due():
        with suppress(NotFound):  # handled meanwhile
            actions.fill_due(entry_id, actor=system("worker"), at=clock.now())


@app.periodic(cron="30 1 * * *")
@app.task(name="citizen_reception.remind", retry=RETRY)
def remind(timestamp: int) -> None:
    """Each morning: what became late, once for each due instant. At half past eight, when offices are open."""
    now = clock.now()
    for entry in queries.late(now=now):
        key = f"citizen_reception.late/{entry.pk}/{entry.due_at:%Y%m%d%H%M}"
        letters.tell_officers(entry, "đã trễ hạn", send_key=key, at=now)
