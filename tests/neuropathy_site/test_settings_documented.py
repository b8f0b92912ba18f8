"""docs/settings.md says of every variable what the code says, and of no other."""

import re
from pathlib import Path

from neuropathy_site.settings import env

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_table_lists_each_variable_with_its_help_and_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+) \| (.+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    in_code = {variable.name: (variable.help, variable.default) for variable in env.variables}

    assert {name: (help, default.strip("`")) for name, help, default in rows} == in_code
    assert len(rows) == len(in_code)
