"""Every component in every state, every fault, in both frames: to look at, and for the accessibility check.

Not in production, and not translated: developers alone see it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.web import faults, icons, maps, navigation
from thongsuot.web.confirm import confirm
from thongsuot.web.due import Due
from thongsuot.web.forms import DayField, DayParts, Form
from thongsuot.web.paging import Page

MOMENT = datetime(2026, 11, 20, 7, 36, tzinfo=UTC)


class SampleForm(Form):
    full_name = forms.CharField(label="Họ tên", max_length=100, help_text="Như ghi trên thẻ")
    phone = forms.RegexField(
        r"0\d{9}",
        label="Điện thoại",
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"invalid": "Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại."},
    )
    email = forms.EmailField(label="Thư điện tử", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    born_on = DayField(label="Ngày sinh", widget=DayParts, help_text="Ví dụ: 9 11 2026")
    issued_on = DayField(label="Ngày cấp", help_text="Ví dụ: 20/11/2026", required=False)
    copies = forms.IntegerField(label="Số bản sao", min_value=1, max_value=20)
    unit = forms.ChoiceField(label="Nơi nộp", choices=[("", "Chọn phường, xã"), ("1", "Phường Láng"), ("2", "Phường Đống Đa")])
    role = forms.ChoiceField(
        label="Nộp với tư cách", widget=forms.RadioSelect, choices=[("own", "Chủ hồ sơ"), ("for", "Người được ủy quyền")]
    )
    new_unit = forms.ChoiceField(
        label="Nhà bạn nay thuộc đâu?",
        widget=forms.RadioSelect,
        choices=[("1", "Phường Láng"), ("2", "Phường Đống Đa"), ("0", "Tôi không biết")],
    )
    papers = forms.MultipleChoiceField(
        label="Giấy tờ đã có",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("a", "Giấy chứng sinh"), ("b", "Giấy chứng nhận kết hôn")],
    )
    scan = forms.FileField(label="Ảnh chụp giấy tờ", help_text="PDF, JPG hoặc PNG, tối đa 20 MB")
    reason = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    password = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    agreed = forms.BooleanField(label="Tôi đã đọc và đồng ý")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain(
            new_unit={
                "1": "Một phần phường Láng Hạ, Ngọc Khánh và toàn bộ phường Láng Thượng cũ",
                "2": "Một phần phường Láng Hạ và năm phường cũ khác",
                "0": "Chúng tôi tìm giúp theo số nhà và tên đường",
            }
        )


class PlaceForm(Form):
    latitude = forms.CharField(label="Vĩ độ", required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    longitude = forms.CharField(label="Kinh độ", required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    address = forms.CharField(label="Địa chỉ, hoặc cách tìm đến", required=False)
    ward = forms.ChoiceField(
        label="Phường, xã", choices=[("", "Chọn phường, xã"), ("1", "Phường Láng"), ("2", "Phường Đống Đa")], required=False
    )


class ReasonForm(Form):
    reason = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 3}))


DUES = [
    Due(blocks=3, used=2, state="ok", text="Còn 1 ngày", small="Hẹn 23/11/2026 17:00"),
    Due(blocks=10, used=5, state="ok", text="Còn 5 ngày", small="Hẹn 30/11/2026 17:00"),
    Due(blocks=8, used=7, state="near", text="Còn 1 giờ 24 phút", small="Hẹn 20/11/2026 16:00"),
    Due(blocks=3, used=3, state="late", text="Quá hạn 1 ngày", small="Hẹn 19/11/2026 17:00"),
    Due(blocks=10, used=10, state="late", over=4, text="Quá hạn 4 ngày", small="Hẹn 16/11/2026 17:00"),
    Due(blocks=5, used=2, state="hold", text="Đang dừng, còn 3 ngày", small="Chờ bổ sung từ 19/11/2026"),
    Due(blocks=48, used=39, state="near", text="39 trên 48 giờ, còn 9 giờ"),
]
ROWS = [
    {"id": n, "code": f"H26.107-261120-{n:04}", "due": due, "procedure": procedure, "person": person, "step": step, "tag": tag}
    for n, (due, procedure, person, step, tag) in enumerate(
        [
            (DUES[3], "Cấp Giấy xác nhận tình trạng hôn nhân", "Phạm Quốc Dũng", "Ký", ("go", "Đang xử lý")),
            (DUES[2], "Chứng thực chữ ký", "Vũ Thị Ngọc Mai", "Trình ký", ("go", "Đang xử lý")),
            (
                DUES[0],
                "Cấp giấy phép chặt hạ, dịch chuyển cây xanh đô thị trên địa bàn nhiều phường",
                "Trần Đức Hải",
                "Khảo sát",
                ("new", "Được tiếp nhận"),
            ),
            (DUES[5], "Đăng ký kết hôn", "Đỗ Minh Quân", "Xác minh", ("wait", "Yêu cầu bổ sung")),
        ],
        start=1,
    )
]
TIMELINE = [
    {"state": "done", "title": "Đã tiếp nhận", "lines": ["18/11/2026 09:12. Điểm phục vụ phường Hoàn Kiếm, quầy 3"]},
    {"state": "hold", "title": "Yêu cầu bổ sung, đồng hồ dừng", "lines": ["19/11/2026 17:00. Thiếu chữ ký ở trang 2."]},
    {"state": "now", "title": "Đang xác minh", "lines": ["Từ 20/11/2026 08:30. Công chức tư pháp - hộ tịch tra sổ."]},
    {"state": "next", "title": "Trả kết quả", "lines": ["Chậm nhất 23/11/2026 17:00."]},
]
STOPPED = [
    {"state": "done", "title": "Đã tiếp nhận", "lines": ["18/11/2026 09:12."]},
    {"state": "stop", "title": "Dừng giải quyết", "lines": ["19/11/2026 10:05. Người nộp rút hồ sơ."]},
]


PLACES: list[dict[str, Any]] = [
    {"id": n, "latitude": latitude, "longitude": longitude, "title": title, "kind": kind, "state": state}
    for n, (latitude, longitude, title, kind, state) in enumerate(
        [
            (21.0240, 105.8060, "Hố ga mất nắp", "new", "Mới nhận"),
            (21.0225, 105.8110, "Đèn đường không sáng", "go", "Đang xử lý"),
            (21.0185, 105.8050, "Cây đổ chắn lối đi", "bad", "Quá hạn"),
            (21.0170, 105.8240, "Rác để lâu ngày", "wait", "Chờ bổ sung"),
            (21.0130, 105.8300, "Vỉa hè bong gạch", "done", "Đã trả lời"),
            (21.0120, 105.8210, "Tiếng ồn ban đêm", "end", "Đã đóng"),
        ],
        start=1,
    )
]
BOX = (105.795, 21.005, 105.84, 21.03)
WRONG = {"born_on_d": "31", "born_on_m": "2", "born_on_y": "2026", "phone": "12", "full_name": "Bùi Văn Khánh", "unit": "1"}


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """`?khung=can-bo` draws the frame of officers, with an invented officer who holds every duty;
    `?ban-do=thanh-pho` lays the first map on the city itself instead of on examples."""
    staff = request.GET.get("khung") == "can-bo"
    if staff:
        _as_officer(request)
    messages.success(request, "Đã chuyển 2 hồ sơ cho Nguyễn Văn Toàn.")
    return render(
        request,
        "web/gallery.html",
        {
            "frame": "web/staff.html" if staff else "web/citizen.html",
            "icons": icons.names(),
            "dues": DUES,
            "rows": ROWS,
            "timeline": TIMELINE,
            "back": list(reversed(TIMELINE)),
            "stopped": STOPPED,
            "empty_form": SampleForm(prefix="moi"),
            "wrong_form": SampleForm(WRONG),
            "place_form": PlaceForm(prefix="noi"),
            "places": PLACES,
            "box": BOX,
            "of_city": request.GET.get("ban-do") == "thanh-pho",
            "list_page": Page(number=5, size=50, count=4030, path=request.path),
        },
    )


@csrf_exempt  # it changes nothing
@require_http_methods(["GET", "POST"])
def map_data(request: HttpRequest, which: str) -> HttpResponse:
    """What the addresses of a page with maps answer: two discs from afar, six points from near, squares by steps."""
    if which == "o-dau":
        west = request.POST.get("lon", "") < "105.8175"
        return JsonResponse({"id": 1 if west else 2, "words": "Phường Láng" if west else "Phường Đống Đa"})
    if which not in {"diem", "o", "danh-sach"}:
        raise Http404
    view = maps.view_asked(request)
    shown = [place for place in PLACES if view.holds(place["latitude"], place["longitude"])]
    if which == "danh-sach":
        return render(request, "web/_gallery_places.html", {"places": shown})
    if which == "o":
        return maps.features_answer(
            maps.cell((105.8 + 0.0075 * n, 21.01, 105.8075 + 0.0075 * n, 21.0175), n + 1, f"{4**n} phản ánh") for n in range(5)
        )
    if view.zoom < 14:
        halves = [[place for place in shown if (place["longitude"] < 105.8175) is west] for west in (True, False)]
        return maps.features_answer(
            maps.cluster(half[0]["latitude"], half[0]["longitude"], len(half)) for half in halves if half
        )
    return maps.features_answer(
        maps.single(
            place["latitude"], place["longitude"], title=place["title"], state=place["state"], kind=place["kind"], url="#diem"
        )
        for place in shown
    )


@require_GET
def fault(request: HttpRequest, which: str) -> HttpResponse:
    """One page of those that are seldom seen."""
    if which == "tu-choi":
        return faults.refusal_page(request, NotYourDuty("sign results"))
    if which in {"hoi-lai", "hoi-lai-can-bo"}:
        return _confirmation(request, staff=which.endswith("can-bo"))
    if which == "bao-tri":
        return faults.answer(request, faults.maintenance(MOMENT, MOMENT + timedelta(hours=8)))
    made = {
        "400": faults.malformed,
        "403": faults.forbidden,
        "404": faults.not_found,
        "413": faults.too_large,
        "500": lambda: faults.unexpected("K7-2341-PX"),
        "503": faults.unavailable,
    }.get(which)
    if made is None:
        raise Http404
    return faults.answer(request, made())


def _confirmation(request: HttpRequest, *, staff: bool) -> HttpResponse:
    if staff:
        _as_officer(request)
    return confirm(
        request,
        question="Rút hồ sơ này?",
        danger=True,
        button="Rút hồ sơ",
        cancel_href="/",
        form=ReasonForm(),
        staff=staff,
        consequence="Phường sẽ dừng giải quyết và trả lại giấy tờ. Bạn vẫn nộp lại được.",
        summary=[("Mã hồ sơ", "H26.107-261120-0011"), ("Thủ tục", "Đăng ký khai sinh")],
    )


def _as_officer(request: HttpRequest) -> None:
    request.actor = Actor(  # type: ignore[attr-defined]  # read by web.request.actor_of
        person_id=-1,
        name="Lê Thị Minh Hằng",
        post="Công chức tiếp nhận, quầy 3",
        duties=dict.fromkeys(navigation.all_duties() | {"look"}, frozenset({-1})),
    )
