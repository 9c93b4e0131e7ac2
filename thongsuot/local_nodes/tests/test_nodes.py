"""A node is set up, joined, heard, lost; what it is given says as little as can be of anybody."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.serializers import serialize
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from thongsuot.counters import actions as counters
from thongsuot.counters.actions.errors import PointCutOff
from thongsuot.counters.models import Counter, Device, Queue, Ticket
from thongsuot.counters.tests.make import MINUTE, MONDAY, Office, a_counter, a_queue, make_office, taken
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.local_nodes import actions, parcel, queries
from thongsuot.local_nodes.actions import errors
from thongsuot.local_nodes.middleware import HALL, AtNode
from thongsuot.local_nodes.models import HallCode, LocalNode, Standing
from thongsuot.local_nodes.tests.worlds import MACHINE
from thongsuot.people.models import Appointment, Person

pytestmark = pytest.mark.django_db
SAID = {"name": "Máy ở kho", "address": "http://192.168.1.10:8000"}


@pytest.fixture
def office() -> Office:
    made = make_office()
    a_counter(made, a_queue(made))
    return made


def joined(office: Office, at=MONDAY) -> tuple[LocalNode, str]:
    _node, code = actions.set_up_node(office.point.pk, **SAID, actor=office.actor("hong", at), at=at)
    return actions.join_node(code, actor=MACHINE, at=at)


def test_one_node_of_a_point_by_who_arranges_there(office: Office) -> None:
    hong = office.actor("hong")
    with pytest.raises(NotYourDuty):
        actions.set_up_node(office.point.pk, **SAID, actor=office.actor("lan"), at=MONDAY)
    for wrong in ({"address": "192.168.1.10"}, {"address": "http://x/y"}, {"name": " "}, {"first_number": 20}):
        with pytest.raises(BadInput):
            actions.set_up_node(office.point.pk, **{**SAID, **wrong}, actor=hong, at=MONDAY)
    _node, code = actions.set_up_node(office.point.pk, **SAID, actor=hong, at=MONDAY)
    with pytest.raises(errors.NodeThere):
        actions.set_up_node(office.point.pk, **SAID, actor=hong, at=MONDAY)
    with pytest.raises(errors.WrongNodeCode):
        actions.join_node(code, actor=MACHINE, at=MONDAY + timedelta(minutes=31))
    node, key = actions.join_node(code.lower(), actor=MACHINE, at=MONDAY)
    assert queries.by_key(key) == node
    with pytest.raises(errors.WrongNodeCode):
        actions.join_node(code, actor=MACHINE, at=MONDAY)
    actions.retire_node(node.pk, actor=hong, at=MONDAY)
    assert queries.by_key(key) is None


def test_unheard_for_a_minute_it_is_cut_off_and_telephones_get_no_number(office: Office) -> None:
    now = clock.now()
    node, _key = joined(office, now)
    assert not queries.cut_off(node, now + MINUTE)
    assert queries.cut_off(node, now + 2 * MINUTE)
    actions.hear(node.pk, asleep=True, at=now)
    node.refresh_from_db()
    assert not queries.cut_off(node, now + 2 * MINUTE)
    assert PointCutOff.status == 503


def test_what_is_given_holds_names_of_officers_and_nothing_else_of_anybody(office: Office) -> None:
    lan = office.people["lan"]
    Person.objects.filter(pk=lan.pk).update(phone="0900000001", id_number="000000000001")
    counters.sit_down(counter_of(office), actor=office.actor("lan"), at=MONDAY)
    taken(queue_of(office), office)
    rows = parcel.setup_of(office.point.pk, on=timezone.localdate(MONDAY))
    rows += parcel.state_of(office.point.pk, on=timezone.localdate(MONDAY))
    text = json.dumps(rows)
    for secret in (lan.email, lan.password, "0900000001", "000000000001"):
        assert secret not in text
    given = {row["pk"] for row in rows if row["model"] == "people.person"}
    assert given == {office.people[name].pk for name in ("hong", "lan", "hoa")}
    duties = {duty for row in rows if row["model"] == "people.appointment" for duty in json.loads(row["fields"]["duties"])}
    assert duties == {"receive dossiers", "arrange counters"}


def test_put_into_an_empty_place_it_is_the_same_hall_and_put_twice_it_stays_so(office: Office) -> None:
    device, code = counters.set_up_device(office.point.pk, kind="kiosk", name="Cửa", actor=office.actor("hong"), at=MONDAY)
    counters.join_device(code, actor=MACHINE, at=MONDAY)
    taken(queue_of(office), office)
    day = timezone.localdate(MONDAY)
    rows = parcel.setup_of(office.point.pk, on=day) + parcel.state_of(office.point.pk, on=day)
    before = serialize("json", [*Ticket.objects.all(), *Appointment.objects.filter(pk__in=_pks(rows, "people.appointment"))])
    key = Device.objects.get(pk=device.pk).key_digest
    parcel.put(rows)
    parcel.put(rows)
    after = serialize("json", [*Ticket.objects.all(), *Appointment.objects.filter(pk__in=_pks(rows, "people.appointment"))])
    assert before == after
    assert Device.objects.get(pk=device.pk).key_digest == key  # a node's own
    with pytest.raises(ValueError, match="not given"):
        parcel.put([{"model": "people.lookup", "pk": 1, "fields": {}}])


def test_who_holds_no_post_any_more_is_let_in_no_more_and_what_ended_in_the_city_has_ended(office: Office) -> None:
    day = timezone.localdate(MONDAY)
    actions.make_hall_code(actor=office.actor("lan"), at=MONDAY)
    ticket = taken(queue_of(office), office)
    setup, state = parcel.setup_of(office.point.pk, on=day), parcel.state_of(office.point.pk, on=day)
    actions.become_node(
        "http://x", node_id=1, house_id=office.point.pk, database="d", first_number=501, actor=MACHINE, at=MONDAY
    )
    assert actions.take_in(setup=setup, state=state, digests=("", ""), at=MONDAY)
    lan = office.people["lan"].pk
    of_lan = {row["pk"] for row in setup if row["model"] == "people.appointment" and row["fields"]["person"] == lan}
    without = [row for row in setup if row["model"] != "local_nodes.hallcode" and row["pk"] not in of_lan]
    assert actions.take_in(setup=without, state=[], digests=("", ""), at=MONDAY + MINUTE)
    assert not HallCode.objects.exists()
    assert not Appointment.objects.filter(person=lan).exists()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.ended_at) == ("done", MONDAY + MINUTE)


def test_an_officer_makes_a_code_and_only_its_digest_is_kept(office: Office, client: Client) -> None:
    code = actions.make_hall_code(actor=office.actor("lan"), at=MONDAY)
    assert len(code) == 6
    assert code not in HallCode.objects.get().digest
    client.force_login(office.people["lan"])
    page = client.post(reverse("local_nodes:hall_code"))
    assert HallCode.objects.count() == 1
    assert "Mã mới" in page.content.decode()


def test_the_page_sets_up_tells_the_code_once_and_refuses_in_words(office: Office, client: Client) -> None:
    client.force_login(office.people["hong"])
    address = reverse("local_nodes:node", args=[office.point.pk])
    assert "Chưa lần nào" in client.get(address).content.decode()
    wrong = client.post(address, {"viec": "khai", **SAID, "address": "x", "first_number": 501})
    assert wrong.status_code == 422
    said = client.post(address, {"viec": "khai", **SAID, "first_number": 501}).content.decode()
    assert "thongsuot node --city-url" in said
    assert client.post(address, {"viec": "?"}).status_code == 422
    node = LocalNode.objects.get()
    assert "NUT-" in client.post(address, {"viec": "ma", "may": node.pk}).content.decode()
    assert client.post(address, {"viec": "thoi", "may": node.pk}).status_code == 302


@pytest.mark.parametrize(
    ("key", "body", "status"), [("", b"{}", 401), ("no", b"{}", 401), (None, b"", 400), (None, b'{"lines": 3}', 400)]
)
def test_who_asks_without_a_key_or_in_nonsense_is_refused(office: Office, client: Client, key, body, status) -> None:
    _node, own = joined(office, clock.now())
    headers = {"Authorization": f"Bearer {own if key is None else key}"}
    answered = client.post(reverse("local_nodes:ask"), body, content_type="application/json", headers=headers)
    assert answered.status_code == status
    assert client.post(reverse("local_nodes:join"), b"{", content_type="application/json").status_code == 400


def test_in_a_city_there_are_no_pages_of_a_node(client: Client) -> None:
    for name in ("home", "come_in", "machine"):
        assert client.get(reverse(f"local_nodes:{name}")).status_code == 404


def queue_of(office: Office) -> Queue:
    return Queue.objects.get(point=office.point.pk)


def counter_of(office: Office) -> int:
    return Counter.objects.get(point=office.point.pk).pk


def _pks(rows, model: str) -> list[int]:
    return [row["pk"] for row in rows if row["model"] == model]


def test_a_node_that_runs_the_hall_opens_its_pages_and_leaves_setting_it_up_to_the_city(
    office: Office, settings, client
) -> None:
    settings.LOCAL_NODE = True
    Standing.objects.create(
        pk=Standing.ONLY, city="http://city", house_id=office.point.pk, database="x", first_number=500, acting_since=MONDAY
    )
    seen: list[str] = []

    def shown(request):
        seen.append(request.path)
        return HttpResponse()

    node, made = AtNode(shown), RequestFactory()
    for name in HALL:  # all of them are pages there are
        node(made.get(reverse(name, args=[1 for _argument in _arguments(name)])))
    assert len(seen) == len(HALL)
    for name in ("set_up", "hours", "settings", "devices", "open_queue", "open_counter", "equipment", "roster", "training"):
        for ask in (made.get, made.post):
            request = ask(reverse(f"counters:{name}", args=[office.point.pk]))
            request.user = AnonymousUser()
            assert node(request).status_code == errors.NeedsCity.status
    called_off = made.post(reverse("counters:bookings", args=[office.point.pk]), {"viec": "huy"})
    called_off.user = AnonymousUser()
    assert node(called_off).status_code == errors.NeedsCity.status  # nobody here could write to who booked
    assert len(seen) == len(HALL)


def _arguments(name: str) -> list[str]:
    space, page = name.split(":")
    resolver = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == space)
    return next(list(one.pattern.converters) for one in resolver.url_patterns if one.name == page)
