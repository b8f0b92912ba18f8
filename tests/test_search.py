"""The same searches find the same on every database: the listed ones over the content that is shipped, and whatever is typed."""

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles import content_sync, search, workflow
from articles.models import Article, GlossaryTerm, Reference, SearchEntry, SearchSpelling
from articles.search import finding, ranking
from articles.search.engines import BODY, CONTEXT, HEADING, NAMES, TITLE, Group, find_ids, write_fts5, write_tsquery
from articles.search.spelling import correct, distance, nearest, sound
from articles.search.statements import read
from articles.text.search_terms import Term, to_tokens
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, publish

pytestmark = pytest.mark.django_db

SEARCHES = Path(__file__).parent / "data/searches.tsv"
ARTICLE = "/articles/effects-of-methyl-b12-on-neuropathy/"
HOSTILE = [
    'a" OR',
    "AND",
    "NOT b12",
    "*",
    "b12*",
    "nerve NEAR/3 damage",
    "title_words:nerve",
    "{title_words} : nerve",
    "' OR 1=1 --",
    "'; DROP TABLE articles_article; --",
    "nerve' & !'b12",
    "nerve:*A <-> damage",
    '"',
    '"""',
    "“nerve",
    "\\",
    "%s %(q)s",
    "\0nerve\0",
    "nerve\ufffe",
    "nerve\ud800",
    "💊 b12 🧠",
    "ألم الأعصاب",
    "\u202enerve\u202c",
    "神経",
    "e\u0301" * 50,
    "(" * 100,
    "nerve " * 2000,
    "n" * 10_000,
    "<script>alert(1)</script>",
    "0x1f 1e5 12.5 1/2 ½ ² ⅻ",
]


def look_for(typed: str, **others: object) -> search.Found:
    return search.search(typed, language="en", **others)  # type: ignore[arg-type]


def urls(typed: str) -> list[str]:
    """Give the addresses of all results, on all their pages."""
    pages = look_for(typed).pages
    return [hit.url.replace(ARTICLE, "@") for page in range(1, pages + 1) for hit in look_for(typed, page=page).hits]


@pytest.fixture
def shipped() -> None:
    plan = content_sync.plan(settings.CONTENT_DIR, for_publishing=True)
    content_sync.apply(plan, by=IMPORT, now=timezone.now(), publish=True)


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def test_the_listed_searches_find_what_is_listed(shipped: None) -> None:
    """The list names all results in the article ("@") and the glossary, and not those in pages about the site."""
    with SEARCHES.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(listed) >= 40
    for row in listed:
        found = look_for(row["query"])
        hits = urls(row["query"])
        told = {
            "query": row["query"],
            "way": found.way,
            "corrected": found.corrected,
            "suggestion": found.suggestion,
            "first": hits[0] if hits else "",
            "results": " ".join(sorted(url for url in hits if url.startswith(("@", "/glossary/")))),
        }
        assert told == row


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed)[:30])
def test_hostile_searches_are_words_and_nothing_else(article: Article, typed: str) -> None:
    found = look_for(typed)
    assert len(found.query.typed) <= 200
    assert found.total <= 100
    assert Article.objects.exists()


@given(st.text(max_size=60))
@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered(article: Article, typed: str) -> None:
    for text in (typed, f'nerve "{typed}" {typed}'):
        assert look_for(text).page == 1


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12), min_size=1, max_size=6))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_word_of_a_text_is_found_in_its_column(article: Article, words: list[str]) -> None:
    tokens = to_tokens(" ".join(words), "en")
    entry = SearchEntry.objects.filter(article=article).order_by("position")[0]
    SearchEntry.objects.filter(pk=entry.pk).update(body_words=tokens)
    for token in tokens.split():
        for term in (Term((token,)), Term((token[:3],), is_prefix=True)):
            assert entry.pk in find_ids([Group((term,), (BODY,))], language="en", topic="", limit=50)
    if tokens:
        assert entry.pk in find_ids([Group((Term(tuple(tokens.split())),), (BODY,))], language="en", topic="", limit=50)


def test_no_words_are_side_by_side_across_columns(article: Article) -> None:
    entry = SearchEntry.objects.filter(article=article).order_by("position")[0]
    words = {TITLE: "one", HEADING: "two", BODY: "three", CONTEXT: "four"}
    SearchEntry.objects.filter(pk=entry.pk).update(**words)

    def finds(*groups: Group) -> bool:
        return find_ids(groups, language="en", topic="", limit=9) == [entry.pk]

    assert finds(*(Group((Term((word,)),), (column,)) for column, word in words.items()))
    assert not finds(Group((Term(("one", "two")),)))
    assert not finds(Group((Term(("one",)),), (HEADING, BODY, CONTEXT)))
    assert finds(Group((Term(("zebra",)), Term(("two",))), NAMES))
    assert not finds(Group((Term(("one",)),)), Group((Term(("zebra",)),)))


