"""Production starts with everything or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import checks as django_checks

from thongsuot.config import checks
from thongsuot.config.preparing import refuse_unready_production
from thongsuot.config.terminal import Trouble
from thongsuot.people.models import Person


@pytest.fixture
def production(settings, monkeypatch):
    """A production installation that lacks nothing."""
    settings.PRODUCTION = True
    settings.SECRET_KEY = "8h3kd02-fjq93kfm20dkfmq03kdfmql30fkdmcl30fkwmd0-3kfmd"
    settings.ALLOWED_HOSTS = ["mot-cua.example.vn"]
    settings.TLS = True
    settings.EMAIL_HOST = "smtp.example.vn"
    settings.DEFAULT_FROM_EMAIL = "mot-cua@example.vn"
    settings.PUBLIC_URL = "https://mot-cua.example.vn"
    settings.DEBUG = False
    settings.PORTAL = settings.VNEID = settings.SMS_URL = settings.ZALO_URL = ""
    settings.TEST_CA = False
    monkeypatch.setenv("DATABASE_URL", "postgresql://thongsuot@db/thongsuot")
    return settings


def found() -> list[str]:
    return [message.msg.split(":")[0] for message in checks.production_settings(None)]


def test_a_complete_production_installation_has_no_complaint(production):
    assert found() == []


def test_outside_production_nothing_is_asked(settings):
    settings.PRODUCTION = False
    assert found() == []


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("SECRET_KEY", "demo-key-not-for-production-0123456789-abcdefghijklmnop", "THONGSUOT_SECRET_KEY"),
        ("SECRET_KEY", "short", "THONGSUOT_SECRET_KEY"),
        ("SECRET_KEY", "a" * 60, "THONGSUOT_SECRET_KEY"),
        ("ALLOWED_HOSTS", ["localhost", "127.0.0.1"], "THONGSUOT_HOSTS"),
        ("ALLOWED_HOSTS", ["*"], "THONGSUOT_HOSTS"),
        ("TLS", False, "THONGSUOT_TLS"),
        ("EMAIL_HOST", "", "THONGSUOT_SMTP_HOST"),
        ("DEFAULT_FROM_EMAIL", "thong-suot@localhost", "THONGSUOT_MAIL_FROM"),
        ("PUBLIC_URL", "http://mot-cua.example.vn", "THONGSUOT_URL"),
        ("PUBLIC_URL", "https://localhost:8000", "THONGSUOT_URL"),
        ("DEBUG", True, "THONGSUOT_DEBUG"),
        ("SIMULATED_CLOCK", True, "THONGSUOT_SIMULATED_CLOCK"),
        ("TEST_CA", True, "THONGSUOT_TEST_CA"),
        ("PKCS11_MODULE", "/usr/lib/token.so", "THONGSUOT_TIMESTAMP_URL"),
    ],
)
def test_each_missing_thing_is_named(production, setting, value, said):
    setattr(production, setting, value)
    assert found() == [said]


def test_the_embedded_database_needs_a_clear_yes(production, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    assert found() == ["DATABASE_URL"]

    monkeypatch.setenv("THONGSUOT_EMBEDDED_IN_PRODUCTION", "1")
    assert found() == []


def test_everything_missing_is_said_at_once(production, monkeypatch, capsys):
    production.SECRET_KEY = "short"
    production.TLS = False
    monkeypatch.delenv("DATABASE_URL")

    with pytest.raises(Trouble):
        refuse_unready_production(with_database=False)

    said = capsys.readouterr().err
    assert all(name in said for name in ("THONGSUOT_SECRET_KEY", "THONGSUOT_TLS", "DATABASE_URL"))


def test_a_demo_account_left_in_the_database_keeps_production_from_starting(production, db):
    person = Person.objects.create_user(
        "lan@example.vn", None, full_name="Lan", is_demo=True, joined_at=datetime(2026, 1, 1, tzinfo=UTC)
    )

    def errors() -> list[str]:
        return [m.msg for m in checks.production_database(None, databases=["default"]) if m.level >= django_checks.ERROR]

    assert [message.split(":")[0] for message in errors()] == ["demo"]

    person.is_active = False
    person.save()
    assert errors() == []


def test_a_database_that_cannot_be_reached_is_said_and_nothing_else(production, monkeypatch, db):
    monkeypatch.setattr(checks, "connections", {"default": Unreachable()})

    assert [m.id for m in checks.production_database(None, databases=["default"])] == ["thongsuot.E009"]


class Unreachable:
    def cursor(self):
        raise checks.DatabaseError("connection refused")


@pytest.mark.parametrize("name", ["PORTAL", "VNEID", "EXCHANGE"])
@pytest.mark.parametrize("played", ["stand-in", "http://127.0.0.1:8181", "http://cong.example.vn"])
def test_a_stand_in_does_not_start_with_real_dossiers_unless_told_to(production, name, played):
    setattr(production, name, played)
    assert found() == [f"THONGSUOT_{name}"]

    production.STAND_INS_IN_PRODUCTION = True
    assert found() == []


@pytest.mark.parametrize("name", ["PORTAL", "VNEID", "EXCHANGE"])
def test_a_real_partner_needs_who_we_are(production, name):
    setattr(production, name, "https://cong.example.vn")
    assert found() == [f"THONGSUOT_{name}"]

    setattr(production, f"{name}_CLIENT_ID", "tp")
    setattr(production, f"{name}_SECRET", "bí mật")
    assert found() == []


@pytest.mark.parametrize("name", ["SMS_URL", "ZALO_URL"])
@pytest.mark.parametrize("played", ["stand-in", "http://127.0.0.1:8182/sms", "http://cong.example.vn"])
def test_a_stand_in_of_telephones_does_not_start_with_real_people_unless_told_to(production, name, played):
    setattr(production, name, played)
    assert found() == [f"THONGSUOT_{name}"]

    production.STAND_INS_IN_PRODUCTION = True
    assert found() == []


def test_a_real_gateway_needs_who_we_are_and_is_warned_of_reports_nobody_can_sign(production):
    production.SMS_URL = production.ZALO_URL = "https://cong.example.vn"
    assert found() == ["THONGSUOT_SMS_KEY", "THONGSUOT_ZALO_TOKEN", "THONGSUOT_SMS_REPORT_KEY", "THONGSUOT_ZALO_SECRET"]
    levels = [message.level for message in checks.production_settings(None)]
    assert levels == [django_checks.ERROR, django_checks.ERROR, django_checks.WARNING, django_checks.WARNING]

    for name in ("SMS_KEY", "SMS_SENDER", "ZALO_TOKEN", "SMS_REPORT_KEY", "ZALO_APP_ID", "ZALO_SECRET"):
        setattr(production, name, "bí mật")
    assert found() == []


@pytest.mark.parametrize(
    ("tiles", "credit", "said"),
    [
        ("", "", []),
        ("https://ban-do.example.vn/{z}/{x}/{y}.png", "© Sở Xây dựng", []),
        ("https://ban-do.example.vn/{z}/{x}/{y}.png", "", ["THONGSUOT_MAP_CREDIT"]),
        ("http://ban-do.example.vn/{z}/{x}/{y}.png", "© Sở Xây dựng", ["THONGSUOT_MAP_TILES"]),
        ("https://ban-do.example.vn; script-src */{z}/{x}/{y}.png", "© Sở Xây dựng", ["THONGSUOT_MAP_TILES"]),
    ],
)
def test_a_map_of_others_has_an_address_that_can_be_asked_and_a_credit(production, tiles, credit, said):
    production.MAP_TILES, production.MAP_CREDIT = tiles, credit
    assert [message.msg.split(":")[0] for message in checks.map_settings(None)] == said


def test_a_wrong_address_of_a_map_keeps_a_demo_from_starting_too(settings, capsys):
    settings.PRODUCTION, settings.MAP_TILES = False, ""
    refuse_unready_production(with_database=True)

    settings.MAP_TILES = "https://{s}.example.vn/{z}/{x}/{y}.png"
    with pytest.raises(Trouble):
        refuse_unready_production(with_database=True)
    said = capsys.readouterr().err
    assert "THONGSUOT_MAP_TILES: không phải mẫu địa chỉ của ảnh bản đồ" in said
    assert "THONGSUOT_SECRET_KEY" not in said


def test_silencing_one_fault_silences_no_other(production, monkeypatch):
    """Everything wrong at once: each fault has its own id."""
    monkeypatch.delenv("DATABASE_URL")
    wrong = {
        "SECRET_KEY": "short",
        "ALLOWED_HOSTS": [],
        "TLS": False,
        "EMAIL_HOST": "",
        "DEFAULT_FROM_EMAIL": "thong-suot@localhost",
        "PUBLIC_URL": "",
        "TEST_CA": True,
        "PKCS11_MODULE": "/usr/lib/token.so",
        "PORTAL": "stand-in",
        "VNEID": "stand-in",
        "SMS_URL": "stand-in",
        "ZALO_URL": "stand-in",
        "EXCHANGE": "stand-in",
        "SMS_AUTH": "khác",
        "ZALO_RENEWING_TOKEN": "khóa gia hạn",
        "PORTAL_TIMES": "khác",
        "DEBUG": True,
        "SIMULATED_CLOCK": True,
    }
    for name, value in wrong.items():
        setattr(production, name, value)
    ids = [message.id for message in checks.production_settings(None)]
    production.ZALO_RENEWING_TOKEN = ""
    production.PORTAL = production.VNEID = production.SMS_URL = production.ZALO_URL = "https://cong.example.vn"
    production.EXCHANGE = "https://tong-dai.example.vn"
    ids += [message.id for message in checks.production_settings(None) if message.id not in ids]

    assert len(ids) == len(set(ids)) == len(wrong) + 8
