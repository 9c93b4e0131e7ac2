"""Rules for all templates of all capabilities: they can be read, and nothing in them needs a weaker content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import TemplateSyntaxError

PACKAGE = Path(settings.PACKAGE_DIR)
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
STYLES = sorted(PACKAGE.glob("*/static/*/*.css"))

FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline script": re.compile(r"<script(?![^>]*(?:\bsrc=|\btype=\"application/json\"))", re.I),  # JSON is not run
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "hx-on": re.compile(r"\bhx-on\b", re.I),
    "an address that is a script": re.compile(r"(?:href|action|src)\s*=\s*[\"']?\s*javascript:", re.I),
    "something from another site": re.compile(r"<(?:script|link|img)\b[^>]*\b(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I),
    "text that is not escaped": re.compile(r"\|\s*safe\b"),
}
# The one constant that is markup by itself.
ALLOWED = {("web/templates/web/components.html", "text that is not escaped"): 1}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_there_are_templates_to_check():
    assert PACKAGE / "web" / "templates" / "web" / "base.html" in TEMPLATES


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_needs_no_weaker_policy(template):
    source = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.S)
    found = {what: len(pattern.findall(source)) for what, pattern in FORBIDDEN.items()}
    wrong = {what: n for what, n in found.items() if n > ALLOWED.get((name_of(template), what), 0)}
    assert not wrong


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_can_be_read(template):
    environment = engines["jinja2"].env
    try:
        environment.parse(template.read_text())
    except TemplateSyntaxError as slip:
        pytest.fail(f"{name_of(template)}:{slip.lineno}: {slip.message}")


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_every_post_form_carries_a_token(template):
    source = template.read_text()
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source, flags=re.S | re.I)
    assert all("csrf" in form for form in forms)


def test_the_rules_find_what_they_look_for():
    bad = {
        "an inline style": '<p style="x">',
        "a style element": "<style>",
        "an inline script": "<script>",
        "an event attribute": '<a onclick="x">',
        "hx-on": '<a hx-on:click="x">',
        "an address that is a script": '<a href="javascript:x">',
        "text that is not escaped": "{{ x|safe }}",
        "something from another site": '<script src="//cdn.example/x.js">',
    }
    assert bad.keys() == FORBIDDEN.keys()
    assert all(FORBIDDEN[what].search(sample) for what, sample in bad.items())


@pytest.mark.parametrize("sheet", STYLES, ids=name_of)
def test_styles_ask_nothing_from_elsewhere_and_raw_colours_live_in_the_tokens(sheet):
    source = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    assert "url(" not in source
    assert "@import" not in source
    if sheet.name not in {"tokens.css", "print.css"}:
        allowed = {"#10211f", "#041412"}  # ink on the bright ground of the focus colour; the foot of the call board
        assert set(re.findall(r"#[0-9a-f]{3,8}\b", source, flags=re.I)) <= allowed


def test_both_ways_to_dark_have_the_same_values():
    source = (PACKAGE / "web" / "static" / "thongsuot" / "tokens.css").read_text()
    by_system, by_hand = re.findall(r"color-scheme: dark;(.*?)\}", source, flags=re.S)
    assert by_system.split() == by_hand.split()


def test_every_class_a_template_names_exists_in_the_styles():
    styles = "".join(sheet.read_text() for sheet in STYLES)
    known = set(re.findall(r"\.([a-z][\w-]*)", styles))
    unknown = {}
    for template in TEMPLATES:
        source = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.S)
        source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.S)  # what stands between conditions stays
        for value in re.findall(r'\bclass="([^"]*)"', source):
            missing = {name for name in value.split() if name not in known and not name.endswith("-")}
            if missing:
                unknown.setdefault(name_of(template), set()).update(missing)
    assert not unknown
