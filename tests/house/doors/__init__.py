"""Who may come in where: one line for every address, with the duties of which one is needed. An address without a line fails
tests/house/test_doors.py.

ANYONE     answers without login
PERSON     whoever is logged in; others are asked to log in
OWNER      about a thing of one citizen: that citizen, by account or by what only they know. Others may be asked to prove that
           they are the owner; they learn nothing and change nothing
OFFICER    whoever holds one of the duties somewhere (without a duty: any post); what is shown is of their own units
OF_ONE     about a thing of one officer: that officer, and whose duty covers the city
OF_UNIT    about a thing of one unit: who holds one of the duties there; all others are asked to log in, or told no
OF_CITY    as OF_UNIT, but the duty must cover the city
AT_POINT   about a thing of one service point: who holds one of the duties in the body that runs it
KEY        programs with a good key; what is about a thing of one unit opens for keys of that unit alone
"""

from __future__ import annotations

from tests.house.doors import dossiers, heard, house, programs
from tests.house.doors.kinds import AT_POINT, OF_CITY, OF_UNIT, Door

DOORS: dict[str, Door] = house.DOORS | dossiers.DOORS | heard.DOORS | programs.DOORS

# Addresses that exist only to be a prefix for others.
NO_DOOR = {"api:api-root"}

# Open to the logged-in, yet this visitor is led on: to the password once more, to a second factor they do not have, to login
# because that is where the step ends.
LEADS_ON = {
    "account_reauthenticate",
    "account_set_password",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_login_webauthn",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "people:log_out_everywhere",
}

# Where a POST opens for fewer than the page with its question.
POSTS = {
    "counters:bookings": AT_POINT("arrange counters"),
    "people:reset_second_factor": OF_CITY("manage people"),
    "registers:correction": OF_UNIT("keep civil status"),
}
