"""Steps of a ticket have a ladder of their own; that a unit was late stays when the ticket goes on."""

from django.db import migrations, models

STEPS = [
    ("classify", "Phân loại và chuyển"),
    ("guide", "Tổng đài xác định thẩm quyền"),
    ("refuse", "Từ chối"),
    ("ask", "Yêu cầu bổ sung lần đầu"),
    ("receive", "Đơn vị nhận việc, kiểm tra tại chỗ"),
    ("answer", "Xử lý và trả lời"),
    ("chase", "Xử lý xong sau khi đã quá hạn lần đầu"),
    ("publish", "Công khai sau khi có trả lời"),
]


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_first_release")]
    operations = [
        migrations.AddField("feedbackticket", "step_for", models.DateTimeField(null=True)),
        migrations.AddField("feedbackticket", "step_told", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("feedbackticket", "step_rung_at", models.DateTimeField(null=True)),
        migrations.AddField("feedbackticket", "step_number", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("escalation", "step", models.CharField(blank=True, choices=STEPS, db_default="", max_length=8)),
        migrations.AddField("routing", "late_at", models.DateTimeField(null=True)),
        migrations.AddField("extension", "late", models.BooleanField(db_default=False, default=False)),
    ]
