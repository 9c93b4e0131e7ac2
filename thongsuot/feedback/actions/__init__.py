"""Commands, by subject: reports come in, operators send them on, units work and answer, senders follow, time runs."""

from thongsuot.feedback.actions.about import name_dossier
from thongsuot.feedback.actions.accounts import open_accounts, send_accounts
from thongsuot.feedback.actions.answering import (
    approve_answer,
    publish,
    send_back_answer,
    submit_answer,
    take_back_answer,
    unpublish,
    withhold,
)
from thongsuot.feedback.actions.arranging import (
    add_category,
    add_question,
    change_category,
    change_question,
    end_category,
    end_question,
    set_limit,
    set_setting,
)
from thongsuot.feedback.actions.cells import point_anew, recount, too_fine
from thongsuot.feedback.actions.climbing import NothingToClimb, arm_steps, climb, still_stands, to_climb
from thongsuot.feedback.actions.competences import (
    end_competence,
    import_competences,
    send_competences,
    set_competence,
)
from thongsuot.feedback.actions.drilling import close_drill, send_drill
from thongsuot.feedback.actions.following import (
    asked_long_ago,
    close,
    close_unanswered,
    may_reopen,
    rate,
    reopen,
    reopen_until,
    reply,
    to_close,
)
from thongsuot.feedback.actions.forgetting import forget_sender, to_forget
from thongsuot.feedback.actions.handling import (
    accept,
    ask,
    ask_extension,
    assign,
    decide_extension,
    give_back,
    message,
    note,
    start,
)
from thongsuot.feedback.actions.holding import MailDesk, try_mail_again
from thongsuot.feedback.actions.loading import load_rules
from thongsuot.feedback.actions.mailing import MailWaits, confirm_sender, take_mail
from thongsuot.feedback.actions.many import Each, Proposal, for_each, merge_many, proposals, publish_as_proposed
from thongsuot.feedback.actions.masking import mask
from thongsuot.feedback.actions.merging import merge, unmerge
from thongsuot.feedback.actions.photographing import cover, draw
from thongsuot.feedback.actions.reporting import report
from thongsuot.feedback.actions.revealing import proposed, revealed
from thongsuot.feedback.actions.routing import (
    classify,
    clear_suspicion,
    decide_urgency,
    hand_over,
    leave_to_reception,
    place,
    refuse,
    route,
    suspect,
    take,
    take_back,
    take_over,
)
from thongsuot.feedback.actions.templates import add_template, change_template, drop_template

__all__ = [
    "Each",
    "MailDesk",
    "MailWaits",
    "NothingToClimb",
    "Proposal",
    "accept",
    "add_category",
    "add_question",
    "add_template",
    "approve_answer",
    "arm_steps",
    "ask",
    "ask_extension",
    "asked_long_ago",
    "assign",
    "change_category",
    "change_question",
    "change_template",
    "classify",
    "clear_suspicion",
    "climb",
    "close",
    "close_drill",
    "close_unanswered",
    "confirm_sender",
    "cover",
    "decide_extension",
    "decide_urgency",
    "draw",
    "drop_template",
    "end_category",
    "end_competence",
    "end_question",
    "for_each",
    "forget_sender",
    "give_back",
    "hand_over",
    "import_competences",
    "leave_to_reception",
    "load_rules",
    "mask",
    "may_reopen",
    "merge",
    "merge_many",
    "message",
    "name_dossier",
    "note",
    "open_accounts",
    "place",
    "point_anew",
    "proposals",
    "proposed",
    "publish",
    "publish_as_proposed",
    "rate",
    "recount",
    "refuse",
    "reopen",
    "reopen_until",
    "reply",
    "report",
    "revealed",
    "route",
    "send_accounts",
    "send_back_answer",
    "send_competences",
    "send_drill",
    "set_competence",
    "set_limit",
    "set_setting",
    "start",
    "still_stands",
    "submit_answer",
    "suspect",
    "take",
    "take_back",
    "take_back_answer",
    "take_mail",
    "take_over",
    "to_climb",
    "to_close",
    "to_forget",
    "too_fine",
    "try_mail_again",
    "unmerge",
    "unpublish",
    "withhold",
]
