import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('counters', '0001_counters')]

    initial = True

    dependencies = [
        ('people', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Queue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('letter', models.CharField(max_length=1)),
                    ('name', models.CharField(max_length=80)),
                    ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, size=None)),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('point', 'letter'), name='queue_letter_once'), models.CheckConstraint(condition=models.Q(('letter__regex', '^[A-Z]$')), name='queue_letter'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='queue_period')],
                },
            ),
            migrations.CreateModel(
                name='Counter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('number', models.IntegerField()),
                    ('name', models.CharField(blank=True, max_length=80)),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                    ('queues', models.ManyToManyField(related_name='counters', to='counters.queue')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('point', 'number'), name='counter_number_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='counter_number'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='counter_period')],
                },
            ),
            migrations.CreateModel(
                name='Sitting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person_name', models.CharField(max_length=200)),
                    ('day', models.DateField()),
                    ('from_at', models.DateTimeField()),
                    ('until_at', models.DateTimeField(null=True)),
                    ('counter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='counters.counter')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('counter', 'day'), name='sitting_one_at_a_counter'), models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('person', 'day'), name='sitting_one_of_a_person')],
                },
            ),
            migrations.CreateModel(
                name='Ticket',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('letter', models.CharField(max_length=1)),
                    ('number', models.IntegerField()),
                    ('day', models.DateField()),
                    ('state', models.CharField(choices=[('waiting', 'Đang chờ'), ('called', 'Đang gọi'), ('serving', 'Đang phục vụ'), ('done', 'Đã xong'), ('left', 'Bỏ lượt'), ('cancelled', 'Đã hủy')], default='waiting', max_length=9)),
                    ('priority', models.CharField(blank=True, choices=[('old', 'Người cao tuổi'), ('disabled', 'Người khuyết tật'), ('pregnant', 'Phụ nữ mang thai'), ('child', 'Người đi cùng trẻ nhỏ'), ('merit', 'Người có công'), ('urgent', 'Việc khẩn cấp về sức khỏe, an toàn')], max_length=12)),
                    ('taken_at', models.DateTimeField()),
                    ('waits_from', models.DateTimeField()),
                    ('called_at', models.DateTimeField(null=True)),
                    ('served_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('absences', models.IntegerField(default=0)),
                    ('counter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='counters.counter')),
                    ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                    ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='counters.queue')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['queue', 'day'], name='ticket_waiting')],
                    'constraints': [models.UniqueConstraint(fields=('point', 'day', 'letter', 'number'), name='ticket_number_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['called', 'serving'])), fields=('counter', 'day'), name='ticket_one_at_a_counter'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['called', 'serving']), _negated=True), ('counter__isnull', False), _connector='OR'), name='ticket_at_a_counter'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['done', 'left', 'cancelled'])), models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'called', 'serving'])), _connector='OR'), name='ticket_ends')],
                },
            ),
        ),
    ]
