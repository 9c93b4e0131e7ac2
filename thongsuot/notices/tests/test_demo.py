"""The words of a demo city: made once, by two people."""

from thongsuot.notices.demo import load_demo
from thongsuot.notices.models import LetterVersion
from thongsuot.notices.tests.make import MONDAY, make_notice
from thongsuot.people.demo import email_of
from thongsuot.people.models import Appointment, Person
from thongsuot.people.tests.make import make_administrator, make_officer


def test_one_letter_goes_by_zalo_and_one_waits_for_approval(city, gateways):
    writer = make_administrator(city.city)
    approver = make_officer(city.city, kind="people_committee", title="Phó Chủ tịch")
    for person, who in ((writer, "quantri"), (approver, "lanhdao")):
        Person.objects.filter(pk=person.pk).update(email=email_of(who, None))
    assert Appointment.objects.filter(person=approver, duties__contains=["approve letters"]).exists()

    assert (load_demo(city.city.pk, at=MONDAY), load_demo(city.city.pk, at=MONDAY)) == (2, 0)

    assert list(LetterVersion.objects.order_by("key").values_list("key", "state")) == [
        ("rate_invited", "submitted"),
        ("result_ready", "approved"),
    ]
    notice = make_notice(city.river.pk, key="result_ready")
    assert notice.deliveries.get(way="zalo").template == "301456"


def test_without_the_two_people_nothing_is_made(city):
    assert load_demo(city.city.pk, at=MONDAY) == 0
