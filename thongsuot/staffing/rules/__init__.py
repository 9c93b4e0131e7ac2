"""Who may do what with placements, and which state of a person may follow which. Pure data and functions."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.staffing.models.leaving import LeaveKind, Stage
from thongsuot.staffing.models.persons import PlacementApproval, State

MANAGE = "manage staffing"  # Home Affairs: the government's side
PROPOSE = "propose staffing"  # heads, for their own unit
PARTY = "approve Party posts"  # the Organisation board: the Party's side

Side = PlacementApproval.Side
DUTY_OF_SIDE = {Side.GOVERNMENT: MANAGE, Side.PARTY: PARTY}

# States with a post somewhere: taking it up opens an appointment, and an account for whoever has none.
WITH_POST = frozenset({State.ASSIGNED, State.DEPARTMENT, State.SECONDED, State.CONTRACT})
# Posts that only a commune's plan counts.
OF_THE_PLAN = frozenset({State.ASSIGNED, State.SECONDED, State.CONTRACT})
# The person is gone: posts end and the account is closed.
GONE = frozenset({State.EARLY_RETIREMENT, State.LEAVES})
# For a time, with the day of its end.
FOR_A_TIME = frozenset({State.SECONDED})

_ANY = frozenset(State)
# A person who stays may be moved from one post to another of the same kind; who is gone is gone.
FOLLOWS: dict[State, frozenset[State]] = {
    State.WAITING: _ANY - {State.WAITING},
    State.ASSIGNED: _ANY - {State.CONTRACT},
    State.DEPARTMENT: _ANY - {State.CONTRACT},
    State.SECONDED: _ANY - {State.CONTRACT},
    State.CONTRACT: frozenset({State.ASSIGNED, State.CONTRACT, State.WAITING, State.EARLY_RETIREMENT, State.LEAVES}),
    State.EARLY_RETIREMENT: frozenset(),
    State.LEAVES: frozenset(),
}

# What a proposal may ask for; who leaves goes the way of a leave case.
PROPOSABLE = tuple(state for state in State if state not in GONE)

STATE_OF_LEAVE = dict.fromkeys(LeaveKind, State.LEAVES) | {LeaveKind.EARLY_RETIREMENT: State.EARLY_RETIREMENT}


def may_become(state: str, becomes: str) -> bool:
    return State(becomes) in FOLLOWS[State(state)]


def sides_needed(*, party_managed: bool) -> tuple[Side, ...]:
    """A post that the Party manages is filled by both sides together; any other by the government's alone."""
    return (Side.GOVERNMENT, Side.PARTY) if party_managed else (Side.GOVERNMENT,)


# -- the path of a leave case ------------------------------------------------------------------------------------------

PATH = (
    Stage.APPLICATION,
    Stage.UNIT_HEAD,
    Stage.COUNCIL,
    Stage.HOME_AFFAIRS,
    Stage.DECISION,
    Stage.PAYMENT,
    Stage.INSURANCE,
    Stage.SETTLED,
)
DECIDED = frozenset({Stage.PAYMENT, Stage.INSURANCE, Stage.SETTLED})
OVER = frozenset({Stage.SETTLED, Stage.WITHDRAWN, Stage.REFUSED})
# While the unit's head has a say: afterwards the case is with Home Affairs.
AT_UNIT = frozenset({Stage.APPLICATION, Stage.UNIT_HEAD})
# What the sum is worked out from stands once it lies before whoever decides.
FACTS_STAND = DECIDED | OVER | {Stage.DECISION}

# What the desk that has the case does to pass it on: the words of its button.
PASSES: dict[Stage, Promise] = {
    Stage.APPLICATION: _("Gửi lại đơn"),
    Stage.UNIT_HEAD: _("Đồng ý, chuyển hội đồng"),
    Stage.COUNCIL: _("Hội đồng thống nhất, chuyển thẩm định"),
    Stage.HOME_AFFAIRS: _("Thẩm định xong, trình quyết định"),
    Stage.DECISION: _("Ghi quyết định đã ký"),
    Stage.PAYMENT: _("Đã chi trả"),
    Stage.INSURANCE: _("Đã chốt sổ bảo hiểm"),
}


def after(stage: str) -> Stage:
    return PATH[PATH.index(Stage(stage)) + 1]


def before(stage: str) -> Stage | None:
    """Where it goes when sent back: one desk. From the application, and once decided, nowhere."""
    here = PATH.index(Stage(stage))
    return None if here == 0 or Stage(stage) in DECIDED else PATH[here - 1]
