"""Letters that wait in the mailbox; senders nobody vouched for."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_quicker_lists")]
    operations = [
        migrations.AddField("reporter", "unverified", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("incomingmail", "domain", models.CharField(blank=True, db_default="", default="", max_length=32)),
        migrations.CreateModel(
            name="HeldMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("box", models.CharField(max_length=64)),
                ("uid", models.BigIntegerField()),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sender", "Một địa chỉ gửi quá nhiều thư trong thời gian ngắn"),
                            ("domain", "Một tên miền gửi quá nhiều thư trong một giờ"),
                            ("box", "Hộp thư nhận quá nhiều thư trong một giờ"),
                            ("fault", "Đã thử nhiều lần, không nhận được"),
                        ],
                        max_length=6,
                    ),
                ),
                ("tries", models.SmallIntegerField(default=0)),
                ("since", models.DateTimeField()),
                ("again_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("box", "uid"), name="feedback_held_once"),
                    models.CheckConstraint(
                        condition=Q(again_at__isnull=False) | Q(why="fault"), name="feedback_held_for_good"
                    ),
                ],
            },
        ),
    ]
