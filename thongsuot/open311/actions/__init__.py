"""Commands, by subject: keys and terms, what comes in, calls counted, the list of updates."""

from thongsuot.open311.actions.counting import count_read, count_refused, count_send, fold_networks
from thongsuot.open311.actions.keys import NewKey, change_terms, make_key, withdraw_key
from thongsuot.open311.actions.listing import list_update
from thongsuot.open311.actions.sending import TRIED, Call, Report, Taken, Update, send_report, send_update

__all__ = [
    "TRIED",
    "Call",
    "NewKey",
    "Report",
    "Taken",
    "Update",
    "change_terms",
    "count_read",
    "count_refused",
    "count_send",
    "fold_networks",
    "list_update",
    "make_key",
    "send_report",
    "send_update",
    "withdraw_key",
]
