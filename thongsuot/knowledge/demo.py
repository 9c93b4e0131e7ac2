"""Answers of a demo city (`data/demo_answers.csv`): drafted by the hotline, approved by the administrator; demo only."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from thongsuot.kernel.actor import system
from thongsuot.kernel.working_time import local_day
from thongsuot.knowledge import actions, queries
from thongsuot.knowledge.models import AnswerUse, Article
from thongsuot.knowledge.rules import About, Words
from thongsuot.people.demo import DemoInProduction, email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.procedures import queries as procedures

_FILE = Path(__file__).parent / "data" / "demo_answers.csv"
_HOTLINE = replace(system("cli"), name="Tổng đài viên (mẫu)")
_WAITING = 2  # of the last ones: one waits for approval, one is being written


def load_demo(city_id: int, *, at: datetime) -> int:
    """Make them, once; how many came. None without somebody to approve. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    approver = Person.objects.filter(email=email_of("quantri", None)).first()
    if approver is None or Article.objects.filter(city_id=city_id).exists():
        return 0
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {one.code for one in procedures.these({row["procedure_codes"] for row in rows}, on=local_day(at))}
    for place, row in enumerate(rows, start=1):
        about = About.of(
            topics=row["topics"],
            other_ways=row["other_ways"].replace("|", "\n"),
            procedure_codes=row["procedure_codes"] if row["procedure_codes"] in known else "",
        )
        made = actions.draft_version(
            None,
            city_id=city_id,
            words=Words.of(question=row["question"], answer=row["answer"], spoken=row["spoken"], basis=row["basis"]),
            about=about,
            look_again_on=local_day(at) + timedelta(days=180),
            actor=_HOTLINE,
            at=at,
        )
        if place == len(rows):
            continue
        actions.submit_version(made.pk, actor=_HOTLINE, at=at)
        if place > len(rows) - _WAITING:
            continue
        digest, day = queries.digest_of(made), local_day(at)
        actions.approve_version(made.pk, digest=digest, valid_from=day, actor=actor_for(approver, at=at), at=at)
        for _time in range(max(0, 8 - place)):
            actions.note_told(made.pk, where=AnswerUse.Kind.HOTLINE, actor=_HOTLINE, at=at)
    return len(rows)
