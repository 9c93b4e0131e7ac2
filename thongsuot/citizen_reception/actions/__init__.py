"""Commands of citizen reception, by subject."""

from thongsuot.citizen_reception.actions.handling import close_entry, handle, make_receipt, note_grounds
from thongsuot.citizen_reception.actions.minutes import draft_minutes, keep_paper, sign_minutes
from thongsuot.citizen_reception.actions.registering import (
    add_papers,
    classify,
    must_see,
    open_file,
    open_visitor,
    register_visit,
    take_over,
    taken,
)
from thongsuot.citizen_reception.actions.scheduling import change_day, end_day, load_settings, put_day, restore_day
from thongsuot.citizen_reception.actions.sessions import (
    add_party,
    add_site,
    cancel_session,
    change_session,
    end_session,
    keep_recording,
    note_connected,
    note_test,
    notify_parties,
    plan_session,
    start_session,
)

__all__ = [
    "add_papers",
    "add_party",
    "add_site",
    "cancel_session",
    "change_day",
    "change_session",
    "classify",
    "close_entry",
    "draft_minutes",
    "end_day",
    "end_session",
    "handle",
    "keep_paper",
    "keep_recording",
    "load_settings",
    "make_receipt",
    "must_see",
    "note_connected",
    "note_grounds",
    "note_test",
    "notify_parties",
    "open_file",
    "open_visitor",
    "plan_session",
    "put_day",
    "register_visit",
    "restore_day",
    "sign_minutes",
    "start_session",
    "take_over",
    "taken",
]
