from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.errors import BadInput
from thongsuot.procedures import rules
from thongsuot.procedures.content import Exemption, FeeRule, Step, Tier
from thongsuot.procedures.rules import check_fee_rules, check_schema, check_steps, default_steps, fees_due, fees_for_form

DAY = date(2026, 3, 10)
LAW = "Thông tư 226/2016/TT-BTC"
COPYING = FeeRule(
    code="copy",
    name="Phí chứng thực bản sao",
    kind="fee",
    basis=LAW,
    valid_from=date(2017, 1, 1),
    form="per_page",
    tiers=(Tier(dong=2000, up_to=2), Tier(dong=1000)),
    cap_dong=200_000,
)
SIGNATURE = FeeRule(
    code="signature", name="Phí chứng thực chữ ký", kind="fee", basis=LAW, valid_from=date(2017, 1, 1), amount_dong=10_000
)
EXTRACT = FeeRule(
    code="extract",
    name="Phí cấp bản sao trích lục",
    kind="fee",
    basis="Thông tư 281/2016/TT-BTC",
    valid_from=date(2017, 1, 1),
    form="per_copy",
    amount_dong=8_000,
)
POOR = Exemption(code="poor", name="người thuộc hộ nghèo", basis="Luật Hộ tịch, Điều 11")


def due(*fee_rules, channel=1, on=DAY, exemptions=(), **quantities):
    return fees_due(fee_rules, channel=channel, quantities=quantities, exemptions=exemptions, on=on)


@pytest.mark.parametrize(
    ("pages", "copies", "dong"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (10, 1, 12_000),
        (198, 1, 200_000),
        (500, 1, 200_000),
        (3, 4, 20_000),
        (500, 3, 600_000),
        (0, 1, 0),
        (1, 0, 0),
    ],
)
def test_a_certified_copy_costs_by_page_of_the_original_with_a_cap_per_copy(pages, copies, dong):
    [line] = due(COPYING, pages=pages, copies=copies)
    assert line.amount_dong == dong


def test_a_fee_line_tells_its_calculation_and_its_basis():
    [line] = due(COPYING, pages=5, copies=2)
    assert line.how == "2 trang × 2.000 đồng + 3 trang × 1.000 đồng; 2 bản × 7.000 đồng"
    assert (line.code, line.name, line.kind) == ("copy", "Phí chứng thực bản sao", "fee")
    assert (line.basis, line.to_check) == (LAW, False)
    [capped] = due(COPYING, pages=500)
    assert capped.how == "2 trang × 2.000 đồng + 498 trang × 1.000 đồng, tối đa 200.000 đồng một bản"


def test_fixed_and_per_copy_amounts():
    assert [line.amount_dong for line in due(SIGNATURE, EXTRACT, copies=3)] == [10_000, 24_000]
    assert due(SIGNATURE, pages=9)[0].amount_dong == 10_000


def test_an_exemption_leaves_the_line_with_zero_and_says_why():
    rule = FeeRule(
        code="birth",
        name="Lệ phí khai sinh",
        kind="levy",
        basis="Nghị quyết HĐND",
        valid_from=date(2017, 1, 1),
        amount_dong=5_000,
        exemptions=(POOR, Exemption(code="half", name="trường hợp giảm", basis="NQ 1", percent_due=50)),
    )
    assert due(rule)[0].amount_dong == 5_000
    [free] = due(rule, exemptions=["poor", "half"])
    assert (free.amount_dong, free.how, free.basis) == (0, "Miễn: người thuộc hộ nghèo", "Luật Hộ tịch, Điều 11")
    assert due(rule, exemptions=["half"])[0].amount_dong == 2_500
    assert due(rule, exemptions=["unknown"])[0].amount_dong == 5_000


def test_the_online_rate_holds_on_channel_two_alone():
    free = FeeRule(
        code="x", name="Lệ phí", kind="levy", basis="NQ", valid_from=date(2026, 7, 25), amount_dong=100_000, online_percent=0
    )
    half = FeeRule(
        code="y", name="Lệ phí", kind="levy", basis="NQ", valid_from=date(2017, 1, 1), amount_dong=101, online_percent=50
    )
    july = date(2026, 7, 25)
    assert [line.amount_dong for line in due(free, half, on=july)] == [100_000, 101]
    assert [line.amount_dong for line in due(free, half, channel=2, on=july)] == [0, 51]
    assert [line.amount_dong for line in due(free, half, channel=3, on=july)] == [100_000, 101]


