"""Processes for tests: one that branches, and whatever else can be drawn."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.text import one_line
from thongsuot.procedures import rules
from thongsuot.procedures.catalogue_files import entries
from thongsuot.procedures.content import Condition, Step, Way

RECEIVE, ASSIGN, PROCESS, REVIEW, SIGN, ISSUE, HAND_BACK = rules.DUTIES
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [],
    "properties": {
        "form": {
            "type": "string",
            "title": "Nhận kết quả",
            "enum": ["paper", "electronic"],
            "x-labels": {"paper": "Bản giấy", "electronic": "Bản điện tử"},
        },
        "urgent": {"type": "boolean", "title": "Cần gấp"},
        "copies": {"type": "integer", "title": "Số bản", "minimum": 0, "maximum": 99},
        "place": {"type": "string", "title": "Nơi đã đăng ký", "maxLength": 100},
    },
}
FIELDS = rules.condition_fields(SCHEMA)
THREE_DAYS = Limit(3, LimitUnit.WORKING_DAYS)


def step(key: str, duty: str, hours: int = 4, **more: Any) -> Step:
    counted = duty != HAND_BACK
    return Step(key=key, name=f"Bước {key}", duty=duty, minutes=hours * 60 if counted else 0, counted=counted, **more)


def way(to: str, field: str = "", value: Any = "", op: Any = "is") -> Way:
    return Way(to=to, when=Condition(field=field, op=op, value=value) if field else None)


def branching(**changes: Any) -> list[Step]:
    """Electronic copies skip the printing; the long way takes the three days. `changes`: other facts of steps by key."""
    steps = [
        step("nhan", RECEIVE, body_kind="service_centre"),
        step("lam", PROCESS, 8, body_kind="office", parallel_opinions=True),
        step("ky", SIGN, body_kind="people_committee", ways=(way("tra", "form.form", "electronic"), way("in"))),
        step("in", ISSUE, 8, body_kind="office"),
        step("tra", HAND_BACK, body_kind="service_centre"),
    ]
    return [rules.tidy([one])[0] if one.key not in changes else _changed(one, changes[one.key]) for one in steps]


def shipped(code: str) -> tuple[Step, ...]:
    """The process a procedure is shipped with, in its latest version."""
    return tuple(next(entry for entry in entries() if entry.code == code).versions[-1][1].steps)


def _changed(one: Step, change: dict[str, Any]) -> Step:
    facts = {name: getattr(one, name) for name in one.__struct_fields__}
    return Step(**{**facts, **change})


conditions = st.one_of(
    st.builds(Condition, field=st.just("channel"), op=st.sampled_from(["is", "is_not"]), value=st.integers(1, 3)),
    st.builds(Condition, field=st.just("owner_kind"), value=st.integers(1, 4)),
    st.builds(
        Condition,
        field=st.just("form.form"),
        op=st.sampled_from(["is", "is_not"]),
        value=st.sampled_from(["paper", "electronic"]),
    ),
    st.builds(Condition, field=st.just("form.urgent"), value=st.booleans()),
    st.builds(
        Condition, field=st.just("form.copies"), op=st.sampled_from(["at_least", "at_most", "is"]), value=st.integers(0, 5)
    ),
    st.builds(Condition, field=st.just("form.place"), op=st.sampled_from(["answered", "not_answered"])),
)

answers = st.builds(
    rules.Answers,
    channel=st.integers(1, 3),
    owner_kind=st.integers(1, 4),
    form=st.fixed_dictionaries(
        {},
        optional={
            "form": st.sampled_from(["paper", "electronic"]),
            "urgent": st.booleans(),
            "copies": st.integers(0, 6),
            "place": st.sampled_from(["", "Hà Nội"]),
        },
    ),
)

_names = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp")), min_size=1, max_size=30)


@st.composite
def drawn_steps(draw: Any) -> list[Step]:
    """Any process with ways forward: often right, sometimes with a step left aside or a signature gone round."""
    middle = [ASSIGN] * draw(st.integers(0, 1)) + [PROCESS] * draw(st.integers(1, 3)) + [REVIEW] * draw(st.integers(0, 2))
    duties = [RECEIVE, *middle, *[SIGN] * draw(st.integers(1, 2)), *[ISSUE] * draw(st.integers(0, 2)), HAND_BACK]
    last = len(duties) - 1
    steps = []
    for place, duty in enumerate(duties):
        ways: tuple[Way, ...] = ()
        if place < last and draw(st.integers(0, 2)) == 0:
            told = draw(st.lists(conditions, max_size=3, unique=True))
            ways = tuple(Way(to=f"k{draw(st.integers(place + 1, last))}", when=when) for when in told)
            otherwise = place + 1 if draw(st.integers(0, 5)) else draw(st.integers(place + 1, last))
            ways += (Way(to=f"k{otherwise}"),)
        name = one_line(draw(_names)) or "Bước"
        steps.append(
            Step(
                key=f"k{place}",
                name=name,
                duty=duty,
                minutes=60 * draw(st.integers(1, 40)) if duty != HAND_BACK else 0,
                counted=duty != HAND_BACK,
                body_kind=draw(st.sampled_from(["", "service_centre", "office", "people_committee"])),
                parallel_opinions=draw(st.booleans()),
                ways=ways,
            )
        )
    return steps


def limit_of(steps: list[Step]) -> Limit:
    """The limit that the longest path just fills."""
    return Limit(rules.longest_minutes(steps) // 60, LimitUnit.WORKING_HOURS)