def test_a_question_that_is_written_once_takes_as_many_values_as_one_likes_and_no_others(article: Article) -> None:
    def titles(ids: RawSQL) -> "QuerySet[Article, tuple[str]]":
        return Article.objects.filter(pk__in=ids).values_list("title")

    assert read(titles, []) == []
    assert read(titles, [article.pk]) == read(titles, [0, article.pk, article.pk]) == [(article.title,)]
    with pytest.raises(ValueError, match="no other values"):
        read(lambda ids: titles(ids).filter(language="en"), [article.pk])


def test_a_word_that_stands_several_times_counts_each_time_and_only_whole() -> None:
    def count(words: str, term: Term) -> int:
        return ranking._count(ranking._as_sought(term), words)

    assert count("pain pain\npain spain pains", Term(("pain",))) == 3
    assert count("pain pain\npain spain pains", Term(("pain",), is_prefix=True)) == 4
    assert count("burn pain\nburn\npain burn pain", Term(("burn", "pain"))) == 2
    assert count("", Term(("pain",))) == 0


def test_every_term_is_quoted() -> None:
    groups = [Group((Term(("and", "or")), Term(("ner",), is_prefix=True)), (TITLE, BODY))]
    assert write_fts5(groups) == '{title_words body_words} : ("and or" OR "ner" *)'
    assert write_tsquery(groups) == "(('tand' <-> 'tor') | ('band' <-> 'bor') | 'tner':* | 'bner':*)"


def test_a_snippet_keeps_who_was_studied_and_the_hit_how_sure_we_are(article: Article) -> None:
    hit = look_for("signals sooner").hits[0]
    assert (hit.heading, hit.certainty_words) == ("Nerve regeneration: do nerves grow back?", "Very low certainty")
    assert hit.plain_snippet.startswith("In rats, signals came back sooner (studied in rats, not people).")
    assert [piece.text for piece in hit.snippet if piece.is_match] == ["signals", "sooner"]


def test_a_topic_narrows_the_results(article: Article) -> None:
    make_article("other", TEXT.replace("topic: Vitamin B12", "topic: Feet").replace("your nerves", "your feet"))
    assert set(look_for("nerves").topics) == {"vitamin-b12", "feet"}
    found = look_for("nerves", topic="feet")
    assert found.hits
    assert {hit.topic for hit in found.hits} == {"Feet"}
    assert not look_for("nerves", topic="nothing").hits


def test_pages_are_ten_long_and_ten(article: Article) -> None:
    for number in range(60):
        make_article(f"other-{number}", TEXT.replace("your nerves", f"number {number}"))
    found = look_for("myelin OR nerves rats", page=99)
    assert (found.pages, found.page, found.total, found.is_more) == (10, 10, 100, True)
    assert len(found.hits) == 10
    firsts = [look_for("nerve rats", page=page).hits[0].url for page in range(1, 11)]
    assert len(set(firsts)) == 10


def test_an_edit_is_found_when_it_is_published_and_the_old_words_no_more(article: Article) -> None:
    edit(article, TEXT.replace("signals came back", "zebras came back"))
    assert not look_for("zebras").hits
    publish(article)
    assert look_for("zebras").hits
    assert not look_for("signals").hits
    article.refresh_from_db()
    assert set(SearchEntry.objects.values_list("publication", flat=True)) == {article.publication_id}


def test_a_draft_and_a_withdrawn_article_are_not_found(article: Article) -> None:
    make_article("draft", TEXT.replace("signals", "zebras"), is_published=False)
    assert not look_for("zebras").hits
    Article.objects.filter(pk=article.pk).update(withdrawn_at=NOW, withdrawn_reason="It was wrong.")
    assert not look_for("signals").hits
    search.refresh()
    assert not SearchEntry.objects.filter(article=article).exists()


def test_a_former_address_does_not_matter(article: Article) -> None:
    workflow.rename(article=article, slug="new-address", by=IMPORT, now=NOW)
    assert look_for("signals").hits[0].url == "/articles/new-address/#nerve-regeneration"


