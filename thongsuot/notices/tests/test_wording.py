"""New words for a letter: drafted, looked at, approved by another person, used from a day on."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.notices import actions, kinds, queries
from thongsuot.notices.models import LetterRoute, LetterVersion
from thongsuot.notices.tests.make import MONDAY, make_notice
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import actor, logged_in, make_administrator, make_officer, with_second_factor

LIST = "/quan-tri/mau-tin/"
TODAY = MONDAY.date()
SOON = clock.today() + timedelta(days=30)  # of pages, which live today
WORDS = {
    "subject": "Đã nhận {mã hồ sơ}, hẹn {hẹn trả}",
    "body": "Hồ sơ {thủ tục} được nhận.\n\nNơi trả: {nơi trả}",
    "sms": "Da nhan {mã hồ sơ}, hen {hẹn trả}: {đường dẫn}",
}


@pytest.fixture
def people(city, settings):
    """Quân drafts, Hoa approves; both over the city."""
    settings.CITY_CODE = "98"
    writer = make_administrator(city.city)
    approver = make_officer(city.city, kind="people_committee", title="Phó Chủ tịch")
    Appointment.objects.filter(person=writer).update(duties=["write letters", "approve letters", "see outbox"])
    Appointment.objects.filter(person=approver).update(duties=["approve letters"])
    return writer, approver


def draft(city, who, **changes):
    return actions.draft_version("received", city_id=city.city.pk, **{**WORDS, **changes}, actor=actor(who), at=MONDAY)


def approved(city, people, *, valid_from=TODAY, **changes):
    writer, approver = people
    made = draft(city, writer, **changes)
    actions.submit_version(made.pk, actor=actor(writer), at=MONDAY)
    return actions.approve_version(
        made.pk, digest=queries.digest_of(made), valid_from=valid_from, actor=actor(approver), at=MONDAY
    )


def test_new_words_are_used_from_their_day_on_and_each_notice_keeps_its_version(city, people):
    version = approved(city, people, valid_from=MONDAY.date() + timedelta(days=1))

    before, after = make_notice(city.river.pk), make_notice(city.river.pk, at=MONDAY + timedelta(days=1))

    assert (before.version, after.version) == (None, version)
    assert before.subject.startswith("Đã nhận hồ sơ")
    assert after.subject == "Đã nhận H98.1-251117-0011, hẹn 18/11/2025 09:00"
    assert after.deliveries.get(way="sms").words.startswith("Da nhan H98.1-251117-0011, hen 18/11/2025 09:00")
    assert "Nơi trả: quầy số 2" in after.body
    assert "Chào Nguyễn Đức Minh," in after.body


def test_whoever_drafted_or_changed_it_does_not_approve_it(city, people):
    writer, _approver = people
    made = draft(city, writer)
    actions.submit_version(made.pk, actor=actor(writer), at=MONDAY)
    events = Event.objects.count()

    with pytest.raises(actions.SamePerson):
        actions.approve_version(
            made.pk, digest=queries.digest_of(made), valid_from=MONDAY.date(), actor=actor(writer), at=MONDAY
        )

    made.refresh_from_db()
    assert (made.state, Event.objects.count()) == ("submitted", events)


def test_whoever_had_a_hand_in_it_does_not_approve_it_though_another_changed_it_last(city, people):
    writer, approver = people
    made = draft(city, writer)
    Appointment.objects.filter(person=approver).update(duties=["write letters", "approve letters"])
    draft(city, approver, subject="{mã hồ sơ} {hẹn trả}")
    actions.submit_version(made.pk, actor=actor(writer), at=MONDAY)

    for who in (writer, approver):
        with pytest.raises(actions.SamePerson):
            actions.approve_version(made.pk, digest=queries.digest_of(made), valid_from=TODAY, actor=actor(who), at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_two_first_drafts_at_once_are_one():
    from thongsuot.units.tests.make import make_city

    made = make_city()
    went = at_once(*[lambda: draft(made, make_administrator(made.city))] * 4)

    assert all(isinstance(one, actions.wording.VersionUnderWay) for one in went)
    assert LetterVersion.objects.count() == 1


def test_each_step_asks_its_duty_and_its_state(city, people):
    writer, approver = people
    clerk = make_officer(city.river)
    made = draft(city, writer)
    for who, act in [
        (approver, lambda who: draft(city, who)),
        (clerk, lambda who: actions.submit_version(made.pk, actor=actor(who), at=MONDAY)),
        (clerk, lambda who: actions.drop_version(made.pk, actor=actor(who), at=MONDAY)),
    ]:
        with pytest.raises(NotYourDuty):
            act(who)
    with pytest.raises(actions.NotInThisState):
        actions.approve_version(
            made.pk, digest=queries.digest_of(made), valid_from=MONDAY.date(), actor=actor(approver), at=MONDAY
        )
    actions.submit_version(made.pk, actor=actor(writer), at=MONDAY)
    with pytest.raises(actions.NotInThisState):
        actions.submit_version(made.pk, actor=actor(writer), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.approve_version(
            made.pk, digest=queries.digest_of(made), valid_from=MONDAY.date(), actor=actor(clerk), at=MONDAY
        )


def test_an_open_draft_is_changed_and_a_submitted_one_stops_another(city, people):
    writer, approver = people
    first = draft(city, writer)
    assert draft(city, writer, subject="{mã hồ sơ} {hẹn trả}").pk == first.pk
    actions.submit_version(first.pk, actor=actor(writer), at=MONDAY)
    with pytest.raises(actions.wording.VersionUnderWay):
        draft(city, writer)

    with pytest.raises(BadInput):
        actions.send_back_version(first.pk, note=" ", actor=actor(approver), at=MONDAY)
    back = actions.send_back_version(first.pk, note="Thiếu nơi trả", actor=actor(approver), at=MONDAY)
    assert (back.state, back.note) == ("draft", "Thiếu nơi trả")
    assert "Thiếu nơi trả" not in str([row.facts for row in history_of(back)])
    actions.drop_version(first.pk, actor=actor(writer), at=MONDAY)
    assert draft(city, writer).number == 3


def test_words_that_cannot_be_used_are_kept_nowhere(city, people):
    writer, _approver = people
    with pytest.raises(BadInput) as refused:
        draft(city, writer, body="{tuổi}")

    assert set(refused.value.problems) == {"body"}
    assert not LetterVersion.objects.exists()


def test_a_version_begins_today_or_later_and_not_before_the_one_before_it(city, people):
    writer, approver = people
    made = draft(city, writer)
    actions.submit_version(made.pk, actor=actor(writer), at=MONDAY)
    with pytest.raises(BadInput):
        actions.approve_version(
            made.pk,
            digest=queries.digest_of(made),
            valid_from=MONDAY.date() - timedelta(days=1),
            actor=actor(approver),
            at=MONDAY,
        )
    actions.approve_version(
        made.pk, digest=queries.digest_of(made), valid_from=MONDAY.date() + timedelta(days=9), actor=actor(approver), at=MONDAY
    )
    with pytest.raises(BadInput):
        approved(city, people)


def test_of_two_that_begin_on_one_day_the_later_holds(city, people):
    approved(city, people)
    second = approved(city, people, subject="Bản ba {mã hồ sơ}", body="{hẹn trả}")

    assert queries.version_in_force(city.city.pk, "received", on=MONDAY.date()) == second


def test_the_list_costs_as_many_queries_whatever_is_in_it(city, people, django_assert_num_queries):
    for _ in range(3):
        approved(city, people)
    draft(city, people[0])

    with django_assert_num_queries(2):
        rows = {row.key: row for row in queries.letter_rows(city.city.pk, on=MONDAY.date())}

    assert (rows["received"].version, rows["received"].under_way.number, rows["refused"].version) == (4, 5, 1)
    assert rows["rate_invited"].optional


# --- Through the pages ---


def text(answer):
    return answer.content.decode()


def form(**changes):
    return {**WORDS, "zalo_template": "", "zalo_values": "", "viec": "luu", **changes}


def test_from_draft_to_approval_through_the_pages(city, people):
    writer, approver = (logged_in(with_second_factor(one)) for one in people)
    assert "Đã tiếp nhận, hẹn ngày trả" in text(writer.get(LIST))
    page = text(writer.get(f"{LIST}received/soan/"))
    assert "Đã nhận hồ sơ {mã hồ sơ}, hẹn trả {hẹn trả}" in page
    assert "Không dấu (GSM-7)" in page

    tried = writer.post(f"{LIST}received/soan/", form(viec="xem", sms="Đã nhận {mã hồ sơ}: {đường dẫn}"))
    assert "Có dấu (UCS-2)" in text(tried)
    assert not LetterVersion.objects.exists()
    refused = writer.post(f"{LIST}received/soan/", form(body="Chào {tuổi}"))
    assert (refused.status_code, LetterVersion.objects.count()) == (422, 0)
    assert "Không có chỗ điền {tuổi}" in text(refused)

    saved = writer.post(f"{LIST}received/soan/", form(zalo_template="301", zalo_values="ma = {mã hồ sơ}\nhen = {hẹn trả}"))
    version = LetterVersion.objects.get()
    assert saved["Location"] == f"{LIST}ban/{version.pk}/"
    assert version.zalo_values == {"ma": "{mã hồ sơ}", "hen": "{hẹn trả}"}
    page = text(writer.get(saved["Location"]))
    assert "<del>Đã nhận hồ sơ {mã hồ sơ}, hẹn trả {hẹn trả}</del>" in page
    assert "<ins>Đã nhận {mã hồ sơ}, hẹn {hẹn trả}</ins>" in page

    writer.post(saved["Location"], {"viec": "gui-duyet"})
    assert "Bạn đã soạn bản này: cần người khác duyệt." in text(writer.get(saved["Location"]))
    seen = queries.digest_of(version)
    own = writer.post(saved["Location"], {"viec": "duyet", "valid_from": "01/01/2099", "digest": seen})
    assert own.status_code == 422
    assert "không tự duyệt" in text(own)
    assert "Chờ duyệt: Đã tiếp nhận, hẹn ngày trả, bản 2." in text(approver.get(LIST))
    assert approver.get(f"{LIST}received/soan/").status_code == 403
    early = approver.post(saved["Location"], {"viec": "duyet", "valid_from": "01/01/2020", "digest": seen})
    assert early.status_code == 422
    late = approver.post(saved["Location"], {"viec": "duyet", "valid_from": "01/01/2099", "digest": seen})
    assert (late.status_code, "Hãy xem lại năm" in text(late)) == (422, True)
    approver.post(saved["Location"], {"viec": "duyet", "valid_from": f"{SOON:%d/%m/%Y}", "digest": seen})
    version.refresh_from_db()
    assert (version.state, version.decided_by_id, f"{version.valid_from}") == ("approved", people[1].pk, f"{SOON}")
    assert f"bản 2 từ {SOON:%d/%m/%Y}" in text(approver.get(LIST))

    assert "Thu hồi, chưa dùng" in text(approver.get(saved["Location"]))
    assert approver.post(saved["Location"], {"viec": "thu-hoi"}).status_code == 302
    version.refresh_from_db()
    assert version.state == "dropped"
    assert "bản 2 từ" not in text(approver.get(LIST))


def test_only_the_words_that_the_page_showed_are_approved(city, people):
    writer, approver = people
    made = draft(city, writer)
    actions.submit_version(made.pk, actor=actor(writer), at=MONDAY)
    page, address = logged_in(with_second_factor(approver)), f"{LIST}ban/{made.pk}/"
    seen = re.search(r'name="digest" value="(\w{64})"', text(page.get(address)))[1]
    actions.send_back_version(made.pk, note="Thiếu nơi trả", actor=actor(approver), at=MONDAY)
    draft(city, writer, body="Khác hẳn. {hẹn trả}")
    actions.submit_version(made.pk, actor=actor(writer), at=MONDAY)

    approve = {"viec": "duyet", "valid_from": f"{SOON:%d/%m/%Y}"}
    for digest in ({"digest": seen}, {"digest": ""}, {}):
        refused = page.post(address, {**approve, **digest})
        assert refused.status_code == 422
        assert "đã đổi từ khi bạn mở trang" in text(refused)
        assert "Khác hẳn." in text(refused)
    made.refresh_from_db()
    assert made.state == "submitted"
    shown = re.search(r'name="digest" value="(\w{64})"', text(refused))[1]
    assert page.post(address, {**approve, "digest": shown}).status_code == 302


def test_sending_back_says_what_is_wrong(city, people):
    writer, approver = (logged_in(with_second_factor(one)) for one in people)
    writer.post(f"{LIST}received/soan/", form())
    address = f"{LIST}ban/{LetterVersion.objects.get().pk}/"
    writer.post(address, {"viec": "gui-duyet"})

    assert approver.post(address, {"viec": "tra-lai", "note": ""}).status_code == 422
    assert approver.post(address, {"viec": "khác"}).status_code == 422
    approver.post(address, {"viec": "tra-lai", "note": "Thêm nơi trả"})

    assert "Thêm nơi trả" in text(writer.get(address))
    assert "Thêm nơi trả" in text(writer.get(f"{LIST}received/soan/"))
    assert "Cần sửa:" not in text(writer.get(f"{LIST}refused/soan/"))
    assert writer.post(address, {"viec": "bo"}).status_code == 302
    assert "Đã bỏ" in text(writer.get(f"{LIST}received/"))


def test_hostile_words_are_text_on_the_pages(city, people):
    writer = logged_in(with_second_factor(people[0]))
    writer.post(f"{LIST}received/soan/", form(body="<script>alert(1)</script> {hẹn trả}"))

    page = text(writer.get(f"{LIST}ban/{LetterVersion.objects.get().pk}/"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "a" * 201},
        {"zalo_values": "không có dấu bằng"},
        {"body": ""},
        {"sms": "{mã hồ sơ} {đường dẫn}" + "a" * 700},
        {"body": "{" * 500},
    ],
)
def test_bad_input_is_refused_and_nothing_is_kept(city, people, changes):
    writer = logged_in(with_second_factor(people[0]))

    assert writer.post(f"{LIST}received/soan/", form(**changes)).status_code == 422
    assert not LetterVersion.objects.exists()


def test_a_letter_that_is_none_is_not_found_and_strangers_log_in(city, people):
    writer = logged_in(with_second_factor(people[0]))

    assert writer.get(f"{LIST}khong-co/").status_code == 404
    assert writer.get(f"{LIST}khong-co/soan/").status_code == 404
    assert Client().get(LIST).status_code == 302


def test_the_order_of_ways_is_set_on_the_page_of_the_letter(city, people):
    writer = logged_in(with_second_factor(people[0]))
    good = {"route": "phone_first", "valid_from": f"{SOON:%d/%m/%Y}"}

    assert writer.post(f"{LIST}returned/", {**good, "route": "bồ câu"}).status_code == 422
    assert writer.post(f"{LIST}returned/", {**good, "valid_from": "01/01/2020"}).status_code == 422
    assert writer.post(f"{LIST}returned/", good).status_code == 302
    assert kinds.LETTERS["returned"].route == "mail_first"
    assert "Bỏ, chưa dùng" in text(writer.get(f"{LIST}returned/"))
    assert writer.post(f"{LIST}returned/", {"viec": "bo", "so": LetterRoute.objects.get().pk}).status_code == 302
    assert not LetterRoute.objects.exists()


def test_what_was_approved_is_withdrawn_before_it_begins_and_not_after(city, people):
    _writer, approver = people
    version = approved(city, people, valid_from=TODAY + timedelta(days=300))
    with pytest.raises(NotYourDuty):
        actions.withdraw_version(version.pk, actor=actor(make_officer(city.river)), at=MONDAY)
    with pytest.raises(actions.AlreadyBegun):
        actions.withdraw_version(version.pk, actor=actor(approver), at=MONDAY + timedelta(days=300))

    actions.withdraw_version(version.pk, actor=actor(approver), at=MONDAY)

    assert history_of(version)[-1].name == "notices.version_withdrawn"
    assert approved(city, people, valid_from=TODAY + timedelta(days=1)).number == 3
    with pytest.raises(actions.NotInThisState):
        actions.withdraw_version(version.pk, actor=actor(approver), at=MONDAY)
