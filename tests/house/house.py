"""A town with a thing of every kind in phường Sông, and who comes to its doors: made once for the walk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.house.things import HOUSE
from tests.house.things.heard import a_call, a_counter, a_key, a_reception, a_report, a_ticket, an_answer, what_is_reported
from tests.house.things.papers import (
    a_carriage,
    a_helping_hand,
    a_month_of_allowances,
    a_payment,
    a_recomputation,
    an_export,
    an_import,
    an_old_register,
    papers_of,
)
from tests.house.things.places import (
    a_conference,
    a_facility,
    a_handover,
    a_letter_version,
    a_partner,
    a_person_to_place,
    an_ended_ward,
    with_every_duty,
)
from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Component, Digitisation, Dossier, FeeDue, SigningBatch
from thongsuot.dossiers.tests.make import MONDAY, Town, a_file, forward_to, make_town, receive
from thongsuot.kernel.actor import ANYONE as ANYBODY
from thongsuot.kernel.actor import Actor
from thongsuot.national_portal.collecting import collect
from thongsuot.notices.models import Notice
from thongsuot.notices.tests.make import make_notice
from thongsuot.people import actions as people
from thongsuot.people import rules
from thongsuot.people.models import ApiToken, Appointment, Person
from thongsuot.people.second_factor import actor_at_the_door
from thongsuot.people.tests.make import make_administrator, make_citizen, make_officer, make_token, with_second_factor
from thongsuot.procedures.models import Competence
from thongsuot.signing import actions as signing
from thongsuot.units.models import Decision, Succession


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
