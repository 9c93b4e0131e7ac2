"""Every kind of page is looked at by day, the main ones by night too; they are worked by keys alone and read in English."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext

from tests.journeys.acting import received
from tests.journeys.browsing import PHONE, SCREEN
from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier
from thongsuot.files.actions import store
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.actor import system
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for

pytestmark = pytest.mark.browser
COPY, BIRTH, SINGLE = "2.000815", "1.001193", "1.004873"
HOUSE = system("cli")

# "night": the page is looked at in the dark as well.
PAGES = {
    "": """
        / night
        /thu-tuc/
        /thu-tuc/?q=khai+sinh night
        /thu-tuc/?q=khong-co-gi-ca
        /thu-tuc/1.001193/ night
        /thu-tuc/2.000815/
        /xa-phuong/
        /xa-phuong/?q=12+hang+bac,+hoan+kiem night
        /xa-phuong/?q=phuong+Hang+Bac
        /xa-phuong/?q=xã+Văn+Khê
        /xa-phuong/?q=zzzz
        /xa-phuong/danh-sach/
        /xa-phuong/00070/
        /xa-phuong/thay-doi/ night
        /xa-phuong/thay-doi/?q=zzzz
        /nop-ho-so/
        /nop-ho-so/?q=khai+sinh
        /nop-ho-so/1.001193/ night
        /nop-ho-so/tiep-tuc/
        /tra-cuu/ night
        /kiem-tra-chu-ky/
        /xac-thuc/
        /du-lieu-ca-nhan/
        /kha-nang-tiep-can/
        /ma-nguon/
        /api/v1/docs
        /tai-khoan/dang-nhap/ night
        /tai-khoan/dang-ky/
        /tai-khoan/quen-mat-khau/
    """,
    "minh": """
        /ho-so-cua-toi/
        /tai-khoan/
        /tai-khoan/sua/
        /tai-khoan/ai-da-xem/
        /tai-khoan/tin-nhan/
        /tai-khoan/tin-nhan/chon/
        /tai-khoan/mat-khau/
        /tai-khoan/hai-lop/
        /tai-khoan/phien-dang-nhap/
    """,
    "lan": """
        /can-bo/ night
        /can-bo/tiep-nhan/ night
        /can-bo/tim/?q=Trần
        /can-bo/so-theo-doi/
        /can-bo/y-kien/
        /can-bo/doi-chieu-giay-to/
        /quan-tri/uy-quyen/
        /quan-tri/uy-quyen/them/
    """,
    "hanh": """
        /dieu-hanh/ night
        /can-bo/
        /can-bo/ky/ night
        /can-bo/chu-ky-so/
        /can-bo/chi-so-cua-toi/
        /dieu-hanh/chi-so/ night
        /dieu-hanh/chi-so/muc/2.1/mau-so/
    """,
    "lanhdao": """
        /dieu-hanh/
        /dieu-hanh/chi-so/so-sanh/
        /dieu-hanh/chi-so/cac-buoc/
        /dieu-hanh/chi-so/theo-ngay/
        /dieu-hanh/ban-do/ night
        /dieu-hanh/bao-cao/
        /dieu-hanh/bao-cao/15-ngay/
    """,
    "quantri": """
        /quan-tri/nguoi-dung/
        /quan-tri/nguoi-dung/them/
        /quan-tri/don-vi/
        /quan-tri/co-quan/ night
        /quan-tri/co-quan/lap/
        /quan-tri/co-quan/phoi-hop/?vai-tro=tax
        /quan-tri/co-so/
        /quan-tri/co-so/chuyen-doi/
        /quan-tri/co-so/chuyen-doi/soan/
        /quan-tri/lich/
        /quan-tri/lich/doi-chieu/
        /quan-tri/lich/gio-lam-viec/
        /quan-tri/lich/tinh-lai/
        /quan-tri/thu-tuc/
        /quan-tri/thu-tuc/nhap/
        /quan-tri/thu-tuc/1.001193/
        /quan-tri/thu-tuc/1.001193/phien-ban-moi/
        /quan-tri/thu-tuc/1.001193/tham-quyen/
        /quan-tri/tin-gui/ night
        /quan-tri/tin-gui/nguoi-nhan/
        /quan-tri/mau-tin/ night
        /quan-tri/mau-tin/result_ready/
        /quan-tri/mau-tin/received/soan/ night
        /quan-tri/mau-tin/gio-yen-lang/
        /quan-tri/cong-quoc-gia/ night
        /quan-tri/cong-quoc-gia/doi-soat/
        /quan-tri/khoa-api/
        /quan-tri/chung-thu/ night
        /quan-tri/chung-thu/danh-sach/
        /quan-tri/chung-thu/de-nghi/
        /quan-tri/chung-thu/nhap/
        /quan-tri/chung-thu/cap-thu-nghiem/
        /quan-tri/chung-thu/tin-cay/
    """,
}


@pytest.fixture(scope="module", autouse=True)
def a_working_day(clock, address):
    """Dossiers in every state in Lan's ward, so that lists have something to show."""
    at = clock.now()
    lan, toan, viet = (
        actor_for(Person.objects.get(email=f"{who}@demo.thongsuot.vn"), at=at) for who in ("lan", "toan", "viet")
    )
    made = {}
    for number, (state, procedure) in enumerate(
        (
            ("received", SINGLE),
            ("processing", SINGLE),
            ("waiting", SINGLE),
            ("owed", SINGLE),
            ("withdrawn", SINGLE),
            ("late", SINGLE),
            ("resolved", COPY),
        )
    ):
        papers = ("original",) if procedure == COPY else ()
        counted = {"quantities": {"pages": 3, "copies": 2}} if procedure == COPY else {}
        began = at - timedelta(days=7) if state == "late" else at
        made[state] = received(
            procedure, name=f"Trần Văn Thứ {number}", phone=f"09120000{70 + number}", at=began, papers=papers, **counted
        )
    for state in ("processing", "waiting", "late", "resolved"):
        actions.forward(made[state].pk, step_key="receive", actor=lan, at=at)
    actions.forward(made["waiting"].pk, step_key="assign", to_person=toan.person_id, actor=viet, at=at)
    actions.request_supplement(
        made["waiting"].pk, items=["Giấy tờ chứng minh nơi cư trú trước đây"], reason="Để hỏi đúng nơi.", actor=toan, at=at
    )
    actions.request_payment(made["owed"].pk, reason="Nộp thuế theo thông báo 12/TB", amount_dong=1_250_000, actor=lan, at=at)
    actions.withdraw(made["withdrawn"].pk, reason="Đã có giấy khác", actor=lan, at=at)
    issue(made["resolved"], at=at)
    return made