def test_a_dossier_pays_by_the_rule_of_its_day():
    before = FeeRule(
        code="x",
        name="Lệ phí",
        kind="levy",
        basis="cũ",
        valid_from=date(2017, 1, 1),
        valid_to=date(2026, 7, 25),
        amount_dong=100_000,
    )
    after = FeeRule(code="x", name="Lệ phí", kind="levy", basis="mới", valid_from=date(2026, 7, 25), amount_dong=50_000)
    assert not check_fee_rules([before, after])
    assert [line.basis for line in due(before, after, on=date(2026, 7, 24))] == ["cũ"]
    assert [line.basis for line in due(before, after, on=date(2026, 7, 25))] == ["mới"]
    assert due(before, after, on=date(2016, 12, 31)) == []


@pytest.mark.parametrize("pages", [-1, 10_001])
def test_a_quantity_nobody_means_is_refused(pages):
    with pytest.raises(BadInput) as refusal:
        due(COPYING, pages=pages)
    assert refusal.value.problems == {"pages": "Số lượng phải từ 0 đến 10.000."}


def test_as_much_as_anybody_means_is_taken():
    assert due(COPYING, pages=0, copies=10_000)[0].amount_dong == 0
    assert due(EXTRACT, copies=10_000)[0].amount_dong == 80_000_000


amounts = st.integers(0, 1_000_000)


@st.composite
def page_rules(draw):
    bounds = sorted(draw(st.sets(st.integers(1, 50), max_size=3)))
    tiers = (*(Tier(dong=draw(amounts), up_to=bound) for bound in bounds), Tier(dong=draw(amounts)))
    return FeeRule(
        code="p",
        name="P",
        kind="fee",
        basis="B",
        valid_from=date(2017, 1, 1),
        form="per_page",
        tiers=tiers,
        cap_dong=draw(st.none() | amounts),
        online_percent=draw(st.integers(0, 100)),
        exemptions=(POOR,),
    )


@given(page_rules(), st.integers(0, 10_000), st.integers(0, 100), st.sampled_from([1, 2, 3]), st.booleans())
def test_a_fee_is_never_negative_and_never_above_its_cap(rule, pages, copies, channel, poor):
    assert not check_fee_rules([rule])
    [line] = due(rule, channel=channel, exemptions=["poor"] if poor else [], pages=pages, copies=copies)
    assert line.amount_dong >= 0
    if rule.cap_dong is not None:
        assert line.amount_dong <= rule.cap_dong * copies
    if poor:
        assert line.amount_dong == 0


@given(page_rules(), st.integers(0, 500), st.integers(0, 500), st.integers(0, 20))
def test_more_pages_never_cost_less(rule, one, other, copies):
    fewer, more = sorted([one, other])
    assert due(rule, pages=fewer, copies=copies)[0].amount_dong <= due(rule, pages=more, copies=copies)[0].amount_dong


NEGATIVE = "Mức thu “Phí chứng thực bản sao” phải từ 0 đồng trở lên."
TIERS = "Mức thu “Phí chứng thực bản sao” theo trang cần các bậc tăng dần, bậc cuối không giới hạn."
SHARE = "Mức thu “Phí chứng thực bản sao” có tỷ lệ ngoài 0 đến 100 %."
NO_LAW = "Mức thu “Phí chứng thực bản sao” thiếu căn cứ pháp lý."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tiers": ()}, TIERS),
        ({"tiers": (Tier(dong=1, up_to=3),)}, TIERS),
        ({"tiers": (Tier(dong=1, up_to=0), Tier(dong=1))}, TIERS),
        ({"tiers": (Tier(dong=1), Tier(dong=1))}, TIERS),
        ({"tiers": (Tier(dong=1, up_to=3), Tier(dong=2, up_to=3), Tier(dong=1))}, TIERS),
        ({"tiers": (Tier(dong=1, up_to=3), Tier(dong=1, up_to=2), Tier(dong=1))}, TIERS),
        ({"cap_dong": -1}, NEGATIVE),
        ({"cap_dong": 10_000_000_001}, NEGATIVE),
        ({"amount_dong": -1}, NEGATIVE),
        ({"tiers": (Tier(dong=-1),)}, NEGATIVE),
        ({"online_percent": 101}, SHARE),
        ({"online_percent": -1}, SHARE),
        ({"exemptions": (POOR, Exemption(code="half", name="nửa", basis="NQ", percent_due=101))}, SHARE),
        ({"basis": ""}, NO_LAW),
        ({"exemptions": (POOR, Exemption(code="half", name="nửa", basis=""))}, NO_LAW),
        ({"valid_to": date(2017, 1, 1)}, "Mức thu “Phí chứng thực bản sao” hết hiệu lực trước khi bắt đầu."),
    ],
)
def test_a_broken_fee_rule_is_not_published(change, said):
    assert check_fee_rules([SIGNATURE, msgspec.structs.replace(COPYING, **change)]) == [said]


