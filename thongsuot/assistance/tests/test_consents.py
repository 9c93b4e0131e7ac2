"""A consent from its code to its end, and everything that must not open."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from thongsuot.assistance import actions, reactions, tasks
from thongsuot.assistance.actions import errors
from thongsuot.assistance.models import CodeTry, Consent, Helper
from thongsuot.assistance.queries import consents as queries
from thongsuot.assistance.tests.make import MINUTE, NAME, a_helper, an_agent, make_aid
from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier, Draft, Setting
from thongsuot.dossiers.tests.citizen import CODE, OWNER, page
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, PDF
from thongsuot.dossiers.urls import citizen, officer
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.events import KINDS, Happened
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.notices.models import Notice
from thongsuot.notices.tests.make import what_goes_out
from thongsuot.people.tests.make import logged_in, make_citizen
from thongsuot.procedures.queries import NotInForce, UnknownProcedure

pytestmark = pytest.mark.django_db
OTHER = "000000"


def test_a_code_opens_one_draft_in_the_citizens_name_and_the_dossier_says_who_helped(aid):
    opened = aid.opened()
    filed = aid.filed(opened)

    dossier = Dossier.objects.get()
    assert (dossier.account_id, dossier.owner_name) == (aid.citizen.pk, NAME)
    assert dossier.assisted_by == f"Lò Thị Giúp ({aid.helper.number}), Cửa hàng Bến"
    assert (filed.state, filed.ended_at) == (Consent.State.FILED, dossier.submitted_at)
    assert [row.name for row in history_of(filed)] == ["assistance.consented", "assistance.opened", "assistance.filed"]


def test_the_code_is_nowhere_kept_and_no_event_names_anybody(aid):
    given = aid.given()
    actions.open_with_code(aid.helper.pk, given.code, actor=aid.helping, at=MONDAY)
    rows = str([str(event.facts) for event in Event.objects.all()])

    assert given.code not in str(Consent.objects.values())
    assert given.code not in rows
    assert NAME not in rows
    assert aid.helper.full_name not in rows


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}.{1} "])
def test_a_code_is_taken_however_it_is_typed(aid, typed):
    given = aid.given()

    assert actions.open_with_code(
        aid.helper.pk, typed.format(given.code[:3], given.code[3:]), actor=aid.helping, at=MONDAY
    ).runs(MONDAY)


def test_a_wrong_code_opens_nothing_and_the_try_is_remembered(aid):
    given = aid.given()
    with pytest.raises(errors.WrongCode):
        actions.open_with_code(aid.helper.pk, _other_than(given.code), actor=aid.helping, at=MONDAY)

    assert CodeTry.objects.count() == 1
    assert Consent.objects.get().state == Consent.State.WAITING
    assert not Draft.objects.exists()


def _other_than(code: str) -> str:
    return OTHER if code != OTHER else "111111"


def test_after_five_wrong_codes_none_is_taken_for_an_hour_not_even_the_right_one(aid):
    given = aid.given()
    for _ in range(5):
        with pytest.raises(errors.WrongCode):
            actions.open_with_code(aid.helper.pk, _other_than(given.code), actor=aid.helping, at=MONDAY)
    with pytest.raises(errors.TooManyTries):
        actions.open_with_code(aid.helper.pk, given.code, actor=aid.helping, at=MONDAY + MINUTE)

    fresh = aid.given(at=MONDAY + 61 * MINUTE)
    assert actions.open_with_code(aid.helper.pk, fresh.code, actor=aid.helping, at=MONDAY + 61 * MINUTE).opened_at
    assert CodeTry.objects.count() == 5  # what was right is no try


def test_a_code_is_over_after_ten_minutes(aid):
    given = aid.given()
    with pytest.raises(errors.CodeOver):
        actions.open_with_code(aid.helper.pk, given.code, actor=aid.helping, at=MONDAY + 10 * MINUTE)


def test_a_code_opens_once(aid):
    given = aid.given()
    actions.open_with_code(aid.helper.pk, given.code, actor=aid.helping, at=MONDAY)
    with pytest.raises(errors.CodeUsed):
        actions.open_with_code(aid.helper.pk, given.code, actor=aid.helping, at=MONDAY)

    assert Draft.objects.count() == 1


def test_a_code_is_for_one_helper_and_one_cannot_act_as_another(aid):
    other = a_helper(aid.town.river, "volunteer", full_name="Vàng A Hai")
    given = aid.given()
    with pytest.raises(errors.WrongCode):
        actions.open_with_code(other.pk, given.code, actor=aid.acts(other.person), at=MONDAY)
    with pytest.raises(errors.NotAHelper):
        actions.open_with_code(aid.helper.pk, given.code, actor=aid.acts(other.person), at=MONDAY)
    with pytest.raises(errors.NotAHelper):
        actions.open_with_code(aid.helper.pk, given.code, actor=ANYONE, at=MONDAY)


def test_a_new_code_for_the_same_helper_ends_the_one_before(aid):
    first = aid.given()
    aid.given()
    with pytest.raises(errors.CodeOver):
        actions.open_with_code(aid.helper.pk, first.code, actor=aid.helping, at=MONDAY)


def test_of_two_who_type_one_code_at_once_one_begins(transactional_db, settings):
    settings.CITY_CODE = "98"
    aid = make_aid()
    given = aid.given()

    def typing() -> None:
        actions.open_with_code(aid.helper.pk, given.code, actor=aid.helping, at=MONDAY)

    refused = at_once(typing, typing)

    assert [type(one) for one in refused] == [errors.CodeUsed]
    assert Draft.objects.count() == 1


def test_the_citizen_stops_it_while_the_helper_fills_in_and_nothing_is_filed(aid):
    opened = aid.opened()
    browser = aid.filled(opened)
    actions.stop(opened.pk, actor=aid.acts(aid.citizen), at=MONDAY)

    answer = browser.post(page("draft_check", opened.draft.code), {"promise": "on"})

    assert answer.status_code == 403
    assert not Dossier.objects.exists()
    assert logged_in(aid.citizen).get(page("draft", opened.draft.code)).status_code == 200, "it stays the citizen's own"


def test_while_it_runs_knowing_the_drafts_code_opens_nothing_to_others(aid):
    opened = aid.opened()
    head = a_helper(aid.town.river, agent_id=aid.agent.pk, full_name="Lò Thị Trưởng", is_head=True)
    for browser in (
        Client(),
        logged_in(make_citizen("Giàng A Khác")),
        logged_in(head.person),
        logged_in(aid.town.people["lan"]),
    ):
        for name in ("draft", "draft_check", "draft_contact", "submitted"):
            assert browser.get(page(name, opened.draft.code)).status_code == 404, name
        assert browser.post(reverse("dossiers:resume"), {"code": opened.draft.code}).status_code == 422


def test_who_waits_for_the_stop_to_be_over_finds_it_stopped(transactional_db, settings, monkeypatch):
    """The submission looks at the draft while the stop holds it: it must see what the stop has written."""
    settings.CITY_CODE = "98"
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    aid = make_aid()
    opened = aid.opened()
    aid.filled(opened)
    raised: list[Exception] = []

    def submit() -> None:
        raised.extend(at_once(lambda: dossiers.submit_draft(opened.draft.code, actor=aid.helping, at=MONDAY)))

    waits = Thread(target=submit)
    with transaction.atomic():
        dossiers.end_help(opened.draft.pk, actor=aid.acts(aid.citizen), at=MONDAY)
        waits.start()
        with connection.cursor() as cursor:
            for _ in range(100_000):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
    waits.join(30)

    assert [type(one) for one in raised] == [dossiers.HelpOver]
    assert not Dossier.objects.exists()


def test_either_the_citizen_stops_it_or_the_helper_files_never_both(transactional_db, settings, monkeypatch):
    settings.CITY_CODE = "98"
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    aid = make_aid()
    opened = aid.opened()
    aid.filled(opened)

    def stop() -> None:
        actions.stop(opened.pk, actor=aid.acts(aid.citizen), at=MONDAY)

    def submit() -> None:
        dossiers.submit_draft(opened.draft.code, actor=aid.helping, at=MONDAY)

    refused = at_once(stop, submit)

    assert len(refused) == 1
    assert isinstance(refused[0], errors.AlreadyOver | dossiers.HelpOver)
    assert Dossier.objects.count() == isinstance(refused[0], errors.AlreadyOver)


def test_the_session_ends_with_its_time(aid, clock):
    opened = aid.opened()
    clock.now = MONDAY + 60 * MINUTE

    assert aid.browser().get(page("draft", opened.draft.code)).status_code == 403
    assert not opened.runs(clock.now)
    tasks.close_over(0)
    opened.refresh_from_db()
    assert (opened.state, opened.ended_by) == (Consent.State.ENDED, Consent.EndedBy.TIME)
    assert history_of(opened)[-1].name == "assistance.ended"


def test_nobody_else_stops_it(aid):
    opened = aid.opened()
    for actor in (aid.acts(make_citizen("Giàng A Khác")), ANYONE, aid.town.actor("lan")):
        with pytest.raises(NotFound):
            actions.stop(opened.pk, actor=actor, at=MONDAY)


def test_the_helper_opens_no_dossier_before_or_after(aid):
    """The draft while the session runs; then neither draft, nor submission, nor dossier, however it is called."""
    opened = aid.opened()
    aid.filed(opened)
    browser, dossier = aid.browser(), Dossier.objects.get()
    Dossier.objects.filter(pk=dossier.pk).update(owner_phone="0911111111", owner_id_number="")

    draft = opened.draft.code
    for name in ("draft", "draft_check", "draft_papers", "draft_contact", "draft_later", "submitted"):
        address = page(name, draft)
        assert browser.get(address).status_code in {403, 404}, address
        assert logged_in(make_citizen("Giàng A Khác")).get(address).status_code in {403, 404}, address
    known = {"dossier_id": dossier.pk, "code": dossier.submission_code, "day": "2025-10-06", "key": "chuyen", "meaning": "x"}
    walked = 0
    for pattern in officer.urlpatterns:
        names = pattern.pattern.converters
        address = reverse(f"dossiers:{pattern.name}", kwargs={name: known.get(name, 1) for name in names})
        for answer in (browser.get(address), browser.post(address)):
            assert answer.status_code in {403, 404, 405}, address
        walked += 1
    assert walked > 40
    for pattern in citizen.urlpatterns:
        names = pattern.pattern.converters
        if "code" not in names:
            continue
        for code in (dossier.submission_code, draft):
            address = reverse(
                f"dossiers:{pattern.name}",
                kwargs={name: {"code": code, "slug": "x", "group": "x"}.get(name, 1) for name in names},
            )
            for answer in (browser.get(address), browser.post(address)):
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert "attachment" not in answer.headers.get("Content-Disposition", ""), address
                assert not any(one.encode() in content for one in (NAME, OWNER["id_number"])), address
    own = (reverse("assistance:session", args=[opened.pk]), reverse("assistance:log"))
    seen = b"".join(browser.get(address).content for address in own)
    for secret in (dossier.submission_code, draft, OWNER["id_number"], OWNER["phone"], NAME):
        assert secret.encode() not in seen, secret
    assert browser.get(reverse("dossiers:mine")).content.count(dossier.submission_code.encode()) == 0
    assert logged_in(aid.citizen).get(reverse("dossiers:tracked", args=[dossier.submission_code])).status_code == 200


def test_one_consent_is_for_one_persons_dossier(aid):
    opened = aid.opened()
    browser = aid.filled(opened)
    browser.post(page("draft_contact", opened.draft.code), {**OWNER, "name": "Giàng A Khác"})

    answer = browser.post(page("draft_check", opened.draft.code), {"promise": "on"})

    assert answer.status_code == 422
    assert NAME in answer.content.decode()
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("said", [{"email": "{email}"}, {"phone": "0987000111"}])
def test_news_of_the_dossier_do_not_go_to_the_helper(aid, said):
    """Who has the code and four digits opens the dossier: neither is to reach who helped."""
    aid.helper.person.phone = "0987000111"
    aid.helper.person.save()
    opened = aid.opened()
    browser = aid.filled(opened)
    typed = {name: value.format(email=aid.helper.person.email.upper()) for name, value in said.items()}
    browser.post(page("draft_contact", opened.draft.code), OWNER | typed)

    assert browser.post(page("draft_check", opened.draft.code), {"promise": "on"}).status_code == 422
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(("may", "opens"), [("may_scan", 422), ("may_submit", 403)])
def test_what_was_not_consented_to_is_refused(aid, may, opens):
    Helper.objects.filter(pk=aid.helper.pk).update(**{may: False})
    opened = aid.opened()
    draft = opened.draft.code
    if may == "may_scan":
        with pytest.raises(dossiers.HelpNotGiven):
            dossiers.add_draft_file(draft, "giay-chung-nhan", b"%PDF-1.4", name="a.pdf", actor=aid.helping, at=MONDAY)
    else:
        aid.filled(opened)
        with pytest.raises(dossiers.HelpNotGiven):
            dossiers.submit_draft(draft, actor=aid.helping, at=MONDAY)
        assert dossiers.submit_draft(draft, actor=aid.acts(aid.citizen), at=MONDAY).assisted_by


def test_what_is_changed_in_the_register_afterwards_changes_no_consent(aid):
    given = aid.given()
    Helper.objects.filter(pk=aid.helper.pk).update(may_submit=False)

    assert actions.open_with_code(aid.helper.pk, given.code, actor=aid.helping, at=MONDAY).draft.help.may_submit


def test_the_helper_is_told_nothing_of_the_account(aid):
    """Only the name; their own data are not filled in either."""
    aid.citizen.phone = "0987654321"
    aid.citizen.save()
    opened = aid.opened()
    browser = aid.browser()
    browser.post(page("draft_place", opened.draft.code), {"unit": "98001"})
    shown = browser.get(page("draft_contact", opened.draft.code)).content.decode()

    assert NAME in shown
    assert aid.citizen.email not in shown
    assert "0987654321" not in shown
    assert f'value="{aid.helper.full_name}"' not in shown


def test_a_paper_opens_at_once_for_the_person_named_and_without_a_scan_nothing_does(aid):
    with pytest.raises(BadInput) as refusal:
        actions.take_paper(aid.helper.pk, None, file_name="", name=NAME, procedure_code=CODE, actor=aid.helping, at=MONDAY)
    assert "scan" in refusal.value.problems
    assert not Consent.objects.exists()

    filed = aid.filed(aid.on_paper())
    dossier = Dossier.objects.get()
    assert (dossier.account_id, dossier.owner_name, filed.how) == (None, NAME, "paper")
    assert dossier.assisted_by


def test_a_draft_on_paper_that_is_not_filed_is_gone_with_the_session(aid, clock):
    opened = aid.on_paper()
    actions.stop(opened.pk, actor=aid.helping, at=MONDAY + MINUTE)
    clock.now = MONDAY + 2 * MINUTE

    assert dossiers.sweep_drafts(at=clock.now)
    opened.refresh_from_db()
    assert opened.draft is None


def test_without_an_account_the_code_goes_to_the_citizens_own_address(aid, settings):
    settings.EMAIL_HOST = "thu.vidu.vn"
    asked = actions.ask_by_letter(
        aid.helper.pk, name=NAME, email="cu-minh@vidu.vn", procedure_code=CODE, actor=aid.helping, at=MONDAY
    )
    letter = Notice.objects.get(key="help_code")
    mail = what_goes_out(letter)
    digits = mail.split("mã này: ")[1][:7]

    assert letter.email == "cu-minh@vidu.vn"
    assert KINDS[letter.send_key.partition("/")[0]].label == "Đã gửi mã đồng ý cho người dân"  # its reader sees why it came
    assert letter.useful_until == asked.code_until
    assert digits.replace(" ", "") not in letter.subject
    assert digits not in letter.body
    assert asked.secret not in letter.body
    assert aid.helper.number in mail
    assert reverse("assistance:by_secret", args=[asked.secret]) in mail
    opened = actions.open_with_code(aid.helper.pk, digits, actor=aid.helping, at=MONDAY)
    assert opened.pk == asked.pk
    assert aid.filed(opened).is_filed


@pytest.mark.parametrize("refused", [errors.CannotFileForThem, errors.AccountNeeded])
def test_what_nobody_could_file_for_who_has_no_account_is_not_begun(aid, settings, refused):
    settings.EMAIL_HOST = "thu.vidu.vn"
    if refused is errors.CannotFileForThem:
        Helper.objects.filter(pk=aid.helper.pk).update(may_submit=False)
    else:
        Setting.objects.create(key=f"identity_level/{CODE}", value=1, valid_from=MONDAY.date(), basis="Ví dụ")
        forget_all()
    said = {"name": NAME, "procedure_code": CODE, "actor": aid.helping, "at": MONDAY}
    with pytest.raises(refused):
        actions.ask_by_letter(aid.helper.pk, email="cu-minh@vidu.vn", **said)
    with pytest.raises(refused):
        actions.take_paper(aid.helper.pk, PDF, file_name="dong-y.pdf", **said)
    forget_all()

    assert not Consent.objects.exists()
    assert not Draft.objects.exists()
    assert not Notice.objects.exists()
    assert aid.opened(), "by an account it goes: the citizen files"


def test_a_code_that_would_not_leave_the_house_is_not_made(aid):
    for said in ({"email": "cu-minh@vidu.vn"}, {"phone": "0912345678"}):
        with pytest.raises(errors.CannotReach):
            actions.ask_by_letter(aid.helper.pk, name=NAME, **said, procedure_code=CODE, actor=aid.helping, at=MONDAY)
    assert not Consent.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "phone"),
        ({"email": "sai"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"email": "GIUP-0@vidu.vn"}, "phone"),
        ({"name": " ", "phone": "0912345678"}, "name"),
        ({"name": "12345", "phone": "0912345678"}, "name"),
        ({"name": "Lò" * 200, "phone": "0912345678"}, "name"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_field(aid, said, field):
    with pytest.raises(BadInput) as refusal:
        actions.ask_by_letter(aid.helper.pk, **{"name": NAME, **said}, procedure_code=CODE, actor=aid.helping, at=MONDAY)
    assert field in refusal.value.problems


def test_a_helper_sends_no_more_than_twenty_codes_an_hour(aid, settings):
    settings.EMAIL_HOST = "thu.vidu.vn"

    def ask(at):
        return actions.ask_by_letter(aid.helper.pk, name=NAME, email="a@vidu.vn", procedure_code=CODE, actor=aid.helping, at=at)

    for _ in range(20):
        ask(MONDAY)
    with pytest.raises(errors.TooManyLetters):
        ask(MONDAY + MINUTE)
    assert ask(MONDAY + 61 * MINUTE)


def test_who_may_not_help_gets_no_consent(aid):
    untrained = a_helper(aid.town.river, agent_id=aid.agent.pk, full_name="Lò Văn Chưa", training="", trained_on=None)
    lawyer = a_helper(aid.town.river, "lawyer", full_name="Lò Thị Luật")
    for number in (untrained.number, lawyer.number, "TG-9999-99", "", "'; DROP TABLE"):
        with pytest.raises(errors.NoSuchHelper):
            actions.give_consent(number, procedure_code=CODE, actor=aid.acts(aid.citizen), at=MONDAY)
    actions.suspend_agent(aid.agent.pk, actor=HOUSE, at=MONDAY)
    with pytest.raises(errors.NoSuchHelper):
        aid.given()
    actions.resume_agent(aid.agent.pk, actor=HOUSE, at=MONDAY)
    assert aid.given()
    actions.end_agent(aid.agent.pk, on=MONDAY.date(), actor=HOUSE, at=MONDAY)
    with pytest.raises(errors.NoSuchHelper):
        aid.given()


def test_a_consent_is_of_somebody_for_another_and_for_a_procedure_that_is_filed_online(aid):
    with pytest.raises(NotYourDuty):
        actions.give_consent(aid.helper.number, procedure_code=CODE, actor=ANYONE, at=MONDAY)
    with pytest.raises(errors.HelpsThemselves):
        actions.give_consent(aid.helper.number, procedure_code=CODE, actor=aid.helping, at=MONDAY)
    with pytest.raises((UnknownProcedure, NotInForce)):
        actions.give_consent(aid.helper.number, procedure_code="9.999999", actor=aid.acts(aid.citizen), at=MONDAY)
    assert not Consent.objects.exists()


def test_the_reaction_notes_what_was_filed_however_often_it_runs(aid):
    opened = aid.opened()
    aid.filled(opened)
    dossier = dossiers.submit_draft(opened.draft.code, actor=aid.helping, at=MONDAY)
    for _ in range(2):
        reactions.note_what_was_filed(
            Happened(id=1, name="dossiers.submitted", subject="dossiers.dossier", subject_id=dossier.pk, facts={})
        )
    opened.refresh_from_db()

    assert opened.state == Consent.State.FILED
    assert actions.to_close(at=MONDAY + timedelta(days=1)) == []


def test_the_log_is_ones_own_the_agents_for_its_head_and_names_no_citizen(aid, django_assert_num_queries):
    head = a_helper(aid.town.river, agent_id=aid.agent.pk, full_name="Lò Thị Trưởng", is_head=True)
    elsewhere = an_agent(aid.town.hill, name="Cửa hàng Đồi", decision_number="13/QĐ")
    stranger = a_helper(aid.town.hill, agent_id=elsewhere.pk, full_name="Lò Thị Xa", is_head=True)
    aid.filed(aid.opened())
    day = MONDAY.date()

    for helper, sees in ((aid.helper, 1), (head, 1), (stranger, 0)):
        assert queries.log_of(aid.acts(helper.person), on=day).count() == sees
    of_agent = queries.log_of(aid.acts(head.person), on=day)
    with django_assert_num_queries(1):
        (row,) = queries.log_rows(of_agent, now=MONDAY, most=50)
    assert NAME not in str(row)
    assert row.state == "Đã nộp"


def test_the_name_of_who_has_no_account_goes_after_a_time_and_the_history_stays(aid):
    opened = aid.on_paper()
    by_account = actions.give_consent(aid.helper.number, procedure_code=CODE, actor=aid.acts(aid.citizen), at=MONDAY).consent
    for one, actor in ((opened, aid.helping), (by_account, aid.acts(aid.citizen))):
        actions.stop(one.pk, actor=actor, at=MONDAY + MINUTE)
    later = MONDAY + timedelta(days=365)
    assert actions.to_forget(at=later) == []
    with pytest.raises(NotFound):
        actions.forget_name(opened.pk, actor=HOUSE, at=later)
    later += MINUTE
    assert actions.to_forget(at=later) == [opened.pk]
    with pytest.raises(NotYourDuty):
        actions.forget_name(opened.pk, actor=aid.helping, at=later)
    actions.forget_name(opened.pk, actor=HOUSE, at=later)
    opened.refresh_from_db()
    by_account.refresh_from_db()
    assert (opened.for_name, bool(by_account.for_name)) == ("", True)
    rows = history_of(opened)
    assert [row.name for row in rows][-1] == "assistance.name_forgotten"
    assert NAME not in str([row.facts for row in rows])
    assert actions.to_forget(at=later) == []


def test_a_retention_of_another_length_counts_from_its_day(aid):
    opened = aid.on_paper()
    actions.stop(opened.pk, actor=aid.helping, at=MONDAY)
    Setting.objects.create(key="help_name_days", value=30, valid_from=MONDAY.date(), basis="Ví dụ")
    forget_all()
    assert actions.to_forget(at=MONDAY + timedelta(days=30)) == [opened.pk]
