"""Commands, by subject: telling people, what gateways report, the words of letters, what the city and each person chose."""

from thongsuot.notices.actions.choosing import (
    PlaceInThePast,
    decline,
    decline_at,
    set_quiet_hours,
    set_route,
    want_again,
    want_again_at,
)
from thongsuot.notices.actions.reports import UnknownDelivery, take_report
from thongsuot.notices.actions.sending import (
    NoticeHasNoAddress,
    NoticeOnItsWay,
    NoWayConnected,
    RecipientDeclined,
    note_declined,
    note_held,
    note_kept,
    note_sent,
    note_trouble,
    queue,
    send_again,
    write,
)
from thongsuot.notices.actions.tokens import keep_zalo_token
from thongsuot.notices.actions.wording import (
    NotInThisState,
    SamePerson,
    approve_version,
    draft_version,
    drop_version,
    send_back_version,
    submit_version,
)

__all__ = [
    "NoWayConnected",
    "NotInThisState",
    "NoticeHasNoAddress",
    "NoticeOnItsWay",
    "PlaceInThePast",
    "RecipientDeclined",
    "SamePerson",
    "UnknownDelivery",
    "approve_version",
    "decline",
    "decline_at",
    "draft_version",
    "drop_version",
    "keep_zalo_token",
    "note_declined",
    "note_held",
    "note_kept",
    "note_sent",
    "note_trouble",
    "queue",
    "send_again",
    "send_back_version",
    "set_quiet_hours",
    "set_route",
    "submit_version",
    "take_report",
    "want_again",
    "want_again_at",
    "write",
]
