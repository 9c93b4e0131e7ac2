"""Answers for tests, through the real commands: Lan drafts, Hạnh approves, both over the city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from thongsuot.kernel.actor import Actor
from thongsuot.knowledge import actions, queries
from thongsuot.knowledge.models import ArticleVersion
from thongsuot.knowledge.rules import About, Words
from thongsuot.people.models import Person
from thongsuot.people.tests.make import MONDAY, actor, make_officer
from thongsuot.units.tests.make import MadeCity, make_city

QUESTION = "Đăng ký khai sinh cho con ở đâu?"
ANSWER = "Bạn đến phường nơi cha hoặc mẹ cư trú.\n\n- Giấy chứng sinh\n- Căn cước của cha, mẹ\n\nXem [thủ tục](/thu-tuc/)."
SPOKEN = "Anh chị đến phường nơi cha hoặc mẹ cư trú, mang giấy chứng sinh."


@dataclass(kw_only=True)
class Office:
    """A city and who keeps its answers."""

    city: MadeCity
    keeper: Person
    approver: Person

    @property
    def writes(self) -> Actor:
        return actor(self.keeper)

    @property
    def approves(self) -> Actor:
        return actor(self.approver)

    def draft(
        self,
        question: str = QUESTION,
        *,
        article_id: int | None = None,
        answer: str = ANSWER,
        spoken: str = SPOKEN,
        topics: Sequence[str] = ("Hộ tịch",),
        other_ways: Sequence[str] = ("làm giấy khai sinh",),
        codes: Sequence[str] = (),
        unit_id: int | None = None,
        look_again_on: date | None = None,
        seen: str | None = None,
        by: Actor | None = None,
        at: datetime = MONDAY,
    ) -> ArticleVersion:
        return actions.draft_version(
            article_id,
            city_id=self.city.city.pk,
            words=Words.of(question=question, answer=answer, spoken=spoken, basis="Luật Hộ tịch"),
            about=About(topics=tuple(topics), other_ways=tuple(other_ways), procedure_codes=tuple(codes)),
            unit_id=unit_id,
            look_again_on=look_again_on,
            seen=seen,
            actor=by or self.writes,
            at=at,
        )

    def submitted(self, question: str = QUESTION, **more: object) -> ArticleVersion:
        made = self.draft(question, **more)  # type: ignore[arg-type]  # of draft
        return actions.submit_version(made.pk, actor=self.writes, at=MONDAY)

    def answered(self, question: str = QUESTION, *, valid_from: date | None = None, **more: object) -> ArticleVersion:
        made = self.submitted(question, **more)
        day = valid_from or MONDAY.date()
        return actions.approve_version(made.pk, digest=queries.digest_of(made), valid_from=day, actor=self.approves, at=MONDAY)


def make_office() -> Office:
    city = make_city()
    keeper = make_officer(city.city, name="Nguyễn Thị Lan", title="Tổng đài viên 1022")
    approver = make_officer(city.city, name="Lê Thị Hạnh", title="Trưởng tổng đài 1022")
    return Office(city=city, keeper=keeper, approver=approver)
