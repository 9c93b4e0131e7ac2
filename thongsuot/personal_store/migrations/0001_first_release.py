import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('personal_store', '0001_papers')]

    initial = True

    dependencies = [
        ('files', '0001_first_release'),
        ('people', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='StoredPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=20, unique=True, verbose_name='mã giấy tờ')),
                    ('kind', models.CharField(choices=[('result', 'Kết quả giải quyết'), ('digitised', 'Giấy tờ đã số hóa'), ('e_copy', 'Bản sao điện tử có chứng thực')], max_length=10)),
                    ('source', models.CharField(help_text='where it came from: dossiers.result/12', max_length=60, unique=True)),
                    ('owner_id_number', models.CharField(blank=True, max_length=20, verbose_name='số định danh')),
                    ('procedure_code', models.CharField(help_text='whose list of papers knows `paper_code`', max_length=20)),
                    ('paper_code', models.CharField(blank=True, help_text='as the component was called; empty for a result', max_length=40)),
                    ('type_code', models.CharField(blank=True, help_text='national code of the result, where known', max_length=40)),
                    ('title', models.CharField(max_length=500, verbose_name='tên giấy tờ')),
                    ('title_key', models.CharField(editable=False, max_length=500)),
                    ('number', models.CharField(blank=True, max_length=40, verbose_name='số')),
                    ('issuing_body', models.CharField(blank=True, max_length=300, verbose_name='cơ quan cấp')),
                    ('issued_on', models.DateField(null=True, verbose_name='ngày cấp')),
                    ('valid_from', models.DateField(null=True)),
                    ('valid_to', models.DateField(help_text='the first day on which it holds no longer', null=True)),
                    ('scope', models.CharField(blank=True, max_length=300, verbose_name='phạm vi sử dụng')),
                    ('signature', models.CharField(choices=[('none', 'Chưa ký số'), ('person', 'Chữ ký số của người có thẩm quyền'), ('agency', 'Chữ ký số của cơ quan'), ('both', 'Chữ ký số của người có thẩm quyền và của cơ quan')], default='none', max_length=10)),
                    ('proof_code', models.CharField(blank=True, max_length=40)),
                    ('dossier_id', models.BigIntegerField(null=True)),
                    ('dossier_code', models.CharField(blank=True, max_length=60)),
                    ('state', models.CharField(choices=[('valid', 'Còn giá trị'), ('corrected', 'Đã được đính chính'), ('replaced', 'Đã được thay thế'), ('revoked', 'Đã bị thu hồi')], default='valid', max_length=10)),
                    ('state_reason', models.CharField(blank=True, max_length=500)),
                    ('state_at', models.DateTimeField(null=True)),
                    ('is_offered', models.BooleanField(default=True, help_text='the owner lets it be offered in new dossiers')),
                    ('stored_at', models.DateTimeField()),
                    ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('issuing_unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='personal_store.storedpaper')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('owner_id_number', ''), _negated=True), fields=['owner_id_number'], name='stored_paper_owner'), models.Index(condition=models.Q(('dossier_id__isnull', False)), fields=['dossier_id'], name='stored_paper_dossier')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('owner_id_number', ''), _negated=True), ('account__isnull', False), _connector='OR'), name='stored_paper_has_owner'), models.CheckConstraint(condition=models.Q(('state', 'valid'), models.Q(('state_at__isnull', False), models.Q(('state_reason', ''), _negated=True)), _connector='OR'), name='stored_paper_change_has_reason')],
                },
            ),
            migrations.CreateModel(
                name='ReuseConsent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('procedure_code', models.CharField(max_length=20)),
                    ('how', models.CharField(choices=[('ticked', 'Chọn trên trang nộp hồ sơ'), ('spoken', 'Nói tại quầy'), ('written', 'Ký trên giấy'), ('authorised', 'Người được ủy quyền đồng ý, có giấy ủy quyền')], max_length=10)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('given_at', models.DateTimeField()),
                    ('noted_by_id', models.BigIntegerField(null=True)),
                    ('noted_by_name', models.CharField(blank=True, max_length=200)),
                    ('unit_id', models.BigIntegerField(null=True)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='personal_store.storedpaper')),
                ],
            ),
            migrations.CreateModel(
                name='Reuse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('dossier_id', models.BigIntegerField(db_index=True)),
                    ('dossier_code', models.CharField(max_length=60)),
                    ('procedure', models.CharField(max_length=500)),
                    ('unit_id', models.BigIntegerField()),
                    ('unit_name', models.CharField(max_length=300)),
                    ('by_name', models.CharField(max_length=200)),
                    ('by_post', models.CharField(blank=True, max_length=200)),
                    ('at', models.DateTimeField()),
                    ('consent', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='use', to='personal_store.reuseconsent')),
                    ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='personal_store.storedpaper')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('paper', 'dossier_id'), name='reuse_once_per_dossier')],
                },
            ),
        ),
    ]
