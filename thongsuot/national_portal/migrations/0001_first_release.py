import django.db.models.deletion
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('national_portal', '0001_initial')]

    initial = True

    dependencies = [
        ('dossiers', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Collected',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('upto', models.BigIntegerField(default=0)),
                    ('next_upto', models.BigIntegerField(default=0)),
                    ('next_horizon', models.BigIntegerField(default=0, help_text='transaction id')),
                ],
            ),
            migrations.CreateModel(
                name='UnitAccess',
                fields=[
                    ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='units.unit')),
                    ('last_ok_at', models.DateTimeField(null=True)),
                    ('failing_since', models.DateTimeField(null=True)),
                    ('last_fault_at', models.DateTimeField(null=True)),
                    ('fault', models.CharField(blank=True, help_text='a key of rules.FAULTS', max_length=20)),
                    ('faults', models.IntegerField(default=0, help_text='in a row')),
                    ('off_since', models.DateTimeField(null=True)),
                    ('off_reason', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('off_since__isnull', True), models.Q(('off_reason', ''), _negated=True), _connector='OR'), name='access_off_for_a_reason')],
                },
            ),
            migrations.CreateModel(
                name='Lane',
                fields=[
                    ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='dossiers.dossier')),
                    ('state', models.CharField(choices=[('idle', 'Đã đồng bộ'), ('waiting', 'Đang chờ gửi'), ('held', 'Cần người xem')], default='waiting', max_length=8)),
                    ('next_try_at', models.DateTimeField()),
                    ('waiting_since', models.DateTimeField(help_text='when the oldest thing not told yet happened', null=True)),
                    ('attempts', models.IntegerField(default=0, help_text='in vain, since the last one that was accepted')),
                    ('trouble', models.CharField(blank=True, choices=[('', 'Chưa đến lượt'), ('network', 'Chưa kết nối được với Cổng'), ('refused', 'Cổng không nhận'), ('unfit', 'Không đúng mẫu dữ liệu của Cổng'), ('damaged', 'Tệp kết quả không đọc được')], max_length=8)),
                    ('error_code', models.CharField(blank=True, max_length=40)),
                    ('error', models.CharField(blank=True, help_text='as the portal said it, long numbers taken out', max_length=300)),
                    ('known_since', models.DateTimeField(help_text='when the portal first accepted the dossier', null=True)),
                    ('told_number', models.IntegerField(default=0, help_text='number of the last event of its history that was accepted')),
                    ('told_status', models.SmallIntegerField(null=True)),
                    ('told_at', models.DateTimeField(null=True)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='lane_due'), models.Index(condition=models.Q(('state', 'idle'), _negated=True), fields=['unit', 'waiting_since'], name='lane_open_of_unit')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), _negated=True), models.Q(('trouble', ''), _negated=True), _connector='OR'), name='lane_held_for_a_reason'), models.CheckConstraint(condition=models.Q(('told_number', 0), ('known_since__isnull', False), _connector='OR'), name='lane_known_once_told')],
                },
            ),
            migrations.CreateModel(
                name='Message',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.IntegerField()),
                    ('kind', models.CharField(help_text='name of the event', max_length=60)),
                    ('happened_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('waiting', 'Chờ gửi'), ('accepted', 'Cổng đã nhận'), ('carried', 'Đi cùng tin sau')], default='waiting', max_length=8)),
                    ('attempts', models.SmallIntegerField(default=0)),
                    ('accepted_at', models.DateTimeField(null=True)),
                    ('answer', models.CharField(blank=True, help_text="the portal's own number for it, when it gives one", max_length=60)),
                    ('dossier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['dossier', 'number'], name='message_waiting')],
                    'constraints': [models.UniqueConstraint(fields=('dossier', 'number'), name='message_once'), models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('accepted_at__isnull', False), _connector='OR'), name='message_accepted_has_instant')],
                },
            ),
        ),
    ]
