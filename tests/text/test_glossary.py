"""The list of words."""

import pytest

from articles.text.glossary import Term, parse_glossary

WORD = "myelin:\n  term: myelin\n  explanation: the layer around a nerve\n"


def test_every_field_is_read() -> None:
    text = WORD + "  medical: myelin sheath\n  source: ODS-B12\n  synonyms: [nerve coat]\n  misspellings: [mylin]\n"
    term = Term("myelin", "myelin", "the layer around a nerve", "myelin sheath", "ODS-B12", ("nerve coat",), ("mylin",))
    assert parse_glossary(text) == ({"myelin": term}, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: the file is empty; one entry a word, such as `myelin:`"),
        ("[myelin]", "1: the file is not a list of words; `key:` at the start of a line, its fields indented"),
        ("myelin: a layer", "1: myelin is not a list of fields; one `name: value` a line"),
        (WORD.replace("myelin:", "Myelin:", 1), "1: the key 'Myelin'; small letters, digits and hyphens, such as romberg-sign"),
        (WORD.replace("nerve\n", "nerve.\n"), "3: the explanation of myelin ends with a full stop; one phrase without one"),
        (WORD.replace("  term: myelin\n", ""), "1: myelin has no `term`; add a line `term: ...`"),
        (WORD + "  source: ods\n", "4: `source` is 'ods'; a key of references.yaml"),
        (
            WORD + "  plural: x\n",
            "4: `plural` is no field of myelin; one of: term, explanation, medical, source, synonyms, misspellings",
        ),
        (WORD + WORD, "4: `myelin` is given twice (first on line 1); keep one"),
    ],
)
def test_every_fault_is_told(text: str, problem: str) -> None:
    terms, problems = parse_glossary(text)
    assert terms == {} or "twice" in problem
    assert problem in [str(found) for found in problems]