def issue(dossier, *, at):
    def actor(who):
        return actor_for(Person.objects.get(email=f"{who}@demo.thongsuot.vn"), at=at)

    draft = store(pdf("Ban sao"), name="ban-sao.pdf", actor=actor("toan"), at=at, purpose="dossiers.result")
    actions.draft_result(dossier.pk, title="Bản sao được chứng thực", file_id=draft.pk, actor=actor("toan"), at=at)
    for step, who in (("process", "toan"), ("sign", "hanh"), ("issue", "thu")):
        actions.forward(dossier.pk, step_key=step, way=actions.Way(paper_reason="ký tay"), actor=actor(who), at=at)


def walk(visitor, pages):
    """Every page, however many of them are wrong: one run tells all."""
    wrong = []
    for path, dark in pages:
        try:
            visitor.visit(path, dark=dark)
        except AssertionError as found:
            wrong.append(f"{path}: {str(found)[:600]}")
            visitor.trouble.clear()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", PAGES)
def test_nothing_is_wrong_with_any_page(browsing, staff, who):
    pages = [line.split() for line in PAGES[who].strip().splitlines()]
    walk(staff(who) if who else browsing.visitor(), [(path, "night" in more) for path, *more in pages])


@pytest.mark.parametrize("state", ["received", "processing", "waiting", "owed", "withdrawn", "late", "resolved"])
def test_nothing_is_wrong_with_a_dossier_in_any_state(browsing, staff, a_working_day, state):
    dossier: Dossier = a_working_day[state]
    staff("lan").visit(f"/can-bo/ho-so/{dossier.pk}/", name=f"case-{state}", dark=state == "late")
    owner = browsing.visitor(width=PHONE)
    owner.visit(f"/tra-cuu/{dossier.code}/", name=f"tracked-{state}")
    owner.fill(secret=dossier.owner_phone[-4:])
    with owner.page.expect_navigation():
        owner.page.get_by_role("button", name="Xem chi tiết").click()
    owner.look(f"tracked-by-owner-{state}")
    if state == "waiting":
        owner.look(f"tracked-by-owner-{state}", dark=True)
    owner.close()


