import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('units', '0001_initial'), ('units', '0002_agencies'), ('units', '0003_decisions'), ('units', '0004_facilities')]

    initial = True

    dependencies = [
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('date', models.DateField(unique=True)),
                    ('effect', models.CharField(choices=[('off', 'nghỉ'), ('work', 'làm việc')], max_length=4)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(blank=True, max_length=20)),
                    ('provisional', models.BooleanField(default=False)),
                    ('basis', models.CharField(blank=True, max_length=200)),
                ],
            ),
            migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=60, unique=True, verbose_name='số, ký hiệu')),
                    ('title', models.CharField(max_length=300, verbose_name='trích yếu')),
                    ('signed_on', models.DateField(null=True, verbose_name='ngày ký')),
                    ('effective_on', models.DateField(verbose_name='có hiệu lực từ ngày')),
                    ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('checked', 'Đã kiểm tra'), ('approved', 'Đã duyệt'), ('withdrawn', 'Đã rút')], db_default='approved', default='approved', max_length=10)),
                    ('expected', models.JSONField(db_default={}, default=dict, help_text='how many units begin, as its text says: {"phuong": 51}')),
                    ('left_out', models.IntegerField(db_default=0, default=0, help_text='lines of its file that could not be used')),
                    ('drafted_at', models.DateTimeField(null=True)),
                    ('drafted_by_name', models.CharField(blank=True, db_default='', default='', max_length=200)),
                    ('approved_at', models.DateTimeField(null=True)),
                    ('approved_by_name', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'checked', 'approved', 'withdrawn'])), name='decision_state')],
                },
            ),
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
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'checked', 'approved', 'withdrawn'])), name='conversion_state')],
                },
            ),
            migrations.CreateModel(
                name='Body',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('kind', models.CharField(choices=[('people_council', 'Hội đồng nhân dân'), ('people_committee', 'Ủy ban nhân dân'), ('office', 'Văn phòng HĐND và UBND'), ('economy_office', 'Phòng Kinh tế'), ('culture_society_office', 'Phòng Văn hóa - Xã hội'), ('service_centre', 'Trung tâm Phục vụ hành chính công'), ('division', 'phòng'), ('branch', 'chi nhánh'), ('public_service_unit', 'đơn vị sự nghiệp công'), ('department', 'sở'), ('tax', 'cơ quan thuế'), ('land_registration', 'văn phòng đăng ký đất đai'), ('police', 'công an'), ('social_insurance', 'bảo hiểm xã hội')], max_length=24)),
                    ('name', models.CharField(max_length=200)),
                    ('is_example', models.BooleanField(default=False, help_text='made up for the demo city')),
                    ('part_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='units.body')),
                ],
            ),
            migrations.CreateModel(
                name='Unit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('code', models.CharField(db_index=True, help_text='national code: 2, 3 or 5 digits by level', max_length=5)),
                    ('level', models.CharField(choices=[('province', 'cấp tỉnh'), ('district', 'cấp huyện'), ('commune', 'cấp xã'), ('agency', 'cơ quan')], max_length=10)),
                    ('agency_identifier', models.CharField(blank=True, help_text="of the unit's people's committee, as H26.107", max_length=35, verbose_name='mã định danh điện tử')),
                    ('identifier_is_example', models.BooleanField(default=False, help_text="made up by us: not the national list's")),
                    ('latitude', models.FloatField(null=True)),
                    ('longitude', models.FloatField(null=True)),
                    ('area_km2', models.FloatField(null=True)),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['parent', 'level'], name='unit_parent')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='unit_period'), models.UniqueConstraint(fields=('code', 'valid_from'), name='unit_code_from')],
                },
            ),
            migrations.CreateModel(
                name='Succession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('extent', models.CharField(choices=[('whole', 'toàn bộ'), ('part', 'một phần'), ('land_only', 'chỉ đất, không có dân'), ('part_land_all_population', 'một phần đất, toàn bộ dân')], max_length=26)),
                    ('likeliest', models.BooleanField(default=False, help_text='the likeliest of a split: a guess, never proof')),
                    ('evidence', models.CharField(blank=True, max_length=200)),
                    ('part', models.CharField(blank=True, db_default='', default='', max_length=2000)),
                    ('keeps_records', models.BooleanField(db_default=False, default=False)),
                    ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='units.decision')),
                    ('new_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='units.unit')),
                    ('old_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('old_unit', 'new_unit'), name='succession_once'), models.UniqueConstraint(condition=models.Q(('keeps_records', True)), fields=('old_unit',), name='succession_one_keeper')],
                },
            ),
            migrations.CreateModel(
                name='Serving',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('role', models.CharField(max_length=40)),
                    ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='servings', to='units.body')),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='serving_period'), models.UniqueConstraint(fields=('role', 'city', 'unit', 'valid_from'), name='serving_once', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='ServicePoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('continues', models.OneToOneField(help_text='the same house, of an ended unit', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='units.servicepoint')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_points', to='units.unit')),
                ],
                options={
                    'abstract': False,
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
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('facility'), models.F('facility'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='facility_standing_one_at_a_time'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='facility_standing_period')],
                },
            ),
        ),
        Together(
            migrations.AddField(
                model_name='facilityconversion',
                name='city',
                field=models.ForeignKey(help_text='whose facilities it orders', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit'),
            ),
            migrations.AddField(
                model_name='decision',
                name='province',
                field=models.ForeignKey(help_text='whose communes it orders', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit'),
            ),
        ),
        Together(
            migrations.CreateModel(
                name='ConversionLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(blank=True, choices=[('health_station', 'trạm y tế'), ('health_point', 'điểm y tế')], max_length=20, verbose_name='loại')),
                    ('name', models.CharField(blank=True, max_length=200, verbose_name='tên mới')),
                    ('chosen_by', models.CharField(blank=True, max_length=10)),
                    ('managed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.body')),
                    ('facility', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.facility')),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.facility')),
                    ('conversion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='units.facilityconversion')),
                    ('point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.servicepoint')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('conversion', 'facility'), name='conversion_line_facility_once'), models.UniqueConstraint(fields=('conversion', 'point'), name='conversion_line_point_once'), models.CheckConstraint(condition=models.Q(models.Q(('facility__isnull', False), ('point__isnull', True), models.Q(('kind', ''), _negated=True)), models.Q(('facility__isnull', True), ('managed_by__isnull', False), ('point__isnull', False)), _connector='OR'), name='conversion_line_of_one_thing')],
                },
            ),
            migrations.CreateModel(
                name='Boundary',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('geometry', models.JSONField()),
                    ('source', models.CharField(max_length=200)),
                    ('west', models.FloatField()),
                    ('south', models.FloatField()),
                    ('east', models.FloatField()),
                    ('north', models.FloatField()),
                    ('unit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='boundary', to='units.unit')),
                ],
            ),
        ),
        migrations.AddField(
            model_name='body',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bodies', to='units.unit'),
        ),
        Together(
            migrations.CreateModel(
                name='UnitName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('kind', models.CharField(choices=[('tinh', 'tỉnh'), ('thanh_pho_tw', 'thành phố trực thuộc trung ương'), ('huyen', 'huyện'), ('quan', 'quận'), ('thi_xa', 'thị xã'), ('thanh_pho', 'thành phố'), ('xa', 'xã'), ('phuong', 'phường'), ('thi_tran', 'thị trấn'), ('dac_khu', 'đặc khu'), ('co_quan', 'cơ quan')], max_length=12)),
                    ('name', models.CharField(help_text='without its kind: Hoàn Kiếm', max_length=120)),
                    ('full_name', models.CharField(help_text='with its kind: Phường Hoàn Kiếm', max_length=160)),
                    ('search_name', models.CharField(db_index=True, max_length=120)),
                    ('sort_name', models.CharField(max_length=260)),
                    ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='names', to='units.decision')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='units.unit')),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('unit'), models.F('unit'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='unit_name_one_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='WorkingHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('morning_starts', models.TimeField()),
                    ('morning_ends', models.TimeField()),
                    ('afternoon_starts', models.TimeField()),
                    ('afternoon_ends', models.TimeField()),
                    ('cut_off', models.TimeField()),
                    ('basis', models.CharField(blank=True, max_length=200)),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('city'), models.F('city'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='working_hours_one_at_a_time')],
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
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('facility'), models.F('facility'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='facility_details_one_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='PlannedSuccession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('old_code', models.CharField(max_length=5, verbose_name='mã cũ')),
                    ('new_code', models.CharField(max_length=5, verbose_name='mã mới')),
                    ('extent', models.CharField(choices=[('whole', 'toàn bộ'), ('part', 'một phần'), ('land_only', 'chỉ đất, không có dân'), ('part_land_all_population', 'một phần đất, toàn bộ dân')], max_length=26)),
                    ('likeliest', models.BooleanField(default=False)),
                    ('part', models.CharField(blank=True, max_length=2000)),
                    ('places', models.JSONField(default=list, help_text='streets, villages, groups of the part')),
                    ('evidence', models.CharField(blank=True, max_length=200)),
                    ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned_successions', to='units.decision')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('decision', 'old_code', 'new_code'), name='planned_succession_once')],
                },
            ),
            migrations.CreateModel(
                name='PlannedUnit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('what', models.CharField(choices=[('begins', 'thành lập'), ('ends', 'kết thúc'), ('changes', 'đổi tên, đổi loại')], max_length=7)),
                    ('code', models.CharField(max_length=5, verbose_name='mã')),
                    ('level', models.CharField(choices=[('province', 'cấp tỉnh'), ('district', 'cấp huyện'), ('commune', 'cấp xã'), ('agency', 'cơ quan')], max_length=10)),
                    ('parent_code', models.CharField(blank=True, max_length=5)),
                    ('kind', models.CharField(blank=True, choices=[('tinh', 'tỉnh'), ('thanh_pho_tw', 'thành phố trực thuộc trung ương'), ('huyen', 'huyện'), ('quan', 'quận'), ('thi_xa', 'thị xã'), ('thanh_pho', 'thành phố'), ('xa', 'xã'), ('phuong', 'phường'), ('thi_tran', 'thị trấn'), ('dac_khu', 'đặc khu'), ('co_quan', 'cơ quan')], max_length=12, verbose_name='loại')),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='tên')),
                    ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned_units', to='units.decision')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('decision', 'code', 'what'), name='planned_unit_once')],
                },
            ),
            migrations.CreateModel(
                name='PointManagement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('basis', models.CharField(blank=True, max_length=200, verbose_name='căn cứ')),
                    ('managed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.body')),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='managements', to='units.servicepoint')),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('point'), models.F('point'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='point_management_one_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='PointDetails',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('name', models.CharField(max_length=200, verbose_name='tên')),
                    ('address', models.CharField(max_length=300, verbose_name='địa chỉ')),
                    ('opening_hours', models.CharField(max_length=200, verbose_name='giờ mở cửa')),
                    ('phone', models.CharField(max_length=20, verbose_name='điện thoại')),
                    ('latitude', models.FloatField(blank=True, null=True, verbose_name='vĩ độ')),
                    ('longitude', models.FloatField(blank=True, null=True, verbose_name='kinh độ')),
                    ('is_example', models.BooleanField(default=False, help_text='address, hours and phone are made up')),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='details', to='units.servicepoint')),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('point'), models.F('point'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='point_details_one_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='PartPlace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('key', models.CharField(help_text='its words without marks, parted by one blank', max_length=120)),
                    ('succession', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='units.succession')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('succession', 'key'), name='part_place_once')],
                },
            ),
        ),
        migrations.AddIndex(
            model_name='body',
            index=models.Index(fields=['unit', 'kind'], name='body_unit_kind'),
        ),
    ]
