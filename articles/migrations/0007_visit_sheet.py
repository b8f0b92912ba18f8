"""What the sheet for a visit to the doctor shows; ``prepare_database`` fills it by remaking the pages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_feedback")]
    operations = [
        migrations.AddField(
            model_name="rendering",
            name="visit_sheet",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="The fields of articles.text.visit_sheet.VisitSheet.",
                verbose_name="sheet for a visit to the doctor",
            ),
        ),
    ]
