"""Background work. Cron times are UTC."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.jobs import RETRY
from thongsuot.kernel.working_time import local_day
from thongsuot.knowledge import actions, queries


@app.periodic(cron="10 19 * * *")
@app.task(name="knowledge.tell_keepers", retry=RETRY, queueing_lock="knowledge.tell_keepers", lock="knowledge.tell_keepers")
def tell_keepers(timestamp: int) -> None:
    """What has to be looked at again since last night. Run twice, nobody is told twice."""
    now = clock.now()
    for city_id in queries.cities():
        if fresh := [row.article.pk for row in queries.to_review(city_id, on=local_day(now)) if row.article.told_at is None]:
            with suppress(actions.NotInUse, actions.NobodyKeeps):
                actions.tell_keepers(city_id, fresh, actor=system("worker"), at=now)
