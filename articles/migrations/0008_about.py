"""Which conditions and medicines a text is about, for machines. No text said so before, so none is remade."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_visit_sheet")]
    operations = [
        migrations.AddField(
            model_name="rendering",
            name="about",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Names of conditions and medicines, for machines.",
                verbose_name="what it is about",
            ),
        ),
    ]
