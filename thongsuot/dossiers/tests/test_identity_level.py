"""How well the filer of an online filing must be known: a dated setting for all, and one for a procedure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from thongsuot.dossiers import actions, panels
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Dossier, Setting, Status
from thongsuot.dossiers.queries.settings import identity_level
from thongsuot.dossiers.tests.make import MONDAY, PDF, make_town, receive
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.remember import forget_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    forget_all()
    yield
    forget_all()


def demand(level: int, key: str = "identity_level", since: date = date(2025, 7, 1)) -> None:
    Setting.objects.create(key=key, value=level, valid_from=since, basis="ví dụ")


def a_draft(town):
    draft = actions.start_draft("9.000001", unit_id=town.river, actor=ANYONE, at=MONDAY)
    actions.add_draft_file(draft.code, "giay-chung-nhan", PDF, name="giấy.pdf", actor=ANYONE, at=MONDAY)
    contact = {"owner": {"name": "Hoàng Văn Minh", "phone": "0912345678"}, "return_by": "counter"}
    actions.save_page(draft.code, "lien-he", contact, actor=ANYONE, at=MONDAY)
    return draft


@pytest.mark.parametrize("level", [0, 1])
def test_below_the_level_nothing_is_filed_and_the_draft_stays(level):
    draft = a_draft(make_town())
    demand(2)

    with pytest.raises(errors.IdentityLevelNeeded) as refusal:
        actions.submit_draft(draft.code, actor=replace(ANYONE, identity_level=level), at=MONDAY)

    assert refusal.value.details() == {"level": 2}
    assert not Dossier.objects.exists()
    assert actions.open_draft(draft.code, at=MONDAY).data


def test_at_the_level_it_is_filed():
    draft = a_draft(make_town())
    demand(2)

    assert actions.submit_draft(draft.code, actor=replace(ANYONE, identity_level=2), at=MONDAY).status == Status.REGISTERED


def test_the_row_of_the_procedure_goes_before_the_general_one_from_its_day():
    demand(2)
    demand(0, "identity_level/9.000001", since=date(2025, 8, 1))

    assert identity_level("9.000001", on=date(2025, 7, 31)) == 2
    assert identity_level("9.000001", on=date(2025, 8, 1)) == 0
    assert identity_level("9.000002", on=date(2025, 8, 1)) == 2


def test_without_a_row_nothing_is_demanded():
    assert identity_level("9.000001", on=date(2025, 8, 1)) == 0


def test_panels_come_in_their_order_and_may_have_nothing_to_say(monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})
    for order, name in ((20, "b"), (10, "a"), (30, "none")):
        part = None if name == "none" else panels.Part(template=f"{name}.html", part=name)
        panels.panel(name, lambda dossier, actor, now, part=part: part, order=order)

    found = panels.panels_of(receive(make_town()), actor=ANYONE, now=MONDAY)

    assert [part.part for part in found] == ["a", "b"]
