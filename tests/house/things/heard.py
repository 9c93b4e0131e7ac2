"""Counters, reports, calls and visitors: where people come and are heard."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone
from msgspec import structs

from tests.house.things import HOUSE
from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception.facts import DayFacts, PaperFacts, VisitorFacts
from thongsuot.citizen_reception.models import OnlineSession
from thongsuot.counters import actions as counters
from thongsuot.counters.models import Booking, TicketRating
from thongsuot.counters.queries.rosters import officers_at
from thongsuot.counters.sheets import COLUMNS as ROSTERS
from thongsuot.dossiers.tests.make import MONDAY, Town, minh
from thongsuot.feedback import actions as feedback
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import Category, CategoryQuestion
from thongsuot.feedback.sheets import ACCOUNTS, COMPETENCES
from thongsuot.feedback.tests.make import a_photo
from thongsuot.feedback.words import Channel
from thongsuot.files.tests.make import pdf
from thongsuot.hotline import actions as hotline
from thongsuot.hotline.exchange import Notice as CallNotice
from thongsuot.knowledge import actions as knowledge
from thongsuot.knowledge.queries import digest_of
from thongsuot.knowledge.rules import About, Words
from thongsuot.open311.actions import make_key
from thongsuot.open311.actions.keys import KeyFacts
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for


def a_counter(town: Town, owner: Person) -> dict[str, Any]:
    """At the point of phường Sông, with a ticket that waits, a rating, and an hour at which the owner comes."""
    now, point = timezone.now(), town.city.point(town.city.river).pk
    queue = counters.open_queue(point, letter="A", name="Chứng thực", fields=[], actor=HOUSE, at=now)
    counter = counters.open_counter(point, number=1, name="", queues=[queue.pk], actor=HOUSE, at=now)
    ticket = counters.take_ticket(queue.pk, actor=HOUSE, at=now)
    rating = TicketRating.objects.create(ticket=ticket, level=1, rated_at=now)
    section = counters.open_section(point, name="Hộ tịch", fields=[], posts=2, actor=HOUSE, at=now)
    item = counters.add_equipment(point, kind="printer", code="MI-01", name="Máy in", actor=HOUSE, at=now)
    found = {"queue_id": queue.pk, "counter_id": counter.pk, "ticket_id": ticket.pk, "rating_id": rating.pk}
    soon = now + timedelta(days=1)
    booking = Booking.objects.create(
        queue=queue, person=owner, day=timezone.localdate(soon), starts_at=soon, minutes=30, code="HEN-2222-22", made_at=now
    )
    found |= {"booking_id": booking.pk}
    found |= {"section_id": section.pk, "equipment_id": item.pk}
    return {**found, "secret": ticket.secret, "roster_file_id": a_roster_file(town, point, now)}


def a_roster_file(town: Town, point: int, now: datetime) -> int:
    """Training of somebody who receives there."""
    headings = ",".join(str(column.heading) for column in ROSTERS)
    who = Person.objects.get(pk=officers_at(point, on=timezone.localdate(now))[0][0])
    content = f"{headings}\n{point},{who.email},,,,,,01/09/2025,Giấy chứng nhận,\n".encode()
    return counters.send_rosters(content, name="lich.csv", city_id=town.city.city.pk, actor=HOUSE, at=now).pk


def what_is_reported(town: Town) -> dict[str, Any]:
    """Categories of the city, a table of who answers and a list of accounts that wait for a look."""
    city, now = town.city.city.pk, timezone.now()
    feedback.load_rules(city, actor=HOUSE, at=now)
    category = Category.objects.get(city=city, code="o-ga")
    said = [
        (COMPETENCES, "o-ga,98001,98001,QĐ 1,,\n", feedback.send_competences, {"valid_from": timezone.localdate(now)}),
        (ACCOUNTS, "98001,Lò Thị Mẫu,lo@vidu.vn,,Chuyên viên,,\n", feedback.send_accounts, {}),
    ]
    table, accounts = (
        send(
            (",".join(str(one.heading) for one in columns) + f"\n{row}").encode(),
            name="a.csv",
            city_id=city,
            actor=HOUSE,
            at=now,
            **more,
        ).pk
        for columns, row, send, more in said
    )
    return {
        "category_id": category.pk,
        "question_id": CategoryQuestion.objects.filter(category=category).latest("pk").pk,
        "feedback:competence_file": {"file_id": table},
        "feedback:account_file": {"file_id": accounts},
        "feedback:number": {"key": "ask_days"},
    }


def a_report(town: Town) -> dict[str, dict[str, Any]]:
    """Of nobody who comes to the doors: one that is public, with a picture. For what everybody and its sender may open."""
    facts = ReportFacts(
        words="Ổ gà sâu trước cổng trường",
        category="o-ga",
        place=PlaceFacts(latitude=21.01, longitude=105.05, address="phố Bến, phường Sông"),
        sender=SenderFacts(name="Lò Văn Mẫu", phone="0912000999"),
        photos=[a_photo()],
    )
    ticket = feedback.report(town.city.city.pk, facts, channel=Channel.COUNTER, actor=HOUSE, at=MONDAY)
    photo = feedback.draw(ticket.photos.get().pk, actor=HOUSE, at=MONDAY)
    feedback.accept(ticket.pk, actor=HOUSE, at=MONDAY)
    answer = feedback.submit_answer(ticket.pk, "Đã vá xong.", actor=HOUSE, at=MONDAY)
    feedback.approve_answer(answer.pk, actor=HOUSE, at=MONDAY)
    feedback.publish(ticket.pk, question="Ổ gà sâu", answer="Đã vá xong.", actor=HOUSE, at=MONDAY)
    told = {"secret": ticket.secret, "number": ticket.number, "photo_id": photo.pk}
    return dict.fromkeys(("feedback:follow", "feedback:own_photo", "feedback:one", "feedback:photo"), told)


def a_ticket(town: Town) -> dict[str, Any]:
    """Of phường Sông, with a picture that was drawn; and a template of that ward."""
    now, said = timezone.now(), minh()
    sender = SenderFacts(name=said.name, phone=said.phone, email=said.email)
    place = PlaceFacts(unit_id=town.river)
    facts = ReportFacts(words="Ổ gà sâu trước cổng trường", category="o-ga", place=place, sender=sender, photos=[a_photo()])
    ticket = feedback.report(town.city.city.pk, facts, channel=Channel.COUNTER, actor=HOUSE, at=now)
    photo = feedback.draw(ticket.photos.get().pk, actor=HOUSE, at=now)
    template = feedback.add_template(town.river, title="Vá đường", words="Đã vá.", actor=HOUSE, at=now)
    return {"ticket_id": ticket.pk, "photo_id": photo.pk, "template_id": template.pk, "key": "ghi-chu"}


def a_key(town: Town) -> int:
    """Of an organisation that sends by Open311."""
    now = timezone.now()
    facts = KeyFacts(organisation="Hội Mẫu", contact="app@vidu.vn", limit_hour=9, valid_from=timezone.localdate(now))
    return make_key(town.city.city.pk, facts, actor=HOUSE, at=now).key.pk


def a_call(town: Town, operator: Person) -> dict[str, Any]:
    """In the hand of who holds every duty in the city, recorded, asked to be called back; about a category of the city."""
    now, city = timezone.now(), town.city.city.pk
    feedback.load_rules(city, actor=HOUSE, at=now)
    with override_settings(EXCHANGE="stand-in"):
        line = hotline.open_line(city, code="1022", name="Đường dây 1022", actor=HOUSE, at=now)
        by = actor_for(operator, at=now)
        hotline.sit_at(line.pk, extension="101", actor=by, at=now)
        said = CallNotice(
            call="x-1", event="answered", at=now, line="1022", caller="0912000111", extension="101", nonce="n" * 20
        )
        hotline.take_notice("gia-lap", said, actor=HOUSE, at=now)
        recorded = structs.replace(said, event="recorded", recording="r/1.wav", nonce="m" * 20)
        call = hotline.take_notice("gia-lap", recorded, actor=HOUSE, at=now).call
    back = hotline.ask_call_back(call.pk, actor=by, at=now)
    category = Category.objects.filter(city=city).latest("pk").pk
    return {"exchange": "gia-lap", "call_id": call.pk, "call_back_id": back.pk, "category_id": category}


def a_reception(town: Town) -> dict[str, Any]:
    """A matter brought to phường Sông with its paper, a day of its schedule, a session that is over with minutes."""
    now, said = timezone.now(), minh()
    who = VisitorFacts(name=said.name, address=said.address, id_number=said.id_number, phone=said.phone, email=said.email)
    paper = PaperFacts(title="Đơn", content=pdf(), file_name="don.pdf")
    entry = reception.register_visit(town.river, visitor=who, matter="Xin xem lại", papers=[paper], actor=HOUSE, at=now)
    hours = {"weekday": 4, "week": 0, "starts": time(8), "ends": time(11)}
    facts = DayFacts(**hours, receiver="Chủ tịch", by_head=True, valid_from=timezone.localdate(), place="Phòng 1")
    day = reception.put_day(town.river, facts, actor=HOUSE, at=now)
    session = OnlineSession.objects.create(
        unit_id=town.river, title="Phiên", starts_at=now, heard_by="Chủ tịch", made_at=now, state="ended", ended_at=now
    )
    minutes = reception.draft_minutes(session.pk, words="Kết luận", actor=HOUSE, at=now).minutes_file_id
    return {
        "citizen_reception": {
            "code": "98001",
            "entry_id": entry.pk,
            "day_id": day.pk,
            "session_id": session.pk,
            "file_id": entry.papers.get().file_id,
            "key": "refusal_notice_days",
        },
        "citizen_reception:session_file": {"session_id": session.pk, "file_id": minutes},
    }


def an_answer(town: Town) -> dict[str, int]:
    """In force."""
    city, words = town.city.city.pk, dict.fromkeys(("question", "answer", "spoken", "basis"), "Mở cửa lúc nào?")
    made = knowledge.draft_version(None, city_id=city, words=Words.of(**words), about=About(), actor=HOUSE, at=MONDAY)
    knowledge.submit_version(made.pk, actor=HOUSE, at=MONDAY)
    day = timezone.localdate(MONDAY)
    knowledge.approve_version(made.pk, digest=digest_of(made), valid_from=day, actor=HOUSE, at=MONDAY)
    return {"article_id": made.article_id, "version_id": made.pk}
