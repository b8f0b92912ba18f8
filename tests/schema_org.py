"""What schema.org's vocabulary says of a value: which types there are, what may be said of each, and by what kind of value."""

import json
import re
from pathlib import Path
from typing import Any

TYPES: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "data/schema_org/vocabulary.json").read_text())
JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def said_by(html: str) -> dict[str, Any]:
    """Give a page's only value of structured data, once it keeps to the vocabulary."""
    (written,) = JSON_LD.findall(html)
    value: dict[str, Any] = json.loads(written)
    assert value.pop("@context") == "https://schema.org"
    assert find_faults(value) == []
    return value


def find_faults(thing: dict[str, Any]) -> list[str]:
    """Find what the vocabulary does not know: a type, a property of a type, a kind of value."""
    name = thing["@type"]
    if name not in TYPES:
        return [f"{name} is no type"]
    faults = []
    for key, value in thing.items():
        kinds = _kinds(name, key)
        if key != "@type" and kinds is None:
            faults.append(f"{name} has no {key}")
        for one in value if isinstance(value, list) else [value]:
            if kinds is not None and not _is_one_of(one, kinds):
                faults.append(f"{key} of {name} is no {' or '.join(kinds)}: {one}")
            if isinstance(one, dict) and one.keys() != {"@id"}:
                faults += find_faults(one)
    return faults


def supertypes(name: str) -> set[str]:
    """Give a type and all above it."""
    return {name}.union(*(supertypes(above) for above in TYPES[name]["above"]))


def _kinds(name: str, key: str) -> list[str] | None:
    if "Action" in supertypes(name) and key.endswith("-input"):
        return ["PropertyValueSpecification", "Text"]
    found = [TYPES[one]["properties"][key] for one in supertypes(name) if key in TYPES[one]["properties"]]
    return found[0] if found else None


def _is_one_of(value: Any, kinds: list[str]) -> bool:
    if isinstance(value, dict):
        if value.keys() == {"@id"}:  # names a thing that is told of elsewhere
            return True
        return bool(supertypes(value["@type"]) & set(kinds)) if value["@type"] in TYPES else False
    if isinstance(value, bool):
        return "Boolean" in kinds
    if isinstance(value, int):
        return bool({"Integer", "Number"} & set(kinds))
    if not isinstance(value, str) or not value:
        return False
    is_date = {"Date", "DateTime"} & set(kinds) and DATE.fullmatch(value)
    is_address = "URL" in kinds and value.startswith(("https://", "http://"))
    return bool(is_date or is_address or "Text" in kinds)