def test_a_changed_source_changes_what_results_say(article: Article) -> None:
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW)
    assert "studied in mice, not people" in look_for("signals sooner").hits[0].plain_snippet
    Reference.objects.filter(key="RATS-1994").update(retracted_on="2026-01-02")
    workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW)
    assert "withdrawn" in look_for("signals sooner").hits[0].plain_snippet


def test_refresh_indexes_what_an_older_process_published_and_nothing_else(article: Article) -> None:
    search.refresh()
    assert search.refresh() == 0
    before = list(SearchEntry.objects.values_list("article", "position", "body_words", "lines", "certainty", "names"))
    SearchEntry.objects.filter(article=article).delete()
    make_article("about", PAGE, "page")
    SearchEntry.objects.filter(article__slug="about").update(version=0)
    assert search.refresh() == 2
    rows = SearchEntry.objects.exclude(article__slug="about")
    made = rows.values_list("article", "position", "body_words", "lines", "certainty", "names")
    assert sorted(made, key=str) == sorted(before, key=str)


def test_an_index_made_anew_is_the_same(shipped: None) -> None:
    fields = [field.attname for field in SearchEntry._meta.fields if field.name != "id"]
    order = ("article", "term", "position")
    before = list(SearchEntry.objects.order_by(*order).values_list(*fields))
    spellings = set(SearchSpelling.objects.values_list("spelling", "right", "term"))
    search.rebuild()
    assert list(SearchEntry.objects.order_by(*order).values_list(*fields)) == before
    assert set(SearchSpelling.objects.values_list("spelling", "right", "term")) == spellings


def test_entries_keep_their_ids_so_a_search_that_has_found_them_goes_on(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    GlossaryTerm.objects.update(is_public=True)
    search.index_terms(GlossaryTerm.objects.all())
    ids = set(SearchEntry.objects.values_list("pk", flat=True))
    search.rebuild()
    edit(article, TEXT.replace("Vitamin B12 and your nerves", "B12 and nerves"))
    publish(article)
    assert set(SearchEntry.objects.values_list("pk", flat=True)) == ids
    edit(article, TEXT[: TEXT.index("## Nerve regeneration")])
    publish(article)
    assert SearchEntry.objects.filter(article=article).count() == 2
    assert not find_ids([Group((Term(("signal",)),))], language="en", topic="", limit=9)


def test_an_entry_that_is_gone_before_it_is_shown_is_left_out(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "rank", lambda found, query: [*found, found[0]._replace(pk=0)])
    assert [hit.title for hit in search.search("vitamin", language="en").hits] == [article.title]


def test_an_entry_of_what_was_published_meanwhile_is_not_overwritten(article: Article) -> None:
    stale = Article.objects.select_related("publication__revision").get(pk=article.pk)
    edit(article, TEXT.replace("People were asked", "Platypuses were asked"))
    publish(article)
    search.index_article(stale)
    assert search.search("platypuses", language="en").total == 1


def test_misspellings_of_editors_lead_to_the_nearest_name(shipped: None) -> None:
    assert correct("Rhomberg test at home", "en") == "Romberg test at home"
    assert correct("“Nueropathy”?", "en") == "“neuropathy”?"
    assert correct("nothing to correct", "en") == "nothing to correct"
    term = GlossaryTerm.objects.get(key="neuropathy")
    term.misspellings = ["newropathy"]
    search.index_terms([term])
    assert correct("nueropathy newropathy", "en") == "nueropathy neuropathy"


def test_a_word_that_only_a_draft_explains_is_not_found(article: Article) -> None:
    term = GlossaryTerm.objects.create(key="g", term="zebra", explanation="a horse", misspellings=["sebra"])
    search.index_terms([term])
    for typed in ("zebra", "sebra", "zebbra"):
        found = look_for(typed)
        assert (found.hits, found.corrected, found.suggestion) == ([], "", "")


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("", "", 0),
        ("nerve", "nerve", 0),
        ("nevre", "nerve", 1),
        ("nerv", "nerve", 1),
        ("nerves", "nerve", 1),
        ("kitten", "sitting", 3),
    ],
)
def test_mistakes_are_counted(one: str, other: str, count: int) -> None:
    assert distance(one, other) == distance(other, one) == count


def test_the_nearest_known_word_is_offered(shipped: None) -> None:
    assert nearest("amitryptiline") == "amitriptyline"
    assert nearest("hydroxycobalamine") in {"hydroxycobalamin", "hydroxocobalamin"}
    assert nearest("xyzzyxyzzy") == ""
    assert nearest("b1") == ""
    assert nearest("toes") == ""
    assert sound("diarrhoea") == sound("diarhea")
