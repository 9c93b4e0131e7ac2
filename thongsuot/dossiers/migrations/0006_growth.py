# What keeps reads as quick with tens of millions of dossiers (docs/adr/0012-growth.md). Nothing is rewritten, nobody waits.

import django.contrib.postgres.operations
from django.conf import settings
from django.db import migrations, models

# Vacuum by the thousand rows, not by the fifth of a table: a fifth of twenty million is months of work, and until then the
# indexes alone cannot answer. The queue of changes to the counts is emptied each minute.
SETTINGS = {
    'dossiers_dossier': 'autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 2000, '
    'autovacuum_vacuum_insert_scale_factor = 0.005, autovacuum_vacuum_insert_threshold = 5000, '
    'autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 5000, fillfactor = 85',
    'dossiers_steprun': 'autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01, fillfactor = 90',
    'dossiers_tally': 'autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, fillfactor = 80',
    'dossiers_tallychange': 'autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000',
}


def change(sign):
    statements = []
    for table, said in SETTINGS.items():
        names = ', '.join(one.split(' = ')[0] for one in said.split(', '))
        statements.append(f'ALTER TABLE {table} SET ({said})' if sign else f'ALTER TABLE {table} RESET ({names})')
    return ';\n'.join(statements)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('dossiers', '0005_agencies_indexes'),
        ('procedures', '0001_initial'),
        ('units', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(fields=['resolving_unit', 'received_at'], include=('id', 'owner_search'), name='dossier_resolving_names'),
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently(
            model_name='dossier',
            name='dossier_resolving_received',
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(condition=models.Q(('receiving_unit', models.F('resolving_unit')), _negated=True), fields=['receiving_unit', 'received_at'], include=('id', 'owner_search'), name='dossier_received_for_others'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='tally',
            index=models.Index(fields=['day', 'unit_id'], include=('channel', 'status', 'on_time', 'dossiers'), name='tally_summed'),
        ),
        migrations.RunSQL(change(True), change(False)),
    ]
