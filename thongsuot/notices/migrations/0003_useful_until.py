from django.db import migrations, models

# Codes of before stood readable in the outbox. They are dead after ten minutes; the link beside them is not.
HIDE = [
    r"""
    UPDATE notices_delivery SET words = regexp_replace(
        regexp_replace(words, '[0-9]{3} [0-9]{3}', '••••', 'g'), 'https?://[^[:space:]"]+', '••••', 'g'
    ) WHERE words <> '' AND notice_id IN (
        SELECT id FROM notices_notice WHERE key = 'help_code' AND created_at < now() - interval '10 minutes'
    )
    """,
    r"""
    UPDATE notices_notice SET useful_until = created_at + interval '10 minutes', body = regexp_replace(
        regexp_replace(body, '[0-9]{3} [0-9]{3}', '••••', 'g'), 'https?://[^[:space:]"]+', '••••', 'g'
    ) WHERE key = 'help_code' AND created_at < now() - interval '10 minutes'
    """,
]


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_ways'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='sealed',
            field=models.TextField(blank=True, db_default='', help_text='what goes out when words and body show their secrets as dots: encrypted, until sent'),
        ),
        migrations.AddField(
            model_name='notice',
            name='useful_until',
            field=models.DateTimeField(help_text='not sent from then on, and what was sealed is forgotten; null: always', null=True),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='trouble',
            field=models.CharField(blank=True, choices=[('bad_address', 'Địa chỉ thư viết chưa đúng'), ('bad_number', 'Số điện thoại không nhận được tin nhắn'), ('refused_address', 'Nơi nhận không có địa chỉ này'), ('refused_content', 'Nơi nhận từ chối nội dung thư'), ('refused_number', 'Cổng tin nhắn từ chối số điện thoại này'), ('refused_words', 'Cổng tin nhắn từ chối nội dung hoặc mẫu tin'), ('refused_us', 'Cổng tin nhắn không nhận khóa của hệ thống'), ('server', 'Máy chủ thư chưa nhận'), ('gateway', 'Cổng tin nhắn chưa nhận'), ('not_delivered', 'Nhà mạng báo không tới máy người nhận'), ('too_late', 'Chưa gửi được thì tin đã hết hạn dùng')], max_length=16),
        ),
        migrations.AlterField(
            model_name='notice',
            name='trouble',
            field=models.CharField(blank=True, choices=[('bad_address', 'Địa chỉ thư viết chưa đúng'), ('bad_number', 'Số điện thoại không nhận được tin nhắn'), ('refused_address', 'Nơi nhận không có địa chỉ này'), ('refused_content', 'Nơi nhận từ chối nội dung thư'), ('refused_number', 'Cổng tin nhắn từ chối số điện thoại này'), ('refused_words', 'Cổng tin nhắn từ chối nội dung hoặc mẫu tin'), ('refused_us', 'Cổng tin nhắn không nhận khóa của hệ thống'), ('server', 'Máy chủ thư chưa nhận'), ('gateway', 'Cổng tin nhắn chưa nhận'), ('not_delivered', 'Nhà mạng báo không tới máy người nhận'), ('too_late', 'Chưa gửi được thì tin đã hết hạn dùng')], max_length=16),
        ),
        migrations.RunSQL(HIDE, migrations.RunSQL.noop),
    ]
