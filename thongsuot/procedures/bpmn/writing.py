"""A process as a BPMN 2.0 file with its diagram: a pool, a lane for each office, user tasks, exclusive gateways, conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from thongsuot.procedures import words
from thongsuot.procedures.bpmn.names import CANVAS, DIAGRAM, LINES, PREFIXES, XSI, model, ours, plain
from thongsuot.procedures.content import Condition, Step, Way
from thongsuot.procedures.drawing import Drawing, Edge, Node, drawn
from thongsuot.procedures.picture import duty_words
from thongsuot.procedures.rules import ConditionField, ways_from

POOL_HEAD = 30  # the strip with the name of the pool, and another with that of the lane
TASK, FORK, EVENT = (180, 90), (50, 50), (36, 36)
LANE = 120
_SIGNS = {"is": "==", "is_not": "!=", "at_least": ">=", "at_most": "<="}


@dataclass(frozen=True, kw_only=True)
class _Flow:
    """A line of the file. `way`: the way of the step it stands for, None for lines that BPMN needs besides."""

    id: str
    source: str
    target: str
    way: Way | None = None


def written(steps: Sequence[Step], fields: Mapping[str, ConditionField], *, code: str, name: str) -> bytes:
    """The file. Ids are made here and unique; names of steps, duties, times and conditions are repeated in `ts:` elements."""
    lanes = list(dict.fromkeys(step.lane for step in steps))
    flows, forks = _flows(steps)
    root = etree.Element(
        model("definitions"),
        nsmap=PREFIXES,
        id="Definitions_1",
        targetNamespace="urn:thongsuot:procedures",
        exporter="Thông Suốt",
        exporterVersion="1",
    )
    pool = etree.SubElement(root, model("collaboration"), id="Collaboration_1")
    etree.SubElement(pool, model("participant"), id="Participant_1", name=plain(f"{code} {name}"[:300]), processRef="Process_1")
    process = etree.SubElement(root, model("process"), id="Process_1", name=plain(name[:300]), isExecutable="false")
    nodes = _nodes(steps, forks, lanes)
    _lanes(process, lanes, nodes)
    _start(process, flows)
    for place, step in enumerate(steps):
        _task(process, place, step, flows)
        if place in forks:
            _fork(process, place, flows)
    _end(process, flows)
    for flow in flows:
        _line(process, flow, fields)
    plan = drawn(
        nodes,
        [Edge(id=flow.id, source=flow.source, target=flow.target) for flow in flows],
        lanes=len(lanes),
        breadth=LANE,
        head=2 * POOL_HEAD + 6,
        down=False,
    )
    _diagram(root, plan, len(lanes))
    etree.indent(root, space="  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _flows(steps: Sequence[Step]) -> tuple[list[_Flow], set[int]]:
    """Every line, and the steps behind which a gateway stands: those with more than one way."""
    places = {step.key: place for place, step in enumerate(steps)}
    flows = [_Flow(id="Flow_start", source="StartEvent_1", target="Task_1")]
    forks: set[int] = set()
    for place in range(len(steps)):
        ways = [way for way in ways_from(steps, place) if way.to in places]
        source = f"Task_{place + 1}"
        if len(ways) > 1:
            forks.add(place)
            flows.append(_Flow(id=f"Flow_{place + 1}", source=source, target=f"Gateway_{place + 1}"))
            source = f"Gateway_{place + 1}"
        for number, way in enumerate(ways, start=1):
            target = f"Task_{places[way.to] + 1}"
            flows.append(
                _Flow(id=f"Flow_{place + 1}_{number}", source=source, target=target, way=way if len(ways) > 1 else None)
            )
        if not ways:
            flows.append(_Flow(id=f"Flow_{place + 1}_end", source=source, target="EndEvent_1"))
    return flows, forks


def _nodes(steps: Sequence[Step], forks: set[int], lanes: Sequence[tuple[str, str]]) -> list[Node]:
    first, last = lanes.index(steps[0].lane), lanes.index(steps[-1].lane)
    nodes = [Node(id="StartEvent_1", lane=first, length=EVENT[0], breadth=EVENT[1])]
    for place, step in enumerate(steps):
        lane = lanes.index(step.lane)
        nodes.append(Node(id=f"Task_{place + 1}", lane=lane, length=TASK[0], breadth=TASK[1]))
        if place in forks:
            nodes.append(Node(id=f"Gateway_{place + 1}", lane=lane, length=FORK[0], breadth=FORK[1]))
    return [*nodes, Node(id="EndEvent_1", lane=last, length=EVENT[0], breadth=EVENT[1])]


def _lanes(process: etree._Element, lanes: Sequence[tuple[str, str]], nodes: Sequence[Node]) -> None:
    group = etree.SubElement(process, model("laneSet"), id="LaneSet_1")
    for place, (agency, body_kind) in enumerate(lanes):
        name = plain(words.lane_words((agency, body_kind)))
        lane = etree.SubElement(group, model("lane"), id=f"Lane_{place + 1}", name=name)
        extra = etree.SubElement(lane, model("extensionElements"))
        whose = {"agency": plain(agency)} if agency else {"bodyKind": plain(body_kind)}
        etree.SubElement(extra, ours("lane"), whose)
        for node in nodes:
            if node.lane == place:
                etree.SubElement(lane, model("flowNodeRef")).text = node.id


def _ends(node: etree._Element, name: str, flows: Sequence[_Flow]) -> None:
    for flow in flows:
        if flow.target == name:
            etree.SubElement(node, model("incoming")).text = flow.id
    for flow in flows:
        if flow.source == name:
            etree.SubElement(node, model("outgoing")).text = flow.id


def _start(process: etree._Element, flows: Sequence[_Flow]) -> None:
    _ends(etree.SubElement(process, model("startEvent"), id="StartEvent_1"), "StartEvent_1", flows)


def _end(process: etree._Element, flows: Sequence[_Flow]) -> None:
    _ends(etree.SubElement(process, model("endEvent"), id="EndEvent_1"), "EndEvent_1", flows)


def _task(process: etree._Element, place: int, step: Step, flows: Sequence[_Flow]) -> None:
    task = etree.SubElement(process, model("userTask"), id=f"Task_{place + 1}", name=plain(step.name))
    about = etree.SubElement(task, model("documentation"))
    about.text = plain(f"{duty_words(step.duty)}; {words.step_words(step)}")
    extra = etree.SubElement(task, model("extensionElements"))
    # What only a few steps have stands only there.
    of_partners = {
        "agency": plain(step.agency),
        "asksPayment": "true" if step.asks_payment else "",
        "silenceBasis": plain(step.silence_basis),
    }
    etree.SubElement(
        extra,
        ours("step"),
        {name: value for name, value in of_partners.items() if value},
        key=plain(step.key),
        duty=plain(step.duty),
        minutes=str(step.minutes),
        counted="true" if step.counted else "false",
        bodyKind=plain(step.body_kind),
        opinions="true" if step.parallel_opinions else "false",
    )
    _ends(task, f"Task_{place + 1}", flows)


def _fork(process: etree._Element, place: int, flows: Sequence[_Flow]) -> None:
    name = f"Gateway_{place + 1}"
    fork = etree.SubElement(process, model("exclusiveGateway"), id=name, gatewayDirection="Diverging")
    otherwise = next((flow for flow in flows if flow.source == name and flow.way and flow.way.when is None), None)
    if otherwise is not None:
        fork.set("default", otherwise.id)
    _ends(fork, name, flows)


def _line(process: etree._Element, flow: _Flow, fields: Mapping[str, ConditionField]) -> None:
    line = etree.SubElement(process, model("sequenceFlow"), id=flow.id, sourceRef=flow.source, targetRef=flow.target)
    when = flow.way.when if flow.way else None
    if when is None:
        return
    line.set("name", plain(words.condition_words(when, fields)))
    extra = etree.SubElement(line, model("extensionElements"))
    kind = "boolean" if isinstance(when.value, bool) else "integer" if isinstance(when.value, int) else "text"
    value = str(when.value).lower() if isinstance(when.value, bool) else str(when.value)
    etree.SubElement(extra, ours("condition"), field=plain(when.field), op=when.op, value=plain(value), type=kind)
    condition = etree.SubElement(line, model("conditionExpression"))
    condition.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
    condition.text = "${" + plain(expression(when)) + "}"


def expression(when: Condition) -> str:
    """The condition as other engines write theirs: form.result_form == 'electronic'."""
    if when.op in ("answered", "not_answered"):
        return f"{when.field} {'!=' if when.op == 'answered' else '=='} ''"
    if isinstance(when.value, bool):
        value = "true" if when.value else "false"
    else:
        value = str(when.value) if isinstance(when.value, int) else "'" + when.value.replace("'", "’") + "'"
    return f"{when.field} {_SIGNS[when.op]} {value}"


def _diagram(root: etree._Element, plan: Drawing, lanes: int) -> None:
    diagram = etree.SubElement(root, f"{{{DIAGRAM}}}BPMNDiagram", id="Diagram_1")
    plane = etree.SubElement(diagram, f"{{{DIAGRAM}}}BPMNPlane", id="Plane_1", bpmnElement="Collaboration_1")
    _shape(plane, "Participant_1", 0, 0, plan.width, plan.height, pool=True)
    for place in range(lanes):
        box = plan.lanes[place]
        _shape(plane, f"Lane_{place + 1}", POOL_HEAD, box.y, plan.width - POOL_HEAD, box.height, pool=True)
    for name, box in plan.boxes.items():
        _shape(plane, name, box.x, box.y, box.width, box.height)
    for name, points in plan.lines.items():
        edge = etree.SubElement(plane, f"{{{DIAGRAM}}}BPMNEdge", id=f"{name}_di", bpmnElement=name)
        for x, y in points:
            etree.SubElement(edge, f"{{{LINES}}}waypoint", x=str(x), y=str(y))


def _shape(plane: etree._Element, name: str, x: int, y: int, width: int, height: int, *, pool: bool = False) -> None:
    shape = etree.SubElement(plane, f"{{{DIAGRAM}}}BPMNShape", id=f"{name}_di", bpmnElement=name)
    if pool:
        shape.set("isHorizontal", "true")
    if name.startswith("Gateway"):
        shape.set("isMarkerVisible", "true")
    etree.SubElement(shape, f"{{{CANVAS}}}Bounds", x=str(x), y=str(y), width=str(width), height=str(height))
