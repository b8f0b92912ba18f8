"""Cut the schema.org vocabulary down to the types our pages use, their supertypes, and all that may be said of those.

    npm pack schema-dts@2.1.0 && tar xzf schema-dts-2.1.0.tgz
    python cut_vocabulary.py package/dist/schema.d.ts > vocabulary.json

Properties that schema.org has deprecated are left out, so that a test refuses them.
"""

import json
import re
import sys
from pathlib import Path

USED = (
    "AboutPage Book BreadcrumbList Chapter CollectionPage ContactPage CreativeWork DefinedTerm DefinedTermSet Drug EntryPoint "
    "ItemList ListItem MedicalCondition MedicalScholarlyArticle MedicalWebPage Organization Periodical Person "
    "PropertyValueSpecification Report ScholarlyArticle SearchAction WebPage WebSite"
).split()
INTERFACE = re.compile(r"^(?:export )?interface (\w+?)(Base|Leaf) extends ([^{]+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
PROPERTY = re.compile(r'^    "([\w-]+)"\?: SchemaValue<(.*), "[\w-]+">;', re.MULTILINE)


def cut(source: str) -> dict[str, dict[str, object]]:
    """Give each type's supertypes and own properties, with the types of their values."""
    source = re.sub(r"^    /\*\*(?:(?!\*/).)*@deprecated(?:(?!\*/).)*\*/\n[^\n]*\n", "", source, flags=re.MULTILINE | re.DOTALL)
    found = {(name, part): (above.split(", "), body) for name, part, above, body in INTERFACE.findall(source)}
    types: dict[str, dict[str, object]] = {}
    wanted = list(USED)
    while wanted:
        name = wanted.pop()
        above, body = found.get((name, "Base")) or found[name, "Leaf"]
        supertypes = sorted(parent.removesuffix("Base") for parent in above if parent.endswith("Base"))
        said = {prop: sorted(set(kinds.split(" | ")) - {"IdReference"}) for prop, kinds in PROPERTY.findall(body)}
        types[name] = {"above": supertypes, "properties": said}
        wanted += [parent for parent in supertypes if parent not in types]
    return dict(sorted(types.items()))


if __name__ == "__main__":
    print(json.dumps(cut(Path(sys.argv[1]).read_text(encoding="utf-8")), separators=(",", ":"), sort_keys=True))
