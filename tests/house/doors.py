"""Who may come in where: one line for every address. An address without a line fails tests/house/test_doors.py.

ANYONE     answers without login
PERSON     whoever is logged in; others are asked to log in
OWNER      about a thing of one citizen: that citizen, by account or by what only they know. Others may be asked to prove that
           they are the owner; they learn nothing and change nothing
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
    OWNER = auto()
    OFFICER = auto()
    OF_UNIT = auto()
    OF_CITY = auto()
    KEY = auto()


ANYONE, PERSON, OWNER, OFFICER, OF_UNIT, OF_CITY, KEY = Door

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
    # Units
    "units:find": ANYONE,
    "units:units": ANYONE,
    "units:unit": ANYONE,
    "units:manage": OFFICER,
    "units:point": OF_UNIT,
    "units:move_point": OF_CITY,
    "units:calendar": OF_CITY,
    "units:compare_calendar": OF_CITY,
    "units:hours": OF_CITY,
    "units:remove_day": OF_CITY,
    # The catalogue
    "procedures:index": ANYONE,
    "procedures:procedure": ANYONE,
    "procedures:fees": ANYONE,
    "procedures:manage": OF_CITY,
    "procedures:manage_procedure": OF_CITY,
    "procedures:publish_first": OF_CITY,
    "procedures:publish_next": OF_CITY,
    "procedures:check": OF_CITY,
    "procedures:import": OF_CITY,
    "procedures:import_template": OF_CITY,
    "procedures:import_report": OF_CITY,
    "procedures:end_procedure": OF_CITY,
    "procedures:grant_competence": OF_CITY,
    "procedures:end_competence": OF_CITY,
    # Dossiers: filing. Who has the code of a draft has the draft.
    "dossiers:file": ANYONE,
    "dossiers:apply": ANYONE,
    "dossiers:resume": ANYONE,
    "dossiers:draft": ANYONE,
    "dossiers:draft_place": ANYONE,
    "dossiers:draft_form": ANYONE,
    "dossiers:draft_papers": ANYONE,
    "dossiers:draft_contact": ANYONE,
    "dossiers:draft_check": ANYONE,
    "dossiers:draft_later": ANYONE,
    "dossiers:submitted": ANYONE,
    # Following: the status to anyone who has the code, everything else to the owner
    "dossiers:track": ANYONE,
    "dossiers:tracked": ANYONE,
    "dossiers:track_open": ANYONE,
    "dossiers:track_supplement": OWNER,
    "dossiers:track_withdraw": OWNER,
    "dossiers:track_rate": OWNER,
    "dossiers:track_paper": OWNER,
    "dossiers:track_result": OWNER,
    "dossiers:track_change": OWNER,
    "dossiers:track_paper_copy": OWNER,
    "dossiers:mine": PERSON,
    # Signing: what anyone may check, one's own certificates, their administration
    "signing:validate": ANYONE,
    "signing:ask_code": ANYONE,
    "signing:proof": ANYONE,
    "signing:test_root": ANYONE,
    "signing:mine": OFFICER,
    "signing:change_pin": OF_UNIT,
    "signing:coverage": OFFICER,
    "signing:certificates": OFFICER,
    "signing:certificate": OF_UNIT,
    "signing:add": OFFICER,
    "signing:issue_test": OFFICER,
    "signing:trust_list": OFFICER,
    "signing:requests": OFFICER,
    "signing:request": OF_UNIT,
    "signing:reminder": OF_UNIT,
    # The desk
    "dossiers:signing_queue": OFFICER,
    "dossiers:signing_batch": OF_UNIT,
    "dossiers:inbox": OFFICER,
    "dossiers:bulk": OFFICER,
    "dossiers:search": OFFICER,
    "dossiers:intake": OFFICER,
    "dossiers:logbook": OFFICER,
    "dossiers:logbook_pdf": OFFICER,
    "dossiers:logbook_excel": OFFICER,
    "dossiers:results": OFFICER,
    "dossiers:results_pdf": OFFICER,
    "dossiers:results_excel": OFFICER,
    "dossiers:digitising": OFFICER,
    "dossiers:sign_scans": OFFICER,
    "dossiers:copies": OFFICER,
    "dossiers:offer_copies": OFFICER,
    "dossiers:scan": OF_UNIT,
    "dossiers:check_scan": OF_UNIT,
    "dossiers:store": OF_UNIT,
    "dossiers:store_file": OF_UNIT,
    "dossiers:changes": OF_UNIT,
    "dossiers:change": OF_UNIT,
    "dossiers:case_paper_copy": OF_UNIT,
    "dossiers:case_copies": OF_UNIT,
    "dossiers:case_copy": OF_UNIT,
    # Papers of an owner: of their own store
    "personal_store:papers": PERSON,
    "personal_store:paper": OWNER,
    "personal_store:file": OWNER,
    "personal_store:offer": OWNER,
    "personal_store:withdraw": OWNER,
    "dossiers:opinions": OFFICER,
    "dossiers:leading": OFFICER,
    "dossiers:opinion": OF_UNIT,
    "dossiers:case": OF_UNIT,
    "dossiers:uncover": OF_UNIT,
    "dossiers:case_file": OF_UNIT,
    "dossiers:collect": OF_UNIT,
    "dossiers:act": OF_UNIT,
    "dossiers:document": OF_UNIT,
    # The API
    "api:openapi-json": ANYONE,
    "api:units_units": ANYONE,
    "api:units_find": ANYONE,
    "api:units_at": ANYONE,
    "api:units_unit": ANYONE,
    "api:procedures_list_procedures": ANYONE,
    "api:procedures_get_competence": ANYONE,
    "api:procedures_get_procedure": ANYONE,
    "api:procedures_compute_fees": ANYONE,
    "api:signing_validate_signatures": ANYONE,
    "api:signing_proof": ANYONE,
    "api:dossiers_track": ANYONE,
    "api:dossiers_receive": KEY,
    "api:dossiers_receive_many": KEY,
    "api:dossiers_upload": KEY,
    "api:dossiers_list_dossiers": KEY,
    "api:dossiers_find": KEY,
    "api:dossiers_one": KEY,
    "api:dossiers_history": KEY,
    "api:dossiers_components": KEY,
    "api:dossiers_accept": KEY,
    "api:dossiers_refuse": KEY,
    "api:dossiers_forward": KEY,
    "api:dossiers_return_step": KEY,
    "api:dossiers_reassign": KEY,
    "api:dossiers_request_supplement": KEY,
    "api:dossiers_supplement": KEY,
    "api:dossiers_request_payment": KEY,
    "api:dossiers_confirm_payment": KEY,
    "api:dossiers_reappoint": KEY,
    "api:dossiers_withdraw": KEY,
    "api:dossiers_stop": KEY,
    "api:dossiers_result": KEY,
    "api:dossiers_hand_back": KEY,
}

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
    "people:log_out_everywhere",
}

# A GET here asks "are you sure?" of anyone and names nothing of the thing.
BARE_QUESTIONS = {"people:revoke_token"}
