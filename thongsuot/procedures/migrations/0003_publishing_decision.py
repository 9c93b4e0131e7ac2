from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

BOTH_OR_NEITHER = models.CheckConstraint(
    condition=models.Q(
        models.Q(("decision_number", ""), ("decision_on", None)),
        models.Q(models.Q(("decision_number", ""), _negated=True), models.Q(("decision_on", None), _negated=True)),
        _connector="OR",
    ),
    name="version_decision",
)


class Migration(migrations.Migration):
    atomic = False  # the constraint is checked without holding everyone up

    dependencies = [("procedures", "0002_process_draft")]

    operations = [
        migrations.AddField(
            model_name="procedureversion",
            name="decision_number",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="quyết định công bố"),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="decision_on",
            field=models.DateField(blank=True, null=True, verbose_name="ngày ký quyết định công bố"),
        ),
        AddConstraintNotValid(model_name="procedureversion", constraint=BOTH_OR_NEITHER),
        ValidateConstraint(model_name="procedureversion", name="version_decision"),
    ]
