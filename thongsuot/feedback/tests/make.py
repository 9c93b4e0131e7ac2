"""A city whose people report, made by the commands that make real ones: operators, two wards with handlers and who approves."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from thongsuot.feedback import actions
from thongsuot.feedback.actions.reporting import BY_OFFICERS
from thongsuot.feedback.facts import PhotoUpload, PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import Answer, FeedbackTicket
from thongsuot.feedback.words import Channel
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import make_officer
from thongsuot.units.tests.make import MadeCity, make_city

MONDAY = datetime(2025, 10, 6, 9, 0, tzinfo=VIET_NAM)  # a plain working week: no holiday, nothing swapped
HOUSE = system("cli")
WORKER = system("worker")
ANYONE = Actor(person_id=None, name="")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORDS = "Ổ gà sâu trước cổng trường, xe máy ngã hai lần trong tuần này"
SENDER = SenderFacts(name="Lò Văn Mẫu", phone="0912000999", email="mau@vidu.vn")
IN_RIVER = PlaceFacts(latitude=21.01, longitude=105.05, address="12 ngõ 4 phố Bến, phường Sông")


@dataclass
class Desk:
    """Thành phố Ví Dụ: Ngân takes feedback, Trưởng leads; in phường Sông Toàn handles, Hạnh approves; Đỗ and Đức in Đồi."""

    city: MadeCity
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def river(self) -> int:
        return self.city.river.pk

    @property
    def hill(self) -> int:
        return self.city.hill.pk

    @property
    def whole(self) -> int:
        """The city's own id."""
        return self.city.city.pk

    def another_reviewer(self) -> Actor:
        """Cao, who approves for the city too."""
        self.people["cao"] = make_officer(
            self.city.city, name="Cao Văn Cấp", kind="people_committee", title="Duyệt trả lời phản ánh", at=MONDAY
        )
        return self.actor("cao")

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)

    def report(
        self, at: datetime = MONDAY, *, channel: Channel | None = None, by: Actor | None = None, **said: Any
    ) -> FeedbackTicket:
        """A pothole in phường Sông by address, of Lò Văn Mẫu, unless said otherwise; Ngân writes down what an officer must,
        and what is urgent, for that an officer says."""
        channel = channel or (Channel.HOTLINE if said.get("urgent") else Channel.APP)
        facts: dict[str, Any] = {"words": WORDS, "category": "o-ga", "place": IN_RIVER, "sender": SENDER} | said
        by = by or (self.actor("ngan", at) if channel in BY_OFFICERS else ANYONE)
        ticket = actions.report(self.whole, ReportFacts(**facts), channel=channel, actor=by, at=at)
        return FeedbackTicket.objects.get(pk=ticket.pk)

    def accepted(self, at: datetime = MONDAY, **said: Any) -> FeedbackTicket:
        ticket = self.report(at, **said)
        return actions.accept(ticket.pk, actor=self.actor("toan", at), at=at)

    def answer(self, ticket: FeedbackTicket, at: datetime = MONDAY, words: str = "Đã vá xong chỗ hỏng.", **said: Any) -> Answer:
        return actions.submit_answer(ticket.pk, words, actor=self.actor("toan", at), at=at, **said)

    def answered(self, at: datetime = MONDAY, ticket: FeedbackTicket | None = None, **said: Any) -> FeedbackTicket:
        """Accepted, answered and approved at one instant."""
        ticket = ticket or self.accepted(at, **said)
        answer = self.answer(ticket, at)
        actions.approve_answer(answer.pk, actor=self.actor("hanh", at), at=at)
        ticket.refresh_from_db()
        return ticket

    def published(self, at: datetime = MONDAY, question: str = "Ổ gà sâu trước cổng trường", **said: Any) -> FeedbackTicket:
        ticket = self.answered(at, **said)
        return actions.publish(
            ticket.pk, question=question, answer="Đã vá xong.", address="phố Bến", actor=self.actor("ngan", at), at=at
        )


def make_desk() -> Desk:
    city = make_city()
    actions.load_rules(city.city.pk, actor=HOUSE, at=MONDAY)
    desk = Desk(city=city)
    for name, unit, kind, title, full in (
        ("ngan", city.city, "service_centre", "Tổng đài viên 1022", "Ngân Thị Nghe"),
        ("truong", city.city, "service_centre", "Trưởng tổng đài 1022", "Trương Văn Trưởng"),
        ("quan", city.city, "service_centre", "Quản trị hệ thống", "Quản Văn Trị"),
        ("toan", city.river, "economy_office", "Chuyên viên", "Nguyễn Văn Toàn"),
        ("tam", city.river, "economy_office", "Trưởng phòng", "Lê Thị Tâm"),
        ("hanh", city.river, "people_committee", "Phó Chủ tịch", "Phạm Thị Hạnh"),
        ("do", city.hill, "economy_office", "Chuyên viên", "Đỗ Văn Đồi"),
        ("duc", city.hill, "people_committee", "Phó Chủ tịch", "Đức Văn Đồi"),
    ):
        desk.people[name] = make_officer(unit, name=full, kind=kind, title=title, email=f"{name}@vidu.vn", at=MONDAY)
    return desk


def a_photo(
    name: str = "anh.jpg", *, size: tuple[int, int] = (640, 480), colour: tuple[int, int, int] = (120, 90, 60)
) -> PhotoUpload:
    """A picture with something on it, made anew: two calls with one colour are equal byte for byte."""
    picture = Image.new("RGB", size, colour)
    for x in range(0, size[0], 16):
        picture.paste((x % 255, 255 - x % 255, colour[2]), (x, (x * 7) % size[1], x + 9, (x * 7) % size[1] + 40))
    out = io.BytesIO()
    picture.save(out, format="JPEG", quality=85)
    return PhotoUpload(name=name, content=out.getvalue())
