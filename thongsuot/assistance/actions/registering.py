"""The register of who may help: agents and their people, volunteers, lawyers; one by one, or all of a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.assistance import events
from thongsuot.assistance.actions import errors
from thongsuot.assistance.actions.common import name_of, phone_of, refuse, save_once, words_of
from thongsuot.assistance.facts import AgentFacts, HelperFacts
from thongsuot.assistance.models import Agent, Helper
from thongsuot.assistance.rules import ARRANGE, LEAD_AID
from thongsuot.assistance.sheets import COLUMNS, Line, read_line
from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.table_rows import judged, rows_in, told_by_row
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.codes import new_code
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.periods import in_force, not_over
from thongsuot.kernel.text import one_line, search_key
from thongsuot.people import actions as people
from thongsuot.people.models import Person
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

MOST_ROWS = 10_000


def duty_for(kind: str) -> str:
    """Lawyers are arranged by who leads legal aid, all others by who manages helpers."""
    return LEAD_AID if kind == Helper.Kind.LAWYER else ARRANGE


@command
def register_agent(unit_id: int, facts: AgentFacts, *, valid_from: date, actor: Actor, at: datetime) -> Agent:
    """Raises NotYourDuty, UnitNotFound, BadInput."""
    actor.must(ARRANGE, unit_id=unit_id)
    must_exist(Unit.objects.filter(in_force(timezone.localdate(at)), pk=unit_id, level=Unit.Level.COMMUNE).first())
    said = _clean_agent(facts)
    if _same_agent(said["decision_number"], said["name"], from_day=max(valid_from, timezone.localdate(at))) is not None:
        raise _agent_there()
    agent = Agent(unit_id=unit_id, valid_from=valid_from, **said)
    save_once(agent, _agent_there())
    record(events.AGENT_REGISTERED, agent, actor=actor, at=at, unit_id=unit_id, decision=agent.decision_number)
    return agent


@command
def change_agent(agent_id: int, facts: AgentFacts, *, actor: Actor, at: datetime) -> Agent:
    """Raises NotFound, NotYourDuty, BadInput."""
    agent = _agent(agent_id, actor)
    said = _clean_agent(facts)
    changed = sorted(name for name, value in said.items() if getattr(agent, name) != value)
    for name in changed:
        setattr(agent, name, said[name])
    save_once(agent, _agent_there())
    record(events.AGENT_CHANGED, agent, actor=actor, at=at, unit_id=agent.unit_id, changed=changed)
    return agent


@command
def suspend_agent(agent_id: int, *, actor: Actor, at: datetime) -> Agent:
    """None of its people helps until it is resumed; what they do right now they finish.

    Raises NotFound, NotYourDuty, AgentNotInThatState.
    """
    agent = _agent(agent_id, actor)
    if agent.suspended_at is not None or agent.is_past(timezone.localdate(at)):
        raise errors.AgentNotInThatState
    agent.suspended_at = at
    agent.save(update_fields=["suspended_at"])
    record(events.AGENT_SUSPENDED, agent, actor=actor, at=at, unit_id=agent.unit_id)
    return agent


@command
def resume_agent(agent_id: int, *, actor: Actor, at: datetime) -> Agent:
    """Raises NotFound, NotYourDuty, AgentNotInThatState."""
    agent = _agent(agent_id, actor)
    if agent.suspended_at is None or agent.is_past(timezone.localdate(at)):
        raise errors.AgentNotInThatState
    agent.suspended_at = None
    agent.save(update_fields=["suspended_at"])
    record(events.AGENT_RESUMED, agent, actor=actor, at=at, unit_id=agent.unit_id)
    return agent


@command
def end_agent(agent_id: int, *, on: date, actor: Actor, at: datetime) -> Agent:
    """No longer registered from that day on, nor are its people. A day that has not come is said anew the same way.

    Who has an end of their own keeps it: they help for as long as the agent runs at most (is_ready).
    Raises NotFound, NotYourDuty, AgentNotInThatState, BadInput.
    """
    agent = _agent(agent_id, actor)
    if agent.is_past(timezone.localdate(at)):
        raise errors.AgentNotInThatState
    with_it, agent.valid_to = _ending_with(agent), _end_of(agent, on)
    save_once(agent, _agent_there())
    for helper in agent.helpers.select_for_update().filter(Q(pk__in=with_it) | Q(valid_to=None)).order_by("pk"):
        _end(helper, max(on, helper.valid_from), actor, at)
    record(events.AGENT_ENDED, agent, actor=actor, at=at, unit_id=agent.unit_id, on=on)
    return agent


@command
def keep_agent(agent_id: int, *, actor: Actor, at: datetime) -> Agent:
    """An end that has not come is withdrawn, and that of its people who were to end with it.

    Raises NotFound, NotYourDuty, AgentNotInThatState, BadInput.
    """
    agent = _agent(agent_id, actor)
    if agent.valid_to is None or agent.is_past(timezone.localdate(at)):
        raise errors.AgentNotInThatState
    with_it, agent.valid_to = _ending_with(agent), None
    save_once(agent, _agent_there("on"))
    for helper in agent.helpers.select_for_update().filter(pk__in=with_it).order_by("pk"):
        _kept(helper, actor, at)
    record(events.AGENT_KEPT, agent, actor=actor, at=at, unit_id=agent.unit_id)
    return agent


def _ending_with(agent: Agent) -> list[int]:
    """Of its people those who end on the very day it does."""
    ends = agent.valid_to
    rows = agent.helpers.exclude(valid_to=None).values_list("pk", "valid_from", "valid_to")
    return [pk for pk, begins, one_ends in rows if ends is not None and one_ends == max(ends, begins)]


def _agent_there(field: str = "decision_number") -> BadInput:
    return BadInput({field: _("Đại lý này đã có trong sổ với cùng số quyết định. Hãy sửa dòng đã có.")})


def _same_agent(decision_number: str, name: str, *, from_day: date) -> Agent | None:
    rows = Agent.objects.filter(not_over(from_day), decision_number=decision_number, name=name)
    return rows.order_by("-pk").first()


def _helper_there(field: str = "email") -> BadInput:
    return BadInput({field: _("Người này đã có trong danh sách. Hãy sửa dòng đã có.")})


@command
def add_helper(unit_id: int, facts: HelperFacts, *, valid_from: date, actor: Actor, at: datetime) -> Helper:
    """With an account of their own: the one of the address, if it bears the same name, or a new one without a password.

    unit_id   whose volunteer; of an agent's person the agent's counts, of a lawyer the city
    Raises NotFound, NotYourDuty, BadInput.
    """
    problems: dict[str, str] = {}
    today = timezone.localdate(at)
    kind = facts.kind if facts.kind in Helper.Kind.values else ""
    agent = Agent.objects.filter(not_over(today), pk=facts.agent_id or 0).first() if kind == Helper.Kind.AGENT else None
    if not kind:
        problems["kind"] = _("Hãy chọn một loại trong danh sách.")
    elif kind == Helper.Kind.AGENT and agent is None:
        problems["agent"] = _("Hãy chọn đại lý đang đăng ký mà người này làm việc.")
    if agent is not None:
        unit_id = agent.unit_id
    elif kind == Helper.Kind.LAWYER:
        unit_id = units.city_of(unit_id)
    actor.must(duty_for(kind), unit_id=unit_id)
    said = _clean_helper(facts, problems)
    email = one_line(facts.email).lower()
    if not is_email(email):
        problems["email"] = _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")
    phone = phone_of(facts.phone, "phone", problems, required=False)
    known = Person.objects.filter(email=email).exclude(email="").first() if "email" not in problems else None
    if known is not None and known.search_name != search_key(said["full_name"]):
        problems["email"] = _("Địa chỉ này là của một tài khoản mang tên khác. Hãy xem lại tên và địa chỉ.")
    there_then = not_over(max(valid_from, today))
    if known is not None and Helper.objects.filter(there_then, person=known, kind=kind).exists():
        problems |= _helper_there().problems
    refuse(problems)
    person = known or people.register_citizen(
        email=email, full_name=said["full_name"], phone=phone, password=None, email_verified=True, actor=actor, at=at
    )
    helper = Helper(
        number=new_code("TG", letters=6),
        kind=kind,
        unit_id=unit_id,
        agent=agent,
        person=person,
        valid_from=valid_from,
        valid_to=max(agent.valid_to, valid_from) if agent and agent.valid_to else None,
        **said,
    )
    save_once(helper, _helper_there())
    record(events.HELPER_ADDED, helper, actor=actor, at=at, unit_id=unit_id, helper_kind=kind, number=helper.number)
    return helper


@command
def change_helper(helper_id: int, facts: HelperFacts, *, actor: Actor, at: datetime) -> Helper:
    """What they may do, training, names; never whose account it is. Raises NotFound, NotYourDuty, BadInput."""
    helper = _helper(helper_id, actor)
    problems: dict[str, str] = {}
    said = _clean_helper(facts, problems, kind=helper.kind)
    refuse(problems)
    changed = sorted(name for name, value in said.items() if getattr(helper, name) != value)
    for name in changed:
        setattr(helper, name, said[name])
    helper.save()
    record(events.HELPER_CHANGED, helper, actor=actor, at=at, unit_id=helper.unit_id, changed=changed)
    return helper


@command
def end_helper(helper_id: int, *, on: date, actor: Actor, at: datetime) -> Helper:
    """From that day on; a day that has not come is said anew the same way.

    Raises NotFound, NotYourDuty, HelperNotInThatState, BadInput.
    """
    helper = _helper(helper_id, actor)
    if helper.is_past(timezone.localdate(at)):
        raise errors.HelperNotInThatState
    return _end(helper, _end_of(helper, on), actor, at)


@command
def keep_helper(helper_id: int, *, actor: Actor, at: datetime) -> Helper:
    """An end that has not come is withdrawn; of an agent's person while the agent has none itself.

    Raises NotFound, NotYourDuty, HelperNotInThatState, BadInput.
    """
    helper = _helper(helper_id, actor)
    if helper.valid_to is None or helper.is_past(timezone.localdate(at)):
        raise errors.HelperNotInThatState
    if helper.agent is not None and helper.agent.valid_to is not None:
        raise BadInput({"on": _("Đại lý của người này đã ghi ngày thôi. Hãy sửa ở trang của đại lý.")})
    return _kept(helper, actor, at)


def _kept(helper: Helper, actor: Actor, at: datetime) -> Helper:
    helper.valid_to = None
    save_once(helper, _helper_there("on"))
    record(events.HELPER_KEPT, helper, actor=actor, at=at, unit_id=helper.unit_id)
    return helper


def _end(helper: Helper, on: date, actor: Actor, at: datetime) -> Helper:
    helper.valid_to = on
    helper.save(update_fields=["valid_to"])
    record(events.HELPER_ENDED, helper, actor=actor, at=at, unit_id=helper.unit_id, on=on)
    return helper


@command
def import_register(city_id: int, content: bytes | Readable, *, name: str, actor: Actor, at: datetime) -> list[Helper]:
    """All rows of a list of agents with their people, volunteers and lawyers, or none. Who is there already is refused.

    Raises NotYourDuty, RowsRefused, NotATable and what `files.actions.store` refuses.
    """
    actor.must(ARRANGE, unit_id=city_id)
    stored = store(content, name=name, actor=actor, at=at, purpose="assistance.register", rule=TABLE_RULE)
    rows = rows_in(stored, COLUMNS, most_rows=MOST_ROWS)
    lines, day = judged(rows, COLUMNS, read_line), timezone.localdate(at)
    communes = {row.code: row.id for row in units.units_under(city_id, as_of=day)}
    added: list[Helper] = []
    wrong: dict[str, str] = {}
    for place, line in enumerate(lines):
        try:
            added.append(_add_line(line, city_id, communes, day, actor, at))
        except BadInput as refusal:
            wrong |= {f"{place}.{key}": sentence for key, sentence in refusal.problems.items()}
    with told_by_row(rows, COLUMNS):
        refuse(wrong)
    return added


_AGENT_COLUMNS = {"name": "agent", "phone": "agent_phone"}


def _add_line(line: Line, city_id: int, communes: Mapping[str, int], day: date, actor: Actor, at: datetime) -> Helper:
    is_lawyer = line.kind == Helper.Kind.LAWYER
    if is_lawyer and not actor.may(LEAD_AID, unit_id=city_id):
        raise BadInput({"kind": _("Luật sư do người phụ trách trợ giúp pháp lý ghi. Hãy bỏ dòng này và gửi danh sách cho họ.")})
    unit_id = city_id if is_lawyer else communes.get(line.unit)
    if unit_id is None:
        raise BadInput({"unit": _("Không có phường, xã nào của thành phố mang mã này.")})
    agent = None
    if line.kind == Helper.Kind.AGENT:
        try:
            agent = _same_agent(line.agent.decision_number, line.agent.name, from_day=day) or register_agent(
                unit_id, line.agent, valid_from=day, actor=actor, at=at
            )
        except BadInput as refusal:
            raise BadInput({_AGENT_COLUMNS.get(key, key): says for key, says in refusal.problems.items()}) from None
    facts = HelperFacts(kind=line.kind, agent_id=agent.pk if agent else None, **line.helper)
    return add_helper(unit_id, facts, valid_from=day, actor=actor, at=at)


def _clean_agent(facts: AgentFacts) -> dict[str, Any]:
    problems: dict[str, str] = {}
    said = {
        "name": name_of(facts.name, "name", problems),
        "address": words_of(facts.address, "address", problems, most=300),
        "hours": words_of(facts.hours, "hours", problems, most=200),
        "phone": phone_of(facts.phone, "phone", problems),
        "decision_number": words_of(facts.decision_number, "decision_number", problems, most=60),
        "decided_on": facts.decided_on,
    }
    refuse(problems)
    return said


def _clean_helper(facts: HelperFacts, problems: dict[str, str], *, kind: str = "") -> dict[str, Any]:
    kind = kind or facts.kind
    helps = kind != Helper.Kind.LAWYER
    said = {
        "full_name": name_of(facts.full_name, "full_name", problems),
        "organisation": words_of(facts.organisation, "organisation", problems, most=200, required=False),
        "bar_number": "" if helps else words_of(facts.bar_number, "bar_number", problems, most=30),
        "training": words_of(facts.training, "training", problems, most=120, required=False),
        "trained_on": facts.trained_on,
        "may_scan": helps and facts.may_scan,
        "may_submit": helps and facts.may_submit,
        "is_head": kind == Helper.Kind.AGENT and facts.is_head,
    }
    if said["trained_on"] is not None and not said["training"]:
        problems["training"] = _("Đã ghi ngày tập huấn thì ghi cả số giấy chứng nhận.")
    return said


def _end_of(row: Agent | Helper, on: date) -> date:
    if on < row.valid_from:
        raise BadInput({"on": _("Ngày này ở trước ngày bắt đầu. Hãy xem lại.")})
    return on


def _agent(agent_id: int, actor: Actor) -> Agent:
    agent = must_exist(Agent.objects.select_for_update().filter(pk=agent_id).first())
    actor.must(ARRANGE, unit_id=agent.unit_id)
    return agent


def _helper(helper_id: int, actor: Actor) -> Helper:
    helper = must_exist(Helper.objects.select_for_update().filter(pk=helper_id).first())
    actor.must(duty_for(helper.kind), unit_id=helper.unit_id)
    return helper
