"""A BPMN 2.0 file as steps, from us or from other tools. Nothing in it is trusted: no entity, no network, all sizes capped.

Read: one process with a start, an end, tasks that people do, exclusive gateways, flows with conditions, lanes. What else a
process could do (wait for messages, run scripts, split into parallel work) we cannot do: such files are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from django.utils.translation import gettext as _
from lxml import etree

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import nfc, one_line, search_key, slug
from thongsuot.procedures import words
from thongsuot.procedures.bpmn.names import MODEL, OURS, model, ours
from thongsuot.procedures.content import Condition, Operator, Step, Way
from thongsuot.procedures.rules import DUTIES, MOST_STEPS, MOST_WAYS, tidy

MOST_BYTES = 1_000_000
MOST_ELEMENTS = 5_000
MOST_DEPTH = 30
MOST_MINUTES = 10_000_000

_TASKS = frozenset({"task", "userTask", "manualTask"})
_NODES = _TASKS | {"startEvent", "endEvent", "exclusiveGateway"}
_SAID = frozenset({"laneSet", "documentation", "extensionElements", "sequenceFlow"})
# Notes and papers on the drawing: they change no way.
_IGNORED = frozenset(
    {"textAnnotation", "association", "group", "dataObject", "dataObjectReference", "dataStoreReference", "property"}
)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_EXPRESSION = re.compile(
    r"""\s*(?:[$\#]\{|=)?\s*([A-Za-z_][\w.]*)\s*(==|=|!=|>=|<=)\s*('[^']*'|"[^"]*"|\d{1,13}|true|false)\s*\}?\s*""", re.ASCII
)
_OPS: dict[str, Operator] = {"==": "is", "=": "is", "!=": "is_not", ">=": "at_least", "<=": "at_most"}
_SHAPES = {"boolean": re.compile("true|false"), "integer": re.compile("[0-9]{1,13}")}
_OPERATORS = frozenset({"is", "is_not", "at_least", "at_most", "answered", "not_answered"})


class BpmnNotRead(TellPerson):
    """The file is no process we can run; the reason is a sentence."""

    code = "procedures.bpmn_not_read"
    status = 422

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def message(self) -> str:
        return self.reason


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a file says. Steps as far as they could be read: what a file of another tool leaves open is to be completed.

    lanes    the name of the lane of each step, by key; empty without lanes
    guessed  keys of steps whose duty was not written but guessed from their name and place
    ignored  what was left out, by name
    """

    name: str
    steps: tuple[Step, ...]
    lanes: dict[str, str]
    guessed: frozenset[str]
    ignored: tuple[str, ...]


def read(data: bytes) -> Read:
    """Raises BpmnNotRead."""
    root = _root(data)
    process = _process(root)
    ignored = _known_parts(process)
    graph = _Graph(process)
    order = graph.in_order()
    lanes, desks = _lanes(process)
    keys = _keys(order)
    steps, guessed = [], set()
    for place, task in enumerate(order):
        task_id = task.get("id", "")
        said = task.find(f"{model('extensionElements')}/{ours('step')}")
        facts = {str(key): str(value) for key, value in said.attrib.items()} if said is not None else {}
        name = one_line(nfc(task.get("name", "")))[:200]
        if not name:
            raise BpmnNotRead(
                _("Công việc “%(id)s” chưa có tên. Hãy đặt tên cho mọi công việc rồi xuất lại.") % {"id": task_id[:60]}
            )
        duty = facts.get("duty", "")
        if duty not in DUTIES:
            duty = _duty_of(name, lanes.get(task_id, ""), first=place == 0, last=place == len(order) - 1)
            guessed.add(keys[task_id])
        steps.append(
            Step(
                key=keys[task_id],
                name=name,
                duty=duty,
                minutes=_minutes(facts.get("minutes", "")),
                counted=duty != "hand back results",
                body_kind=_body_of(facts, desks.get(task_id), lanes.get(task_id, "")),
                parallel_opinions=facts.get("opinions") == "true",
                ways=graph.ways(task_id, keys),
                # A task drawn by hand into a partner's lane is the partner's.
                agency=one_line((desks.get(task_id, {}) if said is None else facts).get("agency", ""))[:40],
                asks_payment=facts.get("asksPayment") == "true",
                silence_basis=one_line(facts.get("silenceBasis", ""))[:300],
            )
        )
    return Read(
        name=one_line(nfc(process.get("name", "")))[:300],
        steps=tidy(steps),
        lanes={keys[task_id]: name for task_id, name in lanes.items() if task_id in keys},
        guessed=frozenset(guessed),
        ignored=tuple(ignored),
    )


# -- the file ----------------------------------------------------------------------------------------------------------


def _root(data: bytes) -> etree._Element:
    """The document, parsed without anything that could reach out of it or blow it up."""
    if len(data) > MOST_BYTES:
        raise BpmnNotRead(_("Tệp lớn quá 1 MB. Quy trình một thủ tục nhỏ hơn thế nhiều: hãy xuất lại từ công cụ vẽ."))
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BpmnNotRead(
            _("Tệp không phải XML dùng bảng mã UTF-8. Hãy chọn tệp .bpmn do công cụ vẽ quy trình xuất ra.")
        ) from error
    # Looked for in the text, whatever its bytes were: a parser that never sees a DTD cannot be talked into expanding it.
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise BpmnNotRead(_("Tệp có khai báo DTD hoặc thực thể. Vì an toàn, hệ thống không đọc tệp như vậy."))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_DECLARATION.sub("", text, count=1).encode("utf-8", "strict"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BpmnNotRead(_("Tệp không phải XML hợp lệ. Hãy xuất lại từ công cụ vẽ quy trình.")) from error
    if root.tag != model("definitions"):
        raise BpmnNotRead(_("Tệp không phải BPMN 2.0: phần tử gốc không phải “definitions”."))
    count = 0
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        count += 1
        if depth > MOST_DEPTH or count > MOST_ELEMENTS:
            raise BpmnNotRead(_("Tệp lồng quá sâu hoặc quá nhiều phần tử so với quy trình của một thủ tục."))
        waiting += [(child, depth + 1) for child in element]
    return root


def _process(root: etree._Element) -> etree._Element:
    """The one process with something to do in it. Pools without content are other parties: they are left aside."""
    seen: set[str] = set()
    for element in root.iter():
        name = element.get("id")
        if name is not None and name in seen:
            raise BpmnNotRead(_("Mã “%(id)s” dùng cho hai phần tử. Mỗi phần tử cần một mã riêng.") % {"id": name[:60]})
        if name is not None:
            seen.add(name)
    found = [one for one in root.findall(model("process")) if any(_local(child) in _NODES for child in one)]
    if not found:
        raise BpmnNotRead(_("Tệp không có quy trình nào có công việc."))
    if len(found) > 1:
        raise BpmnNotRead(_("Tệp có nhiều quy trình. Hãy để lại một quy trình, mỗi cơ quan là một làn (lane)."))
    return found[0]


def _known_parts(process: etree._Element) -> list[str]:
    """Names of what is left out; what would change the process is refused by name."""
    ignored = []
    for child in process:
        kind = _local(child)
        if etree.QName(child).namespace != MODEL:
            continue
        if kind in _IGNORED:
            ignored.append(child.get("name") or kind)
        elif kind not in _NODES | _SAID:
            raise BpmnNotRead(
                _("Chưa dùng được phần tử “%(kind)s”%(name)s. Chỉ đọc được công việc của người (userTask) và cổng loại trừ.")
                % {"kind": kind, "name": f" ({child.get('name', '')[:60]})" if child.get("name") else ""}
            )
        if kind in _NODES | {"sequenceFlow"} and not child.get("id"):
            raise BpmnNotRead(_("Có phần tử “%(kind)s” không có mã (id).") % {"kind": kind})
        for inner in child:
            if _local(inner).endswith("EventDefinition") or _local(inner).endswith("LoopCharacteristics"):
                raise BpmnNotRead(
                    _("Chưa dùng được “%(kind)s” trong “%(id)s”: quy trình chỉ có bắt đầu, kết thúc và công việc làm một lần.")
                    % {"kind": _local(inner), "id": child.get("id", "")[:60]}
                )
    return ignored


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


# -- the graph ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Flow:
    id: str
    target: str
    when: Condition | None
    unread: str = ""
    name: str = ""

    @property
    def is_conditional(self) -> bool:
        return self.when is not None or self.unread != ""


@dataclass
class _Graph:
    """Nodes and flows of a process. Its way from the start must reach a task, and no way may lead round."""

    process: etree._Element
    nodes: dict[str, etree._Element] = field(init=False)
    flows: dict[str, list[_Flow]] = field(init=False)
    known: dict[str, list[tuple[str | None, Condition | None]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = {child.get("id", ""): child for child in self.process if _local(child) in _NODES}
        if len(self._tasks()) > MOST_STEPS or len(self.nodes) > 4 * MOST_STEPS:
            raise BpmnNotRead(_("Quy trình có nhiều nhất %(most)s bước.") % {"most": MOST_STEPS})
        self.flows = {name: [] for name in self.nodes}
        for line in self.process.findall(model("sequenceFlow")):
            source, target = line.get("sourceRef", ""), line.get("targetRef", "")
            if source not in self.nodes or target not in self.nodes:
                raise BpmnNotRead(
                    _("Đường nối “%(id)s” không nối hai phần tử có trong quy trình.") % {"id": line.get("id", "")[:60]}
                )
            when, unread = _condition(line)
            self.flows[source].append(_Flow(line.get("id", ""), target, when, unread, _called(line)))
        starts = [name for name, node in self.nodes.items() if _local(node) == "startEvent"]
        if len(starts) != 1:
            raise BpmnNotRead(_("Quy trình cần đúng một điểm bắt đầu (startEvent)."))
        if not any(_local(node) == "endEvent" for node in self.nodes.values()):
            raise BpmnNotRead(_("Quy trình cần một điểm kết thúc (endEvent)."))
        self._no_rounds()
        firsts = self._onwards(starts[0])
        if len(firsts) != 1 or firsts[0][0] is None:
            raise BpmnNotRead(_("Sau điểm bắt đầu phải là đúng một công việc: tiếp nhận hồ sơ."))
        self.first = firsts[0][0]
        enders = [name for name in self._tasks() if any(to is None for to, _when in self._onwards(name))]
        if len(enders) != 1 or len(self._onwards(enders[0])) != 1:
            raise BpmnNotRead(_("Mọi nhánh phải về cùng một công việc cuối là trả kết quả, rồi mới kết thúc."))

    def _tasks(self) -> list[str]:
        return [name for name, node in self.nodes.items() if _local(node) in _TASKS]

    def _no_rounds(self) -> None:
        """No way leads back to where it was: an officer returns a step without a line in the drawing."""
        left = dict.fromkeys(self.nodes, 0)
        for flows in self.flows.values():
            for flow in flows:
                left[flow.target] += 1
        free = [name for name, count in left.items() if not count]
        done = 0
        while free:
            done += 1
            for flow in self.flows[free.pop()]:
                left[flow.target] -= 1
                if not left[flow.target]:
                    free.append(flow.target)
        if done != len(self.nodes):
            raise BpmnNotRead(
                _("Quy trình có vòng lặp. Việc trả lại bước trước đã có sẵn, không cần vẽ: hãy bỏ đường nối quay lại.")
            )

    def _onwards(self, name: str) -> list[tuple[str | None, Condition | None]]:
        """The tasks that may come next (None: the end), each with its condition; at most one without."""
        if name not in self.known:
            self.known[name] = self._found_onwards(name)
        return self.known[name]

    def _found_onwards(self, name: str) -> list[tuple[str | None, Condition | None]]:
        node = self.nodes[name]
        flows = self.flows[name]
        otherwise = node.get("default")
        if len(flows) == 1:
            if flows[0].is_conditional and flows[0].id != otherwise:
                raise BpmnNotRead(
                    _("“%(flow)s” là đường đi duy nhất từ “%(name)s” mà lại có điều kiện. Hãy bỏ điều kiện hoặc thêm hướng đi.")
                    % {"flow": flows[0].name, "name": _called(node)}
                )
            return self._through(flows[0].target, None)
        if flows and _local(node) != "exclusiveGateway":
            # From a task all lines whose condition holds are taken at once: only a single one beside the default is a choice.
            others = [flow for flow in flows if flow.id != otherwise]
            if len(others) != 1 or not others[0].is_conditional:
                raise BpmnNotRead(
                    _("Từ “%(name)s” có nhiều đường đi cùng lúc. Hồ sơ chỉ đi một đường: hãy dùng cổng rẽ nhánh loại trừ.")
                    % {"name": _called(node)}
                )
        free = [flow for flow in flows if not flow.is_conditional]
        found = []
        for flow in flows:
            is_default = flow.id == otherwise if otherwise else not flow.is_conditional and len(free) == 1
            if flow.unread and not is_default:
                raise BpmnNotRead(
                    _("Điều kiện “%(words)s” chưa đọc được. Hãy viết dạng: form.muc == 'gia tri', channel == 2.")
                    % {"words": flow.unread[:80]}
                )
            if flow.when is None and not is_default:
                raise BpmnNotRead(
                    _("Cổng “%(name)s” có hai hướng không có điều kiện. Chỉ một hướng được để cho các trường hợp còn lại.")
                    % {"name": _called(node)}
                )
            found += self._through(flow.target, None if is_default else flow.when)
        if not flows and _local(node) != "endEvent":
            raise BpmnNotRead(_("“%(name)s” không có đường đi tiếp.") % {"name": _called(node)})
        return found

    def _through(self, name: str, when: Condition | None) -> list[tuple[str | None, Condition | None]]:
        """A flow's target; where it is a gateway, what comes behind it. Conditions behind conditions have no place with us."""
        kind = _local(self.nodes[name])
        if kind == "endEvent":
            return [(None, when)]
        if kind != "exclusiveGateway":
            return [(name, when)]
        behind = self._onwards(name)
        if len(behind) == 1 and behind[0][1] is None:
            return [(behind[0][0], when)]
        if when is not None:
            raise BpmnNotRead(
                _("Hai cổng rẽ nhánh liền nhau ở “%(name)s”. Hãy để mỗi hướng một điều kiện ở cùng một cổng.")
                % {"name": _called(self.nodes[name])}
            )
        return behind

    def ways(self, name: str, keys: Mapping[str, str]) -> tuple[Way, ...]:
        """The ways on from a task; none from the last."""
        ways = [Way(to=keys[to], when=when) for to, when in self._onwards(name) if to is not None]
        if len(ways) > MOST_WAYS:
            raise BpmnNotRead(
                _("Bước “%(name)s” có nhiều nhất %(most)s hướng đi.") % {"name": _called(self.nodes[name]), "most": MOST_WAYS}
            )
        if ways and sum(way.when is None for way in ways) != 1:
            raise BpmnNotRead(
                _("Sau “%(name)s” cần đúng một hướng cho các trường hợp còn lại (default).")
                % {"name": _called(self.nodes[name])}
            )
        return tuple(ways)

    def in_order(self) -> list[etree._Element]:
        """The tasks so that every way leads forward; where that leaves it open, as in the file; first and last in place."""
        tasks = self._tasks()
        place = {name: number for number, name in enumerate(tasks)}
        ahead = {name: [to for to, _when in self._onwards(name) if to is not None] for name in tasks}
        last = next(name for name in tasks if not ahead[name])
        left = dict.fromkeys(tasks, 0)
        for targets in ahead.values():
            for target in targets:
                left[target] += 1

        def rank(name: str) -> tuple[int, int]:
            return (-1 if name == self.first else 1 if name == last else 0, place[name])

        free = [(rank(name), name) for name, count in left.items() if not count]
        heapify(free)
        found = []
        while free:
            _rank, name = heappop(free)
            found.append(name)
            for target in ahead[name]:
                left[target] -= 1
                if not left[target]:
                    heappush(free, (rank(target), target))
        return [self.nodes[name] for name in found]


def _called(node: etree._Element) -> str:
    return one_line(node.get("name") or node.get("id") or "")[:80]


def _condition(line: etree._Element) -> tuple[Condition | None, str]:
    """The condition of a flow: ours as data, else an expression of a simple shape; the second is what could not be read."""
    said = line.find(f"{model('extensionElements')}/{ours('condition')}")
    if said is not None:
        written_value = nfc(said.get("value", ""))[:500]
        value: bool | int | str = written_value
        shape = _SHAPES.get(said.get("type", ""))
        if shape is not None and not shape.fullmatch(written_value):
            return None, one_line(f"{said.get('field', '')} {said.get('op', '')} {written_value}")
        if said.get("type") == "boolean":
            value = written_value == "true"
        elif said.get("type") == "integer":
            value = int(written_value)
        if said.get("op") in _OPERATORS:
            return Condition(field=said.get("field", "")[:100], op=said.get("op"), value=value), ""  # type: ignore[arg-type]  # one of them, by the line above
    written = line.find(model("conditionExpression"))
    if written is None or not (written.text or "").strip():
        return None, ""
    text = nfc(written.text or "")
    match = _EXPRESSION.fullmatch(text)
    if match is None:
        return None, one_line(text)
    name, sign, value_text = match.groups()
    if value_text[0] in "'\"":
        value = value_text[1:-1]
        if value == "":
            return (
                (Condition(field=name, op="not_answered" if _OPS[sign] == "is" else "answered"), "")
                if sign in ("==", "=", "!=")
                else (None, text)
            )
    else:
        value = value_text == "true" if value_text in ("true", "false") else int(value_text)
    return Condition(field=name, op=_OPS[sign], value=value), ""


# -- what a step is ----------------------------------------------------------------------------------------------------


def _keys(tasks: list[etree._Element]) -> dict[str, str]:
    """A key for each task: the one we wrote, else its id; unique and not longer than 40."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for number, task in enumerate(tasks, start=1):
        said = task.find(f"{model('extensionElements')}/{ours('step')}")
        wanted = (said.get("key", "") if said is not None else "") or slug(task.get("id", ""))
        wanted = re.sub(r"[\x00-\x20\x7f]+", "-", wanted)[:40] or f"s{number}"
        key = wanted if wanted not in taken else next(one for one in _more(number) if one not in taken)
        taken.add(key)
        keys[task.get("id", "")] = key
    return keys


def _more(number: int) -> Iterator[str]:
    yield from (f"s{number}-{again}" for again in range(1, 1000))


def _lanes(process: etree._Element) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The lane of each node by id: its name, and the office or partner we wrote into it."""
    names: dict[str, str] = {}
    desks: dict[str, dict[str, str]] = {}
    for lane in process.iter(model("lane")):
        said = lane.find(f"{model('extensionElements')}/{{{OURS}}}lane")
        for reference in lane.findall(model("flowNodeRef")):
            node = (reference.text or "").strip()
            names[node] = one_line(nfc(lane.get("name", "")))[:100]
            if said is not None:
                desks[node] = {str(key): str(value) for key, value in said.attrib.items()}
    return names, desks


def _minutes(text: str) -> int:
    return min(int(text), MOST_MINUTES) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _body_of(facts: Mapping[str, str], of_lane: Mapping[str, str] | None, lane_name: str) -> str:
    if "bodyKind" in facts:
        return one_line(facts["bodyKind"])[:40]
    if of_lane is not None:
        return one_line(of_lane.get("bodyKind", ""))[:40]
    key = search_key(lane_name)
    return next((kind for kind, name in words.PLACES.items() if kind and search_key(str(name)) in key), "") or next(
        (kind for word, kind in _LANES.items() if word in key), ""
    )


_LANES = {
    "mot cua": "service_centre",
    "phuc vu hanh chinh": "service_centre",
    "tiep nhan": "service_centre",
    "lanh dao": "people_committee",
    "chu tich": "people_committee",
    "van thu": "office",
    "van phong": "office",
    "kinh te": "economy_office",
    "van hoa": "culture_society_office",
}
_WORDS = (
    ("tra ket qua", "hand back results"),
    ("tiep nhan", "receive dossiers"),
    ("nhan ho so", "receive dossiers"),
    ("phan cong", "assign dossiers"),
    ("giao viec", "assign dossiers"),
    ("soat xet", "review dossiers"),
    ("tham tra", "review dossiers"),
    ("kiem tra du thao", "review dossiers"),
    ("dong dau", "issue results"),
    ("vao so", "issue results"),
    ("phat hanh", "issue results"),
    ("phe duyet", "sign results"),
    (" ky ", "sign results"),
    ("lanh dao", "sign results"),
    ("van thu", "issue results"),
)


def _duty_of(name: str, lane: str, *, first: bool, last: bool) -> str:
    """The likeliest duty of a task of another tool; whoever imports sees it and may choose another."""
    if first:
        return "receive dossiers"
    if last:
        return "hand back results"
    for text in (name, lane):
        key = f" {search_key(text)} "
        found = next(
            (duty for word, duty in _WORDS if word in key and duty not in ("hand back results", "receive dossiers")), None
        )
        if found is not None:
            return found
    return "process dossiers"