@pytest.mark.parametrize(
    "change",
    [
        {"tiers": (Tier(dong=1, up_to=1), Tier(dong=1))},
        {"cap_dong": None},
        {"cap_dong": 10_000_000_000, "tiers": (Tier(dong=0),)},
        {"form": "fixed", "tiers": ()},  # tiers are for a price by the page
        {"online_percent": 0, "exemptions": (Exemption(code="all", name="", basis="NQ", percent_due=100),)},
        {"valid_to": date(2017, 1, 2)},
    ],
)
def test_a_fee_rule_at_the_edge_is_sound(change):
    assert check_fee_rules([msgspec.structs.replace(COPYING, **change)]) == []


def test_two_rules_of_one_code_never_hold_on_one_day():
    summer = msgspec.structs.replace(COPYING, valid_from=date(2026, 6, 1), valid_to=date(2026, 9, 1))
    august = msgspec.structs.replace(COPYING, valid_from=date(2026, 8, 31))
    autumn = msgspec.structs.replace(COPYING, valid_from=date(2026, 9, 1))
    said = ["Hai mức thu cùng mã “copy” trùng thời gian."]
    assert check_fee_rules([summer, august]) == check_fee_rules([august, summer]) == said
    assert check_fee_rules([summer, SIGNATURE, august]) == said
    assert check_fee_rules([august, COPYING, SIGNATURE]) == said  # both without an end
    assert check_fee_rules([summer, autumn]) == check_fee_rules([autumn, summer]) == []


# -- steps -------------------------------------------------------------------------------------------------------------

limits = st.one_of(
    st.just(Limit(1, LimitUnit.SAME_DAY)),
    st.builds(Limit, st.integers(1, 2000), st.sampled_from([u for u in LimitUnit if u != LimitUnit.SAME_DAY])),
)


@given(limits)
def test_the_default_process_adds_up_to_every_limit(limit):
    steps = default_steps(limit)
    assert check_steps(steps, limit) == []
    assert sum(step.minutes for step in steps if step.counted) == rules.limit_in_minutes(limit)


def test_the_default_process_of_21_days_is_the_typical_one():
    hours = [step.minutes / 60 for step in default_steps(Limit(21, LimitUnit.WORKING_DAYS)) if step.counted]
    assert hours == [4, 4, 112, 24, 16, 8]


def test_within_one_day_the_process_has_fewer_steps():
    steps = default_steps(Limit(1, LimitUnit.SAME_DAY))
    assert [step.duty for step in steps] == [
        "receive dossiers",
        "process dossiers",
        "sign results",
        "issue results",
        "hand back results",
    ]
    assert not steps[-1].counted


def changed(steps, i, **change):
    return [*steps[:i], msgspec.structs.replace(steps[i], **change), *steps[i + 1 :]]


def test_steps_that_do_not_fit_are_named():
    limit = Limit(5, LimitUnit.WORKING_DAYS)
    good = default_steps(limit)
    assert "40 giờ" in check_steps(changed(good, 2, minutes=1), limit)[0]
    assert check_steps(changed(good, 1, key="receive"), limit)
    assert check_steps(changed(good, 1, duty="make coffee"), limit)
    assert check_steps([good[1], good[0], *good[2:]], limit)
    assert check_steps([*good[:-3], good[-2], good[-3], good[-1]], limit)
    assert check_steps(changed(good, len(good) - 1, counted=True), limit)
    assert check_steps(changed(good, 0, counted=False), limit)
    assert check_steps([], limit)
    assert check_steps([step for step in good if step.duty != "sign results"], limit)


@given(
    st.lists(
        st.builds(
            Step,
            key=st.text(max_size=3),
            name=st.text(max_size=3),
            duty=st.sampled_from([*rules.DUTIES, "x"]),
            minutes=st.integers(-5, 500),
            counted=st.booleans(),
        ),
        max_size=8,
    ),
    limits,
)
def test_whatever_the_steps_checking_only_speaks(steps, limit):
    if not check_steps(steps, limit):
        assert rules.counted_minutes(steps) == rules.limit_in_minutes(limit)
        assert len({step.key for step in steps}) == len(steps)


# -- schemas -----------------------------------------------------------------------------------------------------------

