"""Two texts made from one: nothing that nobody changed is touched, nothing that somebody wrote is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.merge import MAX_STEPS, Part, PartKind, Side, State, Typed, merge, weave

HEAD = "# first\ntitle: Feet\nsummary: >\n  Two\n  lines.\n\ntopic: Shoes # as listed\n"
BODY = "\n## One {#first}\n\nFirst.\n\n## Two {#two}\n\nSecond.\n\n## Three {#three}\n\nThird.\n"
TEXT = f"---\n{HEAD}---\n{BODY}"
OURS, THEIRS = Side


def states(base: str | None, ours: str, theirs: str) -> dict[str, State]:
    return {part.key: part.state for part in merge(base, ours, theirs).parts if part.state is not State.SAME}


# Parts


def test_each_side_keeps_what_it_alone_changed() -> None:
    ours = TEXT.replace("First.", "First, mended.").replace("title: Feet", "title: 'Feet: two'")
    theirs = TEXT.replace("Third.", "Third, mended.").replace("topic: Shoes", "topic:  Boots")
    merged = merge(TEXT, ours, theirs)
    assert states(TEXT, ours, theirs) == {
        "field-title": State.OURS,
        "field-topic": State.THEIRS,
        "section-first": State.OURS,
        "section-three": State.THEIRS,
    }
    assert merged.is_clean
    assert merged.compose() == ours.replace("Third.", "Third, mended.").replace("topic: Shoes", "topic:  Boots")


def test_what_both_changed_alike_is_taken_once() -> None:
    both = TEXT.replace("Second.", "The second.")
    assert states(TEXT, both, both) == {"section-two": State.ALIKE}
    assert merge(TEXT, both, both).compose() == both


def test_what_both_changed_differently_is_decided_by_a_person() -> None:
    ours, theirs = TEXT.replace("Second.", "Ours."), TEXT.replace("Second.", "Theirs.")
    merged = merge(TEXT, ours, theirs)
    [part] = merged.conflicts
    heading = "## Two {#two}\n\n"
    assert (part.base, part.ours, part.theirs) == (f"{heading}Second.", f"{heading}Ours.", f"{heading}Theirs.")
    assert part.heading == "Two"
    with pytest.raises(ValueError, match="undecided: section-two"):
        merged.compose()
    assert merged.compose({"section-two": OURS}) == ours
    assert merged.compose({"section-two": THEIRS}) == theirs
    typed = Typed(f"{heading}By\r\nhand.\r\n\r\n")
    assert merged.compose({"section-two": typed}) == TEXT.replace("Second.", "By\nhand.")
    assert merged.compose({"section-two": Typed(" \n")}) == TEXT.replace(f"{heading}Second.\n\n", "")


def test_a_field_is_taken_whole_or_written_by_hand() -> None:
    ours, theirs = TEXT.replace("  Two\n  lines.", "  Ours."), TEXT.replace("  Two\n  lines.\n", "  Theirs.\n# why\n")
    merged = merge(TEXT, ours, theirs)
    assert [part.key for part in merged.conflicts] == ["field-summary"]
    assert merged.compose({"field-summary": OURS}) == ours
    assert merged.compose({"field-summary": THEIRS}) == theirs
    assert "\nsummary: 'So: typed'\n" in merged.compose({"field-summary": Typed("So: typed")})
    assert "\nsummary: [a, b]\n" in merged.compose({"field-summary": Typed(["a", "b"])})
    assert "summary" not in merged.compose({"field-summary": Typed("")})


def test_a_section_one_side_took_out_is_out_unless_the_other_changed_it() -> None:
    without = TEXT.replace("## Two {#two}\n\nSecond.\n\n", "")
    changed = TEXT.replace("Second.", "Second, mended.")
    assert merge(TEXT, without, TEXT.replace("First.", "1st.")).compose() == without.replace("First.", "1st.")
    for ours, theirs in ((without, changed), (changed, without)):
        merged = merge(TEXT, ours, theirs)
        assert [part.key for part in merged.conflicts] == ["section-two"]
        assert merged.compose({"section-two": OURS}) == ours
        assert merged.compose({"section-two": THEIRS}) == theirs


def test_sections_that_both_added_stand_behind_what_they_followed() -> None:
    ours, theirs = f"{TEXT}\n## Ours {{#ours}}\n\nO.\n", f"{TEXT}\n## Theirs {{#theirs}}\n\nT.\n"
    assert merge(TEXT, ours, theirs).compose() == f"{ours}\n## Theirs {{#theirs}}\n\nT.\n"
    between = TEXT.replace("## Two", "## New {#new}\n\nN.\n\n## Two")
    assert merge(TEXT, between, theirs).compose() == theirs.replace("## Two", "## New {#new}\n\nN.\n\n## Two")


def test_a_section_added_behind_the_last_one_is_no_change_of_that() -> None:
    ours = f"{TEXT}\n## Ours {{#ours}}\n\nO.\n"
    theirs = TEXT.replace("Third.", "Third, mended.")
    assert merge(TEXT, ours, theirs).compose() == ours.replace("Third.", "Third, mended.")
    bare = TEXT.removesuffix("\n")
    assert merge(bare, bare.replace("First.", "1st."), ours).compose() == ours.replace("First.", "1st.")
    assert merge(TEXT, bare, f"{TEXT}## Near {{#near}}\n\nN.\n").compose() == f"{bare}\n\n## Near {{#near}}\n\nN.\n"


def test_the_last_line_ends_where_both_shortened_the_text() -> None:
    one, two, three = "## One {#first}\n\nFirst.\n\n", "## Two {#two}\n\nSecond.\n\n", "## Three {#three}\n\nThird.\n"
    ours, theirs = TEXT.replace(three, "").replace(two, two[:-1]), TEXT.replace(two, "")
    assert merge(TEXT, ours, theirs).compose() == f"---\n{HEAD}---\n\n{one[:-1]}"


def test_a_move_and_an_edit_go_together_and_two_moves_do_not() -> None:
    one, two, three = "## One {#first}\n\nFirst.\n\n", "## Two {#two}\n\nSecond.\n\n", "## Three {#three}\n\nThird.\n\n"
    ours = f"---\n{HEAD}---\n\n{three}{one}{two}"
    theirs = TEXT.replace("First.", "1st.")
    assert merge(TEXT, ours, theirs).compose() == ours.replace("First.", "1st.")
    assert merge(TEXT, theirs, ours).compose() == ours.replace("First.", "1st.")
    other = f"---\n{HEAD}---\n\n{two}{one}{three}"
    merged = merge(TEXT, ours, other)
    [part] = merged.conflicts
    assert (part.kind, part.base, part.ours) == (PartKind.ORDER, "One\nTwo\nThree", "Three\nOne\nTwo")
    assert merged.compose({part.key: OURS}) == ours
    assert merged.compose({part.key: THEIRS}) == other


def test_a_renamed_section_is_the_same_section() -> None:
    ours = TEXT.replace("## Two {#two}", "## Two {#second}")
    theirs = TEXT.replace("Second.", "Second, mended.")
    [part] = merge(TEXT, ours, theirs).conflicts
    assert (part.name, part.ours, part.theirs) == (
        "two",
        "## Two {#second}\n\nSecond.",
        "## Two {#two}\n\nSecond, mended.",
    )
    other = TEXT.replace("## Two {#two}", "## Secondly {#secondly}")
    [part] = merge(TEXT, ours, other).conflicts
    assert (part.ours, part.theirs) == ("## Two {#second}\n\nSecond.", "## Secondly {#secondly}\n\nSecond.")
    assert merge(TEXT, other, TEXT.replace("First.", "1st.")).compose() == other.replace("First.", "1st.")


def test_without_a_base_every_difference_is_a_conflict() -> None:
    theirs = TEXT.replace("First.", "1st.").replace("topic:", "language: en\ntopic:") + "\n## Four {#four}\n\nF.\n"
    merged = merge(None, TEXT, theirs)
    assert {part.key for part in merged.conflicts} == {"section-first", "field-language", "section-four"}
    assert merge(None, TEXT, TEXT).compose() == TEXT
    assert merged.compose(dict.fromkeys(["section-first", "field-language", "section-four"], THEIRS)) == theirs


@pytest.mark.parametrize("odd", ["", "no head", "---\ntitle: [\n---\n", "---\n{a: b}\n---\n## A\n", "---\na: b\n---"])
def test_a_text_that_cannot_be_cut_is_one_part(odd: str) -> None:
    assert merge(TEXT, odd, TEXT).compose() == odd
    assert merge(odd, TEXT, odd).compose() == TEXT
    [part] = merge(TEXT, odd, TEXT + "\nMore.\n").conflicts
    assert part.kind is PartKind.WHOLE
    assert merge(TEXT, odd, TEXT + "x").compose({part.key: OURS}) == odd


def test_headings_in_code_begin_no_section() -> None:
    code = TEXT.replace("Second.", "```\n## No {#no}\n```")
    assert states(TEXT, code, TEXT) == {"section-two": State.OURS}


# Both as one, to go on writing from


def section(*paragraphs: str) -> str:
    return "\n\n".join(["## S {#s}", *paragraphs])


def woven(base: str | None, ours: str | None, theirs: str | None) -> str:
    return weave(Part(PartKind.SECTION, "s", State.CONFLICT, base, ours, theirs))


def test_weaving_takes_each_sides_paragraphs_and_both_where_they_clash() -> None:
    base = section("a", "b", "c", "d")
    assert woven(base, section("A", "b", "c", "d"), section("a", "b", "c", "D", "e")) == section("A", "b", "c", "D", "e")
    assert woven(base, section("a", "B1", "c", "d"), section("a", "B2", "d")) == section("a", "B1", "c", "B2", "d")
    assert woven(base, section("a", "c", "d"), section("a", "b", "c", "d", "e")) == section("a", "c", "d", "e")
    assert woven(base, None, section("a")) == section("a")
    assert woven(None, section("a", "b"), section("b", "c")) == section("a", "b", "c")


def test_weaving_costs_a_bounded_time() -> None:
    many = section(*["x"] * 100_000)
    assert len(many) > MAX_STEPS / 2
    assert woven(many, f"{many}\n\ny", f"{many}\n\nz").count("y") == 1
    ours, theirs = (section(*(f"{side}{number}" for number in range(20_000))) for side in "ab")
    assert len(woven(many, ours, theirs)) > len(ours) + len(theirs) - 20


# Whatever the texts

WORDS = st.sampled_from(["nerves", "feet  ", "- one\n- two", "```\n## code\n```", "Two\nlines", "> said", "a\n\nb", "  x"])
TAILS = st.sampled_from(["\n\n", "\n\n", "\n", "\n\n\n", "\n \n"])
IDS = [f"s{number}" for number in range(6)]
FIELDS = ["title", "summary", "topic", "also_called", "related"]
VALUES = st.sampled_from(["one", "'two'", ">\n  three\n  four", "[a, b]", "\n  - c\n  - d", "five # said"])
NOISE = st.sampled_from(["", "", "# a comment\n", "\n", "\n# two\n\n"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A file with some fields and some sections of a few, in any order."""
    fields = draw(st.permutations(FIELDS))[: draw(st.integers(1, 5))]
    head = draw(NOISE) + "".join(f"{name}: {draw(VALUES)}\n{draw(NOISE)}" for name in fields)
    ids = draw(st.permutations(IDS))[: draw(st.integers(1, 6))]
    body = "".join(f"## Part {name[1:]} {{#{name}}}\n\n{draw(WORDS)}{draw(TAILS)}" for name in ids)
    return f"---\n{head}---\n{draw(st.sampled_from(['', chr(10)]))}{body.rstrip() if draw(st.booleans()) else body}"


