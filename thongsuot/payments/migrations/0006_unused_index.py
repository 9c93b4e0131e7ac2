"""No list was ever read by it."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0005_held_by_whom")]
    operations = [RemoveIndexConcurrently(model_name="feepayment", name="fee_payment_of_unit")]
