import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0003_results_and_papers'),
        ('files', '0001_initial'),
        ('people', '__first__'),
        ('procedures', '0001_initial'),
        ('units', '0002_agencies'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='step_unit',
            field=models.ForeignKey(db_index=False, help_text='the partner whose leg is open; null: the desk or the resolving unit has it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='by_silence',
            field=models.BooleanField(default=False, help_text='nobody answered: agreement by `silence_basis`'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='opinion',
            name='silence_basis',
            field=models.CharField(blank=True, default='', help_text='the text by which silence past the date is agreement', max_length=300),
        ),
        migrations.CreateModel(
            name='Carriage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('number', models.IntegerField()),
                ('year', models.SmallIntegerField()),
                ('items', models.JSONField(default=list, help_text='as printed: [{"debt", "code", "what", "papers"}]')),
                ('carrier', models.CharField(blank=True, help_text='who takes it there: a courier, the post', max_length=200)),
                ('sent_at', models.DateTimeField()),
                ('sent_by_name', models.CharField(max_length=200)),
                ('received_at', models.DateTimeField(null=True)),
                ('received_by_name', models.CharField(blank=True, max_length=200)),
                ('discrepancies', models.CharField(blank=True, help_text='what did not agree with the slip', max_length=1000)),
                ('from_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('received_at__isnull', True)), fields=['to_unit', 'sent_at'], name='carriage_under_way')],
                'constraints': [models.UniqueConstraint(fields=('from_unit', 'year', 'number'), name='carriage_numbered'), models.CheckConstraint(condition=models.Q(('from_unit', models.F('to_unit')), _negated=True), name='carriage_between_two')],
            },
        ),
        migrations.CreateModel(
            name='Leg',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.SmallIntegerField()),
                ('role', models.CharField(blank=True, help_text='of units; empty: the resolving unit; desk: who received it', max_length=40)),
                ('minutes', models.IntegerField(help_text='own limit in working minutes: the sum of its steps')),
                ('handed_over_at', models.DateTimeField()),
                ('starts_at', models.DateTimeField(help_text='from when its limit runs: handed over after 15:00, the next working morning')),
                ('taken_at', models.DateTimeField(null=True)),
                ('taken_by_name', models.CharField(blank=True, help_text='empty: by the system', max_length=200)),
                ('due_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('done', 'Đã xong'), ('returned', 'Trả lại chặng trước'), ('ended', 'Kết thúc cùng hồ sơ')], max_length=10)),
                ('late_minutes', models.IntegerField(default=0, help_text='working minutes beyond its limit, pauses left out')),
                ('reason', models.CharField(blank=True, help_text='why it was given back', max_length=1000)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.body')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legs', to='dossiers.dossier')),
                ('unit', models.ForeignKey(help_text='whose people do it', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('finished_at__isnull', True)), fields=['unit', 'due_at'], name='leg_open_of_unit'), models.Index(condition=models.Q(('finished_at', None), ('taken_at', None)), fields=['starts_at'], name='leg_not_taken'), models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['finished_at'], name='leg_finished')],
                'constraints': [models.UniqueConstraint(fields=('dossier', 'number'), name='leg_numbered'), models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('dossier',), name='leg_one_open'), models.CheckConstraint(condition=models.Q(('starts_at__gte', models.F('handed_over_at'))), name='leg_starts_after_hand_over'), models.CheckConstraint(condition=models.Q(('late_minutes', 0), ('finished_at__isnull', False), _connector='OR'), name='leg_late_once_finished')],
            },
        ),
        migrations.CreateModel(
            name='PaperDebt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('file', 'Hồ sơ giấy'), ('result', 'Kết quả bản giấy')], max_length=6)),
                ('papers', models.JSONField(default=list, help_text='[{"name", "originals", "copies"}]')),
                ('owed_since', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(help_text='received at the other end, or nothing is owed any more', null=True)),
                ('carriage', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debts', to='dossiers.carriage')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_debts', to='dossiers.dossier')),
                ('from_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['from_unit', 'due_at'], name='paper_debt_from'), models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['to_unit', 'due_at'], name='paper_debt_to')],
                'constraints': [models.UniqueConstraint(fields=('dossier', 'what'), name='paper_debt_once'), models.CheckConstraint(condition=models.Q(('from_unit', models.F('to_unit')), _negated=True), name='paper_debt_between_two')],
            },
        ),
        migrations.CreateModel(
            name='PaymentNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60)),
                ('amount_dong', models.BigIntegerField()),
                ('pay_by', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('issued_by_name', models.CharField(max_length=200)),
                ('paid_at', models.DateTimeField(help_text='when the proof was confirmed here', null=True)),
                ('proof_number', models.CharField(blank=True, max_length=60)),
                ('confirmed_by_name', models.CharField(blank=True, max_length=200)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_notices', to='dossiers.dossier')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('leg', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.leg')),
                ('proof_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_dong__gt', 0)), name='payment_notice_amount'), models.UniqueConstraint(condition=models.Q(('paid_at__isnull', True)), fields=('dossier',), name='payment_notice_one_open'), models.CheckConstraint(condition=models.Q(('paid_at__isnull', True), models.Q(('proof_number', ''), _negated=True), ('proof_file__isnull', False), _connector='OR'), name='payment_notice_paid_with_proof')],
            },
        ),
    ]
