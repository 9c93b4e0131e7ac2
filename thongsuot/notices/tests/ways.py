"""What tests of the ways share: send what is due, tell its report, look at what waits."""

import json

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.kernel.actor import system
from thongsuot.kernel.history import history_of
from thongsuot.notices import actions, delivery, letters, queries
from thongsuot.notices.models import Delivery
from thongsuot.notices.rules import Recipient
from thongsuot.notices.stand_in.near import report
from thongsuot.notices.tests.make import MONDAY
from thongsuot.notices.ways import way_named

WORKER = system("worker")
BY_PHONE = Recipient(name="Nguyễn Đức Minh", phone="+84 912 000 048")


def send(notice, *ways, at=MONDAY):
    """Run what is due of these ways, as the jobs would."""
    for way in ways:
        delivery.deliver(notice.pk, way=way, actor=WORKER, at=at)
    notice.refresh_from_db()
    return states(notice)


def states(notice):
    return dict(Delivery.objects.filter(notice=notice).values_list("way", "state"))


def tell(notice, way, outcome="delivered", *, at=MONDAY, said_at=None):
    """A report by the partner's own form and signature, read and taken as by the page."""
    reference = Delivery.objects.get(notice=notice, way=way).reference
    body, headers = report(way, reference, outcome, said_at=said_at or at, at=at)
    found = way_named(way).read_report(body, headers, at=at)
    taken = actions.take_report(way, found, actor=WORKER, at=at)
    notice.refresh_from_db()
    return taken


def jobs():
    return [
        (job.args["way"], job.scheduled_at) for job in ProcrastinateJob.objects.filter(task_name="notices.send").order_by("id")
    ]


def taken():
    """Way of the job that a free worker would be given now, by the real queue."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_fetch_job_v2(NULL, NULL)")
        args = cursor.fetchone()[0]
    return json.loads(args)["way"] if args else None


def finish(status="succeeded"):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE status = 'doing'", [status])


def names(notice):
    return [row.name.partition(".")[2] for row in history_of(notice)]


def with_zalo(key="received", city=None, values=None):
    """The shipped words with a template of Zalo's, in force."""
    words = letters.shipped(key)
    made = actions.draft_version(
        key,
        city_id=city,
        subject=words.subject,
        body=words.body,
        sms=words.sms,
        zalo_template="301",
        zalo_values=values or {"ma": "{mã đồng ý}" if key == "help_code" else "{mã hồ sơ}"},
        actor=WORKER,
        at=MONDAY,
    )
    actions.submit_version(made.pk, actor=WORKER, at=MONDAY)
    return actions.approve_version(made.pk, digest=queries.digest_of(made), valid_from=MONDAY.date(), actor=WORKER, at=MONDAY)
