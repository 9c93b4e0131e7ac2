"""The words of a letter: `templates/notices/letters/<key>.txt`, whose first line is the subject.

Letters are Vietnamese whoever set them off: an officer may read our pages in English, the citizen gets what the papers say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.template import loader
from django.utils import translation

from thongsuot.kernel.text import nfc, one_line
from thongsuot.notices import rules

_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    body: str


def written(key: str, *, name: str, context: Mapping[str, object]) -> Letter:
    """Raises TypeError when the letter is not told exactly what it needs: a bug of the caller."""
    if context.keys() != rules.LETTERS[key]:
        missing, more = rules.LETTERS[key] - context.keys(), context.keys() - rules.LETTERS[key]
        raise TypeError(f"letter {key}: missing {sorted(missing)}, not known {sorted(more)}")
    # No line break may come in by a name: it would end the subject early.
    lines = {word: one_line(str(value)) if word in rules.COMMON else value for word, value in context.items()}
    with translation.override("vi"):
        text = loader.get_template(f"notices/letters/{key}.txt").render({**lines, "name": name})
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject=one_line(subject)[: rules.SUBJECT_LENGTH], body=_EMPTY_LINES.sub("\n\n", nfc(body)) + "\n")
