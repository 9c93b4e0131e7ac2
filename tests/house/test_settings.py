"""Every setting is documented, and every documented setting is used."""

from __future__ import annotations

import ast
import re
from functools import cache

from django.contrib.auth.hashers import check_password, make_password

from tests.house import ROOT, source_files, tree
from thongsuot.config import settings as installed

READERS = {"text", "flag", "whole", "words", "get"}


@cache
def used() -> frozenset[str]:
    names = set()
    for path in source_files():
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                call = ast.unparse(node.func)
                if re.fullmatch(r"(thongsuot\.config\.)?env\.(text|flag|whole|words)", call) or call == "os.environ.get":
                    names.add(str(node.args[0].value))
    return frozenset(names)


def documented() -> list[str]:
    return re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M)


def test_every_setting_that_is_read_is_in_env_example():
    assert used() - set(documented()) == set()


def test_every_setting_in_env_example_is_read_once_documented():
    assert set(documented()) - used() == set()
    assert len(documented()) == len(set(documented()))


def test_the_example_sets_nothing_by_itself_that_is_secret():
    text = (ROOT / ".env.example").read_text()

    assert re.search(r"^(THONGSUOT_SECRET_KEY|THONGSUOT_SMTP_PASSWORD|DATABASE_URL)=\S", text, re.M) is None


def test_passwords_are_kept_by_argon2(settings):
    """The other tests use a quick way: this one looks at what an installation does."""
    settings.PASSWORD_HASHERS = installed.PASSWORD_HASHERS
    kept = make_password("một câu dài dễ nhớ")

    assert kept.startswith("argon2$argon2id$")
    assert check_password("một câu dài dễ nhớ", kept)
    assert not check_password("một câu khác", kept)
