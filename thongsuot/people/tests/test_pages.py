"""Pages about people: what they show, what they cost, and that a refusal stands beside its field."""

from datetime import timedelta

import pytest
from django.utils import timezone

from thongsuot.kernel.events import KINDS
from thongsuot.people import actions
from thongsuot.people.models import ApiToken, Appointment, Delegation, Person
from thongsuot.people.tests.make import actor, logged_in, make_administrator, make_citizen, make_officer, with_second_factor

PEOPLE = "/quan-tri/nguoi-dung/"


@pytest.fixture
def ward_admin(city):
    return with_second_factor(make_administrator(city.river))


@pytest.fixture
def admin(ward_admin):
    return logged_in(ward_admin)


def text(answer):
    return answer.content.decode()


# --- one's own account ---------------------------------------------------------------------------------------------------


def test_my_account_shows_my_data_masked_and_my_posts(city):
    lan, minh = make_officer(city.river), make_citizen()
    actions.confirm_identity(minh.pk, id_number="001431000077", unit_id=city.river.pk, actor=actor(lan), at=timezone.now())
    actions.change_profile(minh.pk, full_name=minh.full_name, phone="0912000077", actor=actor(minh), at=timezone.now())
    page = text(logged_in(minh).get("/tai-khoan/"))
    assert "0014•••••077" in page
    assert "001431000077" not in page
    assert "0912000077" not in page
    assert "Chức vụ" not in page
    assert "Công chức tiếp nhận, Trung tâm Phục vụ hành chính công phường Sông" in text(logged_in(lan).get("/tai-khoan/"))


@pytest.mark.parametrize("page", ["/tai-khoan/", "/tai-khoan/sua/", "/tai-khoan/ai-da-xem/", "/tai-khoan/dang-xuat-moi-noi/"])
def test_my_account_is_for_whoever_is_logged_in(db, client, page):
    assert client.get(page).headers["Location"].startswith("/tai-khoan/dang-nhap/?next=")


def test_i_correct_my_name_and_a_bad_phone_is_named_beside_its_field(db):
    minh = make_citizen()
    client = logged_in(minh)
    bad = client.post("/tai-khoan/sua/", {"full_name": "Trần Minh", "phone": "123"})
    assert bad.status_code == 422
    assert 'href="#id_phone"' in text(bad)
    minh.refresh_from_db()
    assert minh.full_name == "Trần Văn Minh"
    client.post("/tai-khoan/sua/", {"full_name": "Trần Minh", "phone": "0912 000 077"})
    minh.refresh_from_db()
    assert (minh.full_name, minh.phone) == ("Trần Minh", "0912000077")


def test_i_see_who_read_my_data_and_nobody_elses(city):
    lan, minh, hoa = make_officer(city.river), make_citizen(), make_citizen("Lê Hoa")
    for person, reason in [(minh, "Hồ sơ của Minh"), (hoa, "Hồ sơ của Hoa")]:
        actions.log_look_up(
            person, fields=["id_number"], reason=reason, about_id=person.pk, actor=actor(lan), at=timezone.now()
        )
    page = text(logged_in(minh).get("/tai-khoan/ai-da-xem/"))
    assert "Hồ sơ của Minh" in page
    assert lan.full_name in page
    assert "số định danh" in page
    assert "Hồ sơ của Hoa" not in page


# --- administration ------------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_one_and_for_many(city, admin, django_assert_max_num_queries):
    for number in range(8):
        make_officer(city.river, name=f"Nguyễn Thị Lan {number}")
    admin.get(PEOPLE)
    with django_assert_max_num_queries(11) as queries:  # session, person, actor, factor, units; count, people, posts, factors
        page = text(admin.get(PEOPLE, {"q": "nguyen lan"}))
    assert page.count("Công chức tiếp nhận") == 8, [query["sql"] for query in queries.captured_queries]


