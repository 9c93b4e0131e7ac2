"""Commands on the civil status registers, one file per subject; import from here."""

from thongsuot.registers.actions.correcting import decide_correction, propose_correction
from thongsuot.registers.actions.entering import annotate_entry, cancel_entry, register_event
from thongsuot.registers.actions.importing import (
    discard_import,
    read_file,
    send_file,
    start_import,
    store_all,
    store_batch,
)
from thongsuot.registers.actions.issuing import copies_of, draft_paper, note_issued
from thongsuot.registers.actions.looking import note_search, open_entry, take_out_book, take_out_rejects

__all__ = [
    "annotate_entry",
    "cancel_entry",
    "copies_of",
    "decide_correction",
    "discard_import",
    "draft_paper",
    "note_issued",
    "note_search",
    "open_entry",
    "propose_correction",
    "read_file",
    "register_event",
    "send_file",
    "start_import",
    "store_all",
    "store_batch",
    "take_out_book",
    "take_out_rejects",
]