# Where the focus is: what it is called, whether one sees that it is there, whether something lies over it.
FOCUS = r"""() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const places = [[.5, .5], [.02, .5], [.98, .5], [.5, .1], [.5, .9]];
  const at = ([x, y]) => {
    const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return top && (one.contains(top) || top.contains(one) && top.matches("label"));
  };
  return {
    name: one.tagName === "BUTTON" ? `[${one.innerText.trim().split("\n")[0]}]` : one.id || one.name || one.innerText.trim(),
    body: one === document.body,
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none",
    seen: places.some(at),
  };
}"""


@pytest.mark.parametrize(
    ("who", "path", "width", "reached"),
    [
        ("", "/", PHONE, ["tim-viec", "[Tìm thủ tục]", "id_q", "[Tìm phường, xã]"]),
        ("", "/nop-ho-so/1.001193/", PHONE, ["noi", "id_unit", "[Bắt đầu khai]"]),
        ("", "/tra-cuu/", PHONE, ["id_ma", "[Tra cứu]"]),
        ("", "/tai-khoan/dang-nhap/", SCREEN, ["id_login", "id_password", "[Đăng nhập]"]),
        ("lan", "/can-bo/", SCREEN, ["Tiếp nhận", "[Chuyển bước]"]),
        (
            "lan",
            "/can-bo/tiep-nhan/?thu-tuc=2.000815",
            SCREEN,
            ["id_id_number", "id_name", "id_thu-tuc", "id_sl-pages", "[Tiếp nhận]"],
        ),
        (
            "lan",
            "/can-bo/tiep-nhan/?thu-tuc=2.000815",
            PHONE,
            ["id_id_number", "id_name", "id_thu-tuc", "id_sl-pages", "[Tiếp nhận]"],
        ),
    ],
)
def test_keys_alone_lead_everywhere_and_one_sees_where_one_is(browsing, staff, who, path, width, reached):
    visitor = staff(who) if who else browsing.visitor(width=width)
    page = visitor.visit(path)
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    assert page.evaluate(FOCUS)["seen"], "the way past the bars is not seen when it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "chinh"
    page.evaluate("document.activeElement.blur()")
    page = visitor.visit(path)  # not anew where the way past the bars had led: keys would begin there
    went = []
    for _ in range(90):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["body"]:
            break
        assert focus["marked"], f"no mark on {focus['name']}"
        assert focus["seen"], f"{focus['name']} is covered"
        went.append(focus["name"])
    assert set(reached) <= set(went), went
    places = [went.index(name) for name in reached]
    assert places == sorted(places), went


@pytest.mark.parametrize("width", [PHONE, SCREEN])
def test_the_pages_speak_english_when_asked(browsing, width):
    visitor = browsing.visitor(width=width)
    page = visitor.visit("/")
    assert page.locator("html").get_attribute("lang") == "vi"
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    with translation.override("en"):
        heading, title = gettext("Bạn cần làm việc gì?"), gettext("Hồ sơ của bạn đang ở đâu?")
    assert page.locator("h1").inner_text() == heading
    visitor.visit("/tra-cuu/", name="track-in-english")
    assert page.locator("h1").inner_text() == title
    with page.expect_navigation():
        page.get_by_role("button", name="Tiếng Việt").click()
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.url.endswith("/tra-cuu/")
