"""Who may come in where: one line for every address. An address without a line fails tests/house/test_doors.py.

ANYONE     answers without login
PERSON     whoever is logged in; others are asked to log in
OFFICER    whoever holds a post; what is shown is of their own units
OF_UNIT    about a thing of one unit: officers of that unit; all others are asked to log in, or told no
OF_CITY    as OF_UNIT, but only for officers of the city
KEY        programs with a good key; what is about a thing of one unit opens for keys of that unit alone
"""

from __future__ import annotations

from enum import Enum, auto


class Door(Enum):
    ANYONE = auto()
    PERSON = auto()
    OFFICER = auto()
    OF_UNIT = auto()
    OF_CITY = auto()
    KEY = auto()


ANYONE, PERSON, OFFICER, OF_UNIT, OF_CITY, KEY = Door

DOORS: dict[str, Door] = {
    # The house
    "healthz": ANYONE,
    "readyz": ANYONE,
    "metrics": ANYONE,
    "api_docs": ANYONE,
    # Pages of no capability
    "web:home": ANYONE,
    "web:after_login": ANYONE,
    "web:language": ANYONE,
    "web:preferences": ANYONE,
    "web:personal_data": ANYONE,
    "web:accessibility": ANYONE,
    "web:source": ANYONE,
    "web:gallery": ANYONE,
    "web:gallery_fault": ANYONE,
    # Login and one's own account
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_signup": ANYONE,
    "account_inactive": ANYONE,
    "account_email_verification_sent": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "mfa_login_webauthn": ANYONE,
    "mfa_authenticate": PERSON,
    "account_email": ANYONE,
    "account_reauthenticate": PERSON,
    "account_change_password": PERSON,
    "account_set_password": PERSON,
    "mfa_index": PERSON,
    "mfa_reauthenticate": PERSON,
    "mfa_activate_totp": PERSON,
    "mfa_deactivate_totp": PERSON,
    "mfa_view_recovery_codes": PERSON,
    "mfa_generate_recovery_codes": PERSON,
    "mfa_download_recovery_codes": PERSON,
    "mfa_list_webauthn": PERSON,
    "mfa_add_webauthn": PERSON,
    "mfa_reauthenticate_webauthn": PERSON,
    "mfa_remove_webauthn": PERSON,
    "mfa_edit_webauthn": PERSON,
    "usersessions_list": PERSON,
    "people:profile": PERSON,
    "people:edit_profile": PERSON,
    "people:look_ups": PERSON,
    "people:log_out_everywhere": PERSON,
    "notices:own": PERSON,
    # People
    "people:confirm_identity": OFFICER,
    "people:people": OFFICER,
    "people:open_account": OFFICER,
    "people:person": OF_UNIT,
    "people:edit_person": OF_UNIT,
    "people:appoint": OF_UNIT,
    "people:end_post": OF_UNIT,
    "people:change_duties": OF_UNIT,
    "people:password_link": OF_UNIT,
    "people:reset_second_factor": OF_CITY,
    "people:end_sessions": OF_UNIT,
    "people:deactivate": OF_UNIT,
    "people:reactivate": OF_UNIT,
    "people:delegations": OFFICER,
    "people:delegate": OFFICER,
    "people:end_delegation": OF_UNIT,
    "people:tokens": OFFICER,
    "people:revoke_token": OF_UNIT,
    # Notices
    "notices:outbox": OFFICER,
    "notices:notice": OF_UNIT,
    "notices:read": OF_UNIT,
    "notices:send_again": OF_UNIT,
    # The API
    "api:openapi-json": ANYONE,
    "api:track": ANYONE,
    "api:receive": KEY,
    "api:receive_many": KEY,
    "api:upload": KEY,
    "api:list_dossiers": KEY,
    "api:find": KEY,
    "api:one": KEY,
    "api:history": KEY,
    "api:accept": KEY,
    "api:refuse": KEY,
    "api:forward": KEY,
    "api:return_step": KEY,
    "api:reassign": KEY,
    "api:request_supplement": KEY,
    "api:supplement": KEY,
    "api:request_payment": KEY,
    "api:confirm_payment": KEY,
    "api:reappoint": KEY,
    "api:withdraw": KEY,
    "api:stop": KEY,
    "api:result": KEY,
    "api:hand_back": KEY,
}

# Addresses that exist only to be a prefix for others.
NO_DOOR = {"api:api-root"}

# Open to the logged-in, yet this visitor is led on: to the password once more, to a second factor they do not have, to login
# because that is where the step ends.
LEADS_ON = {
    "account_reauthenticate", "account_set_password", "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes",
    "mfa_deactivate_totp", "mfa_login_webauthn", "people:log_out_everywhere",
}

# A GET here asks "are you sure?" of anyone and names nothing of the thing.
BARE_QUESTIONS = {"people:revoke_token"}
