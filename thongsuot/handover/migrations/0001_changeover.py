import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('units', '0003_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Changeover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_on', models.DateField()),
                ('state', models.CharField(choices=[('open', 'Đang chuẩn bị'), ('running', 'Đang chuyển'), ('undoing', 'Đang chuyển trở lại'), ('closed', 'Đã khép')], default='open', max_length=8)),
                ('opened_at', models.DateTimeField()),
                ('opened_by_name', models.CharField(max_length=200)),
                ('plan_hash', models.CharField(blank=True, help_text='of the last preview: sha256 over what is still to move', max_length=64)),
                ('planned_at', models.DateTimeField(null=True)),
                ('planned_by_name', models.CharField(blank=True, max_length=200)),
                ('run_hash', models.CharField(blank=True, help_text='of the preview that is being carried out', max_length=64)),
                ('run_began_at', models.DateTimeField(null=True)),
                ('run_ended_at', models.DateTimeField(null=True)),
                ('stop_asked_at', models.DateTimeField(help_text='whoever moves things stops before the next batch', null=True)),
                ('asked', models.CharField(blank=True, choices=[('plan', 'Xem trước'), ('run', 'Chuyển'), ('undo', 'Chuyển trở lại')], help_text='what a page asked of the worker, until it is done', max_length=4)),
                ('asked_at', models.DateTimeField(null=True)),
                ('asked_by_name', models.CharField(blank=True, max_length=200)),
                ('answer', models.CharField(blank=True, help_text='why what was asked last was not done', max_length=500)),
                ('closed_at', models.DateTimeField(null=True)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.decision')),
            ],
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('label', models.CharField(blank=True, max_length=80)),
                ('about', models.CharField(blank=True, max_length=40)),
                ('rule', models.CharField(choices=[('whole', 'whole'), ('address', 'address'), ('place', 'place'), ('point', 'point'), ('competence', 'competence'), ('keeper', 'keeper'), ('with', 'with'), ('issuer', 'issuer'), ('owner', 'owner'), ('person', 'person'), ('nobody', 'nobody')], max_length=10)),
                ('candidates', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('chosen_by_name', models.CharField(blank=True, max_length=200)),
                ('chosen_why', models.CharField(blank=True, max_length=300)),
                ('moved_at', models.DateTimeField(null=True)),
                ('was', models.JSONField(null=True)),
                ('gone_at', models.DateTimeField(null=True)),
                ('stays_at', models.DateTimeField(help_text='an undo left it: it ended at its successor, or went on elsewhere', null=True)),
                ('told_at', models.DateTimeField(help_text='when its owner was told, once', null=True)),
                ('changeover', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='handover.changeover')),
                ('from_unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('to_unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
        ),
        migrations.CreateModel(
            name='TransferCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('held', models.BigIntegerField()),
                ('changeover', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='handover.changeover')),
                ('from_unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
        ),
        migrations.AddConstraint(
            model_name='changeover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('run_hash', ''), _negated=True), _connector='OR'), name='changeover_runs_by_a_preview'),
        ),
        migrations.AddConstraint(
            model_name='changeover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='changeover_closed_has_instant'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('gone_at', None), ('moved_at', None), ('to_unit__isnull', False)), fields=['changeover', 'kind', 'id'], name='transfer_to_move'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('gone_at', None), ('moved_at', None), ('to_unit', None)), fields=['changeover', 'from_unit', 'id'], name='transfer_undecided'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('moved_at__isnull', False)), fields=['changeover', 'kind', 'id'], name='transfer_moved'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('moved_at__isnull', False), ('told_at', None)), fields=['changeover', 'id'], name='transfer_to_tell'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['kind', 'subject_id'], name='transfer_subject'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['changeover', 'from_unit', 'to_unit', 'kind'], name='transfer_of_pair'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('changeover', 'kind', 'subject_id'), name='transfer_once'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('moved_at', None), ('to_unit__isnull', False), _connector='OR'), name='transfer_moved_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('moved_at', None), ('was', None)), models.Q(('moved_at__isnull', False), ('was__isnull', False)), _connector='OR'), name='transfer_moved_can_go_back'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('moved_at', None), ('gone_at', None), _connector='OR'), name='transfer_moved_or_gone'),
        ),
        migrations.AddConstraint(
            model_name='transfercount',
            constraint=models.UniqueConstraint(fields=('changeover', 'kind', 'from_unit'), name='transfer_count_once'),
        ),
    ]
