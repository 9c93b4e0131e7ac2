import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0003_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Facility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='mã cơ sở')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FacilityConversion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='số, ký hiệu')),
                ('title', models.CharField(max_length=300, verbose_name='trích yếu')),
                ('signed_on', models.DateField(null=True, verbose_name='ngày ký')),
                ('effective_on', models.DateField(verbose_name='có hiệu lực từ ngày')),
                ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('checked', 'Đã kiểm tra'), ('approved', 'Đã duyệt'), ('withdrawn', 'Đã rút')], default='draft', max_length=10)),
                ('expected', models.JSONField(default=dict)),
                ('drafted_at', models.DateTimeField()),
                ('drafted_by_name', models.CharField(max_length=200)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by_name', models.CharField(blank=True, max_length=200)),
                ('city', models.ForeignKey(help_text='whose facilities it orders', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'checked', 'approved', 'withdrawn'])), name='conversion_state'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ConversionLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, choices=[('health_station', 'trạm y tế'), ('health_point', 'điểm y tế')], max_length=20, verbose_name='loại')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='tên mới')),
                ('chosen_by', models.CharField(blank=True, max_length=10)),
                ('conversion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='units.facilityconversion')),
                ('managed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.body')),
                ('point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('facility', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.facility')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.facility')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('conversion', 'facility'), name='conversion_line_facility_once'),
                    models.UniqueConstraint(fields=('conversion', 'point'), name='conversion_line_point_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('facility__isnull', False), ('point__isnull', True), models.Q(('kind', ''), _negated=True)), models.Q(('facility__isnull', True), ('managed_by__isnull', False), ('point__isnull', False)), _connector='OR'), name='conversion_line_of_one_thing'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FacilityDetails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='địa chỉ')),
                ('opening_hours', models.CharField(blank=True, max_length=200, verbose_name='giờ mở cửa')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='điện thoại')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='vĩ độ')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='kinh độ')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='details', to='units.facility')),
            ],
            options={
                'constraints': [
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('facility'), models.F('facility'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='facility_details_one_at_a_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FacilityStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                ('kind', models.CharField(choices=[('health_station', 'trạm y tế'), ('health_point', 'điểm y tế')], max_length=20, verbose_name='loại')),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('conversion', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='units.facilityconversion')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='units.facility')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='child_standings', to='units.facility')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facility_standings', to='units.unit')),
            ],
            options={
                'constraints': [
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('facility'), models.F('facility'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='facility_standing_one_at_a_time'),
                    models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='facility_standing_period'),
                ],
            },
        ),
    ]
