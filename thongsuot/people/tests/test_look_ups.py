"""Reading personal data leaves a trace."""

import pytest
from django.db import DatabaseError, transaction

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.models import Event
from thongsuot.people import actions, events
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import MONDAY, actor, make_citizen, make_officer
from thongsuot.people.tests.refusals import refused


def test_a_look_up_needs_a_reason_and_is_never_changed(city):
    lan, minh = make_officer(city.river), make_citizen()
    for reason in (" ", "x" * 301):
        refused(BadInput, actions.log_look_up, minh, fields=["phone"], reason=reason, actor=actor(lan), at=MONDAY)
    row = actions.log_look_up(
        minh, fields=["phone", "id_number"], reason="Hồ sơ H98.104-251117-0001", about_id=minh.pk, actor=actor(lan), at=MONDAY
    )
    assert (row.subject, row.subject_id, row.fields) == ("people.person", minh.pk, ["id_number", "phone"])
    assert (row.by_name, row.by_post) == (lan.full_name, actor(lan).post)
    assert Event.objects.filter(name=events.DATA_LOOKED_UP.name, subject_id=row.pk).get().facts["of_id"] == minh.pk
    for act in (lambda: LookUp.objects.update(reason="khác"), lambda: LookUp.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert LookUp.objects.get().reason == "Hồ sơ H98.104-251117-0001"