FORM = {
    "type": "object",
    "title": "Tờ khai",
    "additionalProperties": False,
    "required": ["name", "papers"],
    "x-groups": [{"key": "who", "title": "Người yêu cầu"}, {"key": "what", "title": "Giấy tờ"}],
    "properties": {
        "name": {"type": "string", "title": "Họ tên", "maxLength": 100, "x-group": "who", "x-prefill": "full_name"},
        "poor": {"type": "boolean", "title": "Hộ nghèo", "x-group": "who", "x-exemption": "poor"},
        "born": {
            "type": "string",
            "format": "date",
            "title": "Ngày sinh",
            "x-group": "who",
            "x-not-future": True,
            "x-within": {"days": 60, "exemption": "in_time"},
        },
        "papers": {
            "type": "array",
            "title": "Giấy tờ",
            "x-group": "what",
            "minItems": 1,
            "maxItems": 5,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["pages", "copies"],
                "properties": {
                    "pages": {"type": "integer", "title": "Số trang", "minimum": 1, "maximum": 2000, "x-quantity": "pages"},
                    "copies": {"type": "integer", "title": "Số bản", "minimum": 1, "maximum": 100, "x-quantity": "copies"},
                },
            },
        },
    },
}


def test_a_form_lists_papers_and_each_is_charged():
    assert check_schema(FORM) == []
    data = {"name": "Minh", "papers": [{"pages": 3, "copies": 2}, {"pages": 1, "copies": 1}]}
    [line] = fees_for_form([COPYING], schema=FORM, data=data, channel=1, on=DAY)
    assert line.amount_dong == 2 * 5_000 + 2_000
    [free] = fees_for_form([COPYING], schema=FORM, data={"papers": []}, channel=1, on=DAY) or [None]
    assert free is None


def test_what_was_ticked_and_what_the_desk_saw_both_exempt_on_the_channel_it_came_by():
    veteran = Exemption(code="veteran", name="người có công", basis="Luật phí và lệ phí", percent_due=50)
    rule = msgspec.structs.replace(EXTRACT, exemptions=(POOR, veteran), online_percent=50)
    papers = {"papers": [{"pages": 1, "copies": 1}, {"pages": 1, "copies": 2}]}

    def cost(data, *, channel=1, exemptions=(), on=DAY):
        [line] = fees_for_form([rule], schema=FORM, data={**papers, **data}, channel=channel, exemptions=exemptions, on=on)
        return line.amount_dong, line.how

    assert cost({}) == (24_000, "1 bản × 8.000 đồng; 2 bản × 8.000 đồng")
    assert cost({}, channel=2)[0] == 12_000
    assert cost({"poor": True})[0] == cost({"poor": True}, exemptions=("veteran",))[0] == 0
    assert cost({}, exemptions=("veteran",))[0] == 12_000
    in_time = msgspec.structs.replace(EXTRACT, exemptions=(msgspec.structs.replace(POOR, code="in_time"),))
    [free] = fees_for_form([in_time], schema=FORM, data={**papers, "born": str(DAY)}, channel=1, on=DAY)
    assert free.amount_dong == 0


def test_pages_are_charged_tier_by_tier_and_a_cap_that_is_just_reached_is_not_spoken_of():
    rule = msgspec.structs.replace(
        COPYING, tiers=(Tier(dong=300, up_to=1), Tier(dong=200, up_to=3), Tier(dong=100, up_to=4), Tier(dong=10)), cap_dong=820
    )
    assert due(rule, pages=6)[0].amount_dong == 300 + 2 * 200 + 100 + 2 * 10
    assert "tối đa" not in due(rule, pages=6)[0].how
    assert due(rule, pages=7)[0].amount_dong == 820
    assert "tối đa 820 đồng" in due(rule, pages=7)[0].how
    assert due(rule, pages=0)[0].how == "0 đồng"


