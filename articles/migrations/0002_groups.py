"""The groups Editors, Reviewers and Publishers, with their rights. A right an operator adds by hand is left alone."""

from typing import Any

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    "Editors": ["add_article", "change_article", "view_article", "view_reference", "view_glossaryterm"],
    "Reviewers": ["view_article", "review_article", "view_reference", "view_glossaryterm"],
    "Publishers": [
        "view_article",
        "publish_article",
        "publish_unreviewed_article",
        "view_reference",
        "view_glossaryterm",
    ],
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Make the groups; permissions are otherwise made only after the last migration."""
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=schema_editor.connection.alias)
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for name, codenames in GROUPS.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*permissions.filter(content_type__app_label="articles", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
