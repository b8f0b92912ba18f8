"""Tables of the search."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_publications_and_rights")]
    operations = []
