"""Every text of the pages goes through translation, and the catalogues are up to date."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts.api_keys import make_key
from languages.catalogues import (
    DOMAINS,
    LANGUAGES,
    compiled,
    mo_of,
    path_of,
    po_of,
    read,
    script_of,
    script_text,
    updated,
)
from languages.extraction import SCRIPTS, TEMPLATES

ENGLISH = {"player/failure-reason.js", "player/views/works.js"}
"""Names of formats, and words that titles of works have in several languages."""
ENGLISH_TEXTS = re.compile(
    r"Monkey.s Audio|Musepack|Opus|Speex|True Audio|Ogg Vorbis|WavPack|MusicBrainz"  # names
    r"|scan with --allow-empty\.|Skip to the content"  # looked for, or said in a comment
    r"|Accept-Ranges|Cache-Control|Content-\w+|Range|DJ mix"
    r"|X-CSRFToken|Date|Retry-After|Accept|Accept-Language|[A-Z]\w+Error|SharedWorker"
    r"|Hello|State|Left|Claim|Command|Released|Arrow\w*|Page\w+|Home|End|Enter|Escape|Tab"
    r"|Delete|Backspace|ContextMenu|AltGraph|Key|Space|Symbol|Files"
)
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`')
TRANSLATED = re.compile(r'n?gettext\((?:"(?:[^"\\]|\\.)*"(?:, )?)+')
DJANGO = re.compile(
    r"\{% blocktranslate.*?\{% endblocktranslate %\}|\{% block body_\w+ %\}.*?\{% endblock %\}"
    r"|<code.*?</code>|<kbd>.*?</kbd>|\{[%{#].*?[#%}]\}",
    re.DOTALL,
)
NO_SENTENCES = {"mus", "· mus", "UTC", "ListenBrainz"}


def untranslated_of_script(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    code = [re.sub(r" // .*", "", line) for line in lines if not re.match(r" *(//|import )", line)]
    found = []
    for line in code:
        for match in LITERAL.finditer(TRANSLATED.sub("", line)):
            text = match[1] if match[1] is not None else re.sub(r"\$\{[^}]*\}", "", match[2])
            is_text = re.match(r"[A-Z][\w']* ?[a-z]|★| ?[a-z]{3,}( [a-z]+)*[.!]$", text)
            if is_text and not ENGLISH_TEXTS.fullmatch(text):
                found.append(text)
    return found


def untranslated_of_template(path: Path) -> list[str]:
    plain = DJANGO.sub(" ", path.read_text())
    named = re.findall(r'(?:aria-label|title|placeholder)="([^"]*[A-Za-z]{2}[^"]*)"', plain)
    texts = [each.strip() for each in re.sub(r"<[^>]*>", "\n", plain, flags=re.DOTALL).splitlines()]
    found = [each for each in (*named, *texts) if re.search(r"[A-Za-z]{2}", each)]
    return [each for each in found if each not in NO_SENTENCES]


def test_no_script_has_a_text_that_is_not_translated() -> None:
    scripts = [each for each in SCRIPTS.rglob("*.js") if each.parent.name != "texts"]
    found = {str(path.relative_to(SCRIPTS)): untranslated_of_script(path) for path in scripts}
    assert {path: texts for path, texts in found.items() if texts and path not in ENGLISH} == {}


def test_no_template_has_a_text_that_is_not_translated() -> None:
    """Those of the administration are left out: it is in English."""
    templates = [each for each in TEMPLATES.rglob("*.html") if "admin" not in each.parts]
    found = {path.name: untranslated_of_template(path) for path in templates}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_the_catalogues_are_up_to_date_and_whole(language: str, domain: str) -> None:
    """`make messages` brings them up to date."""
    catalogue = read(language, domain)
    assert po_of(updated(catalogue, domain)) == path_of(language, domain).read_bytes()
    assert mo_of(catalogue) == path_of(language, domain, "mo").read_bytes()
    assert [each.id for each in catalogue if each.id and not compiled(each)] == []
    if domain == "djangojs":
        assert script_text(catalogue, language) == script_of(language).read_text()


@pytest.mark.django_db
def test_the_language_is_the_browsers_or_the_chosen_one() -> None:
    german = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
    client = Client(headers=german)
    assert 'lang="de"' in client.get("/login/").content.decode()
    client.cookies["language"] = "en"
    assert 'lang="en"' in client.get("/login/").content.decode()
    client.cookies["language"] = "xx"
    assert 'lang="de"' in client.get("/login/").content.decode()


@pytest.mark.django_db
def test_the_api_speaks_the_language_of_the_page_and_english_to_programs() -> None:
    user = User.objects.create_user("ada")
    page = Client(headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    page.force_login(user)
    page.cookies["language"] = "en"  # newer than the page
    address = "/api/v1/playlists/999"
    assert page.get(address).json()["error"]["message"] == "Es gibt keine Playlist 999."
    _, key = make_key(user, "a program", None)
    french = page.get(address, headers={"Accept-Language": "fr"}).json()["error"]["message"]
    assert french == "There is no playlist 999.", "mus does not speak French"
    program = Client(headers={"Accept-Language": "de", "Authorization": f"Bearer {key}"})
    assert program.get(address).json()["error"]["message"] == "There is no playlist 999."
    labels = "/api/v1/playlists/rules"
    german, english = page.get(labels), page.get(labels, headers={"Accept-Language": "en"})
    assert german.json()["fields"][1]["label"] == "Titel"
    assert english.json()["fields"][1]["label"] == "Title"
    assert german["ETag"] != english["ETag"], "a browser would show the labels that it had before"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_the_singular_of_another_as_well_stays_one(language: str) -> None:
    """The name of a column was "Künstler,Künstler"."""
    singulars = [each.id[0] for each in read(language, "djangojs") if isinstance(each.id, tuple)]
    asked = f"{json.dumps(singulars)}.map((each) => globalThis.django.gettext(each))"
    script = f"{script_of(language).read_text()}\nconsole.log(JSON.stringify({asked}))"
    answer = subprocess.run(["node", "-"], input=script, capture_output=True, text=True, check=True)
    assert singulars
    assert [each for each in json.loads(answer.stdout) if not isinstance(each, str)] == []
