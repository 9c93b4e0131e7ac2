import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('signing', '0001_signing'), ('signing', '0002_proof_corrected')]

    initial = True

    dependencies = [
        ('files', '0001_first_release'),
        ('people', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Authority',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=20, unique=True)),
                    ('root_pem', models.TextField()),
                    ('root_key', models.BinaryField()),
                    ('stamper_pem', models.TextField(help_text='signs time-stamps')),
                    ('stamper_key', models.BinaryField()),
                    ('made_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='SoftwareKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sealed', models.BinaryField()),
                    ('salt', models.BinaryField()),
                    ('memory_kib', models.IntegerField(help_text='cost of one guess of the PIN: Argon2id memory')),
                    ('passes', models.IntegerField(help_text='cost of one guess of the PIN: Argon2id passes')),
                    ('made_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Certificate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('person', 'Cá nhân'), ('agency', 'Cơ quan')], max_length=10)),
                    ('post', models.CharField(blank=True, max_length=200, verbose_name='chức vụ')),
                    ('subject', models.CharField(max_length=500)),
                    ('issuer', models.CharField(max_length=500)),
                    ('serial', models.CharField(help_text='hexadecimal, as the issuer prints it', max_length=64)),
                    ('fingerprint', models.CharField(help_text='SHA-256 of the certificate', max_length=64, unique=True)),
                    ('pem', models.TextField()),
                    ('chain_pem', models.TextField(blank=True, help_text='certificates between it and the root')),
                    ('not_before', models.DateTimeField()),
                    ('not_after', models.DateTimeField()),
                    ('is_test', models.BooleanField(default=False)),
                    ('key_kind', models.CharField(choices=[('software', 'Khóa phần mềm'), ('token', 'Thiết bị lưu khóa')], max_length=10)),
                    ('token_label', models.CharField(blank=True, max_length=64)),
                    ('key_label', models.CharField(blank=True, max_length=64)),
                    ('state', models.CharField(choices=[('issued', 'Đã cấp'), ('delivered', 'Đã bàn giao'), ('active', 'Đang dùng'), ('suspended', 'Tạm dừng'), ('revoked', 'Thu hồi')], default='active', max_length=10)),
                    ('state_since', models.DateTimeField()),
                    ('state_reason', models.CharField(blank=True, max_length=300)),
                    ('wrong_pins', models.SmallIntegerField(default=0)),
                    ('locked_until', models.DateTimeField(null=True)),
                    ('body', models.ForeignKey(help_text='of the post, or the agency', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.body')),
                    ('image', models.ForeignKey(help_text='handwritten signature or seal', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to=settings.AUTH_USER_MODEL)),
                    ('software_key', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='signing.softwarekey')),
                ],
                options={
                    'indexes': [models.Index(fields=['body', 'kind'], name='certificate_body'), models.Index(fields=['not_after'], name='certificate_ends')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'person'), ('person__isnull', False), models.Q(('post', ''), _negated=True)), models.Q(('kind', 'agency'), ('person__isnull', True), ('post', '')), _connector='OR'), name='certificate_of_someone'), models.CheckConstraint(condition=models.Q(('not_after__gt', models.F('not_before'))), name='certificate_period'), models.CheckConstraint(condition=models.Q(models.Q(('key_kind', 'software'), ('software_key__isnull', False)), models.Q(('key_kind', 'token'), ('software_key__isnull', True), models.Q(('token_label', ''), _negated=True), models.Q(('key_label', ''), _negated=True)), _connector='OR'), name='certificate_has_a_key')],
                },
            ),
            migrations.CreateModel(
                name='TrustedRoot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('name', models.CharField(max_length=200)),
                    ('pem', models.TextField()),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('basis', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('fingerprint', 'valid_from'), name='trusted_root_from')],
                },
            ),
            migrations.CreateModel(
                name='CertificateRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('new', 'Cấp mới'), ('renew', 'Gia hạn'), ('change', 'Thay đổi thông tin'), ('suspend', 'Tạm dừng'), ('revoke', 'Thu hồi'), ('unlock', 'Khôi phục thiết bị lưu khóa')], max_length=10)),
                    ('holder', models.CharField(choices=[('person', 'Cá nhân'), ('agency', 'Cơ quan')], max_length=10)),
                    ('post', models.CharField(blank=True, max_length=200)),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('state', models.CharField(choices=[('draft', 'Bản nháp'), ('at_department', 'Đã gửi Sở Khoa học và Công nghệ'), ('at_issuer', 'Đã gửi cơ quan cấp'), ('issued', 'Đã cấp'), ('delivered', 'Đã bàn giao'), ('closed', 'Không thực hiện')], default='draft', max_length=15)),
                    ('state_since', models.DateTimeField()),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=200)),
                    ('closed_reason', models.CharField(blank=True, max_length=300)),
                    ('reminded_at', models.DateTimeField(null=True)),
                    ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.body')),
                    ('certificate', models.ForeignKey(help_text='the one it is about', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='signing.certificate')),
                    ('issued', models.ForeignKey(help_text='the one that came of it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='signing.certificate')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'at_department', 'at_issuer', 'issued'])), fields=('kind', 'holder', 'body', 'person', 'post'), name='certificate_request_one_open', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='CertificateWarning',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('days', models.SmallIntegerField()),
                    ('warned_at', models.DateTimeField()),
                    ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='signing.certificate')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('certificate', 'days'), name='certificate_warned_once')],
                },
            ),
            migrations.CreateModel(
                name='Proof',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=20, unique=True)),
                    ('kind', models.CharField(help_text='result, receipt, copy, extract', max_length=30)),
                    ('title', models.CharField(help_text='what kind of paper; never whose', max_length=300)),
                    ('number', models.CharField(blank=True, max_length=60)),
                    ('issued_on', models.DateField()),
                    ('registered_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('valid', 'Còn giá trị'), ('corrected', 'Còn giá trị, đã được đính chính'), ('replaced', 'Đã được thay thế'), ('revoked', 'Đã bị thu hồi, hủy bỏ')], default='valid', max_length=10)),
                    ('state_since', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('replaced_by', models.CharField(blank=True, help_text='code of what replaced or corrected it', max_length=20)),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('state', 'valid'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='proof_ended_with_reason')],
                },
            ),
            migrations.CreateModel(
                name='Signature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('person', 'Cá nhân'), ('agency', 'Cơ quan')], max_length=10)),
                    ('once', models.CharField(help_text='the request it answers: the same one signs once', max_length=200, unique=True)),
                    ('name', models.CharField(max_length=200)),
                    ('post', models.CharField(blank=True, max_length=200)),
                    ('reason', models.CharField(max_length=300)),
                    ('level', models.CharField(help_text='B-B, B-T, B-LT', max_length=5)),
                    ('signed_at', models.DateTimeField()),
                    ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='signing.certificate')),
                    ('person', models.ForeignKey(help_text='who gave the PIN', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('signed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['signed'], name='signature_signed')],
                },
            ),
        ),
    ]
