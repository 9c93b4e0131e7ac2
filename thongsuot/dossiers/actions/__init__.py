"""Commands on dossiers, one file per subject; import from here."""

from thongsuot.dossiers.actions.desk import (
    accept_submission,
    collect_fee,
    complete_supplement,
    confirm_payment,
    reappoint,
    refuse_submission,
    request_payment,
    request_supplement,
    stop,
    withdraw,
)
from thongsuot.dossiers.actions.filing import (
    DraftExpired,
    ProcedureChanged,
    Upload,
    UploadsRefused,
    add_draft_file,
    answer_supplement,
    open_draft,
    rate,
    remove_draft_file,
    save_page,
    start_draft,
    submit_draft,
)
from thongsuot.dossiers.actions.housekeeping import load_settings, sweep_drafts, to_warn_of, warn_of_deadline
from thongsuot.dossiers.actions.intake import BATCH_LIMIT, Intake, PaperIn, receive_batch, receive_dossier
from thongsuot.dossiers.actions.parties import Filer, Owner
from thongsuot.dossiers.actions.processing import (
    Each,
    ask_opinion,
    draft_result,
    for_each,
    forward,
    give_opinion,
    hand_back,
    reassign,
    return_step,
)

__all__ = [
    "BATCH_LIMIT", "DraftExpired", "Each", "Filer", "Intake", "Owner", "PaperIn", "ProcedureChanged", "Upload", "UploadsRefused", "accept_submission",
    "add_draft_file", "answer_supplement", "ask_opinion", "collect_fee", "complete_supplement", "confirm_payment", "draft_result",
    "for_each", "forward", "give_opinion", "hand_back", "open_draft", "rate", "reappoint", "reassign", "receive_batch",
    "receive_dossier", "refuse_submission", "remove_draft_file", "request_payment", "request_supplement", "return_step", "save_page",
    "start_draft", "stop", "submit_draft", "sweep_drafts",
    "to_warn_of", "warn_of_deadline", "withdraw",
]
