from django.db import migrations

# Who did what and when stands in the events.
UNREAD = {
    'box': ('packed_at', 'packed_by_name'),
    'changeover': ('opened_at', 'opened_by_name', 'planned_by_name', 'run_ended_at'),
    'handoversignature': ('sealed_by_name',),
    'headcount': ('said_at', 'said_by_name'),
    'newseal': ('noted_by_name',),
    'representative': ('named_at', 'named_by_name'),
    'surpluspremises': ('planned_at', 'planned_by_name'),
}


class Migration(migrations.Migration):

    dependencies = [
        ('handover', '0001_changeover'),
    ]

    operations = [
        migrations.RemoveField(model_name=model, name=name) for model, names in UNREAD.items() for name in names
    ]
