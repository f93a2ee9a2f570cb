"""What README.md says of settings and formats is what there is."""

import re
from dataclasses import fields

from library.tags.formats import BY_SUFFIX
from musproject.environment import PROJECT_DIR, Environment

README = (PROJECT_DIR / "README.md").read_text()


def named_settings() -> list[str]:
    """Those of the README's table."""
    table = README.partition("| name | default | meaning |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (`[A-Z_`, ]+`) \|", table, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"[A-Z_]+", cell)]


def test_every_setting_stands_in_the_table_and_nothing_else_does() -> None:
    assert sorted(named_settings()) == sorted(each.name.upper() for each in fields(Environment))


def test_every_suffix_stands_among_the_formats() -> None:
    paragraph = README.partition("\nFormats: ")[2].partition("\nTags: ")[0]
    named = re.findall(r"[a-z0-9+]+", paragraph)
    assert {suffix[1:] for suffix in BY_SUFFIX} - {*named} == set()


def test_the_pages_it_leads_to_are_there() -> None:
    links = re.findall(r"\]\(([^):#]+)\)", README)
    assert "docs/deployment.md" in links
    for link in links:
        assert (PROJECT_DIR / link).exists(), link
