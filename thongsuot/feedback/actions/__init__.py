"""Commands, by subject: reports come in, operators send them on, units work and answer, senders follow, time runs."""

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
from thongsuot.feedback.actions.cells import recount
from thongsuot.feedback.actions.climbing import NothingToClimb, climb, to_climb
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
from thongsuot.feedback.actions.loading import load_rules
from thongsuot.feedback.actions.mailing import take_mail
from thongsuot.feedback.actions.many import Each, Proposal, for_each, merge_many, proposals, publish_as_proposed
from thongsuot.feedback.actions.merging import merge, unmerge
from thongsuot.feedback.actions.photographing import cover, draw
from thongsuot.feedback.actions.reporting import report
from thongsuot.feedback.actions.revealing import proposed, revealed
from thongsuot.feedback.actions.routing import (
    classify,
    clear_suspicion,
    decide_urgency,
    hand_over,
    place,
    refuse,
    route,
    suspect,
    take,
)
from thongsuot.feedback.actions.templates import add_template, change_template, drop_template

__all__ = [
    "Each",
    "NothingToClimb",
    "Proposal",
    "accept",
    "add_category",
    "add_question",
    "add_template",
    "approve_answer",
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
    "load_rules",
    "may_reopen",
    "merge",
    "merge_many",
    "message",
    "note",
    "open_accounts",
    "place",
    "proposals",
    "proposed",
    "publish",
    "publish_as_proposed",
    "rate",
    "recount",
    "refuse",
    "reopen",
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
    "submit_answer",
    "suspect",
    "take",
    "take_back_answer",
    "take_mail",
    "to_climb",
    "to_close",
    "to_forget",
    "unmerge",
    "unpublish",
    "withhold",
]