@st.composite
def edits(draw: st.DrawFn, text: str) -> str:
    """The text with a few sections changed, taken out, moved or added, and a field changed."""
    head, body = text.removeprefix("---\n").split("---\n", 1)
    lead, *sections = body.split("## Part ")
    for _edit in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(sections)))
        match draw(st.sampled_from(["change", "take out", "add", "move", "field"])):
            case "change" if place < len(sections):
                sections[place] = f"{sections[place].split(chr(10))[0]}\n\nnew {draw(st.integers(0, 3))}{draw(TAILS)}"
            case "take out" if place < len(sections) > 1:
                del sections[place]
            case "move" if place < len(sections):
                sections.insert(draw(st.integers(0, len(sections) - 1)), sections.pop(place))
            case "add":
                number = draw(st.integers(10, 13))
                if not any(section.startswith(f"{number} ") for section in sections):
                    sections.insert(place, f"{number} {{#n{number}}}\n\nadded{draw(TAILS)}")
            case "field":
                head = head.replace("one", draw(VALUES))
    sections = [section if section.endswith("\n") else f"{section}\n" for section in sections[:-1]] + sections[-1:]
    return f"---\n{head}---\n{lead}" + "".join(f"## Part {section}" for section in sections)


@st.composite
def threes(draw: st.DrawFn) -> tuple[str, str, str]:
    base = draw(texts())
    return base, draw(edits(base)), draw(edits(base))


