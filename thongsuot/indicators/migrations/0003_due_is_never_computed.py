from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ('indicators', '0002_report_by_procedure'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='fact',
            name='due_is_computed',
        ),
    ]
