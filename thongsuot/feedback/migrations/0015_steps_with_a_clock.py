"""Two steps that never had a clock are none any more: rows a city has of them limit nothing, as before. No table changes."""

from django.db import migrations, models

STEPS = [
    ("classify", "Phân loại và chuyển"),
    ("guide", "Tổng đài xác định thẩm quyền"),
    ("receive", "Đơn vị nhận việc, kiểm tra tại chỗ"),
    ("answer", "Xử lý và trả lời"),
    ("chase", "Xử lý xong sau khi đã quá hạn lần đầu"),
    ("publish", "Công khai sau khi có trả lời"),
]


class Migration(migrations.Migration):
    dependencies = [("feedback", "0014_urgent_and_masked")]
    operations = [
        migrations.AlterField("timelimit", "step", models.CharField(choices=STEPS, max_length=8, verbose_name="bước")),
        migrations.AlterField(
            "escalation", "step", models.CharField(blank=True, choices=STEPS, db_default="", max_length=8)
        ),
    ]
