"""What the sheet for a visit to the doctor shows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_feedback")]
    operations = []
