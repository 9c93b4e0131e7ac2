"""In a real browser, on a telephone: the citizen's consent, the helper files, the citizen rates; all pages are sound."""

from __future__ import annotations

import re
from datetime import time

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from thongsuot.assistance import actions
from thongsuot.assistance.facts import HelperFacts
from thongsuot.assistance.models import Consent
from thongsuot.assistance.rules import ARRANGE, LEAD_AID
from thongsuot.assistance.tests.make import SINCE, make_aid
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.citizen import CODE, fill_in, page
from thongsuot.dossiers.tests.make import HOUSE
from thongsuot.kernel import clock
from thongsuot.people.tests.make import logged_in, make_officer
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def aid(settings):
    settings.CITY_CODE = "98"
    cache.clear()
    yield make_aid()
    units.clear_caches()


def url(name, *args):
    return reverse(f"assistance:{name}", args=args)


def test_a_consent_on_one_telephone_is_filed_on_another_and_rated(aid, live_server):
    with chromium() as browser:
        citizens = window(browser, live_server.url, aid.citizen, **PHONE)
        mine, of_mine = opened(citizens, url("mine"))
        look(mine, of_mine)
        mine.get_by_role("link", name="Cho phép một người giúp").click()
        mine.get_by_label("Số thẻ của người giúp").fill(aid.helper.number.lower())
        mine.get_by_label("Thủ tục cần nộp").fill(CODE)
        mine.get_by_role("button", name="Tiếp tục").click()
        expect(mine.get_by_text("Bấm nộp hồ sơ, đứng tên bạn")).to_be_visible()
        look(mine, of_mine)
        mine.get_by_role("button", name="Tôi đồng ý, cho tôi mã").click()
        digits = re.sub(r"\s", "", mine.locator("p.h1.code").inner_text())
        look(mine, of_mine)

        helpers = window(browser, live_server.url, aid.helper.person, **PHONE)
        desk, of_desk = opened(helpers, url("desk"))
        look(desk, of_desk)
        desk.get_by_label("Mã đồng ý của người dân").fill(digits)
        desk.get_by_role("button", name="Bắt đầu nộp giúp").click()
        expect(desk.get_by_text("Làm được đến")).to_be_visible()
        look(desk, of_desk)
        desk.get_by_role("link", name="Khai tờ khai").click()
        expect(desk.get_by_text("Bạn đang nộp giúp")).to_be_visible()
        look(desk, of_desk)
        code = Consent.objects.get().draft.code
        typing = logged_in(aid.helper.person)
        typing.post(page("draft_place", code), {"unit": "98001"})
        fill_in(typing, code)
        desk.goto(page("draft_check", code))
        desk.get_by_label("Tôi cam đoan").check()
        desk.get_by_role("button", name="Nộp hồ sơ").click()
        expect(desk.get_by_text("Đã nộp lúc")).to_be_visible()
        look(desk, of_desk)
        assert Dossier.objects.get().account_id == aid.citizen.pk
        assert desk.goto(page("submitted", code)).status == 403
        of_desk.clear()  # the browser tells of that answer
        desk.goto(url("log"))
        look(desk, of_desk)

        mine.get_by_role("link", name="Xem việc nhờ giúp này").click()
        mine.get_by_label("Rất hài lòng", exact=True).check()
        mine.get_by_role("button", name="Gửi đánh giá").click()
        expect(mine.get_by_text("Bạn đã đánh giá: Rất hài lòng")).to_be_visible()
        look(mine, of_mine)


def test_every_other_page_is_sound_at_both_widths(aid, live_server):
    now, city, point = clock.now(), aid.town.city.city, aid.town.city.point(aid.town.city.river).pk
    today = clock.today()
    made = {}
    for kind, more in (("volunteer", {}), ("lawyer", {"bar_number": "00001/LS"})):
        facts = HelperFacts(kind=kind, full_name="Vàng A Trẻ", email=f"{kind}@vidu.vn", **more)
        made[kind] = actions.add_helper(aid.town.river, facts, valid_from=SINCE, actor=HOUSE, at=now)
    targets = {"people": 9, "accounts": 9, "dossiers": 9}
    campaign = actions.start_campaign(city.pk, name="30 ngày", starts_on=today, days=30, targets=targets, actor=HOUSE, at=now)
    team = actions.form_team(campaign.pk, point_id=point, name="Đội Bến", actor=HOUSE, at=now)
    put = {"point_id": point, "day": today, "starts": time(8), "ends": time(11), "actor": HOUSE, "at": now}
    shift = actions.put_shift(made["volunteer"].number, team_id=team.pk, **put)
    advising = actions.put_shift(made["lawyer"].number, **put)
    whose = aid.acts(made["volunteer"].person, now)
    actions.count_shift(shift.pk, came=True, people=7, accounts=1, actor=whose, at=now)
    lawyer = aid.acts(made["lawyer"].person, now)
    note = actions.note_consultation(advising.pk, topic="land", outcome="advised", words="a", actor=lawyer, at=now)
    aid.on_paper(at=now)
    officer = make_officer(
        city, kind="service_centre", title="Giám đốc", duties=[ARRANGE, LEAD_AID], email="gd@vidu.vn", at=now
    )
    pages = {
        None: [url("near"), url("campaign_public", campaign.pk)],
        made["volunteer"].person: [url("desk"), url("without_account"), url("shift", shift.pk)],
        made["lawyer"].person: [url("desk"), url("shift", advising.pk)],
        officer: [
            *(url(name) for name in ("helpers", "add_helper", "import", "agents", "register_agent", "city_log", "roster")),
            url("roster") + "?loai=tinh-nguyen",
            *(url(name) for name in ("legal_aid", "campaigns", "start_campaign")),
            url("helper", aid.helper.pk),
            url("agent", aid.agent.pk),
            url("correct", shift.pk),
            url("note", note.pk),
            url("campaign", campaign.pk),
            url("paper", Consent.objects.get().pk),
        ],
    }
    with chromium() as browser:
        for person, addresses in pages.items():
            place = window(browser, live_server.url, person)
            for address in addresses:
                shown, complaints = opened(place, address)
                look(shown, complaints)
                shown.close()
