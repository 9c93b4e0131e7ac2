import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('files', '0001_initial')]

    initial = True

    dependencies = [
        ('people', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Blob',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sha256', models.CharField(max_length=64)),
                    ('size', models.BigIntegerField()),
                    ('content_type', models.CharField(help_text='what the content is, not what the sender said', max_length=100)),
                    ('stored_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('sha256',), name='blob_once'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='blob_fingerprint'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='blob_not_empty')],
                },
            ),
            migrations.CreateModel(
                name='StoredFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='tên tệp')),
                    ('uploaded_at', models.DateTimeField()),
                    ('purpose', models.CharField(blank=True, help_text='a short word of the caller: paper, result, draft', max_length=40)),
                    ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='files.blob')),
                    ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
        ),
    ]
