from django.db import migrations, models

SORTS = [
    ("change", "Thay đổi, cải chính, bổ sung"),
    ("divorce", "Ly hôn"),
    ("other", "Ghi chú khác"),
    ("internal", "Ghi chú nội bộ, không in vào giấy"),
    ("cancellation", "Thu hồi, hủy bỏ"),
]


class Migration(migrations.Migration):

    dependencies = [("registers", "0002_book_written_key")]

    operations = [
        migrations.AlterField("annotation", "sort", models.CharField(choices=SORTS, max_length=12)),
    ]
