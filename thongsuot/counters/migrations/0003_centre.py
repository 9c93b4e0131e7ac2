import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('counters', '0002_machines'),
        ('units', '0001_first_release'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AheadCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=64, unique=True)),
                ('day', models.DateField()),
                ('taken', models.IntegerField(default=0)),
            ],
        ),
        Together(
            migrations.AddField(
                model_name='ticket',
                name='expected_error',
                field=models.DurationField(null=True),
            ),
            migrations.AddField(
                model_name='ticket',
                name='expired',
                field=models.BooleanField(db_default=False, default=False),
            ),
            migrations.AddField(
                model_name='ticket',
                name='mark',
                field=models.CharField(max_length=64, null=True, unique=True),
            ),
            migrations.AddField(
                model_name='ticket',
                name='reserved_for',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counters.counter'),
            ),
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                ('name', models.CharField(max_length=120)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, size=None)),
                ('posts', models.IntegerField(default=0)),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('point', 'name'), name='section_name_once'),
                    models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='section_period'),
                    models.CheckConstraint(condition=models.Q(('posts__gte', 0)), name='section_posts'),
                ],
            },
        ),
        migrations.AddField(
            model_name='counter',
            name='section',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counters', to='counters.section'),
        ),
        Together(
            migrations.CreateModel(
                name='Training',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, size=None)),
                    ('trained_on', models.DateField()),
                    ('evidence', models.CharField(max_length=200)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='VoiceSet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('rate', models.IntegerField()),
                    ('width', models.SmallIntegerField()),
                    ('channels', models.SmallIntegerField()),
                    ('made_at', models.DateTimeField()),
                    ('retired_at', models.DateTimeField(null=True)),
                    ('point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('point',), name='voice_set_once', nulls_distinct=False),
                    ],
                },
            ),
            migrations.CreateModel(
                name='VoiceClip',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=20)),
                    ('samples', models.BinaryField()),
                    ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clips', to='counters.voiceset')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('voice', 'name'), name='voice_clip_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Booking',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('starts_at', models.DateTimeField()),
                    ('minutes', models.IntegerField()),
                    ('code', models.CharField(max_length=20, unique=True)),
                    ('state', models.CharField(choices=[('booked', 'Đã hẹn'), ('checked_in', 'Đã đến, đã lấy số'), ('cancelled', 'Đã hủy hẹn'), ('missed', 'Không đến')], default='booked', max_length=10)),
                    ('made_at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='counters.queue')),
                ],
                options={
                    'indexes': [models.Index(fields=['queue', 'day'], name='booking_slot')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'booked')), fields=('person', 'queue', 'day'), name='booking_once')],
                },
            ),
            migrations.CreateModel(
                name='BookingPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('weekday', models.SmallIntegerField()),
                    ('minutes', models.IntegerField()),
                    ('seats', models.IntegerField()),
                    ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='booking_plans', to='counters.queue')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('queue', 'weekday'), name='booking_plan_once'), models.CheckConstraint(condition=models.Q(('weekday__gte', 0), ('weekday__lte', 6)), name='booking_plan_weekday'), models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 240), ('seats__gte', 1)), name='booking_plan_slot'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='booking_plan_period')],
                },
            ),
            migrations.CreateModel(
                name='CounterBreak',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(choices=[('rest', 'Nghỉ giải lao'), ('meal', 'Nghỉ trưa, ăn ca'), ('meeting', 'Họp, hội ý'), ('errand', 'Lấy hồ sơ, trình ký'), ('technical', 'Máy, mạng trục trặc'), ('other', 'Việc khác')], max_length=10)),
                    ('from_at', models.DateTimeField()),
                    ('until_at', models.DateTimeField(null=True)),
                    ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaks', to='counters.sitting')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('sitting',), name='counter_break_one')],
                },
            ),
            migrations.CreateModel(
                name='Equipment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('computer', 'Máy vi tính'), ('printer', 'Máy in'), ('scanner', 'Máy quét'), ('kiosk', 'Máy lấy số'), ('screen', 'Màn hình, bảng gọi số'), ('speaker', 'Loa gọi'), ('rating', 'Máy đánh giá hài lòng'), ('camera', 'Camera'), ('other', 'Thiết bị khác')], max_length=10)),
                    ('code', models.CharField(max_length=40)),
                    ('name', models.CharField(max_length=120)),
                    ('state', models.CharField(choices=[('good', 'Dùng tốt'), ('worn', 'Dùng được, cần thay'), ('broken', 'Hỏng, chờ sửa'), ('retired', 'Thôi dùng')], default='good', max_length=8)),
                    ('since', models.DateField()),
                    ('counter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counters.counter')),
                    ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'retired'), _negated=True), fields=('point', 'code'), name='equipment_code_once')],
                },
            ),
            migrations.CreateModel(
                name='HallSettings',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('ahead_a_day', models.IntegerField()),
                    ('early_minutes', models.IntegerField()),
                    ('late_minutes', models.IntegerField()),
                    ('days_ahead', models.IntegerField()),
                    ('expires_minutes', models.IntegerField()),
                    ('least_area_m2', models.IntegerField(default=0)),
                    ('basis', models.CharField(blank=True, max_length=200)),
                    ('point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('point',), name='hall_settings_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='hall_settings_period')],
                },
            ),
            migrations.CreateModel(
                name='OpeningException',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('spans', models.JSONField(default=list)),
                    ('reason', models.CharField(max_length=200)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('point', 'day'), name='opening_exception_once')],
                },
            ),
            migrations.CreateModel(
                name='OpeningHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('week', models.JSONField()),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('point',), name='opening_hours_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='opening_hours_period')],
                },
            ),
            migrations.CreateModel(
                name='Premises',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('area_m2', models.IntegerField()),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('point',), name='premises_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='premises_period'), models.CheckConstraint(condition=models.Q(('area_m2__gte', 1)), name='premises_area')],
                },
            ),
            migrations.CreateModel(
                name='RosterEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('starts', models.TimeField()),
                    ('person_name', models.CharField(max_length=200)),
                    ('counter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counters.counter')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ],
                options={
                    'indexes': [models.Index(fields=['point', 'day'], name='roster_of_a_day')],
                    'constraints': [models.UniqueConstraint(fields=('counter', 'day', 'starts'), name='roster_one_at_a_counter'), models.UniqueConstraint(fields=('person', 'day', 'starts'), name='roster_one_of_a_person')],
                },
            ),
        ),
    ]
