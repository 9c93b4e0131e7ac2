"""Commands of signing, and the two ways to sign, which run outside of any transaction until the file is kept."""

from thongsuot.signing.actions.certificates import (
    add_certificate,
    change_pin,
    distrust_root,
    issue_test_certificate,
    make_authority,
    move_certificate,
    put_image,
    trust_root,
    warn_of_end,
)
from thongsuot.signing.actions.proofs import correct_proof, register_proof, revoke_proof
from thongsuot.signing.actions.requests import Asked, ask, move_request, remind
from thongsuot.signing.actions.signing import check_pin, let_go_papers, prepare, sign_as_agency, sign_as_person

__all__ = [
    "Asked",
    "add_certificate",
    "ask",
    "change_pin",
    "check_pin",
    "correct_proof",
    "distrust_root",
    "issue_test_certificate",
    "let_go_papers",
    "make_authority",
    "move_certificate",
    "move_request",
    "prepare",
    "put_image",
    "register_proof",
    "remind",
    "revoke_proof",
    "sign_as_agency",
    "sign_as_person",
    "trust_root",
    "warn_of_end",
]