@given(texts(), texts())
def test_one_side_alone_is_taken_to_the_byte(base: str, other: str) -> None:
    assert merge(base, other, base).compose() == other
    assert merge(base, base, other).compose() == other
    assert merge(base, other, other).compose() == other
    assert merge(None, other, other).compose() == other


@given(threes())
def test_it_is_all_one_which_side_is_which(three: tuple[str, str, str]) -> None:
    base, ours, theirs = three
    there, back = merge(base, ours, theirs), merge(base, theirs, ours)
    assert {part.key for part in there.conflicts} == {part.key for part in back.conflicts}
    if there.is_clean:
        assert there.compose() == back.compose()


@given(threes(), st.data())
def test_no_line_is_lost(three: tuple[str, str, str], data: st.DataObject) -> None:
    """Of a clean merge none that either side wrote; of another one none that the sides chosen wrote."""
    base, ours, theirs = three
    merged = merge(base, ours, theirs)
    choices = {part.key: data.draw(st.sampled_from(Side)) for part in merged.conflicts}
    text = merged.compose(choices)
    lines = text.split("\n")
    refused = {
        line for part in merged.conflicts for line in (part.of(THEIRS if choices[part.key] is OURS else OURS) or "").split("\n")
    }
    wanted = {line for side in (ours, theirs) for line in side.split("\n") if line.strip()} - {*base.split("\n")} - refused
    assert wanted - {*lines} == set()
    assert {line for line in lines if line.strip()} <= {line for side in three for line in side.split("\n")}
    assert "\r" not in text
    assert "\ufeff" not in text
