import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0001_first_release'),
        ('hotline', '0001_first_release'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='deletion_tried_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='call',
            name='deletion_trouble',
            field=models.CharField(blank=True, choices=[('silent', 'Tổng đài không trả lời'), ('refused', 'Tổng đài không cho xóa'), ('stayed', 'Tổng đài báo đã xóa nhưng bản ghi vẫn còn'), ('elsewhere', 'Nằm ở tổng đài không còn nối')], db_default='', max_length=10),
        ),
        migrations.AddField(
            model_name='call',
            name='recording_deleted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='callback',
            name='next_try_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='callback',
            name='note',
            field=models.CharField(blank=True, db_default='', max_length=300),
        ),
        migrations.AddField(
            model_name='callback',
            name='taken_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='calltransfer',
            name='by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='hotlinesetting',
            name='connect_minutes',
            field=models.IntegerField(db_default=1),
        ),
        migrations.AddField(
            model_name='hotlinesetting',
            name='retry_minutes',
            field=models.IntegerField(db_default=30),
        ),
        migrations.AddField(
            model_name='hotlinesetting',
            name='stuck_minutes',
            field=models.IntegerField(db_default=30),
        ),
        migrations.AlterField(
            model_name='calltransfer',
            name='state',
            field=models.CharField(choices=[('asked', 'Tổng đài chưa xác nhận'), ('done', 'Đã chuyển'), ('refused', 'Tổng đài không chuyển được'), ('missed', 'Không ai nhấc máy')], default='asked', max_length=7),
        ),
        migrations.CreateModel(
            name='CallChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('corrected', 'Sửa kết quả'), ('reassigned', 'Giao lại'), ('deleted', 'Đã xóa bản ghi âm ở nơi lưu')], max_length=10)),
                ('before', models.CharField(help_text='the outcome, or whose it was', max_length=200)),
                ('after', models.CharField(max_length=200)),
                ('reason', models.CharField(max_length=300)),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='hotline.call')),
            ],
        ),
        migrations.CreateModel(
            name='CallTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='further_tickets', to='hotline.call')),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.feedbackticket')),
            ],
        ),
        migrations.CreateModel(
            name='RecordingHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('by_name', models.CharField(max_length=200)),
                ('held_at', models.DateTimeField()),
                ('released_by_name', models.CharField(blank=True, max_length=200)),
                ('released_at', models.DateTimeField(null=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='hotline.call')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('call',), name='recording_hold_one')],
            },
        ),
    ]
