from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0004_steps_known'),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='public_decimals',
            field=models.SmallIntegerField(choices=[(4, 'khoảng 10 m'), (3, 'khoảng 100 m'), (2, 'khoảng 1 km')], db_default=4, default=4, verbose_name='điểm công khai chính xác đến'),
        ),
    ]