def test_an_administrator_sees_only_the_people_of_own_units(city, admin):
    stranger = make_officer(city.hill, name="Người Phường Đồi")
    assert "Người Phường Đồi" not in text(admin.get(PEOPLE))
    assert "Người Phường Đồi" not in text(admin.get(PEOPLE, {"don_vi": city.hill.pk}))
    assert admin.get(f"{PEOPLE}{stranger.pk}/").status_code == 404
    for part in ("sua/", "bo-nhiem/", "mat-khau/", "lop-thu-hai/", "dong-phien/", "khoa/", "mo/"):
        for method in (admin.get, admin.post):
            assert method(f"{PEOPLE}{stranger.pk}/{part}").status_code == 404
    post = stranger.appointments.get().pk
    for part in ("ket-thuc", "nhiem-vu"):
        assert admin.post(f"{PEOPLE}{stranger.pk}/chuc-vu/{post}/{part}/").status_code == 404
    stranger.refresh_from_db()
    assert stranger.is_active


def test_a_new_officer_gets_an_account_a_post_and_a_link_to_hand_over(city, admin):
    body = city.body(city.river, "office").pk
    facts = {
        "full_name": "Đặng Minh Thư",
        "email": "thu@vidu.vn",
        "phone": "",
        "post": f"{body}:Văn thư",
        "valid_from": "01/11/2025",
        "valid_to": "",
        "decided_by": "UBND phường Sông",
        "decision_number": "9/QĐ",
    }
    answer = admin.post(f"{PEOPLE}them/", facts, follow=True)
    thu = Person.objects.get(email="thu@vidu.vn")
    assert answer.redirect_chain == [(f"{PEOPLE}{thu.pk}/", 302)]
    assert "Vào sổ, phát hành kết quả" in text(answer)
    assert actor(thu).units_for("issue results") == {city.river.pk}
    asked = text(admin.get(f"{PEOPLE}{thu.pk}/mat-khau/"))
    assert "một lần, trong 24 giờ" in asked
    assert "/tai-khoan/mat-khau/moi/" in text(admin.post(f"{PEOPLE}{thu.pk}/mat-khau/"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "khong phai thu"}, "Địa chỉ thư chưa đúng"),
        ({"post": ""}, "Chưa chọn"),
        ({"post": "999999:Vua"}, "Vua"),
        ({"valid_from": "31/02/2026"}, "Không có ngày"),
        ({"valid_to": "01/10/2025"}, "phải sau ngày bắt đầu"),
        ({"duties": ["fly"]}, "fly"),
        ({"full_name": "<script>x</script>", "phone": "12"}, "10 chữ số"),
        ({"duties": ["manage calendar"]}, "chỉ do người đang giữ"),
    ],
)
def test_a_form_that_cannot_be_used_comes_back_and_nothing_is_stored(city, admin, changes, sentence):
    body = city.body(city.river, "office").pk
    before = (Person.objects.count(), Appointment.objects.count())
    answer = admin.post(
        f"{PEOPLE}them/",
        {"full_name": "Thư", "email": "thu@vidu.vn", "post": f"{body}:Văn thư", "valid_from": "01/11/2025", **changes},
    )
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "<script>x" not in text(answer)
    assert (Person.objects.count(), Appointment.objects.count()) == before


def test_a_post_in_another_units_body_cannot_be_smuggled_in(city, admin):
    body = city.body(city.hill, "office").pk
    answer = admin.post(
        f"{PEOPLE}them/?don_vi={city.hill.pk}",
        {"full_name": "Thư", "email": "thu@vidu.vn", "post": f"{body}:Văn thư", "valid_from": "01/11/2025"},
    )
    assert answer.status_code == 422
    assert not Person.objects.filter(email="thu@vidu.vn").exists()


