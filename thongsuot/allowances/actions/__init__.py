"""Commands of allowances."""

from thongsuot.allowances.actions.closing import close_run, reopen_run
from thongsuot.allowances.actions.freezing import approve_run, discard_run, freeze_run, open_run, place_lines, return_run
from thongsuot.allowances.actions.groups import change_groups
from thongsuot.allowances.actions.importing import (
    discard_import,
    forget_rows,
    read_file,
    send_file,
    start_import,
    store_import,
    take_out_rows,
)
from thongsuot.allowances.actions.keeping import (
    add_beneficiary,
    change_beneficiary,
    hand_to_unit,
    open_beneficiary,
    resume_beneficiary,
    stop_beneficiary,
)
from thongsuot.allowances.actions.paying import (
    make_batches,
    make_retry,
    mark_sent,
    take_out_batch,
    take_out_sheet,
    withdraw_batch,
)
from thongsuot.allowances.actions.rates import put_rates
from thongsuot.allowances.actions.results import apply_report, read_report, send_report, settle_contradiction

__all__ = [
    "add_beneficiary",
    "apply_report",
    "approve_run",
    "change_beneficiary",
    "change_groups",
    "close_run",
    "discard_import",
    "discard_run",
    "forget_rows",
    "freeze_run",
    "hand_to_unit",
    "make_batches",
    "make_retry",
    "mark_sent",
    "open_beneficiary",
    "open_run",
    "place_lines",
    "put_rates",
    "read_file",
    "read_report",
    "reopen_run",
    "resume_beneficiary",
    "return_run",
    "send_file",
    "send_report",
    "settle_contradiction",
    "start_import",
    "stop_beneficiary",
    "store_import",
    "take_out_batch",
    "take_out_rows",
    "take_out_sheet",
    "withdraw_batch",
]
