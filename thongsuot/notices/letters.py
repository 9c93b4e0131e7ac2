"""Which letters there are, what each is told, and its words: `templates/notices/letters/<key>.txt`, the subject first.

Letters are Vietnamese whoever set them off: an officer may read our pages in English, the citizen gets what the papers say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.template import loader
from django.utils import translation

from thongsuot.kernel.text import nfc, one_line

# What every letter is told:
#   code       the dossier's code, or the submission's before reception
#   procedure  its name
#   agency     who writes: "Trung tâm Phục vụ hành chính công phường Hoàn Kiếm"
#   contact    a telephone number to ask at; may be empty
#   link       where the reader sees more
COMMON = frozenset({"code", "procedure", "agency", "contact", "link"})

# Letter -> what it is told besides. Instants are datetimes, sums are whole đồng, lists are lists of sentences.
LETTERS: dict[str, frozenset[str]] = {
    key: COMMON | more
    for key, more in {
        "submission_received": {"submitted_at", "answer_due_at"},
        "received": {"received_at", "due_at", "return_place"},
        "supplement_requested": {"points", "until"},  # until: a datetime or None
        "payment_requested": {"amount_dong", "how"},
        "due_moved": {"old_due_at", "due_at", "calendar"},  # calendar: moved because the calendar changed
        "moved": {"from_unit", "to_unit", "address", "due_at", "due_moved"},  # another unit resolves it now; due_at may be None
        "named_to_hand_over": {"title", "heads"},  # to who hands over for a unit that ends; procedure: its name
        "extended": {"old_due_at", "due_at", "reason"},
        "refused": {"reasons", "guidance"},
        "apology": {"due_at", "new_due_at", "reason", "return_place"},
        "result_ready": {"return_place"},  # empty: only the electronic original
        "result_changed": {"what", "number", "reason"},  # what: a sentence
        "returned": {"returned_at"},
        "stopped": {"reason", "papers_back"},
        "withdrawn": {"papers_back"},
        "deadline_near": {"due_at", "step"},  # to an officer
        "certificate_ending": {"ends_at", "days"},  # to the holder or whoever manages certificates; code: its serial number
        # the code by which somebody lets a helper file for them; may: sentences of what the helper may do
        "help_code": {"digits", "until", "helper", "may"},
        "partner_reminder": {"due_at", "body", "asker", "what"},  # to the officers of a partner, or of a body asked
    }.items()
}

SUBJECT_LENGTH = 200
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    body: str


def written(key: str, *, name: str, context: Mapping[str, object]) -> Letter:
    """Raises TypeError when the letter is not told exactly what it needs: a bug of the caller."""
    if context.keys() != LETTERS[key]:
        missing, more = LETTERS[key] - context.keys(), context.keys() - LETTERS[key]
        raise TypeError(f"letter {key}: missing {sorted(missing)}, not known {sorted(more)}")
    # No line break may come in by a name: it would end the subject early.
    lines = {word: one_line(str(value)) if word in COMMON else value for word, value in context.items()}
    with translation.override("vi"):
        text = loader.get_template(f"notices/letters/{key}.txt").render({**lines, "name": name})
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject=one_line(subject)[:SUBJECT_LENGTH], body=_EMPTY_LINES.sub("\n\n", nfc(body)) + "\n")
