"""Processes that branch: which way a dossier goes, what its pages and papers say of the steps it does not take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from thongsuot.dossiers import actions, documents
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Channel, Status, StepRun
from thongsuot.dossiers.printing.facts import Meaning
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.tests.desk import act_url, browser, case_url
from thongsuot.dossiers.tests.make import FIVE_DAYS, HOUSE, MONDAY, STEPS, forward_to, make_town, receive, resolve
from thongsuot.kernel.errors import BadInput
from thongsuot.procedures import actions as procedures
from thongsuot.procedures import queries as catalogue
from thongsuot.procedures import rules
from thongsuot.procedures.content import Condition, Step, Way
from thongsuot.procedures.tests.processes import SCHEMA
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.usefixtures("clock")

ELECTRONIC = Condition(field="form.form", value="electronic")
ONLINE = Condition(field="channel", value=2)
BRANCHING = (
    STEPS[0],
    STEPS[1],
    STEPS[2],
    # Asked for on paper it is checked by the head; else it goes to be signed at once.
    Step(
        key="xet",
        name="Xét cách trả",
        duty="review dossiers",
        minutes=60,
        body_kind="office",
        ways=(Way(to="ky", when=ELECTRONIC), Way(to="soat")),
    ),
    Step(key="soat", name="Soát", duty="review dossiers", minutes=420, body_kind="office"),
    *STEPS[4:],
)


@pytest.fixture(scope="module")
def begins_with():
    return lambda: make_town(steps=BRANCHING, form_schema=SCHEMA)


def keys(dossier) -> list[str]:
    return list(StepRun.objects.filter(dossier=dossier).order_by("number").values_list("step_key", flat=True))


def names(found) -> list[str]:
    return [one.key for one in found]


@pytest.mark.parametrize(
    ("form", "way"),
    [
        ({"form": "electronic"}, ["tiep-nhan", "phan-cong", "tham-dinh", "xet", "ky", "vao-so", "tra"]),
        ({"form": "paper"}, ["tiep-nhan", "phan-cong", "tham-dinh", "xet", "soat", "ky", "vao-so", "tra"]),
        ({}, ["tiep-nhan", "phan-cong", "tham-dinh", "xet", "soat", "ky", "vao-so", "tra"]),
    ],
)
def test_a_dossier_takes_the_way_whose_condition_holds(town, form, way):
    dossier = resolve(town, receive(town, form=form), at=MONDAY)

    assert dossier.status == Status.RESOLVED
    assert keys(dossier) == way


def test_before_the_branch_the_pages_know_which_steps_will_not_come(town, clock):
    dossier = receive(town, form={"form": "electronic"})
    page = cases.case_page(dossier, now=MONDAY)

    assert names(page.upcoming) == ["phan-cong", "tham-dinh", "xet", "ky", "vao-so", "tra"]
    assert names(page.left_out) == ["soat"]
    assert page.step_states == {0: "now", 4: "skipped"}
    shown = said(browser(town, "lan").get(case_url(dossier)))
    assert "Không qua bước này" in shown
    assert "Đang ở bước này" in shown


def test_after_the_branch_the_picture_marks_what_is_done_now_and_left_out(town):
    dossier = forward_to(town, receive(town, form={"form": "electronic"}), "ky", at=MONDAY)
    page = cases.case_page(dossier, now=MONDAY)

    assert page.step_states == {0: "done", 1: "done", 2: "done", 3: "done", 4: "skipped", 5: "now"}
    assert names(page.upcoming) == ["vao-so", "tra"]


def test_the_next_step_shown_is_the_one_it_goes_to(town, clock):
    dossier = forward_to(town, receive(town, form={"form": "electronic"}), "xet", at=MONDAY)
    shown = said(browser(town, "viet").get(act_url(dossier, "chuyen")))
    assert "Bước tiếp theo: Ký" in shown

    paper = forward_to(town, receive(town, form={"form": "paper"}), "xet", at=MONDAY)
    assert "Bước tiếp theo: Soát" in said(browser(town, "viet").get(act_url(paper, "chuyen")))


def test_many_at_once_each_goes_its_own_way(town, clock):
    one = forward_to(town, receive(town, form={"form": "electronic"}), "xet", at=MONDAY)
    other = forward_to(town, receive(town, form={"form": "paper"}), "xet", at=MONDAY)
    sent = {"viec": "chuyen", "hs": [f"{one.pk}.xet", f"{other.pk}.xet"], "ve": reverse("dossiers:inbox")}

    asked = said(browser(town, "viet").post(reverse("dossiers:bulk"), sent))
    assert "Ký" in asked
    assert "Soát" in asked
    browser(town, "viet").post(reverse("dossiers:bulk"), {**sent, "xac-nhan": "1"})
    assert [keys(each)[-1] for each in (one, other)] == ["ky", "soat"]


def test_a_dossier_is_returned_only_to_steps_it_was_at(town, clock):
    dossier = forward_to(town, receive(town, form={"form": "electronic"}), "ky", at=MONDAY)
    offered = browser(town, "hanh").get(act_url(dossier, "tra-lai")).content.decode()
    assert 'value="xet"' in offered
    assert 'value="soat"' not in offered

    before = keys(dossier)
    with pytest.raises(BadInput) as refusal:
        actions.return_step(dossier.pk, step_key="ky", to_step="soat", reason="Sai tên", actor=town.actor("hanh"), at=MONDAY)
    assert "bước đã qua" in refusal.value.problems["to_step"]
    assert keys(dossier) == before

    back = actions.return_step(
        dossier.pk, step_key="ky", to_step="tham-dinh", reason="Sai tên", actor=town.actor("hanh"), at=MONDAY
    )
    assert keys(back)[-1] == "tham-dinh"
    again = forward_to(town, back, "ky", at=MONDAY)
    assert keys(again)[-3:] == ["tham-dinh", "xet", "ky"]
    with pytest.raises(errors.WrongStep):
        actions.return_step(again.pk, step_key="xet", to_step="tham-dinh", reason="x", actor=town.actor("hanh"), at=MONDAY)


def test_the_owner_sees_only_the_steps_of_the_own_way(town, clock):
    electronic = receive(town, form={"form": "electronic"})
    paper = receive(town, form={"form": "paper"})

    def line(dossier) -> str:
        client = Client()
        client.post(f"/tra-cuu/{dossier.code}/mo/", {"secret": "5678"})
        return client.get(f"/tra-cuu/{dossier.code}/").content.decode()

    assert "<h3>Soát</h3>" not in line(electronic)
    assert "<h3>Soát</h3>" in line(paper)


def test_the_control_slip_names_the_steps_that_were_not_needed(town):
    dossier = resolve(town, receive(town, form={"form": "electronic"}), at=MONDAY)
    made = documents._MAKE[Meaning.CONTROL_SLIP](documents._Told(dossier))

    assert made.left_out == ("Soát",)
    assert documents.document(dossier, Meaning.CONTROL_SLIP).pdf.startswith(b"%PDF")
    plain = resolve(town, receive(town, form={"form": "paper"}), at=MONDAY)
    assert documents._MAKE[Meaning.CONTROL_SLIP](documents._Told(plain)).left_out == ()


def test_a_new_process_is_for_new_dossiers_alone(town):
    old = forward_to(town, receive(town, form={"form": "electronic"}), "tham-dinh", at=MONDAY)
    new_steps = (
        STEPS[0],
        Step(
            key="lam",
            name="Làm một mạch",
            duty="process dossiers",
            minutes=2040,
            body_kind="office",
        ),
        Step(key="ky2", name="Ký", duty="sign results", minutes=120, body_kind="people_committee"),
        STEPS[-1],
    )
    code, city = town.version.procedure.code, town.city.city.pk
    tuesday = MONDAY + timedelta(days=1)
    draft = procedures.save_process(code, steps=new_steps, token="", city_id=city, actor=HOUSE, at=MONDAY)
    procedures.publish_process(code, token=draft.token, valid_from=date(2025, 10, 7), city_id=city, actor=HOUSE, at=MONDAY)

    new = receive(town, at=tuesday)
    assert catalogue.version(new.version_id).steps == new_steps
    assert keys(resolve(town, new, at=tuesday)) == ["tiep-nhan", "lam", "ky2", "tra"]
    assert catalogue.version(old.version_id).steps == BRANCHING
    assert keys(resolve(town, old, at=tuesday)) == ["tiep-nhan", "phan-cong", "tham-dinh", "xet", "ky", "vao-so", "tra"]


def test_the_way_may_depend_on_how_the_dossier_came(db):
    first = STEPS[0]
    skip = Step(
        key=first.key,
        name=first.name,
        duty=first.duty,
        minutes=first.minutes,
        body_kind=first.body_kind,
        ways=(Way(to="tham-dinh", when=ONLINE), Way(to="phan-cong")),
    )
    town = make_town(steps=(skip, *STEPS[1:]))

    counter = receive(town)
    online = receive(town, channel=Channel.ONLINE)
    assert rules.check_steps((skip, *STEPS[1:]), FIVE_DAYS) == []
    assert keys(forward_to(town, counter, "tham-dinh", at=MONDAY)) == ["tiep-nhan", "phan-cong", "tham-dinh"]
    assert keys(forward_to(town, online, "tham-dinh", at=MONDAY)) == ["tiep-nhan", "tham-dinh"]


def test_work_in_two_steps_needs_its_draft_only_when_it_leaves_the_second(db, clock):
    look = Step(key="xac-minh", name="Xác minh", duty="process dossiers", minutes=240, body_kind="office")
    work = Step(key="tham-dinh", name="Thẩm định", duty="process dossiers", minutes=720, body_kind="office")
    town = make_town(steps=(*STEPS[:2], look, work, *STEPS[3:]))
    dossier = forward_to(town, receive(town), "xac-minh", at=MONDAY)
    toan = town.people["toan"].pk

    offered = {one.key: one for one in cases.next_actions(cases.case_page(dossier, now=MONDAY), actor=town.actor("toan"))}
    assert "du-thao" not in offered
    assert offered["chuyen"].label == "Chuyển bước tiếp"
    dossier = actions.forward(dossier.pk, step_key="xac-minh", to_person=toan, actor=town.actor("toan"), at=MONDAY)
    with pytest.raises(errors.ResultNotReady):
        actions.forward(dossier.pk, step_key="tham-dinh", actor=town.actor("toan"), at=MONDAY)
    assert keys(dossier)[-1] == "tham-dinh"
