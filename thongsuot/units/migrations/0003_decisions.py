import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

# Who took a unit whole keeps what is not divided, else who took all its people, else the likeliest.
KEEPERS = '''
UPDATE units_succession SET keeps_records = true WHERE id IN (
  SELECT DISTINCT ON (old_unit_id) id FROM units_succession
   WHERE extent IN ('whole', 'part_land_all_population') OR (likeliest AND extent = 'part')
   ORDER BY old_unit_id, CASE extent WHEN 'whole' THEN 0 WHEN 'part_land_all_population' THEN 1 ELSE 2 END, id
)
'''


class Migration(migrations.Migration):
    atomic = False  # an index is built without holding everyone up

    dependencies = [
        ('units', '0002_agencies'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('key', models.CharField(help_text='its words without marks, parted by one blank', max_length=120)),
                ('succession', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='units.succession')),
            ],
            options={'constraints': [models.UniqueConstraint(fields=('succession', 'key'), name='part_place_once')]},
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
            options={'constraints': [models.UniqueConstraint(fields=('decision', 'old_code', 'new_code'), name='planned_succession_once')]},
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
            options={'constraints': [models.UniqueConstraint(fields=('decision', 'code', 'what'), name='planned_unit_once')]},
        ),
        migrations.AddField(
            model_name='decision',
            name='left_out',
            field=models.IntegerField(db_default=0, default=0, help_text='lines of its file that could not be used'),
        ),
        migrations.AddField(
            model_name='decision',
            name='approved_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='approved_by_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='decision',
            name='drafted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='drafted_by_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='decision',
            name='expected',
            field=models.JSONField(db_default={}, default=dict, help_text='how many units begin, as its text says: {"phuong": 51}'),
        ),
        migrations.AddField(
            model_name='decision',
            name='province',
            field=models.ForeignKey(help_text='whose communes it orders', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit'),
        ),
        migrations.AddField(
            model_name='decision',
            name='state',
            field=models.CharField(choices=[('draft', 'Đang soạn'), ('checked', 'Đã kiểm tra'), ('approved', 'Đã duyệt'), ('withdrawn', 'Đã rút')], db_default='approved', default='approved', max_length=10),
        ),
        migrations.AddField(
            model_name='succession',
            name='keeps_records',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='succession',
            name='part',
            field=models.CharField(blank=True, db_default='', default='', max_length=2000),
        ),
        migrations.AddField(
            model_name='servicepoint',
            name='continues',
            field=models.OneToOneField(help_text='the same house, of an ended unit', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='units.servicepoint'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='effective_on',
            field=models.DateField(verbose_name='có hiệu lực từ ngày'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='number',
            field=models.CharField(max_length=60, unique=True, verbose_name='số, ký hiệu'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='signed_on',
            field=models.DateField(null=True, verbose_name='ngày ký'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='title',
            field=models.CharField(max_length=300, verbose_name='trích yếu'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'checked', 'approved', 'withdrawn'])), name='decision_state'),
        ),
        ValidateConstraint(model_name='decision', name='decision_state'),
        migrations.RunSQL(KEEPERS, reverse_sql=migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    model_name='succession',
                    constraint=models.UniqueConstraint(condition=models.Q(('keeps_records', True)), fields=('old_unit',), name='succession_one_keeper'),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS succession_one_keeper ON units_succession (old_unit_id) WHERE keeps_records',
                    'DROP INDEX CONCURRENTLY IF EXISTS succession_one_keeper',
                ),
            ],
        ),
    ]
