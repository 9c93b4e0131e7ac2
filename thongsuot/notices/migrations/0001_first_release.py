import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notices', '0001_initial')]

    initial = True

    dependencies = [
        ('people', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to_name', models.CharField(max_length=200, verbose_name='người nhận')),
                ('channel', models.CharField(choices=[('email', 'Thư điện tử'), ('phone', 'Điện thoại'), ('none', 'Không có địa chỉ')], max_length=5)),
                ('email', models.CharField(blank=True, max_length=254, verbose_name='thư điện tử')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='điện thoại')),
                ('key', models.CharField(help_text='which letter: kinds.LETTERS', max_length=40)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('about_subject', models.CharField(blank=True, help_text='what it speaks of: "dossiers.dossier"', max_length=60)),
                ('about_id', models.BigIntegerField(null=True)),
                ('send_key', models.CharField(help_text="the caller's name for this one message: asked twice, told once", max_length=100)),
                ('state', models.CharField(choices=[('queued', 'Đang chờ gửi'), ('sent', 'Đã gửi'), ('failed', 'Không gửi được'), ('kept', 'Lưu tại đây')], max_length=6)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('trouble', models.CharField(blank=True, choices=[('bad_address', 'Địa chỉ thư viết chưa đúng'), ('refused_address', 'Nơi nhận không có địa chỉ này'), ('refused_content', 'Nơi nhận từ chối nội dung thư'), ('server', 'Máy chủ thư chưa nhận')], max_length=16)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('to_person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_index=False, help_text='on whose behalf', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'state', '-id'], name='notice_outbox'), models.Index(condition=models.Q(('to_person__isnull', False)), fields=['to_person', '-id'], name='notice_person'), models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email', '-id'], name='notice_email'), models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone', '-id'], name='notice_phone'), models.Index(fields=['about_subject', 'about_id'], name='notice_about')],
                'constraints': [models.UniqueConstraint(fields=('send_key',), name='notice_once'), models.CheckConstraint(condition=models.Q(('sent_at__isnull', False), models.Q(('state', 'sent'), _negated=True), _connector='OR'), name='notice_sent_has_instant'), models.CheckConstraint(condition=models.Q(models.Q(('trouble', ''), _negated=True), models.Q(('state', 'failed'), _negated=True), _connector='OR'), name='notice_failed_has_trouble'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), ('state', 'queued')), models.Q(models.Q(('state', 'queued'), _negated=True), ('next_attempt_at', None)), _connector='OR'), name='notice_waits_while_queued')],
            },
        ),
    ]
