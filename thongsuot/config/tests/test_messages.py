"""The English catalogue: what is collected, kept and compiled."""

from __future__ import annotations

import gettext
import os

from thongsuot.config.messages import catalogue_file, compile_messages, update_catalogue


def package(tmp_path):
    folder = tmp_path / "house"
    (folder / "templates").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "rooms.py").write_text(
        'from x import gettext as _\nNAME = _("Hồ sơ")\nMANY = ngettext("%(n)d tệp", "%(n)d tệp", 2)\n'
    )
    (folder / "templates" / "page.html").write_text(
        '{% if a %}{% do b %}<h1>{{ _("Tra cứu") }}</h1>{% endif %}\n{% trans %}Xin chào {{ name }}{% endtrans %}'
    )
    (folder / "tests" / "test_rooms.py").write_text('_("Chỉ trong kiểm thử")\n')
    return folder


def test_messages_of_code_and_templates_are_collected_and_those_of_tests_are_not(tmp_path):
    untranslated = update_catalogue(package(tmp_path), tmp_path / "locale")

    assert sorted(untranslated) == ["%(n)d tệp", "Hồ sơ", "Tra cứu", "Xin chào %(name)s"]


def test_english_lines_are_kept_and_lines_of_messages_that_are_gone_are_dropped(tmp_path):
    folder, locale = package(tmp_path), tmp_path / "locale"
    update_catalogue(folder, locale)
    po = catalogue_file(locale)
    po.write_text(po.read_text().replace('msgid "Hồ sơ"\nmsgstr ""', 'msgid "Hồ sơ"\nmsgstr "Dossier"'))
    (folder / "templates" / "page.html").write_text('<h1>{{ _("Tìm thủ tục") }}</h1>')

    untranslated = update_catalogue(folder, locale)

    assert sorted(untranslated) == ["%(n)d tệp", "Tìm thủ tục"]
    assert 'msgstr "Dossier"' in po.read_text()
    assert "Tra cứu" not in po.read_text()


def test_the_compiled_catalogue_speaks_english_and_is_made_again_only_when_needed(tmp_path):
    folder, locale = package(tmp_path), tmp_path / "locale"
    update_catalogue(folder, locale)
    po = catalogue_file(locale)
    po.write_text(po.read_text().replace('msgid "Hồ sơ"\nmsgstr ""', 'msgid "Hồ sơ"\nmsgstr "Dossier"'))

    assert compile_messages(locale) == 1
    assert compile_messages(locale) == 0
    assert gettext.translation("django", str(locale), ["en"]).gettext("Hồ sơ") == "Dossier"

    later = po.stat().st_mtime + 5
    os.utime(po, (later, later))
    assert compile_messages(locale) == 1
