"""Every change to accounts, posts, delegations, keys and the record of look-ups, by subject."""

from thongsuot.people.actions.accounts import (
    change_profile,
    confirm_identity,
    deactivate_person,
    issue_password_link,
    log_out_everywhere,
    note_login,
    note_second_factor,
    open_account,
    reactivate_person,
    register_citizen,
    reset_second_factor,
    set_password,
)
from thongsuot.people.actions.appointments import appoint, change_duties, end_appointment, give_owed
from thongsuot.people.actions.delegations import delegate_work, end_delegation
from thongsuot.people.actions.look_ups import log_look_up
from thongsuot.people.actions.national_identity import enter_with_identity, link_identity
from thongsuot.people.actions.posts import follow_point
from thongsuot.people.actions.tokens import create_token, revoke_token

__all__ = [
    "appoint",
    "change_duties",
    "change_profile",
    "confirm_identity",
    "create_token",
    "deactivate_person",
    "delegate_work",
    "end_appointment",
    "end_delegation",
    "enter_with_identity",
    "follow_point",
    "give_owed",
    "issue_password_link",
    "link_identity",
    "log_look_up",
    "log_out_everywhere",
    "note_login",
    "note_second_factor",
    "open_account",
    "reactivate_person",
    "register_citizen",
    "reset_second_factor",
    "revoke_token",
    "set_password",
]