def test_one_person_with_all_that_was_done_to_them(city, admin, ward_admin):
    lan = make_officer(city.river)
    post = lan.appointments.get()
    now = timezone.now()
    page = f"{PEOPLE}{lan.pk}/"
    admin.post(f"{page}chuc-vu/{post.pk}/nhiem-vu/", {"duties": ["receive dossiers", "see figures"]})
    assert set(actor(lan, at=now).duties) == {"receive dossiers", "see figures"}
    shown = text(admin.get(page))
    assert "thêm: Xem số liệu điều hành; bớt: Trả kết quả" in shown
    assert ward_admin.full_name in shown

    refused = admin.post(f"{page}chuc-vu/{post.pk}/ket-thuc/", {"on": "01/01/2020"})
    assert refused.status_code == 422
    assert "ở trước ngày bắt đầu" in text(refused)
    admin.post(f"{page}chuc-vu/{post.pk}/ket-thuc/", {"on": f"{timezone.localdate(now):%d/%m/%Y}"})
    assert not actor(lan, at=now).is_staff
    assert "Đã thôi" in text(admin.get(page))

    assert admin.post(f"{page}khoa/", {"reason": ""}).status_code == 422
    admin.post(f"{page}khoa/", {"reason": "nghỉ việc"})
    lan.refresh_from_db()
    assert not lan.is_active
    assert "nghỉ việc" in text(admin.get(page))
    admin.post(f"{page}mo/")
    lan.refresh_from_db()
    assert lan.is_active
    for part, generation in (("dong-phien/", 3),):  # one for the post, one for the lock
        admin.post(f"{page}{part}")
        lan.refresh_from_db()
        assert lan.session_generation == generation
    assert "Gỡ lớp đăng nhập thứ hai của" in text(admin.get(f"{page}lop-thu-hai/"))


def test_asking_changes_nothing(city, admin):
    lan = make_officer(city.river)
    before = Person.objects.filter(pk=lan.pk).values().get()
    for part in ("mat-khau/", "lop-thu-hai/", "dong-phien/", "khoa/", "mo/", f"chuc-vu/{lan.appointments.get().pk}/ket-thuc/"):
        assert admin.get(f"{PEOPLE}{lan.pk}/{part}").status_code == 200
    assert Person.objects.filter(pk=lan.pk).values().get() == before


def test_the_administrators_own_page_offers_nothing_to_change(city, admin, ward_admin):
    page = text(admin.get(f"{PEOPLE}{ward_admin.pk}/"))
    assert "Đây là bạn" in page
    assert "/khoa/" not in page
    assert admin.post(f"{PEOPLE}{ward_admin.pk}/khoa/", {"reason": "x"}).status_code == 422


# --- standing in, keys, cards --------------------------------------------------------------------------------------------


def test_an_officer_names_a_stand_in_and_comes_back_early(city):
    toan, lan = make_officer(city.river, kind="office", title="Chuyên viên", name="Toàn"), make_officer(city.river)
    client = logged_in(toan)
    today, back = timezone.localdate(), timezone.localdate() + timedelta(days=2)
    page = "/quan-tri/uy-quyen/them/"
    facts = {"to_person": lan.pk, "valid_from": f"{today:%d/%m/%Y}", "valid_to": f"{back:%d/%m/%Y}", "reason": "nghỉ phép"}
    assert "Nguyễn Thị Lan - Công chức tiếp nhận" in text(client.get(page))
    bad = client.post(page, {**facts, "valid_to": f"{today:%d/%m/%Y}"})
    assert bad.status_code == 422
    assert "phải sau ngày bắt đầu vắng" in text(bad)
    client.post(page, facts)
    delegation = Delegation.objects.get()
    listed = text(client.get("/quan-tri/uy-quyen/"))
    assert "Đang làm thay" in listed
    assert logged_in(lan).post(f"/quan-tri/uy-quyen/{delegation.pk}/ket-thuc/").status_code == 403
    assert logged_in(make_officer(city.hill)).get(f"/quan-tri/uy-quyen/{delegation.pk}/ket-thuc/").status_code == 404
    client.post(f"/quan-tri/uy-quyen/{delegation.pk}/ket-thuc/")
    assert not actor(lan, at=timezone.now()).units_for("process dossiers")


