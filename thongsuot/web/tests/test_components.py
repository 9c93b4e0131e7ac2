"""The components: right labels, right aria, words always beside shapes."""

from __future__ import annotations

from datetime import datetime

import pytest
from django import forms

from thongsuot.kernel.history import HistoryRow
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.web import icons
from thongsuot.web.due import Due
from thongsuot.web.forms import DayField, DayParts, Form
from thongsuot.web.paging import Page
from thongsuot.web.tests.page_of import drawn


class PaperForm(Form):
    place = forms.CharField(label="Nơi sinh", help_text="Tên bệnh viện")
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea)
    unit = forms.ChoiceField(label="Nơi nộp", choices=[("", "Chọn"), ("1", "Phường Láng")])
    role = forms.ChoiceField(label="Tư cách", choices=[("a", "Chủ hồ sơ"), ("b", "Được ủy quyền")], widget=forms.RadioSelect)
    papers = forms.MultipleChoiceField(label="Giấy tờ", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    born_on = DayField(label="Ngày sinh", widget=DayParts)
    agreed = forms.BooleanField(label="Tôi đồng ý")
    step = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_has_its_label_hint_and_control_tied_together():
    page = drawn('{{ c.field(form["place"], width="w24") }}', form=PaperForm())
    control = page.find("input")
    assert page.find("label").attrs["for"] == control.attrs["id"]
    assert page.by_id(control.attrs["aria-describedby"]).words == "Tên bệnh viện"
    assert control.attrs["class"] == "input w24"
    assert "aria-invalid" not in control.attrs
    assert "required" not in control.attrs  # our own checks speak, not the browser's


def test_a_wrong_field_names_its_error_and_points_to_hint_and_error():
    page = drawn('{{ c.field(form["place"]) }}', form=PaperForm({}))
    control = page.find("input")
    assert control.attrs["aria-invalid"] == "true"
    hint, error = control.attrs["aria-describedby"].split()
    assert page.by_id(hint).words == "Tên bệnh viện"
    assert page.by_id(error).words == "Lỗi: Chưa điền “Nơi sinh”. Hãy điền phần này."
    assert "field--bad" in page.find("div").attrs["class"]


def test_only_what_may_be_left_empty_says_so():
    page = drawn("{{ c.form_fields(form) }}", form=PaperForm())
    said = [label.words for label in page.all("label") if "không bắt buộc" in label.words]
    assert said == ["Ghi chú (không bắt buộc)"]


def test_history_is_drawn_with_the_latest_on_top_and_by_whom_with_what_more_there_is_to_say():
    def event(number, label, post="", **facts):
        at = datetime(2025, 10, 6, number, tzinfo=VIET_NAM)
        about = {"number": number, "name": "x", "label": label, "at": at, "unit_id": None, "facts": facts}
        return HistoryRow(actor_name="Lan", actor_post=post, **about)

    told = [event(8, "Đã nhận", "Chuyên viên"), event(9, "Đã gọi", to="quầy <2>")]
    page = drawn("{% call(event) c.history(told) %}{{ event.facts.to|default() }}{% endcall %}", told=told)
    assert [one.words for one in page.all("h3")] == ["Đã gọi", "Đã nhận"]
    said = [one.words for one in page.all("p")]
    assert said == ["quầy <2>", "06/10/2025 09:00, Lan", "06/10/2025 08:00, Lan, Chuyên viên"]
    assert [one.words for one in drawn("{{ c.history(told) }}", told=told).all("h2")] == ["Lịch sử"]
    assert not drawn("{{ c.history(told) }}", told=[]).all("h2")


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    page = drawn('{{ c.field(form["role"]) }}{{ c.field(form["papers"]) }}', form=PaperForm({"role": "a"}))
    roles, papers = page.all("fieldset")
    assert roles.find("legend").words == "Tư cách"
    assert [one.attrs["type"] for one in roles.all("input")] == ["radio", "radio"]
    assert "checked" in roles.all("input")[0].attrs
    assert papers.attrs["aria-describedby"] == "id_papers-e"
    assert papers.by_id("id_papers-e").words == "Lỗi: Chưa chọn “Giấy tờ”. Hãy chọn một mục."


def test_choices_with_a_line_of_help_become_boxes():
    form = PaperForm()
    form.fields["role"].choice_hints = {"b": "Có văn bản ủy quyền"}
    page = drawn('{{ c.field(form["role"]) }}', form=form)
    plain, boxed = page.all("label")
    assert plain.attrs["class"] == "choice"
    assert boxed.attrs["class"] == "choice choice--box"
    assert page.by_id(boxed.find("input").attrs["aria-describedby"]).words == "Có văn bản ủy quyền"


def test_a_day_in_three_parts_keeps_what_was_typed():
    page = drawn('{{ c.field(form["born_on"]) }}', form=PaperForm({"born_on_d": "31", "born_on_m": "2", "born_on_y": "2026"}))
    group = page.find("fieldset")
    assert group.find("legend").words == "Ngày sinh"
    assert [label.words for label in group.all("label")] == ["Ngày", "Tháng", "Năm"]
    assert [one.attrs["value"] for one in group.all("input")] == ["31", "2", "2026"]
    assert [label.attrs["for"] for label in group.all("label")] == [one.attrs["id"] for one in group.all("input")]
    assert "Không có ngày 31/2/2026" in group.words


def test_a_hostile_value_stays_text():
    page = drawn("{{ c.form_fields(form) }}", form=PaperForm({"place": '"><script>', "born_on_d": '"><b>'}))
    assert page.find("input", name="place").attrs["value"] == '"><script>'
    assert page.find("input", name="born_on_d").attrs["value"] == '"><b>'
    assert not page.all("script")


def test_the_error_summary_takes_the_focus_and_leads_to_every_wrong_field():
    form = PaperForm({})
    page = drawn("{{ c.errors(form) }}{{ c.form_fields(form) }}", form=form)
    summary = page.find("div", role="alert")
    assert summary.attrs["tabindex"] == "-1"
    assert summary.find("h2").words == "Cần sửa 6 chỗ trước khi đi tiếp"
    targets = [link.attrs["href"].removeprefix("#") for link in summary.all("a")]
    assert targets == ["id_place", "id_unit", "id_role_0", "id_papers_0", "id_born_on_0", "id_agreed"]
    for target in targets:
        assert page.by_id(target).tag in {"input", "select", "textarea"}, f"{target} cannot take the focus"


def test_an_error_of_the_whole_form_stands_in_the_summary_without_a_link():
    form = PaperForm({"place": "Trạm y tế"})
    form.full_clean()
    form.add_error(None, "Có người vừa sửa hồ sơ này lúc 14:31.")
    first = drawn("{{ c.errors(form) }}", form=form).find("ul").children[0]
    assert first.words == "Có người vừa sửa hồ sơ này lúc 14:31."
    assert not first.all("a")


def test_a_form_without_errors_has_no_summary():
    assert drawn("{{ c.errors(form) }}", form=PaperForm()).words == ""


def test_a_forbidden_action_stays_visible_with_its_reason():
    page = drawn('{{ c.button("Yêu cầu bổ sung", key="B", disabled_because="Đã yêu cầu một lần.") }}')
    button = page.find("button")
    assert "disabled" in button.attrs
    assert "data-key" not in button.attrs
    assert page.by_id(button.attrs["aria-describedby"]).words == "Đã yêu cầu một lần."


def test_a_key_is_shown_but_not_read_out():
    button = drawn('{{ c.button("Trình ký", key="T", name="viec", value="trinh") }}').find("button")
    assert (button.attrs["data-key"], button.attrs["name"], button.attrs["value"]) == ("T", "viec", "trinh")
    assert button.find("kbd").attrs["aria-hidden"] == "true"


@pytest.mark.parametrize(
    ("due", "on", "off", "over"),
    [
        (Due(blocks=3, used=0, state="ok", text="Còn 3 ngày"), 0, 3, 0),
        (Due(blocks=10, used=5, state="ok", text="Còn 5 ngày"), 5, 5, 0),
        (Due(blocks=48, used=39, state="near", text="Còn 9 giờ"), 8, 2, 1),
        (Due(blocks=80, used=1, state="ok", text="Còn 79 giờ"), 1, 9, 0),
        (Due(blocks=80, used=79, state="near", text="Còn 1 giờ"), 9, 1, 1),
        (Due(blocks=3, used=3, state="late", over=2, text="Quá hạn 2 ngày"), 3, 0, 2),
        (Due(blocks=1, used=0, state="near", text="Trong ngày"), 0, 1, 1),
    ],
)
def test_the_deadline_bar_draws_its_blocks_and_says_it_in_words(due, on, off, over):
    page = drawn("{{ c.due(due, row=True) }}", due=due)
    shapes = page.find("svg")
    assert shapes.attrs["aria-hidden"] == "true"
    assert len(shapes.all("rect", class_="on")) == on
    assert len([rect for rect in shapes.all("rect") if "class" not in rect.attrs]) == off
    assert len(shapes.all("rect", class_="over") + shapes.all("path", class_="over")) == over
    assert page.find("b").words == due.text
    width = int(shapes.attrs["width"])
    assert all(int(rect.attrs["x"]) + int(rect.attrs["width"]) <= width for rect in shapes.all("rect"))


def test_a_citizen_sees_a_near_deadline_calmly():
    due = Due(blocks=3, used=2, state="near", text="Còn 1 ngày")
    assert drawn("{{ c.due(due) }}", due=due).find("span").attrs["class"] == "due due--near"
    assert drawn("{{ c.due(due, calm=True) }}", due=due).find("span").attrs["class"] == "due"


def test_the_timeline_marks_where_things_are_now():
    page = drawn(
        "{{ c.timeline(items, back=True) }}",
        items=[
            {"state": "next", "title": "Trả kết quả"},
            {"state": "now", "title": "Thẩm tra", "lines": ["Từ 20/11/2026"]},
            {"state": "done", "title": "Đã tiếp nhận"},
        ],
    )
    assert [item.words for item in page.all("li", aria_current="step")] == ["Thẩm tra Từ 20/11/2026"]
    assert page.find("ol").attrs["class"] == "line line--back"


def test_a_table_that_becomes_cards_keeps_its_roles():
    page = drawn(
        '{% call c.table("Hồ sơ", ["Hạn", {"text": "Phí", "num": True}], pick=True) %}'
        '<tr role="row">{{ c.pick("hs", 7, "Chọn H26") }}</tr>{% endcall %}'
    )
    table = page.find("table")
    assert table.attrs["role"] == "table"
    assert table.find("caption").words == "Hồ sơ"
    assert [head.attrs["role"] for head in table.all("th")] == ["columnheader", "columnheader"]
    everything = table.find("label", data_pick_all="")
    assert "hidden" in everything.attrs  # a box that does nothing without script is not shown without it
    box = table.find("input", name="hs")
    assert box.attrs["value"] == "7"
    assert table.all("label")[1].words == "Chọn H26"


def test_lists_follow_the_readers_choice_of_one_line_a_row():
    source = '{% call c.table("Hồ sơ", ["Hạn"], pick=True) %}{% endcall %}'
    assert "tbl--lines" not in drawn(source).find("table").attrs["class"]
    assert "tbl--lines" in drawn(source, cookies={"danh_sach": "one"}).find("table").attrs["class"]


def test_pages_of_a_list_are_links_with_the_current_one_marked():
    page = drawn("{{ c.pagination(page) }}", page=Page(number=5, size=50, count=4030, path="/ds/", query="q=lan&trang=5"))
    assert page.find("a", aria_current="page").words == "Trang 5"
    assert page.find("a", rel="prev").attrs["href"] == "/ds/?q=lan&trang=4"
    assert page.find("a", rel="next").attrs["href"] == "/ds/?q=lan&trang=6"
    assert "Trang 5 trên 81, tất cả 4.030" in page.words


def test_a_list_of_one_page_has_no_pages():
    assert drawn("{{ c.pagination(page) }}", page=Page(number=1, size=50, count=50, path="/ds/")).words == ""


def test_facts_leave_out_what_is_not_known():
    page = drawn('{{ c.facts([("Lệ phí", "0 đồng"), ("Ghi chú", none)]) }}')
    assert [one.words for one in page.all("dt")] == ["Lệ phí"]


def test_a_panel_is_named_by_its_title():
    section = drawn('{% call c.panel("Người nộp") %}<p>x</p>{% endcall %}').find("section")
    assert section.by_id(section.attrs["aria-labelledby"]).words == "Người nộp"


@pytest.mark.parametrize("name", [*icons.names(), "mark"])
def test_every_icon_can_be_drawn_and_is_silent(name):
    svg = drawn("{{ svg_icon(name) }}", name=name).find("svg")
    assert svg.attrs["aria-hidden"] == "true"
    assert "xmlns" not in svg.attrs


def test_an_unknown_icon_is_a_mistake_seen_at_once():
    with pytest.raises(FileNotFoundError):
        icons.icon("unicorn")
