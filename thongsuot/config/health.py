"""Is this installation well? /healthz (the process), /readyz (all it needs), /metrics (Prometheus), `thongsuot check`.

None of them says anything about a person.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from thongsuot import __version__
from thongsuot.config import counting
from thongsuot.kernel import clock
from thongsuot.kernel.models import HistorySeal
from thongsuot.national_portal.queries import alarms
from thongsuot.notices.queries import waiting_after_trouble

WORKER_SEEN_WITHIN = timedelta(seconds=60)
SEALED_WITHIN = timedelta(hours=3)
_migrations_were_applied = False


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. `needed`: without it no request can be served well, so traffic should go elsewhere."""

    name: str
    ok: bool
    text: str
    needed: bool = True


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    found = readiness(clock.now())
    ready = all(finding.ok for finding in found if finding.needed)
    answer = {"ready": ready, "findings": [{"name": f.name, "ok": f.ok, "text": f.text} for f in found]}
    return JsonResponse(answer, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse("\n".join(_samples(clock.now())) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def readiness(at: datetime) -> list[Finding]:
    """Every check, also those after a failed one that do not depend on it."""
    # The first try may hold a connection from before the database was restarted.
    if not _answers() and not _answers():
        return [Finding(name="database", ok=False, text="không kết nối được (no connection)"), _files()]
    found = [Finding(name="database", ok=True, text=f"PostgreSQL {_server_version()}")]
    checks: tuple[Callable[[datetime], Finding], ...] = (_migrations, _worker, _failed_jobs, _seals, _portal)
    for check in checks:
        found.append(check(at))
        if not found[-1].ok and found[-1].name == "migrations":
            break  # the others ask tables that may not be there
    return [*found, _files()]


def _answers() -> bool:
    try:
        _one("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def _server_version() -> str:
    return str(_one("SHOW server_version")).split(" ")[0]


def _migrations(at: datetime) -> Finding:
    global _migrations_were_applied
    if not _migrations_were_applied:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            return Finding(
                name="migrations", ok=False, text=f"còn {waiting} bước, chạy `thongsuot migrate` ({waiting} not applied)"
            )
        _migrations_were_applied = True  # this code's migrations cannot become unapplied while it runs
    return Finding(name="migrations", ok=True, text="đã đủ (all applied)")


def _worker(at: datetime) -> Finding:
    seen = _one("SELECT max(last_heartbeat) FROM procrastinate_workers")
    if seen is None or at - seen > WORKER_SEEN_WITHIN:
        return Finding(name="worker", ok=False, text="không có bộ xử lý việc nền nào đang chạy (no worker was seen lately)")
    return Finding(name="worker", ok=True, text="đang chạy (running)")


def _failed_jobs(at: datetime) -> Finding:
    failed = _one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    return Finding(name="jobs", ok=failed == 0, needed=False, text=f"{failed} việc nền thất bại ({failed} failed jobs)")


def _seals(at: datetime) -> Finding:
    age = _since_sealed(at)
    if age is None:
        return Finding(name="history", ok=True, needed=False, text="chưa có niêm phong (no seal yet)")
    hours = age.total_seconds() / 3600
    return Finding(
        name="history",
        ok=age < SEALED_WITHIN,
        needed=False,
        text=f"sự việc cũ nhất chưa niêm phong: {hours:.1f} giờ (age of the oldest unsealed event)",
    )


def _portal(at: datetime) -> Finding:
    """Units that do not get through to the national portal; one that was switched off by hand is told, and is no fault."""
    if not settings.PORTAL:
        return Finding(name="portal", ok=True, needed=False, text="chưa nối Cổng Dịch vụ công quốc gia (not connected)")
    found = alarms(now=at)
    return Finding(
        name="portal",
        ok=not (found.failing or found.lagging or found.held),
        needed=False,
        text=(
            f"đơn vị không qua được Cổng: {found.failing}, chậm: {found.lagging}, nhiều hồ sơ cần người xem: {found.held}, "
            f"tạm dừng: {found.off} (units failing, lagging, with many refusals, switched off)"
        ),
    )


def _files() -> Finding:
    folder = settings.DATA_DIR / "files"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        trial = folder / f".writable-{os.getpid()}"
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as reason:
        return Finding(name="files", ok=False, text=f"không ghi được ({reason.strerror})")
    return Finding(name="files", ok=True, text="ghi được (writable)")


def _since_sealed(at: datetime) -> timedelta | None:
    """Age of the oldest event that no seal covers; nought when all are sealed; None before the first seal."""
    last = HistorySeal.objects.order_by("last_event_id").values_list("last_event_id", flat=True).last()
    if last is None:
        return None
    oldest = _one("SELECT recorded_at FROM kernel_event WHERE id > %s ORDER BY id LIMIT 1", last)
    return at - oldest if oldest else timedelta()


def _one(sql: str, *arguments: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        row = cursor.fetchone()
        return row[0] if row else None


def _samples(at: datetime) -> Iterator[str]:
    yield from _metric("thongsuot_info", "gauge", "The version that runs.", {f'version="{__version__}"': 1})
    counts = counting.totals(settings.DATA_DIR / "metrics")
    yield from _metric(
        "thongsuot_requests_total", "counter", "Requests answered.", {f'status="{name}"': n for name, (n, _) in counts.items()}
    )
    yield from _metric(
        "thongsuot_request_seconds_total",
        "counter",
        "Time spent on them.",
        {f'status="{name}"': round(s, 6) for name, (_, s) in counts.items()},
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
            jobs = {"todo": 0, "doing": 0, "failed": 0, **dict(cursor.fetchall())}
        waiting = _one(
            "SELECT extract(epoch FROM now() - min(e.at)) FROM procrastinate_jobs j JOIN procrastinate_events e "
            "ON e.job_id = j.id AND e.type = 'deferred' WHERE j.status = 'todo' AND j.scheduled_at IS NULL"
        )
        seen = _one("SELECT max(last_heartbeat) FROM procrastinate_workers")
        unsealed = _since_sealed(at)
        portal = alarms(now=at) if settings.PORTAL else None
        untaken = waiting_after_trouble()
    except DatabaseError:
        connection.close()
        yield from _metric("thongsuot_database_up", "gauge", "The database answers.", {"": 0})
        return
    yield from _metric("thongsuot_database_up", "gauge", "The database answers.", {"": 1})
    yield from _metric(
        "thongsuot_jobs",
        "gauge",
        "Background jobs by status; succeeded ones are not kept.",
        {f'status="{status}"': n for status, n in sorted(jobs.items())},
    )
    yield from _metric(
        "thongsuot_oldest_job_seconds", "gauge", "How long the oldest job that could run has waited.", {"": float(waiting or 0)}
    )
    if seen is not None:
        yield from _metric(
            "thongsuot_worker_seen_seconds", "gauge", "Since a worker was last seen.", {"": (at - seen).total_seconds()}
        )
    yield from _metric(
        "thongsuot_notices_untaken",
        "gauge",
        "Notices that a mail server or gateway did not take yet, by way.",
        {f'way="{way}"': n for way, n in untaken.items()},
    )
    if portal is not None:
        yield from _metric(
            "thongsuot_portal_units",
            "gauge",
            "Units that do not reach the national portal, were switched off, lag, or have many refusals.",
            {f'state="{state}"': getattr(portal, state) for state in ("failing", "off", "lagging", "held")},
        )
        yield from _metric(
            "thongsuot_portal_refused",
            "gauge",
            "Dossiers the portal refused, before people.",
            {"": portal.refused},
        )
        waited = (at - portal.oldest).total_seconds() if portal.oldest else 0.0
        yield from _metric(
            "thongsuot_portal_oldest_seconds", "gauge", "How long the oldest untold event of a unit has waited.", {"": waited}
        )
    if unsealed is not None:
        yield from _metric(
            "thongsuot_unsealed_seconds",
            "gauge",
            "Age of the oldest event that no seal covers.",
            {"": unsealed.total_seconds()},
        )


def _metric(name: str, kind: str, text: str, values: dict[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"
