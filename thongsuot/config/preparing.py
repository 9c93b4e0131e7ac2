"""From a checkout to a database that fits it: migrations, messages, static files, and a city when there is none."""

from __future__ import annotations

import django
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import connection, connections

from thongsuot.config.messages import compile_messages
from thongsuot.config.terminal import Trouble, complain, step
from thongsuot.kernel import clock


def refuse_unready_production(*, with_database: bool) -> None:
    """Raises Trouble with every missing thing in one list. Outside production only what would be wrong anywhere is asked."""
    django.setup()
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=settings.PRODUCTION)
    if with_database and settings.PRODUCTION:
        found += checks.run_checks(tags=[checks.Tags.database], databases=["default"])
        connections.close_all()  # processes made from this one must not share its connection
    for message in found:
        complain(f"  {'✗' if message.level >= checks.ERROR else '!'} {message.msg}")
        if message.hint:
            complain(f"    → {message.hint}")
    if any(message.level >= checks.ERROR for message in found):
        if not settings.PRODUCTION:
            raise Trouble("Có thiết lập sai. Xem .env.example. (A setting is wrong.)")
        raise Trouble("Chưa đủ điều kiện vận hành thật. Xem docs/howto/run-in-production.md. (Not ready for production.)")


def bring_up_to_date() -> None:
    with step("Biên dịch bản tiếng Anh", "compiling the English catalogue"):
        compile_messages(settings.LOCALE_PATHS[0])
    django.setup()
    with step("Cập nhật cấu trúc dữ liệu", "migrating the database"):
        call_command("migrate", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if settings.PRODUCTION:
        with step("Gom tệp tĩnh", "collecting static files"):
            to_read = ["leaflet-src*"]  # not to run
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=to_read)


def load_what_is_missing(city: str) -> list[str]:
    """Returns the lines that introduce the demo accounts."""
    from thongsuot.config import loading  # imports models: only after django.setup()

    with connection.cursor() as cursor:
        # Thousands of commits, none of which waits for the disk: what goes with the power is missing, and loaded next time.
        cursor.execute("SET synchronous_commit TO off")
    for piece in loading.STEPS:
        if piece.demo and settings.PRODUCTION:
            continue
        with step(piece.vietnamese, piece.english) as work:
            piece.run(city, clock.now(), work.count)
    accounts = [] if settings.PRODUCTION else loading.demo_accounts(clock.now())
    connections.close_all()
    return accounts
