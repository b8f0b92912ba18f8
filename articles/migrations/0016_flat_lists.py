"""Lists that cost the same however many articles there are: sizes of topics and uses of words as rows, and indexes."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count, Max

BATCH = 500


def count_topics(apps: Any, schema_editor: Any) -> None:
    """Count the articles of each topic that readers may see."""
    alias = schema_editor.connection.alias
    article, topic = (apps.get_model("articles", name) for name in ("Article", "Topic"))
    public = article.objects.using(alias).filter(kind="article", publication__isnull=False, withdrawn_at__isnull=True)
    rows = public.order_by().values("language", "topic_slug").annotate(count=Count("pk"), name=Max("topic"))
    topic.objects.using(alias).bulk_create(
        topic(language=row["language"], slug=row["topic_slug"], name=row["name"], count=row["count"]) for row in rows
    )


def store_uses(apps: Any, schema_editor: Any) -> None:
    """Store which words each text explains."""
    alias = schema_editor.connection.alias
    rendering, use = (apps.get_model("articles", name) for name in ("Rendering", "WordUse"))
    missing = rendering.objects.using(alias).filter(has_uses=False).only("term_keys").order_by("pk")
    while rows := list(missing[:BATCH]):
        uses = [use(publication_id=row.pk, key=key) for row in rows for key in dict.fromkeys(row.term_keys)]
        use.objects.using(alias).bulk_create(uses, batch_size=BATCH)
        rendering.objects.using(alias).filter(pk__in=[row.pk for row in rows]).update(has_uses=True)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0015_page_versions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('slug', models.CharField(max_length=100, verbose_name='address')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('count', models.IntegerField(default=0, verbose_name='articles that readers may see')),
            ],
            options={
                'verbose_name': 'topic',
                'verbose_name_plural': 'topics',
            },
        ),
        migrations.CreateModel(
            name='WordUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100, verbose_name='key of the word')),
            ],
            options={
                'verbose_name': 'use of a word',
                'verbose_name_plural': 'uses of words',
            },
        ),
        migrations.RemoveIndex(
            model_name='article',
            name='article_title',
        ),
        migrations.RemoveIndex(
            model_name='article',
            name='article_review_due',
        ),
        migrations.RemoveIndex(
            model_name='article',
            name='article_sort_title',
        ),
        migrations.RemoveIndex(
            model_name='publication',
            name='publication_newest',
        ),
        migrations.AddField(
            model_name='rendering',
            name='has_uses',
            field=models.BooleanField(db_default=False, default=False, help_text='False where old code made it, which knows nothing of them.', verbose_name="has a row for each word's use"),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('publication__isnull', False), ('withdrawn_at__isnull', True)), fields=['kind', 'slug'], name='article_slug'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('publication__isnull', False), ('withdrawn_at__isnull', True)), fields=['kind', 'id'], name='article_of_a_kind'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['title', 'id'], name='article_by_title'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['review_due_on', 'id'], name='article_by_review_due'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('source_problems', ''), _negated=True), fields=['title', 'id'], name='article_breaks_a_rule'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('publication__isnull', False), ('withdrawn_at__isnull', True)), fields=['language', 'kind', 'topic_slug', 'title', 'id'], name='article_in_topic'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('publication__isnull', False), ('withdrawn_at__isnull', True)), fields=['language', 'kind', 'sort_title', 'id'], name='article_from_a_to_z'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('publication__isnull', False), ('withdrawn_at__isnull', True)), fields=['language', 'kind', 'topic_slug', 'changed_at', 'id'], name='article_changed_in_topic'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('publication__isnull', False), ('withdrawn_at__isnull', False)), fields=['language', 'kind', 'topic_slug', 'withdrawn_at'], name='article_gone_in_topic'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('publication__isnull', False), ('withdrawn_at__isnull', True)), fields=['kind', 'language', 'id'], name='article_in_language'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('publication__isnull', False), ('withdrawn_at__isnull', True)), fields=['kind', 'topic_slug', 'id'], name='article_in_any_language'),
        ),
        migrations.AddIndex(
            model_name='citation',
            index=models.Index(fields=['reference', 'claim'], name='citation_of_a_work'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('answers_to__isnull', True), ('resolved_at__isnull', True)), fields=['revision'], name='comment_open'),
        ),
        migrations.AddIndex(
            model_name='conflict',
            index=models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['article', 'made_at'], name='conflict_open'),
        ),
        migrations.AddIndex(
            model_name='glossaryterm',
            index=models.Index(condition=models.Q(('is_public', True)), fields=['key'], name='word_explained'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['published_at', 'id'], name='publication_by_day'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['number', 'published_at', 'id'], name='publication_by_number'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['title', 'id'], name='reference_by_title'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['design', 'key'], name='reference_of_a_design'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('retracted_on__isnull', False), ('noticed_retraction_on__isnull', False), _connector='OR'), fields=['key'], name='reference_withdrawn'),
        ),
        migrations.AddIndex(
            model_name='rendering',
            index=models.Index(condition=models.Q(('has_uses', False)), fields=['publication'], name='rendering_without_uses'),
        ),
        migrations.AddIndex(
            model_name='rendering',
            index=models.Index(fields=['renderer_version'], name='rendering_by_renderer'),
        ),
        migrations.AddIndex(
            model_name='revisionstate',
            index=models.Index(fields=['status', 'moved_at'], name='revision_state_status'),
        ),
        migrations.AddIndex(
            model_name='revisionstate',
            index=models.Index(condition=models.Q(('problem', ''), _negated=True), fields=['article'], name='revision_state_missed'),
        ),
        migrations.AddIndex(
            model_name='withdrawal',
            index=models.Index(django.db.models.functions.comparison.Coalesce('ended_at', 'done_at'), models.F('id'), condition=models.Q(('done_at__isnull', False)), name='withdrawal_last_turn'),
        ),
        migrations.AddIndex(
            model_name='topic',
            index=models.Index(fields=['language', 'name', 'id'], name='topic_name'),
        ),
        migrations.AddConstraint(
            model_name='topic',
            constraint=models.UniqueConstraint(fields=('language', 'slug'), name='topic_slug_unique'),
        ),
        migrations.AddField(
            model_name='worduse',
            name='publication',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='word_uses', to='articles.publication', verbose_name='publication'),
        ),
        migrations.AddConstraint(
            model_name='worduse',
            constraint=models.UniqueConstraint(fields=('key', 'publication'), name='word_use_once'),
        ),
        migrations.RunPython(count_topics, migrations.RunPython.noop),
        migrations.RunPython(store_uses, migrations.RunPython.noop),
    ]
