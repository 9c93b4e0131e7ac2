"""A town with a thing of every kind in phường Sông, and who comes to its doors: made once for the walk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.test import Client, override_settings
from django.utils import timezone
from msgspec import structs

from thongsuot.allowances import actions as allowances
from thongsuot.allowances.loading import load_rates
from thongsuot.allowances.models import Payment
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.tests.make import a_row as a_beneficiary_row
from thongsuot.allowances.tests.make import answer
from thongsuot.allowances.tests.make import as_csv as as_a_list
from thongsuot.assistance import actions as assistance
from thongsuot.assistance.tests.make import a_helper, an_agent
from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception.facts import DayFacts, PaperFacts, VisitorFacts
from thongsuot.citizen_reception.models import OnlineSession
from thongsuot.counters import actions as counters
from thongsuot.counters.models import Booking, TicketRating
from thongsuot.counters.queries.rosters import officers_at
from thongsuot.counters.sheets import COLUMNS as ROSTERS
from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import (
    Carriage,
    CertifiedCopy,
    Component,
    Digitisation,
    Dossier,
    FeeDue,
    PaperDebt,
    Recomputation,
    SigningBatch,
)
from thongsuot.dossiers.tests.make import MONDAY, Town, a_file, forward_to, make_town, minh, receive
from thongsuot.feedback import actions as feedback
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import Category, CategoryQuestion
from thongsuot.feedback.sheets import ACCOUNTS, COMPETENCES
from thongsuot.feedback.tests.make import a_photo
from thongsuot.feedback.words import Channel
from thongsuot.files.tests.make import pdf
from thongsuot.handover import actions as handover
from thongsuot.handover.models import HandoverMinutes
from thongsuot.handover.queries.transfers import ended_by, heirs_of
from thongsuot.handover.rules.classes import classes, read_line
from thongsuot.hotline import actions as hotline
from thongsuot.hotline.exchange import Notice as CallNotice
from thongsuot.indicators.actions import load_rules
from thongsuot.indicators.models import Export
from thongsuot.kernel.actor import ANYONE as ANYBODY
from thongsuot.kernel.actor import Actor, system
from thongsuot.knowledge import actions as knowledge
from thongsuot.knowledge.queries import digest_of
from thongsuot.knowledge.rules import About, Words
from thongsuot.meetings import actions as meetings
from thongsuot.national_portal.collecting import collect
from thongsuot.notices import actions as notices
from thongsuot.notices import letters
from thongsuot.notices.models import Notice
from thongsuot.notices.tests.make import make_notice
from thongsuot.open311.actions import make_key
from thongsuot.open311.actions.keys import KeyFacts
from thongsuot.payments import actions as payments
from thongsuot.payments.models import Difference, FeeAccount, PaymentLine, StatementLine
from thongsuot.payments.rules.reconcile import Found
from thongsuot.people import actions as people
from thongsuot.people import rules
from thongsuot.people.models import ApiToken, Appointment, Person
from thongsuot.people.queries import actor_for
from thongsuot.people.second_factor import actor_at_the_door
from thongsuot.people.tests.make import make_administrator, make_citizen, make_officer, make_token, with_second_factor
from thongsuot.personal_store.actions import Use as StoreUse
from thongsuot.personal_store.actions import reuse
from thongsuot.personal_store.tests.make import make_paper
from thongsuot.procedures.models import CatalogueImport, Competence
from thongsuot.registers.tests.make import a_row, imported
from thongsuot.signing import actions as signing
from thongsuot.staffing import actions as staffing
from thongsuot.staffing.loading import load as load_positions
from thongsuot.staffing.models import JobPosition
from thongsuot.units import actions as units
from thongsuot.units.facts import ConversionFacts, FacilityFact
from thongsuot.units.models import Body, Decision, Serving, Succession, Unit

HOUSE = system("cli")


@dataclass
class House:
    """A town with a thing of every kind in phường Sông, and who comes to the doors."""

    town: Town
    people: dict[str, Person]
    keys: dict[str, str]
    values: dict[str, Any]
    known: dict[str, Any]
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    actors: dict[int, Actor] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        return self.at_the_door(self.people[who]) if who in self.people else ANYBODY

    def at_the_door(self, person: Person, **_at: datetime) -> Actor:
        """What every page finds out anew, here once. Where a second factor is due and missing: no duties."""
        if person.pk not in self.actors:
            self.actors[person.pk] = actor_at_the_door(person, at=timezone.now())
        return self.actors[person.pk]

    def takes_from_the_lacking(self, duties: Collection[str]) -> None:
        """Who lacks what a door asks for holds every other duty there is, all over the city."""
        every = frozenset().union(*self.actor("city").duties.values())
        held = {duty: every for duty in rules.DUTIES if duty not in duties}
        lacking = self.people["lacking"]
        self.actors[lacking.pk] = replace(self.at_the_door(lacking), duties=held)


def make_house() -> House:
    now, today = timezone.now(), timezone.localdate()
    town = make_town()
    comers = who_comes(town)
    own, owner = comers["own"], comers["owner"]
    lan = town.people["lan"]
    file = a_file(by=town.actor("lan"))
    dossier = receive(town, papers=(dossiers.PaperIn(code="giay-chung-nhan", file_id=file),))
    dossier = forward_to(town, dossier, "tham-dinh", at=MONDAY)
    Dossier.objects.filter(pk=dossier.pk).update(account=owner)
    asked = town.city.body(town.city.river, "economy_office")
    opinion = dossiers.ask_opinion(
        dossier.pk, body_id=asked.pk, question="Có trùng không?", actor=town.actor("toan"), at=MONDAY
    )
    papers = papers_of(town, owner)
    draft = dossiers.start_draft(town.version.procedure.code, unit_id=town.river, actor=ANYBODY, at=now)
    collect(at=now)
    notice: Notice = make_notice(unit_id=town.river)
    delegation = people.delegate_work(
        lan.pk,
        to_person_id=town.people["toan"].pk,
        unit_id=town.river,
        valid_from=today,
        valid_to=today + timedelta(days=3),
        reason="nghỉ phép",
        actor=HOUSE,
        at=now,
    )
    token = people.create_token(
        lan.pk, name="máy quét", duties=["receive dossiers"], expires_at=now + timedelta(days=9), actor=HOUSE, at=now
    )
    serving = a_partner(town)
    signing.make_authority(actor=HOUSE, at=now)
    committee = town.city.body(town.city.river, "people_committee").pk
    certificate = signing.issue_test_certificate(person_id=None, body_id=committee, post="", pin="482913", actor=HOUSE, at=now)
    request = signing.ask(signing.Asked(kind="new", body_id=committee), actor=HOUSE, at=now)
    batch = SigningBatch.objects.create(person=own, made_at=now, opens_until=now)
    registers = an_old_register(town)
    hall = a_counter(town, owner)
    made = House(
        town=town,
        people=comers,
        keys=their_keys(comers),
        values={
            "person_id": lan.pk,
            "appointment_id": Appointment.objects.get(person=lan).pk,
            "delegation_id": delegation.pk,
            "token_id": token.token.pk,
            "notice_id": notice.pk,
            "knowledge": an_answer(town),
            "notices": {"letter": "received", "way": "sms", "token": "1-x", "version_id": a_letter_version(town)},
            "dossier_id": dossier.pk,
            "opinion_id": opinion.pk,
            "carriage_id": a_carriage(town, dossier),
            "file_id": file,
            "component_id": Component.objects.get(dossier=dossier, file_id=file).pk,
            "unit_id": town.river,
            "fee_id": FeeDue.objects.filter(dossier=dossier).latest("pk").pk,
            **papers,
            "scan_id": Digitisation.objects.get(component__dossier=dossier).pk,
            "certificate_id": certificate.pk,
            "request_id": request.pk,
            "batch_id": batch.pk,
            "signing": {"code": "ABCDEFGHJKMNPQRS"},
            "api:signing": {"code": "ABCDEFGHJKMNPQRS"},
            "point_id": town.city.point(town.city.river).pk,
            "agency_id": serving.body.unit_id,
            "serving_id": serving.pk,
            "decision_id": Decision.objects.latest("pk").pk,
            "succession_id": Succession.objects.latest("pk").pk,
            **a_handover(town, own),
            **a_facility(town),
            "competence_id": Competence.objects.latest("pk").pk,
            "import_id": an_import(town),
            "recomputation_id": a_recomputation(),
            "procedure_code": town.version.procedure.code,
            "day": "2026-01-01",
            "meaning": "control_slip",
            "units": {"code": "98001"},
            "procedures": {"code": town.version.procedure.code},
            "dossiers:draft": {"code": draft.code, "group": "x", "slug": "chu-ho-so"},
            "dossiers:submitted": {"code": draft.code},
            "dossiers:track": {"code": dossier.code},
            "registers": {"kind": "birth"},
            "allowances": a_month_of_allowances(town),
            "counters": hall,
            "counters:roster_file": {"file_id": hall["roster_file_id"]},
            **what_is_reported(town),
            **a_payment(town, dossier),
            "meetings": a_conference(town),
            "feedback": a_ticket(town),
            **a_report(town),
            "hotline": a_call(town, comers["city"]),
            "open311": {
                "form": "xml",
                "code": "o-ga",
                "number": "PA98-25-000001",
                "token": "x",
                "photo_id": 1,
                "key_id": a_key(town),
            },
            **a_reception(town),
            **a_helping_hand(town, owner, comers["citizen"]),
            **registers,
            **a_person_to_place(town),
            "staffing:template": {"kind": "can-bo"},
            "dossiers:act": {"key": "chuyen"},
            "api:units": {"code": "98001"},
            "api:procedures": {"code": town.version.procedure.code},
            "api:dossiers": {"code": dossier.code},
            "account": {"uidb36": "1", "key": "abc-def"},
            "mfa": {"pk": 1},
            "web": {"which": "404"},
            "feedback:figures_list": {"figure": "nhan"},
            "feedback:figures_list_excel": {"figure": "nhan"},
            "indicators:item": {"code": "2.1", "part": "tu-so"},
            "indicators:streams": {"code": "5.2"},
            "indicators:export": {"export_id": an_export(own, town)},
        },
        known={
            "procedure": town.version.procedure.code,
            "receiving_unit": "98001",
            "unit": "98001",
            "from_unit": "98001",
            "to_unit": "98002",
            "step": "tham-dinh",
            "to_step": "thu-ly",
            "to_person": town.people["tam"].pk,
            "body_id": asked.pk,
            "dossier_id": dossier.pk,
            "file_id": file,
            "code": "le-phi",
            "name": "Lò Văn Hai",
        },
    )
    for name, person in comers.items():
        client = Client()
        client.force_login(person)
        made.cookies[name] = client.cookies
    made.cookies["stranger"] = SimpleCookie()
    return made


def who_comes(town: Town) -> dict[str, Person]:
    """Posts with what they usually bring; people with every duty, told apart by their unit alone; one of the city who lacks
    what the door asks for.
    """
    now, river, city = timezone.now(), town.city.river, town.city.city
    posts = {
        "clerk": make_officer(river, at=now),
        "specialist": make_officer(river, kind="office", title="Công chức tư pháp - hộ tịch", at=now),
        "leader": make_officer(river, kind="people_committee", title="Chủ tịch", at=now),
        "unready": make_officer(river, kind="people_committee", title="Chủ tịch", at=now),
        "administrator": make_administrator(city, at=now),
    }
    every = {"own": river, "other": town.city.hill, "ended": an_ended_ward(), "city": city, "lacking": city}
    posts |= {name: with_every_duty(unit) for name, unit in every.items()}
    for name, person in posts.items():
        if name != "unready":
            with_second_factor(person)
    return {"citizen": make_citizen(at=now), "owner": make_citizen("Hoàng Văn Minh", at=now), **posts}


def their_keys(comers: dict[str, Person]) -> dict[str, str]:
    """Secrets of keys: of officers with every duty, and of some that must open nothing."""
    now, every = timezone.now(), sorted(rules.DUTIES)
    keys = {name: make_token(comers[name], every, at=now) for name in ("own", "other")}
    keys["narrow"] = make_token(comers["own"], ["see outbox"], at=now)
    keys["wrong"] = "ts_wrong"
    keys["expired"] = make_token(comers["own"], every, at=now - timedelta(days=9), until=now - timedelta(days=1))
    keys["revoked"] = make_token(comers["own"], every, at=now)
    people.revoke_token(ApiToken.objects.latest("pk").pk, actor=HOUSE, at=now)
    return keys


def papers_of(town: Town, owner: Person) -> dict[str, Any]:
    """A paper in the owner's store with a use of it; a changed result and a certified copy of another dossier."""
    paper = make_paper(account_id=owner.pk, owner_id_number=minh().id_number)
    use = StoreUse(
        dossier_id=1,
        dossier_code="H98",
        procedure_code="9",
        procedure="Cấp giấy",
        unit_id=town.river,
        unit_name="Sông",
        how="spoken",
    )
    used = reuse(paper.pk, use=use, on=MONDAY.date(), actor=HOUSE, at=MONDAY)
    other = forward_to(town, receive(town), "tra", at=MONDAY)
    change = dossiers.open_change(
        other.pk, kind="correction", reason="Sai ngày", basis="Đơn", actor=town.actor("toan"), at=MONDAY
    )
    copy = CertifiedCopy.objects.create(
        dossier=other, unit_id=town.river, title="Bằng", pages=1, scan_id=a_file(), compared_at=MONDAY, compared_by_name="Lan"
    )
    return {
        "paper_id": paper.pk,
        "consent_id": used.consent_id,
        "change_id": change.pk,
        "copy_id": copy.pk,
        "dossiers:change": {"dossier_id": other.pk},
        "dossiers:case_cop": {"dossier_id": other.pk},
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


def a_partner(town: Town) -> Serving:
    """A tax office that serves the city."""
    tax = units.set_up_agency(
        town.city.city.pk,
        code="98T09",
        kind="tax",
        name="Thuế thành phố",
        identifier="H98.909",
        valid_from=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    return units.put_serving("tax", body_id=tax.pk, city_id=town.city.city.pk, valid_from=MONDAY.date(), actor=HOUSE, at=MONDAY)


def a_facility(town: Town) -> dict[str, int]:
    """A health station of the first ward, and a draft about it."""
    fact = FacilityFact(
        code="T1", kind="health_station", name="Trạm y tế Sông", unit_id=town.river, valid_from=date(2025, 7, 1)
    )
    city = town.city.city.pk
    (station,) = units.add_facilities([fact], city_id=city, actor=HOUSE, at=MONDAY)
    head = ConversionFacts(number="9/QĐ", title="Chuyển đổi", signed_on=None, effective_on=date(2030, 1, 1))
    draft = units.draft_conversion(head, city_id=city, actor=HOUSE, at=MONDAY)
    return {"facility_id": station.pk, "conversion_id": draft.pk}


def a_carriage(town: Town, dossier: Dossier) -> int:
    """From the city to the first ward: the other ward has nothing to do with it."""
    carriage = Carriage.objects.create(
        code="GN-2222-2222",
        number=1,
        year=2025,
        from_unit=town.city.city,
        to_unit=town.city.river,
        sent_at=MONDAY,
        sent_by_name="Lan",
    )
    PaperDebt.objects.create(
        dossier=dossier,
        what="result",
        from_unit=town.city.city,
        to_unit=town.city.river,
        owed_since=MONDAY,
        due_at=MONDAY + timedelta(days=1),
        carriage=carriage,
    )
    return carriage.pk


def a_handover(town: Town, own: Person) -> dict[str, Any]:
    """Old units of the town hand over to phường Sông; whoever is of that ward also hands over for one that ended."""
    now = timezone.now()
    one = handover.open_changeover(Decision.objects.latest("pk").pk, actor=HOUSE, at=now)
    old = next(unit for unit in ended_by(one.decision) if heirs_of(unit, one.effective_on) == (town.river,))
    handover.name_representative(one.pk, unit_id=old, email=own.email, title="Chủ tịch", heads=True, actor=HOUSE, at=now)
    premises = {"klass": "premises", "name": "Nhà cũ", "use": "Dôi dư"}
    line, _wrong = read_line(classes()["premises"], premises)
    assert line is not None
    item = handover.list_item(one.pk, unit_id=old, klass="premises", line=line, actor=HOUSE, at=now)
    box = handover.open_box(one.pk, unit_id=old, to_unit_id=town.river, actor=HOUSE, at=now)
    minutes = HandoverMinutes.objects.create(
        changeover=one,
        from_unit_id=old,
        to_unit_id=town.river,
        number=1,
        content={},
        digest="",
        place="",
        file_id=a_file(),
        drafted_at=now,
        drafted_by_name="Lan",
    )
    pair = {"from_unit_id": old, "to_unit_id": town.river}
    return {
        "changeover_id": one.pk,
        "item_id": item.pk,
        "box_id": box.pk,
        "minutes_id": minutes.pk,
        "klass": "premises",
        "handover": {"unit_id": old},
        "handover:receiving": {"unit_id": town.river},
        "handover:coming": {"unit_id": town.river, "from_unit_id": old},
        "handover:minutes": pair,
    }


def an_old_register(town: Town) -> dict[str, int]:
    """An entry that stands and a row that waits, kept by Toàn for a moment."""
    Appointment.objects.filter(person=town.people["toan"]).update(duties=["keep civil status", "process dossiers"])
    done = imported(town, [a_row(), a_row(number="16", child_name="Lò Văn Hai", child_born="31/02/2004")])
    stored, unclear = done.rows.order_by("place")
    assert stored.entry is not None
    return {
        "register_import_id": done.pk,
        "row_id": unclear.pk,
        "entry_id": stored.entry.pk,
        "book_id": stored.entry.book_id,
    }


def a_month_of_allowances(town: Town) -> dict[str, int]:
    """Somebody on the list of phường Sông, paid by a bank whose answer came; and an old list that waits for a look."""
    now, month = timezone.now(), timezone.localdate().replace(day=1)
    load_rates(at=now)
    rows = [a_beneficiary_row(1), a_beneficiary_row(2, id_number="12")]
    sent = allowances.send_file(as_a_list(rows), name="a.csv", unit_id=town.river, month=month, actor=HOUSE, at=now)
    allowances.read_file(sent.pk, actor=HOUSE, at=now)
    one = allowances.add_beneficiary(a_beneficiary_row(3), unit_id=town.river, actor=HOUSE, at=now)
    run = allowances.open_run(town.city.city.pk, month=month, actor=HOUSE, at=now)
    allowances.freeze_run(run.pk, actor=HOUSE, at=now)
    allowances.approve_run(run.pk, accepted=check(run).figures, actor=HOUSE, at=now)
    (batch,) = allowances.make_batches(run.pk, actor=HOUSE, at=now)
    allowances.mark_sent(batch.pk, actor=HOUSE, at=now)
    said = answer(run, 1, {Payment.objects.get(run=run).pk: "failed"})
    report = allowances.send_report(run.pk, said, name="k.csv", actor=HOUSE, at=now)
    allowances.apply_report(report.pk, actor=HOUSE, at=now)
    return {
        "beneficiary_id": one.pk,
        "import_id": sent.pk,
        "run_id": run.pk,
        "batch_id": batch.pk,
        "report_id": report.pk,
    }


def a_person_to_place(town: Town) -> dict[str, int]:
    """Someone of phường Sông with a proposal and an application to leave; a plan and a distribution of the city."""
    city = town.city.city.pk
    load_positions(at=MONDAY)
    said = {"full_name": minh().name, "unit": "98001", "email": "duoc-bo-tri@vidu.vn"}
    member = staffing.add_member(city, said=said, counted=MONDAY.date(), actor=HOUSE, at=MONDAY)
    office, justice = town.city.body(town.city.river, "office"), JobPosition.objects.get(code="VT17")
    placement = staffing.propose(
        member.pk,
        becomes="assigned",
        to_body_id=office.pk,
        position_id=justice.pk,
        effective_on=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    days = {"applied_on": MONDAY.date(), "leaves_on": MONDAY.date(), "reorganised_on": MONDAY.date()}
    leave = staffing.apply_for_leave(member.pk, kind="leaving", **days, actor=HOUSE, at=MONDAY)
    plan = staffing.make_plan(
        city_id=city,
        title="Phương án",
        decision_number="1",
        total_persons=1,
        total_units=1,
        effective_on=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    dealt = staffing.distribute(city, title="Phân bổ", group="both", total=1, shares={town.river: 1}, actor=HOUSE, at=MONDAY)
    return {
        "member_id": member.pk,
        "position_id": justice.pk,
        "placement_id": placement.pk,
        "leave_id": leave.pk,
        "plan_id": plan.pk,
        "distribution_id": dealt.pk,
    }


def a_letter_version(town: Town) -> int:
    """Waits for approval."""
    words = letters.shipped("received")
    facts = {"subject": words.subject, "body": words.body, "sms": words.sms}
    made = notices.draft_version("received", city_id=town.city.city.pk, **facts, actor=HOUSE, at=MONDAY)
    return notices.submit_version(made.pk, actor=HOUSE, at=MONDAY).pk


def an_answer(town: Town) -> dict[str, int]:
    """In force."""
    city, words = town.city.city.pk, dict.fromkeys(("question", "answer", "spoken", "basis"), "Mở cửa lúc nào?")
    made = knowledge.draft_version(None, city_id=city, words=Words.of(**words), about=About(), actor=HOUSE, at=MONDAY)
    knowledge.submit_version(made.pk, actor=HOUSE, at=MONDAY)
    day = timezone.localdate(MONDAY)
    knowledge.approve_version(made.pk, digest=digest_of(made), valid_from=day, actor=HOUSE, at=MONDAY)
    return {"article_id": made.article_id, "version_id": made.pk}


def an_export(person: Person, town: Town) -> int:
    """A list that an officer asked for; and the rules of the index, without which there is nothing to list."""
    load_rules(actor=HOUSE, at=timezone.now())
    wanted = {
        "units": [town.river],
        "procedures": None,
        "first": "2025-10-01",
        "last": "2025-10-31",
        "item": "2.1",
        "part": "tu-so",
    }
    export = Export.objects.create(
        asked_by=person,
        asked_at=timezone.now(),
        title="2.1",
        wanted=wanted,
        rows=1,
        done=1,
        made_at=timezone.now(),
        content=b"PK",
    )
    return export.pk


def an_import(town: Town) -> int:
    report = CatalogueImport.objects.create(
        file_name="thu-tuc.json",
        city=town.city.city,
        imported_at=MONDAY,
        imported_by_name="Hệ thống",
        loaded=0,
        unchanged=0,
        kept=0,
    )
    return report.pk


def a_recomputation() -> int:
    row = Recomputation.objects.create(
        change_event_id=1, days=[MONDAY.date()], announced_at=MONDAY, announced_by_name="Hệ thống", to_look_at=0
    )
    return row.pk


def an_ended_ward() -> Unit:
    """Phường Bến, which went whole to phường Sông; its bodies were never ended by anybody, the ward itself was."""
    ward = Unit.objects.get(code="98101")
    Body.objects.create(unit=ward, kind="service_centre", name="Bộ phận Một cửa", valid_from=ward.valid_from)
    return ward


def with_every_duty(unit: Unit) -> Person:
    """More than the practice allows one person to hold: if even they are kept out, everyone is."""
    title = "Quản trị hệ thống" if unit.level == Unit.Level.PROVINCE else "Công chức tiếp nhận"
    person = make_officer(unit, title=title, at=timezone.now())
    Appointment.objects.filter(person=person).update(duties=sorted(rules.DUTIES))
    return person


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


def a_payment(town: Town, dossier: Dossier) -> dict[str, Any]:
    """Phường Sông's account waits for its test; the dossier's fee was taken in cash and is to go back; a day differs."""
    now = timezone.now()
    account = payments.declare_account(
        town.river, bank_bin="970436", number="1133666688", holder="UBND", merchant="SONG", actor=HOUSE, at=now
    )
    test = payments.begin_test_payment(account.pk, actor=HOUSE, at=now)
    fees = FeeDue.objects.filter(dossier=dossier, amount_dong__gt=0)
    payments.take_cash("dossiers.dossier", dossier.pk, owed_ids=[fee.pk for fee in fees], actor=HOUSE, at=now)
    line = PaymentLine.objects.filter(subject="dossiers.dossier").latest("pk")
    refund = payments.propose_refund(line.pk, how="cash", reason="thu nhầm", actor=HOUSE, at=now)
    account = FeeAccount.objects.get(unit=town.river)
    content = "Ngày;Số tham chiếu;Số tiền;Nội dung\n01/01/2026;FT9;5000;nop phi\n01/01/2026;FT8;-3000;phi\n".encode()
    payments.bring_statement(account.pk, content, name="so-phu.csv", actor=HOUSE, at=now)
    found = Found(kind="not_banks", key="bank:X", unit_id=town.river, ours_dong=1, payment_id=line.payment_id)
    payments.note_differences(date(2026, 1, 1), lambda: [found], actor=HOUSE, at=now)
    return {
        "payments": {
            "secret": test.secret,
            "reference": test.reference,
            "payment_id": test.pk,
            "shift_id": line.payment.shift_id,
            "line_id": line.pk,
            "refund_id": refund.pk,
            "difference_id": Difference.objects.latest("pk").pk,
            "unit_id": town.river,
            "day": "2026-01-01",
            "account": "fees",
        },
        "payments:receipt": {"secret": line.receipt.secret},
        "payments:assign": {"line_id": StatementLine.objects.get(bank_reference="FT9").pk},
        "payments:outflow": {"line_id": StatementLine.objects.get(bank_reference="FT8").pk},
    }


def a_helping_hand(town: Town, owner: Person, citizen: Person) -> dict[str, Any]:
    """The citizen is an agent's person whom the owner let help, and is helped by the owner as a volunteer.

    So the walk of all doors shows that whoever helps comes in nowhere else.
    """
    now, code = timezone.now(), town.version.procedure.code
    agent = an_agent(town.river)
    helper = a_helper(town.river, agent_id=agent.pk, full_name=citizen.full_name, email=citizen.email)
    given = assistance.give_consent(helper.number, procedure_code=code, actor=actor_for(owner, at=now), at=now)
    helping = a_helper(town.river, "volunteer", full_name=owner.full_name, email=owner.email)
    helped = assistance.give_consent(helping.number, procedure_code=code, actor=actor_for(helper.person, at=now), at=now)
    opened = assistance.open_with_code(helping.pk, helped.code, actor=actor_for(owner, at=now), at=now)
    hours, point = {"day": timezone.localdate(now), "starts": time(8), "ends": time(11)}, town.city.point(town.city.river).pk
    shift = assistance.put_shift(helping.number, point_id=point, **hours, actor=HOUSE, at=now)
    lawyer = a_helper(town.city.city.pk, "lawyer", full_name="Lò Thị Luật")
    advising = assistance.put_shift(lawyer.number, point_id=point, **hours, actor=HOUSE, at=now)
    said = {"topic": "land", "outcome": "advised", "words": minh().name}
    note = assistance.note_consultation(advising.pk, **said, actor=actor_for(lawyer.person, at=now), at=now)
    targets = {"people": 9, "accounts": 9, "dossiers": 9}
    campaign = assistance.start_campaign(
        town.city.city.pk, name="30 ngày", starts_on=now.date(), days=30, targets=targets, actor=HOUSE, at=now
    )
    paper = assistance.take_paper(
        helper.pk, pdf(), file_name="a.pdf", name="Lò A", procedure_code=code, actor=actor_for(helper.person, at=now), at=now
    )
    own_paper = assistance.take_paper(
        helping.pk, pdf(), file_name="b.pdf", name="Lò B", procedure_code=code, actor=actor_for(owner, at=now), at=now
    )
    return {
        "assistance": {
            "consent_id": given.consent.pk,
            "secret": given.consent.secret,
            "session_id": opened.pk,
            "agent_id": agent.pk,
            "helper_id": helper.pk,
            "shift_id": shift.pk,
            "note_id": note.pk,
            "campaign_id": campaign.pk,
        },
        "assistance:paper": {"consent_id": paper.pk},
        "assistance:slip": {"session_id": own_paper.pk},
    }


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


def a_conference(town: Town) -> dict[str, int]:
    """Planned, with a site of phường Sông."""
    now, city = timezone.now(), town.city.city.pk
    made = meetings.plan_conference(
        city, title="Giao ban", starts_at=now + timedelta(days=9), hub_phone="02438253536", actor=HOUSE, at=now
    )
    return {"conference_id": made.pk, "site_id": made.sites.get(unit=town.river).pk}
