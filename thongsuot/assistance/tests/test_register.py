"""The register: one by one and from a file; who may keep it, and what anybody sees of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from thongsuot.assistance import actions
from thongsuot.assistance.actions import errors
from thongsuot.assistance.facts import AgentFacts, HelperFacts
from thongsuot.assistance.forms import AGENT_FACTS
from thongsuot.assistance.models import Agent, Helper
from thongsuot.assistance.queries import register
from thongsuot.assistance.queries.shifts import on_roster
from thongsuot.assistance.rules import ARRANGE, LEAD_AID, typed_number
from thongsuot.assistance.sheets import COLUMNS
from thongsuot.assistance.tests.make import SINCE, a_helper, an_agent, make_aid
from thongsuot.dossiers.tests.citizen import words
from thongsuot.dossiers.tests.make import HOUSE, MONDAY
from thongsuot.files.table_rows import RowsRefused
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people.actions.accounts import EmailTaken
from thongsuot.people.models import Person
from thongsuot.people.tests.make import browser_of, make_citizen, make_officer

pytestmark = pytest.mark.django_db
YEAR_END = date(2025, 12, 31)


def a_row(number: int, **said: str) -> dict[str, str]:
    row = {
        "kind": "đại lý",
        "full_name": f"Lò Thị Số {'abcdefghij'[number % 10]}",
        "email": f"so{number}@vidu.vn",
        "unit": "98001",
        "training": "1/CN",
        "trained_on": "10/07/2025",
        "may_scan": "có",
        "may_submit": "có",
        "agent": f"Cửa hàng {number // 2}",
        "address": "1 phố Bến",
        "hours": "8:00-17:00",
        "agent_phone": "0912000009",
        "decision_number": f"{number // 2}/QĐ",
        "decided_on": "01/07/2025",
    }
    return row | said


def a_lawyer(number: int, **said: str) -> dict[str, str]:
    row = {"kind": "Luật sư", "full_name": "Lò Thị Luật", "email": f"luat{number}@vidu.vn", "bar_number": f"{number:05}/LS"}
    return row | said


def as_csv(rows: list[dict[str, str]]) -> bytes:
    lines = [[str(column.heading) for column in COLUMNS], *([row.get(column.key, "") for column in COLUMNS] for row in rows)]
    return "\n".join(";".join(line) for line in lines).encode("utf-8-sig")


def imported(aid, rows):
    return actions.import_register(aid.town.city.city.pk, as_csv(rows), name="ds.csv", actor=HOUSE, at=MONDAY)


def test_agents_their_people_and_lawyers_come_in_from_one_file(aid):
    added = imported(
        aid, [*(a_row(number) for number in range(4)), a_lawyer(1), a_lawyer(2), a_row(9, kind="tình nguyện viên")]
    )

    assert len(added) == 7
    assert Agent.objects.count() == 3  # one was there
    assert {one.unit_id for one in added if one.kind == "lawyer"} == {aid.town.city.city.pk}
    assert len({one.number for one in added}) == 7
    assert Person.objects.get(email="so0@vidu.vn").has_usable_password() is False


def test_a_city_of_five_hundred_agents_and_two_hundred_lawyers_is_one_file(aid):
    rows = [a_row(number * 2) for number in range(490)] + [a_lawyer(number) for number in range(210)]
    assert len(imported(aid, rows)) == 700
    head = make_officer(aid.town.city.city, kind="service_centre", title="Giám đốc")
    page = browser_of(head).get(reverse("assistance:agents"))

    assert "Có 491 đại lý" in words(page)
    assert "Có 491 đại lý" in words(browser_of(make_citizen()).get(reverse("assistance:near")))


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ({"kind": "khác"}, "Loại"),
        ({"unit": "99999"}, "Mã phường, xã"),
        ({"email": "sai"}, "Thư điện tử"),
        ({"full_name": "123"}, "Họ và tên"),
        ({"full_name": "<script>" * 40}, "Họ và tên"),
        ({"trained_on": "31/02/2025"}, "Ngày tập huấn"),
        ({"may_scan": "chắc"}, "Được quét giấy tờ"),
        ({"agent_phone": "12"}, "Điện thoại đại lý"),
        ({"decided_on": ""}, "Ngày quyết định"),
        ({"decision_number": ""}, "Số quyết định"),
    ],
)
def test_one_bad_row_holds_up_all_and_is_told_by_its_column(aid, said, heading):
    before = Helper.objects.count()
    with pytest.raises(RowsRefused) as refusal:
        imported(aid, [a_row(0), a_row(2, **said)])

    (bad,) = refusal.value.rows
    assert bad.place == 3
    assert heading in bad.problems, bad.problems
    assert Helper.objects.count() == before
    assert not Person.objects.filter(email="so0@vidu.vn").exists()


def test_who_is_there_already_does_not_come_twice_nor_under_another_name(aid):
    imported(aid, [a_row(0)])
    for said in ({}, {"full_name": "Giàng A Khác"}):
        with pytest.raises(RowsRefused):
            imported(aid, [a_row(0, **said)])
    with pytest.raises(RowsRefused):
        imported(aid, [a_lawyer(1, bar_number="")])


def test_a_lawyers_row_of_who_does_not_lead_legal_aid_is_told_by_its_row(aid):
    manages = aid.acts(make_officer(aid.town.city.city, kind="service_centre", title="Giám đốc", email="gd@vidu.vn"))
    with pytest.raises(RowsRefused) as refusal:
        actions.import_register(aid.town.city.city.pk, as_csv([a_row(0), a_lawyer(1)]), name="ds.csv", actor=manages, at=MONDAY)
    (bad,) = refusal.value.rows
    assert (bad.place, list(bad.problems)) == (3, ["Loại"])
    assert not Person.objects.filter(email="so0@vidu.vn").exists()


def test_the_account_of_who_has_one_is_kept_and_gets_no_duty(aid):
    known = make_citizen("Vàng Thị Sẵn", email="san@vidu.vn")
    helper = a_helper(aid.town.river, "volunteer", full_name="Vàng Thị Sẵn", email="San@vidu.vn")

    assert helper.person == known
    assert not aid.acts(known).is_staff
    for name in ("dossiers:inbox", "people:people", "assistance:helpers"):
        assert browser_of(known).get(reverse(name)).status_code == 403, name


def test_only_who_holds_the_duty_in_the_unit_keeps_the_register(aid):
    here = aid.acts(make_officer(aid.town.city.river, duties=[ARRANGE], email="giu@vidu.vn"))
    there = aid.acts(make_officer(aid.town.city.hill, duties=[ARRANGE], email="giu2@vidu.vn"))
    facts = HelperFacts(kind="volunteer", full_name="Lò A Một", email="mot@vidu.vn")
    with pytest.raises(NotYourDuty):
        actions.add_helper(aid.town.river, facts, valid_from=SINCE, actor=there, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.suspend_agent(aid.agent.pk, actor=there, at=MONDAY)
    lawyer = HelperFacts(kind="lawyer", full_name="Lò A Luật", email="luat@vidu.vn", bar_number="1")
    with pytest.raises(NotYourDuty):
        actions.add_helper(aid.town.river, lawyer, valid_from=SINCE, actor=here, at=MONDAY)
    assert actions.add_helper(aid.town.river, facts, valid_from=SINCE, actor=here, at=MONDAY)
    assert register.agents_managed(there, on=MONDAY.date()).count() == 0
    assert register.agents_managed(here, on=MONDAY.date()).count() == 1


def test_whose_end_is_written_counts_until_then(aid):
    manages = aid.acts(make_officer(aid.town.city.river, duties=[ARRANGE], email="giu@vidu.vn"))
    volunteer = a_helper(aid.town.river, "volunteer")
    for one in (aid.helper, volunteer):
        actions.end_helper(one.pk, on=YEAR_END, actor=HOUSE, at=MONDAY)
    for day, count in ((MONDAY.date(), 1), (YEAR_END, 0)):
        assert register.agents_managed(manages, on=day).get().people == count
        assert on_roster(manages, "volunteer", on=day) == count


def test_an_agent_that_ends_takes_its_people_along(aid):
    actions.end_agent(aid.agent.pk, on=MONDAY.date(), actor=HOUSE, at=MONDAY)
    aid.helper.refresh_from_db()

    assert aid.helper.valid_to == MONDAY.date()
    assert [row.name for row in history_of(aid.helper)][-1] == "assistance.helper_ended"
    for order in (actions.suspend_agent, actions.resume_agent):
        with pytest.raises(errors.AgentNotInThatState):
            order(aid.agent.pk, actor=HOUSE, at=MONDAY)
    with pytest.raises(BadInput):
        actions.end_helper(a_helper(aid.town.river, "volunteer").pk, on=date(2020, 1, 1), actor=HOUSE, at=MONDAY)


def test_an_end_that_has_not_come_is_moved_and_withdrawn_and_hinders_nothing(aid):
    early = a_helper(aid.town.river, agent_id=aid.agent.pk, full_name="Lò Thị Sớm")
    actions.end_helper(early.pk, on=date(2025, 11, 1), actor=HOUSE, at=MONDAY)
    house = {"actor": HOUSE, "at": MONDAY}
    actions.end_agent(aid.agent.pk, on=YEAR_END, **house)

    def ends():
        return [Helper.objects.get(pk=one.pk).valid_to for one in (aid.helper, early)]

    assert ends() == [YEAR_END, date(2025, 11, 1)], "who ends before it does ends then"
    late = a_helper(aid.town.river, agent_id=aid.agent.pk, full_name="Lò Thị Muộn")
    assert late.valid_to == YEAR_END
    actions.suspend_agent(aid.agent.pk, **house)
    actions.resume_agent(aid.agent.pk, **house)
    with pytest.raises(BadInput):
        actions.keep_helper(aid.helper.pk, **house)
    actions.end_agent(aid.agent.pk, on=date(2025, 10, 20), **house)
    assert ends() == [date(2025, 10, 20), date(2025, 11, 1)], "who has an end of their own keeps it"
    actions.keep_agent(aid.agent.pk, **house)
    assert ends() == [None, date(2025, 11, 1)]
    assert [row.name for row in history_of(aid.helper)][-1] == "assistance.helper_kept"
    with pytest.raises(errors.AgentNotInThatState):
        actions.keep_agent(aid.agent.pk, **house)


def test_the_end_of_a_helper_is_moved_and_withdrawn_until_it_has_come(aid, clock):
    one, house = a_helper(aid.town.river, "volunteer"), {"actor": HOUSE, "at": MONDAY}
    actions.end_helper(one.pk, on=YEAR_END, **house)
    with pytest.raises(BadInput) as refusal:  # they are there until then
        a_helper(aid.town.river, "volunteer", email=one.person.email)
    assert "email" in refusal.value.problems
    actions.keep_helper(one.pk, **house)
    actions.end_helper(one.pk, on=YEAR_END, **house)
    facts = HelperFacts(kind="volunteer", full_name=one.full_name, email=one.person.email)
    actions.add_helper(aid.town.hill, facts, valid_from=YEAR_END, **house)  # they go on elsewhere
    with pytest.raises(BadInput) as refusal:
        actions.keep_helper(one.pk, **house)
    assert "on" in refusal.value.problems
    actions.end_helper(one.pk, on=MONDAY.date(), **house)
    for order in (actions.keep_helper, lambda pk, **how: actions.end_helper(pk, on=YEAR_END, **how)):
        with pytest.raises(errors.HelperNotInThatState) as over:
            order(one.pk, **house)
    assert "Người này" in over.value.message()


def test_an_agent_does_not_take_the_number_and_name_of_another(aid):
    other = an_agent(aid.town.hill, name="Cửa hàng Đồi")
    with pytest.raises(BadInput) as refusal:
        actions.change_agent(other.pk, _facts_of(aid.agent), actor=HOUSE, at=MONDAY)
    assert "decision_number" in refusal.value.problems
    actions.end_agent(aid.agent.pk, on=MONDAY.date(), actor=HOUSE, at=MONDAY)
    assert actions.change_agent(other.pk, _facts_of(aid.agent), actor=HOUSE, at=MONDAY).name == aid.agent.name


def _facts_of(agent: Agent) -> AgentFacts:
    return AgentFacts(**{name: getattr(agent, name) for name in AGENT_FACTS})


def test_of_two_who_press_at_once_one_makes_it_and_the_other_is_told(transactional_db, settings):
    settings.CITY_CODE = "98"
    aid = make_aid()
    city, point = aid.town.city.city.pk, aid.town.city.point(aid.town.city.river).pk
    said = {"name": "Đợt", "starts_on": MONDAY.date(), "days": 30, "targets": {"people": 1, "accounts": 1, "dossiers": 1}}
    how = {"actor": HOUSE, "at": MONDAY}
    campaign = actions.start_campaign(city, **said | {"name": "Đợt trước"}, **how)
    email = make_citizen("Vàng Thị Sẵn", email="san@vidu.vn").email
    for work, refusal in (
        (lambda: an_agent(aid.town.hill, name="Cửa hàng Đồi"), BadInput),
        (lambda: a_helper(aid.town.hill, "volunteer", full_name="Vàng Thị Sẵn", email=email), BadInput),
        (lambda: a_helper(aid.town.hill, "volunteer", full_name="Vàng Thị Mới", email="moi@vidu.vn"), (BadInput, EmailTaken)),
        (lambda: actions.start_campaign(city, **said, **how), errors.CampaignNamed),
        (lambda: actions.form_team(campaign.pk, point_id=point, name="Đội Bến", **how), errors.CampaignNamed),
    ):
        (refused,) = at_once(work, work)
        assert isinstance(refused, refusal)


def test_the_page_of_an_agent_changes_pauses_and_ends_it(aid):
    browser = browser_of(make_officer(aid.town.city.river, title="Giám đốc", email="gd@vidu.vn"))
    address = reverse("assistance:agent", args=[aid.agent.pk])
    said = {"name": "Cửa hàng Mới", "address": "4 phố Bến", "hours": "8-17", "phone": "0912000004"}
    said |= {"decision_number": "12/QĐ-TT", "decided_on": "01/07/2025", "viec": "sua"}

    assert browser.post(address, said).status_code == 302
    assert "Cửa hàng Mới" in words(browser.get(address))
    for wrong in ({"phone": "1"}, {"decided_on": "x"}, {"name": ""}, {"name": "a" * 999}):
        assert browser.post(address, said | wrong).status_code == 422
    assert browser.post(address, {"viec": "x"}).status_code == 422
    for what in ("tam-dung", "chay-lai"):
        assert browser.post(address, {"viec": what}).status_code == 302
    assert browser.post(address, {"viec": "o-lai"}).status_code == 422, "no end is written"
    assert browser.post(address, {"viec": "thoi", "on": "31/12/2025"}).status_code == 302
    assert "Tạm dừng" in words(browser.get(address))
    assert "31/12/2025" in words(browser.get(reverse("assistance:agents")))
    assert "Đang hoạt động" in words(browser.get(reverse("assistance:helpers")))
    of_helper = reverse("assistance:helper", args=[aid.helper.pk])
    assert browser.post(of_helper, {"viec": "o-lai", "on": "31/12/2025"}).status_code == 422, "the agent's own end"
    assert browser.post(address, {"viec": "o-lai", "on": "31/12/2025"}).status_code == 302
    assert browser.post(of_helper, {"viec": "thoi", "on": "31/12/2025"}).status_code == 302
    assert browser.post(of_helper, {"viec": "o-lai", "on": "31/12/2025"}).status_code == 302
    assert browser.post(address, {"viec": "thoi", "on": "06/10/2025"}).status_code == 302
    aid.agent.refresh_from_db()
    assert (aid.agent.name, aid.agent.valid_to) == ("Cửa hàng Mới", MONDAY.date())


def test_a_helper_is_added_and_changed_on_the_pages(aid):
    browser = browser_of(make_officer(aid.town.city.river, title="Giám đốc", email="gd@vidu.vn"))
    said = {
        "kind": "agent",
        "agent": aid.agent.pk,
        "full_name": "Lò Văn Mới",
        "email": "moi@vidu.vn",
        "valid_from": "06/10/2025",
    }
    added = browser.post(reverse("assistance:add_helper"), said)
    assert added.status_code == 302, words(added)
    page = added["Location"]
    assert browser.post(page, {"viec": "sua", "full_name": "Lò Văn Mới", "trained_on": "06/10/2025"}).status_code == 422
    good = {"viec": "sua", "full_name": "Lò Văn Mới", "training": "9/CN", "trained_on": "06/10/2025", "may_scan": "on"}
    assert browser.post(page, good).status_code == 302
    helper = Helper.objects.get(full_name="Lò Văn Mới")
    assert (helper.unit_id, helper.may_scan, helper.may_submit) == (aid.town.river, True, False)
    listed = words(browser.get(reverse("assistance:helpers"), {"q": "lo van moi", "loai": "agent"}))
    assert "Lò Văn Mới" in listed
    for wrong in ({"kind": "lawyer"}, {"agent": "0"}, {"email": "moi@vidu.vn"}, {"email": "x"}):
        assert browser.post(reverse("assistance:add_helper"), said | wrong).status_code == 422


def test_a_file_comes_in_on_the_page_of_the_city(aid):
    head = browser_of(make_officer(aid.town.city.city, kind="service_centre", title="Giám đốc", email="gd@vidu.vn"))

    def sent(rows):
        return head.post(reverse("assistance:import"), {"file": SimpleUploadedFile("ds.csv", as_csv(rows))})

    refused = sent([a_row(0), a_row(2, email="")])
    assert refused.status_code == 422
    assert "Thư điện tử" in words(refused)
    assert sent([a_row(0), a_row(2)]).status_code == 302
    assert head.get(reverse("assistance:template")).status_code == 200


def test_everybody_sees_agents_near_them_that_run_today(aid):
    other = an_agent(aid.town.hill, name="Cửa hàng Đồi", decision_number="13/QĐ")
    stranger = browser_of(make_citizen())

    shown = words(stranger.get(reverse("assistance:near"), {"xa-phuong": "98001"}))
    assert "Cửa hàng Bến" in shown
    assert "3 phố Bến" in shown
    assert "Hiện khi có từ năm lượt" in shown
    assert "Cửa hàng Đồi" not in shown
    assert "Cửa hàng Đồi" not in words(stranger.get(reverse("assistance:near"))), "nobody there may help"
    helps = a_helper(aid.town.hill, agent_id=other.pk, full_name="Lò Thị Đồi")
    assert "Cửa hàng Đồi" in words(stranger.get(reverse("assistance:near"), {"xa-phuong": "<x>"}))
    for said, shown in (({"training": "", "trained_on": None}, False), ({"training": "5/CN", "trained_on": SINCE}, True)):
        facts = HelperFacts(kind="agent", full_name=helps.full_name, email="", **said)
        actions.change_helper(helps.pk, facts, actor=HOUSE, at=MONDAY)
        assert ("Cửa hàng Đồi" in words(stranger.get(reverse("assistance:near")))) is shown
    actions.suspend_agent(other.pk, actor=HOUSE, at=MONDAY)
    assert "Cửa hàng Đồi" not in words(stranger.get(reverse("assistance:near")))


def test_a_number_is_read_however_it_is_typed():
    assert {typed_number(text) for text in ("TG-7H4P-22", "tg 7h4p22", " 7H4P 22", "tg7h4p-22")} == {"TG-7H4P-22"}


def test_lawyers_are_kept_by_who_leads_legal_aid_alone(aid):
    lawyer = a_helper(aid.town.city.city.pk, "lawyer", full_name="Lò Thị Luật")
    leads = aid.acts(make_officer(aid.town.city.city, kind="service_centre", title="Phụ trách", duties=[LEAD_AID]))
    manages = aid.acts(make_officer(aid.town.city.city, kind="service_centre", title="Giám đốc", email="gd@vidu.vn"))

    assert list(register.helpers_managed(leads)) == [lawyer]
    assert lawyer not in register.helpers_managed(manages)