def test_an_administrator_names_a_stand_in_for_someone(city, admin):
    toan, lan = make_officer(city.river, kind="office", title="Chuyên viên"), make_officer(city.river)
    today = timezone.localdate()
    admin.post(
        "/quan-tri/uy-quyen/them/",
        {
            "from_person": toan.pk,
            "to_person": lan.pk,
            "valid_from": f"{today:%d/%m/%Y}",
            "valid_to": f"{today + timedelta(days=2):%d/%m/%Y}",
            "reason": "nghỉ ốm",
        },
    )
    assert Delegation.objects.get().from_person == toan


def test_a_keys_secret_is_shown_once(city):
    client = logged_in(make_officer(city.river))
    day = f"{timezone.localdate() + timedelta(days=10):%d/%m/%Y}"
    refused = client.post("/quan-tri/khoa-api/", {"name": "x", "duties": ["manage people"], "last_day": day})
    assert refused.status_code == 422
    assert not ApiToken.objects.exists()
    made = client.post("/quan-tri/khoa-api/", {"name": "máy quét", "duties": ["receive dossiers"], "last_day": day})
    assert "ts_" in text(made)
    assert "no-store" in made.headers["Cache-Control"]
    assert "ts_" not in text(client.get("/quan-tri/khoa-api/"))
    token = ApiToken.objects.get()
    assert timezone.localdate(token.expires_at) == timezone.localdate() + timedelta(days=11)
    assert "Thu hồi khóa “máy quét”?" in text(client.get(f"/quan-tri/khoa-api/{token.pk}/thu-hoi/"))
    stranger = logged_in(make_officer(city.hill))
    for method in (stranger.get, stranger.post):
        assert method(f"/quan-tri/khoa-api/{token.pk}/thu-hoi/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None
    client.post(f"/quan-tri/khoa-api/{token.pk}/thu-hoi/")
    assert "Đã thu hồi" in text(client.get("/quan-tri/khoa-api/"))


def test_a_card_is_tied_to_an_account_at_the_counter(city):
    lan, minh = make_officer(city.river), make_citizen(email="minh@vidu.vn")
    client, page = logged_in(lan), "/can-bo/doi-chieu-giay-to/"
    facts = {"unit_id": city.river.pk, "email": "minh@vidu.vn", "id_number": "0014 3100 0077"}
    assert "Không có tài khoản" in text(client.post(page, {**facts, "email": "ai@vidu.vn"}))
    assert "12 chữ số" in text(client.post(page, {**facts, "id_number": "123"}))
    assert client.post(page, {**facts, "unit_id": city.hill.pk}).status_code == 422
    client.post(page, facts)
    minh.refresh_from_db()
    assert minh.id_number == "001431000077"
    assert logged_in(make_officer(city.river, kind="office", title="Văn thư")).get(page).status_code == 403
    assert logged_in(with_second_factor(make_administrator(city.river))).get(page).status_code == 403

    wrong = {**facts, "id_number": "001431000078"}
    assert "nhờ người quản trị của thành phố" in text(client.post(page, wrong))
    admin = logged_in(with_second_factor(make_administrator(city.city)))
    assert page in admin.get("/quan-tri/nguoi-dung/").content.decode()
    assert admin.post(page, {**wrong, "unit_id": city.city.pk}).status_code == 302
    minh.refresh_from_db()
    assert minh.id_number == "001431000078"


def test_everything_people_announce_is_said_in_vietnamese():
    said = {name: str(kind.label) for name, kind in KINDS.items() if name.startswith("people.")}
    assert len(said) == len(set(said.values())) > 10
    assert all(label.startswith("Đã ") for label in said.values())