def test_what_is_not_counted_is_one_page_and_one_copy_and_nothing_of_all_else():
    assert due(EXTRACT)[0].amount_dong == 8_000
    assert due(msgspec.structs.replace(EXTRACT, quantity="pages"))[0].amount_dong == 8_000
    assert due(msgspec.structs.replace(EXTRACT, quantity="graves"))[0].amount_dong == 0
    assert (due(COPYING)[0].amount_dong, due(COPYING)[0].how) == (2_000, "1 trang × 2.000 đồng")
    assert due(COPYING, pages=3, copies=2)[0].how == "2 trang × 2.000 đồng + 1 trang × 1.000 đồng; 2 bản × 5.000 đồng"


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ({"exemptions": (POOR,)}, "Miễn: người thuộc hộ nghèo"),
        (
            {"exemptions": (msgspec.structs.replace(POOR, percent_due=50),), "online_percent": 100},
            "10.000 đồng; giảm cho: người thuộc hộ nghèo",
        ),
        ({"online_percent": 0}, "Nộp trực tuyến: không thu"),
        ({"online_percent": 1}, "10.000 đồng; nộp trực tuyến thu 1 %"),
        ({"online_percent": 50}, "10.000 đồng; nộp trực tuyến thu 50 %"),
        ({"online_percent": 100}, "10.000 đồng"),
    ],
)
def test_a_line_says_in_words_how_it_came_about(changes, how):
    rule = msgspec.structs.replace(SIGNATURE, to_check=True, **changes)
    [line] = due(rule, channel=2, exemptions=("poor",))
    assert (line.how, line.to_check) == (how, True)


def test_half_a_dong_goes_up_and_less_does_not():
    for percent, dong in ((49, 0), (50, 1), (51, 1)):
        rule = msgspec.structs.replace(SIGNATURE, amount_dong=1, online_percent=percent)
        assert due(rule, channel=2)[0].amount_dong == dong


def test_exemptions_come_from_ticks_and_from_filing_in_time():
    claims = rules.exemptions_in(FORM, {"poor": True, "born": "2026-01-09"}, on=DAY)
    assert claims == {"poor", "in_time"}  # 60 days after 9 January is 10 March
    assert rules.exemptions_in(FORM, {"poor": False, "born": "2026-01-08"}, on=DAY) == set()


def test_the_order_of_fields_survives_a_store_without_order():
    jumbled = dict(reversed(rules.with_order(FORM).items()))
    jumbled["properties"] = dict(sorted(jumbled["properties"].items()))
    assert list(rules.ordered(jumbled)["properties"]) == ["name", "poor", "born", "papers"]


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "object"},
        {**FORM, "additionalProperties": True},
        {**FORM, "properties": {}},
        {**FORM, "required": ["nobody"]},
        {**FORM, "x-groups": [{"key": "who", "title": "Người"}]},
        {**FORM, "x-groups": ["who"]},
        {**FORM, "allOf": [{"$ref": "https://elsewhere.example/schema"}]},
        {**FORM, "properties": {"Name!": {"type": "string", "title": "x", "maxLength": 9}}},
        {**FORM, "properties": {"a": {"type": "string", "title": "x", "maxLength": 9, "pattern": "(a+)+$"}}},
        {**FORM, "properties": {"a": {"type": "string", "title": "x"}}},
        {**FORM, "properties": {"a": {"type": "string", "maxLength": 9}}},
        {**FORM, "properties": {"a": {"type": "string", "title": "x", "enum": ["1"], "x-labels": {}}}},
        {**FORM, "properties": {"a": {"type": "object", "title": "x"}}},
        {**FORM, "properties": {"a": {"type": "integer", "title": "x"}}},
        {**FORM, "properties": {"a": {"type": "array", "title": "x", "maxItems": 9, "items": {"type": "string"}}}},
        {
            **FORM,
            "properties": {
                "a": {"type": "array", "title": "x", "maxItems": 999, "items": FORM["properties"]["papers"]["items"]}
            },
        },
    ],
)
def test_a_schema_that_is_no_form_is_not_published(broken):
    assert check_schema(broken)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "title",
                    "properties",
                    "required",
                    "x-order",
                    "x-groups",
                    "x-labels",
                    "enum",
                    "items",
                    "maxItems",
                    "x-within",
                    "x-group",
                    "format",
                    "a",
                    "maxLength",
                    "minimum",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(sorted(["x-order", "x-groups", "required", "properties", "title"])), json_values),
    st.dictionaries(
        st.sampled_from(
            sorted(
                [
                    "type",
                    "enum",
                    "x-labels",
                    "x-within",
                    "x-group",
                    "x-widget",
                    "format",
                    "items",
                    "maxItems",
                    "minimum",
                    "maximum",
                    "x-quantity",
                    "x-exemption",
                    "x-prefill",
                    "title",
                ]
            )
        ),
        json_values,
    ),
)
def test_no_schema_however_strange_breaks_the_check(parts, field):
    for kind in ("string", "integer", "boolean", "array"):
        check_schema({**FORM, **parts})
        check_schema(
            {**FORM, "properties": {"a": {**field, "type": kind}}, **{k: v for k, v in parts.items() if k != "properties"}}
        )
