"""BPMN files: ours are whole by the rules of other tools and read back the same; what is hostile or foreign is refused."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from thongsuot.procedures import bpmn, rules, words
from thongsuot.procedures.bpmn.names import CANVAS, DIAGRAM, LINES, MODEL, OURS, XSI, model
from thongsuot.procedures.catalogue_files import entries
from thongsuot.procedures.content import Condition, Way
from thongsuot.procedures.tests.processes import FIELDS, branching, drawn_steps, shipped, step, way

HEAD = f'<definitions xmlns="{MODEL}" xmlns:xsi="{XSI}" id="D" targetNamespace="urn:x">'
PLAIN = """<process id="P" name="Của công cụ khác">
<laneSet id="L"><lane id="L1" name="Bộ phận Một cửa"><flowNodeRef>t1</flowNodeRef><flowNodeRef>t4</flowNodeRef></lane>
<lane id="L2" name="Lãnh đạo"><flowNodeRef>t3</flowNodeRef></lane></laneSet>
<startEvent id="s"/><task id="t1" name="Nhận hồ sơ"/><userTask id="t2" name="Thẩm định"/><task id="t3" name="Ký duyệt"/>
<task id="t4" name="Trả cho dân"/><exclusiveGateway id="g" default="f4"/><endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="t1"/><sequenceFlow id="f2" sourceRef="t1" targetRef="g"/>
<sequenceFlow id="f3" sourceRef="g" targetRef="t3"><conditionExpression>${channel == 2}</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="g" targetRef="t2"/><sequenceFlow id="f5" sourceRef="t2" targetRef="t3"/>
<sequenceFlow id="f6" sourceRef="t3" targetRef="t4"/><sequenceFlow id="f7" sourceRef="t4" targetRef="e"/>
</process>"""


def file(process=PLAIN, *, before="", after="") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}{HEAD}{process}{after}</definitions>'.encode()


def written(steps, name="Thử"):
    return bpmn.written(steps, FIELDS, code="9.000001", name=name)


@settings(max_examples=50)
@given(drawn_steps())
def test_a_process_reads_back_as_it_was_written(steps):
    if len({one.key for one in steps}) != len(steps) or rules.reachable(steps) != set(range(len(steps))):
        return
    found = bpmn.read(written(steps))

    assert found.steps == rules.tidy(steps)
    assert found.guessed == frozenset()


def test_the_shipped_processes_read_back_as_they_are():
    for entry in entries():
        _day, draft = entry.versions[-1]
        if draft.steps:
            fields = rules.condition_fields(draft.form_schema, draft.fee_rules)
            again = bpmn.read(bpmn.written(draft.steps, fields, code=entry.code, name=draft.name))
            assert again.steps == tuple(draft.steps), entry.code


def test_a_partner_has_its_lane_and_what_is_drawn_into_it_is_the_partners():
    written = bpmn.written(shipped("1.013978"), {}, code="1.013978", name="Đất")
    root = etree.fromstring(written)
    tax = next(one for one in root.iter(model("lane")) if one.get("name") == "Cơ quan thuế")
    assert [one.text for one in tax.findall(model("flowNodeRef"))] == ["Task_5"]
    assert "Nơi được phân công" not in {one.get("name") for one in root.iter(model("lane"))}

    task = next(one for one in root.iter(model("userTask")) if one.get("id") == "Task_5")
    task.remove(task.find(model("extensionElements")))
    assert [one.agency for one in bpmn.read(etree.tostring(root)).steps][3:6] == ["land_registration", "tax", ""]


FOREIGN = Path(__file__).parent / "data" / "from_bpmn_moddle.bpmn"


def test_an_engine_of_others_holds_our_files_against_the_standard_and_walks_them_as_we_do(tmp_path):
    """SpiffWorkflow, a program beside us: schemas of BPMN 2.0, steps with their lanes, and every branch to its end."""
    several = [
        {"request": "stop", "result_form": "electronic", "form": "electronic", "urgent": True, "copies": 3, "place": "Hà Nội"},
        {"request": "grant", "result_form": "paper", "form": "paper", "urgent": False, "copies": 2, "place": ""},
    ]
    asked = {
        "nhan": {"ways": (way("ky", "form.urgent", True), way("in", "form.copies", 2, "at_most"), way("lam"))},
        "lam": {"ways": (way("in", "form.place", "", "answered"), way("ky"))},
    }
    ours = [(steps, FIELDS, "9.000001") for steps in (branching(), branching(**asked))]
    for entry in entries():
        _day, draft = entry.versions[-1]
        if draft.steps:
            ours.append((tuple(draft.steps), rules.condition_fields(draft.form_schema, draft.fee_rules), entry.code))
    jobs, expected = [], []
    for number, (steps, fields, code) in enumerate(ours):
        file = tmp_path / f"{number}.bpmn"
        file.write_bytes(bpmn.written(steps, fields, code=code, name="Thử"))
        for form in several[: 1 + rules.branches(steps)]:
            jobs.append((str(file), {"channel": 1, "owner_kind": 1, "form": form}))
            walked = [steps[place].name for place in rules.path_from(steps, None, rules.Answers(form=form))]
            expected.append(
                {"tasks": [[one.name, words.lane_words(one.lane)] for one in steps], "walked": walked, "ended": True}
            )
    assert len({tuple(one["walked"]) for one in expected}) > len(ours)  # both ways of a branch

    assert [_sorted(one) for one in _judged(jobs)] == [_sorted(one) for one in expected]
    assert not [name for name in sys.modules if name.startswith("SpiffWorkflow")], "only ever beside us"


def _judged(jobs):
    judge = [sys.executable, "-P", str(Path(__file__).with_name("judge.py"))]
    said = subprocess.run(judge, input=json.dumps(jobs), capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0, said.stderr[-1000:]
    return json.loads(said.stdout)


def _sorted(answer):
    """Its engine keeps steps in the order it came upon them, we in ours."""
    return {**answer, "tasks": sorted(answer["tasks"])}


@pytest.mark.parametrize("area", [12, 20])
def test_a_file_another_tool_wrote_is_read_and_goes_as_an_engine_of_others_goes(area):
    found = bpmn.read(FOREIGN.read_bytes())

    assert found.name == "Cho phép sử dụng tạm thời vỉa hè"
    assert [(one.duty, one.body_kind) for one in found.steps] == [
        ("receive dossiers", "service_centre"),
        ("process dossiers", "economy_office"),
        ("process dossiers", "economy_office"),
        ("sign results", "people_committee"),
        ("issue results", "office"),
        ("hand back results", "service_centre"),
    ]
    assert len(found.guessed) == 6
    assert found.ignored == ("textAnnotation", "association")
    walked = [found.steps[place].name for place in rules.path_from(found.steps, None, rules.Answers(form={"area": area}))]
    assert len(walked) == 5 + (area == 20)
    [engine] = _judged([(str(FOREIGN), {"form": {"area": area}})])
    assert engine["walked"] == walked


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("bpmn:manualTask", "bpmn:serviceTask", "“serviceTask” (Trả giấy phép cho người dân)"),
        ("form.area >= 20", "form.area &gt; 20", "“${form.area > 20}” chưa đọc được"),
        ('targetRef="Event_1a8f0cw"', 'targetRef="Activity_1d5r8uf"', "vòng lặp"),
    ],
)
def test_what_we_cannot_take_of_it_is_named(before, after, said):
    text = FOREIGN.read_text(encoding="utf-8").replace(before.replace(">", "&gt;"), after)
    assert text != FOREIGN.read_text(encoding="utf-8")
    with pytest.raises(bpmn.BpmnNotRead) as refusal:
        bpmn.read(text.encode())

    assert said in refusal.value.message()


def test_every_element_has_an_id_that_is_drawn_and_every_reference_leads_somewhere():
    root = etree.fromstring(written(branching()))
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert root.tag == model("definitions")
    assert root.get("targetNamespace")
    process = root.find(model("process"))
    nodes = [one for one in process if etree.QName(one).localname in {"startEvent", "endEvent", "userTask", "exclusiveGateway"}]
    flows = process.findall(model("sequenceFlow"))
    assert len(nodes) == 5 + 1 + 2
    for node in nodes:
        assert [one.text for one in node.findall(model("outgoing"))] == [
            f.get("id") for f in flows if f.get("sourceRef") == node.get("id")
        ]
        assert [one.text for one in node.findall(model("incoming"))] == [
            f.get("id") for f in flows if f.get("targetRef") == node.get("id")
        ]
    drawn = {one.get("bpmnElement"): one for one in root.iter(f"{{{DIAGRAM}}}BPMNShape", f"{{{DIAGRAM}}}BPMNEdge")}
    lanes = [one.get("id") for one in root.iter(model("lane"))]
    assert set(drawn) == {one.get("id") for one in [*nodes, *flows]} | {"Participant_1", *lanes}
    for name, shape in drawn.items():
        bounds = shape.find(f"{{{CANVAS}}}Bounds")
        if bounds is None:
            assert len(shape.findall(f"{{{LINES}}}waypoint")) >= 2, name
        else:
            assert all(float(bounds.get(side)) >= 0 for side in ("x", "y", "width", "height"))
    assert root.find(f".//{{{DIAGRAM}}}BPMNPlane").get("bpmnElement") == "Collaboration_1"
    assert root.find(f".//{model('participant')}").get("processRef") == process.get("id")
    gateway = process.find(model("exclusiveGateway"))
    assert gateway.get("default") in [flow.get("id") for flow in flows]
    [condition] = root.iter(model("conditionExpression"))
    assert condition.get(f"{{{XSI}}}type") == "bpmn:tFormalExpression"
    assert condition.text == "${form.form == 'electronic'}"
    assert {one.text for one in root.iter(model("flowNodeRef"))} == {node.get("id") for node in nodes}


def test_what_xml_cannot_hold_is_left_out_and_markup_stays_text():
    found = bpmn.read(written([*branching()[:-1], step("tra", "hand back results")], name="A & B <c> \x00\x0b"))

    assert found.name == "A & B <c>"


def test_a_file_of_another_tool_is_read_and_what_it_does_not_say_is_guessed():
    found = bpmn.read(file())

    assert [(one.name, one.duty, one.body_kind, one.minutes) for one in found.steps] == [
        ("Nhận hồ sơ", "receive dossiers", "service_centre", 0),
        ("Thẩm định", "process dossiers", "", 0),
        ("Ký duyệt", "sign results", "people_committee", 0),
        ("Trả cho dân", "hand back results", "service_centre", 0),
    ]
    assert found.steps[0].ways == (Way(to="t3", when=Condition(field="channel", value=2)), Way(to="t2"))
    assert found.guessed == frozenset({"t1", "t2", "t3", "t4"})
    assert found.lanes["t1"] == "Bộ phận Một cửa"


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("${form.form == 'paper'}", Condition(field="form.form", value="paper")),
        ("= form.urgent = true", Condition(field="form.urgent", value=True)),
        ("form.copies >= 3", Condition(field="form.copies", op="at_least", value=3)),
        ("#{form.copies <= 3}", Condition(field="form.copies", op="at_most", value=3)),
        ('form.place != ""', Condition(field="form.place", op="answered")),
    ],
)
def test_conditions_as_others_write_them_are_read(text, condition):
    text = text.replace("<", "&lt;").replace('"', "&quot;")
    assert bpmn.read(file(PLAIN.replace("${channel == 2}", text))).steps[0].ways[0].when == condition


def test_a_choice_between_one_condition_and_the_default_needs_no_gateway():
    found = bpmn.read(file(FROM_A_TASK.replace(SECOND, "").replace("g0", "t1")))

    assert found.steps[0].ways == (Way(to="t3", when=Condition(field="channel", value=2)), Way(to="t2"))


def without(*names):
    process = PLAIN
    for name in names:
        assert name in process
        process = process.replace(name, "")
    return process


# The only line from a task, with a condition; a condition of ours with a value of another kind; choices without a gateway.
ASKED = PLAIN.replace(
    '<sequenceFlow id="f5" sourceRef="t2" targetRef="t3"/>',
    '<sequenceFlow id="f5" name="Nếu gửi qua mạng" sourceRef="t2" targetRef="t3"><conditionExpression> </conditionExpression>'
    "</sequenceFlow>",
)
OURS_ASKS = PLAIN.replace(
    "<conditionExpression>${channel == 2}</conditionExpression>",
    f'<extensionElements><o:condition xmlns:o="{OURS}" field="form.copies" op="at_least" value="{{value}}" type="{{type}}"/>'
    "</extensionElements>",
)
SECOND = (
    '<sequenceFlow id="f8" sourceRef="g0" targetRef="t4">'
    "<conditionExpression>${channel == 3}</conditionExpression></sequenceFlow>"
)
FROM_A_TASK = (
    without('<exclusiveGateway id="g" default="f4"/>', '<sequenceFlow id="f2" sourceRef="t1" targetRef="g"/>')
    .replace('sourceRef="g"', 'sourceRef="g0"')
    .replace('<task id="t1"', '<task id="t1" default="f4"')
    .replace("</process>", f"{SECOND}</process>")
)

LAUGHS = (
    "<!DOCTYPE l [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{'&' + chr(97 + n) + ';'}{'&' + chr(97 + n) + ';'}'>" for n in range(20))
    + "]>"
)
EXTERNAL = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "XML"),
        (b"PK\x03\x04", "XML"),
        (b"\xff\xfe\x00", "XML"),
        (b"\x89PNG\r\n\x1a\n\xff", "UTF-8"),
        (b"<html></html>", "không phải BPMN 2.0"),
        (b"<definitions/>", "không phải BPMN 2.0"),
        (b"<a><b></a>", "không phải XML"),
        (file(before=LAUGHS, process=PLAIN.replace("Thẩm định", "&u;")), "DTD hoặc thực thể"),
        (file(before=EXTERNAL, process=PLAIN.replace("Thẩm định", "&x;")), "DTD hoặc thực thể"),
        (file(before="<!DOCTYPE definitions>"), "DTD hoặc thực thể"),
        (("\ufeff" + file(before=EXTERNAL).decode()).encode("utf-16"), "DTD hoặc thực thể"),
        (file(process=PLAIN.replace("Thẩm định", "&undeclared;")), "không phải XML"),
        (b" " * (bpmn.MOST_BYTES + 1), "1 MB"),
        (file(process="<process id='P'>" + "<documentation>" * 200 + "</documentation>" * 200 + "</process>"), "lồng quá sâu"),
        (file(process=PLAIN.replace("<startEvent", "<documentation/>" * 6000 + "<startEvent")), "quá nhiều phần tử"),
        (file(process="<process id='P'/>"), "không có quy trình"),
        (file(after=PLAIN.replace('id="', 'id="z')), "nhiều quy trình"),
        (file(PLAIN.replace('id="t2"', 'id="t1"')), "dùng cho hai"),
        (file(PLAIN.replace('id="t2" name', "name")), "không có mã"),
        (file(PLAIN.replace('targetRef="t4"', 'targetRef="zz"')), "không nối"),
        (file(PLAIN.replace('targetRef="t4"', 'targetRef="t2"')), "vòng lặp"),
        (file(without('<startEvent id="s"/>', '<sequenceFlow id="f1" sourceRef="s" targetRef="t1"/>')), "bắt đầu"),
        (file(without('<endEvent id="e"/>', '<sequenceFlow id="f7" sourceRef="t4" targetRef="e"/>')), "kết thúc"),
        (file(without('<sequenceFlow id="f5" sourceRef="t2" targetRef="t3"/>')), "không có đường đi tiếp"),
        (file(PLAIN.replace('targetRef="t3"/>', 'targetRef="e"/>')), "cùng một công việc cuối"),
        (file(PLAIN.replace("${channel == 2}", "__import__('os').system('x')")), "chưa đọc được"),
        (file(PLAIN.replace("${channel == 2}", "")), "hai hướng không có điều kiện"),
        (file(PLAIN.replace("exclusiveGateway", "parallelGateway")), "parallelGateway"),
        (file(PLAIN.replace('<task id="t3" name="Ký duyệt"/>', '<subProcess id="t3" name="Ký duyệt"/>')), "subProcess"),
        (file(PLAIN.replace('<startEvent id="s"/>', '<startEvent id="s"><timerEventDefinition/></startEvent>')), "timerEvent"),
        (file(PLAIN.replace(' name="Thẩm định"', "")), "chưa có tên"),
        (file(PLAIN.replace('targetRef="g"', 'targetRef="t2"').replace('sourceRef="g"', 'sourceRef="t1"')), "cùng lúc"),
        (file(ASKED.replace("> <", ">channel == 2<")), "“Nếu gửi qua mạng” là đường đi duy nhất từ “Thẩm định”"),
        (file(ASKED.replace("> <", ">ai biết<")), "“Nếu gửi qua mạng” là đường đi duy nhất từ “Thẩm định”"),
        (file(OURS_ASKS.format(type="integer", value="12.5")), "“form.copies at_least 12.5” chưa đọc được"),
        (file(OURS_ASKS.format(type="integer", value="-5")), "“form.copies at_least -5” chưa đọc được"),
        (file(OURS_ASKS.format(type="boolean", value="1")), "“form.copies at_least 1” chưa đọc được"),
        (file(FROM_A_TASK.replace("g0", "t1")), "Từ “Nhận hồ sơ” có nhiều đường đi cùng lúc"),
        (file(FROM_A_TASK.replace("g0", "t1").replace(' default="f4"', "")), "Từ “Nhận hồ sơ” có nhiều đường đi cùng lúc"),
        (file(FROM_A_TASK.replace(SECOND, "").replace("g0", "t1").replace(' default="f4"', "")), "cùng lúc"),
    ],
)
def test_what_is_hostile_or_cannot_run_is_refused_with_a_sentence(data, said):
    began = time.monotonic()
    with pytest.raises(bpmn.BpmnNotRead) as refusal:
        bpmn.read(data)

    assert said in refusal.value.message()
    assert refusal.value.status == 422
    assert time.monotonic() - began < 2


def test_many_gateways_in_a_row_do_not_blow_up():
    gates = 70
    process = (
        '<process id="P"><startEvent id="s"/><task id="t" name="A"/><task id="u" name="B"/><endEvent id="e"/>'
        + "".join(f'<exclusiveGateway id="g{n}"/>' for n in range(gates + 1))
        + '<sequenceFlow id="a" sourceRef="s" targetRef="t"/><sequenceFlow id="b" sourceRef="t" targetRef="g0"/>'
        + "".join(
            f'<sequenceFlow id="x{n}" sourceRef="g{n}" targetRef="g{n + 1}"/>'
            f'<sequenceFlow id="y{n}" sourceRef="g{n}" targetRef="g{n + 1}">'
            "<conditionExpression>channel == 2</conditionExpression></sequenceFlow>"
            for n in range(gates)
        )
        + f'<sequenceFlow id="z" sourceRef="g{gates}" targetRef="u"/>'
        + '<sequenceFlow id="w" sourceRef="u" targetRef="e"/></process>'
    )
    try:
        assert len(bpmn.read(file(process)).steps) == 2
    except bpmn.BpmnNotRead as refusal:
        assert refusal.message()


def test_notes_on_the_drawing_are_left_aside_by_name():
    found = bpmn.read(
        file(PLAIN.replace("</process>", '<textAnnotation id="n"/><dataObjectReference id="d" name="Đơn"/></process>'))
    )

    assert found.ignored == ("textAnnotation", "Đơn")


def test_other_pools_without_content_do_not_matter():
    pools = '<collaboration id="C"><participant id="A" name="Dân"/><participant id="B" processRef="P"/></collaboration>'
    assert len(bpmn.read(file(after=pools)).steps) == 4
    assert way("x").when is None
