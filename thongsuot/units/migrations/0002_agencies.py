import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='body',
            name='kind',
            field=models.CharField(choices=[('people_council', 'Hội đồng nhân dân'), ('people_committee', 'Ủy ban nhân dân'), ('office', 'Văn phòng HĐND và UBND'), ('economy_office', 'Phòng Kinh tế'), ('culture_society_office', 'Phòng Văn hóa - Xã hội'), ('service_centre', 'Trung tâm Phục vụ hành chính công'), ('division', 'phòng'), ('branch', 'chi nhánh'), ('public_service_unit', 'đơn vị sự nghiệp công'), ('department', 'sở'), ('tax', 'cơ quan thuế'), ('land_registration', 'văn phòng đăng ký đất đai'), ('police', 'công an'), ('social_insurance', 'bảo hiểm xã hội')], max_length=24),
        ),
        migrations.AlterField(
            model_name='unit',
            name='level',
            field=models.CharField(choices=[('province', 'cấp tỉnh'), ('district', 'cấp huyện'), ('commune', 'cấp xã'), ('agency', 'cơ quan')], max_length=10),
        ),
        migrations.AlterField(
            model_name='unitname',
            name='kind',
            field=models.CharField(choices=[('tinh', 'tỉnh'), ('thanh_pho_tw', 'thành phố trực thuộc trung ương'), ('huyen', 'huyện'), ('quan', 'quận'), ('thi_xa', 'thị xã'), ('thanh_pho', 'thành phố'), ('xa', 'xã'), ('phuong', 'phường'), ('thi_tran', 'thị trấn'), ('dac_khu', 'đặc khu'), ('co_quan', 'cơ quan')], max_length=12),
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
    ]
