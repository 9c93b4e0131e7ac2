"""Every message has an English line, and is written so that it can have one."""

from __future__ import annotations

import ast
import re
from functools import cache

from babel.messages.pofile import read_po

from tests.house import PACKAGE, ROOT, source_files, tree
from thongsuot.config.messages import catalogue_file, collect, missing

MARKS = {"_", "gettext", "gettext_lazy", "pgettext", "ngettext", "ngettext_lazy"}
PLACE = re.compile(r"%\((\w+)\)[sdi]")


@cache
def written():
    return collect(PACKAGE)


def english():
    with catalogue_file(ROOT / "locale").open("rb") as file:
        return read_po(file, locale="en")


def lines(message) -> list[str]:
    return [line for line in (message.string if isinstance(message.string, (tuple, list)) else [message.string]) if line]


def sources(message) -> list[str]:
    return list(message.id) if isinstance(message.id, (tuple, list)) else [message.id]


def test_every_message_has_an_english_line():
    catalogue = english()
    lacking = set(missing(catalogue))
    known = {(sources(message)[0], message.context) for message in catalogue if message.id}
    lacking |= {
        sources(message)[0] for message in written() if message.id and (sources(message)[0], message.context) not in known
    }

    assert not lacking, f"{len(lacking)} messages, run `thongsuot make-messages` and fill: {sorted(lacking)[:20]}"


def test_no_english_line_speaks_of_a_message_that_is_gone():
    now = {(sources(message)[0], message.context) for message in written()}
    gone = [sources(message)[0] for message in english() if message.id and (sources(message)[0], message.context) not in now]

    assert gone == []


def test_english_lines_have_the_places_of_their_message():
    wrong = []
    for message in english():
        if message.id:
            wanted = set().union(*(PLACE.findall(text) for text in sources(message)))
            wrong += [text for text in lines(message) if not set(PLACE.findall(text)) <= wanted]

    assert wrong == []


def test_messages_are_whole_texts_that_can_be_collected():
    """An f-string or a variable inside `_()` is never found by the collector; a place is named: %(name)s."""
    wrong = []
    for path in source_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS and node.args:
                text = node.args[0]
                if isinstance(text, ast.Subscript) and ast.unparse(text.value).isupper():
                    continue  # a table of texts, each marked where it is written
                whole = isinstance(text, ast.Constant) and isinstance(text.value, str)
                if not whole or re.search(r"(?<!%)%[sd]", text.value):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert wrong == []
