from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_refund_of_something")]
    operations = [ValidateConstraint("refund", "refund_of_something")]
