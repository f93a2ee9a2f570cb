"""`manage.py serve`, as a process that people start, use and end."""

import re
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.templatetags.static import static

from tests.audio_files import make_audio
from tests.databases import copy_database, place_in, write_lock
from tests.services import free_port
from tests.web.served import ServedMus, environment, manage, serve

pytestmark = pytest.mark.server

ENDS_WITHIN_SECONDS = 10
"""At most, on a busy machine: what it must not wait for takes longer."""
PASSWORD = "analytical engine"


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    """For tests that leave it as it is."""
    with serve(tmp_path_factory.mktemp("shared"), database, "--no-scan") as served:
        yield served


def form_token(html: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert found
    return found[1]


def create_administrator(browser: httpx.Client, link: str) -> httpx.Response:
    token = form_token(browser.get(link).text)
    fields = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD}
    return browser.post(link, data={**fields, "csrfmiddlewaretoken": token})


def test_from_an_empty_folder_to_a_page_of_tracks_with_the_link_it_prints(
    tmp_path: Path, database: Path
) -> None:
    make_audio(tmp_path / "music" / "so what.flac", title="So What", artist="Miles Davis")
    with serve(tmp_path, database) as server, httpx.Client(follow_redirects=True) as browser:
        assert "in the terminal" in browser.get(server.url).text
        assert create_administrator(browser, server.setup_link()).url == f"{server.url}/"
        assert "So What" in wait_for(browser, f"{server.url}/api/v1/tracks", "Miles Davis")
        assert browser.get(server.setup_link()).url == f"{server.url}/"  # the link is dead
        code, seconds = server.end()
        assert code == 0
        assert seconds < ENDS_WITHIN_SECONDS
        assert "Traceback" not in server.output()
        assert "Warning" not in server.output()


def wait_for(browser: httpx.Client, url: str, text: str) -> str:
    """The page, once `text` is on it."""
    for _ in range(100):
        page = browser.get(url).text
        if text in page:
            return page
        threading.Event().wait(0.1)
    raise AssertionError(page)


def test_with_a_user_no_link_is_printed(tmp_path: Path, database: Path) -> None:
    variables = {**environment(tmp_path, 1), "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    copy_database(database, place_in(tmp_path / "data"))
    arguments = ("createsuperuser", "--no-input", "--username", "ada", "--email", "a@example.org")
    manage(variables, *arguments).check_returncode()
    with serve(tmp_path, None, "--no-scan") as server:
        assert "/setup/" not in server.output()


def test_where_no_user_is_an_administrator_a_start_says_what_to_do(
    tmp_path: Path, database: Path
) -> None:
    with serve(tmp_path, database, "--no-scan") as server:
        server.python(
            "from django.contrib.auth.models import User;"
            "User.objects.create_user('ada', is_superuser=True);"
            "User.objects.create_user('bea', is_staff=True)"
        )
        assert "library.W005" not in server.output()
    with serve(tmp_path, None, "--no-scan") as server:
        assert "(library.W005) No user is an administrator" in server.output()
        assert "manage.py createsuperuser" in server.output()
        server.python(
            "from django.contrib.auth.models import User;User.objects.create_superuser('cleo')"
        )
    with serve(tmp_path, None, "--no-scan") as server:
        assert "library.W005" not in server.output()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("web/mus.css", "text/css"),
        ("web/favicon.svg", "image/svg+xml"),
        ("admin/css/base.css", "text/css"),
        ("admin/js/theme.js", "text/javascript"),
    ],
)
def test_static_files_come_with_their_type_and_without_login(
    shared_server: ServedMus, path: str, content_type: str
) -> None:
    response = httpx.get(f"{shared_server.url}{static(path)}", headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["cache-control"] == "max-age=315360000, public, immutable"
    assert response.headers["content-type"].startswith(content_type)
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_nothing_outside_the_static_folders_is_served(shared_server: ServedMus) -> None:
    port = int(shared_server.variables["PORT"])
    for path in ("../settings.py", "%2e%2e/%2e%2e/manage.py", "library/", "library/../../forms.py"):
        with socket.create_connection(("127.0.0.1", port)) as browser:
            browser.sendall(f"GET /static/{path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            assert browser.recv(12)[-3:] == b"404"


def test_without_collected_static_files_it_says_what_to_run(tmp_path: Path) -> None:
    manage(environment(tmp_path, 1), "migrate", "--verbosity", "0").check_returncode()
    settings = tmp_path / "elsewhere.py"
    settings.write_text("from musproject.settings import *\nSTATIC_ROOT = PROJECT_DIR / 'none'\n")
    done = manage(
        {
            **environment(tmp_path, 1),
            "PYTHONPATH": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "elsewhere",
        },
        "serve",
    )
    assert done.returncode == 66
    assert "manage.py collectstatic" in done.stderr


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_at_once_with_code_0_even_with_connections_open(
    server: ServedMus, signal_number: int
) -> None:
    with httpx.Client() as browser:
        browser.get(f"{server.url}/login/")  # which stays connected
        code, seconds = server.end(signal_number)
    assert code == 0
    assert seconds < ENDS_WITHIN_SECONDS


def test_a_request_that_hangs_does_not_keep_it(server: ServedMus) -> None:
    server.python("from tests.web.library_rows import make_tracks; make_tracks(1)")
    with write_lock(place_in(Path(server.variables["DATA_DIR"]))):
        hanging = threading.Thread(target=post_and_wait, args=[server.setup_link()], daemon=True)
        hanging.start()
        hanging.join(1.5)
        assert hanging.is_alive()
        code, seconds = server.end()
    assert code == 0
    assert seconds < ENDS_WITHIN_SECONDS


def post_and_wait(link: str) -> None:
    with httpx.Client(timeout=30) as browser:
        try:
            create_administrator(browser, link)
        except httpx.HTTPError:
            return  # the server is gone


def test_its_scan_ends_with_it(tmp_path: Path, database: Path) -> None:
    for number in range(300):
        make_audio(tmp_path / "music" / f"{number}.flac", title=str(number))
    with serve(tmp_path, database) as server:
        for _ in range(100):
            if "trigger=schedule" in server.output():
                break
            threading.Event().wait(0.05)
        code, seconds = server.end()
        scans = server.python(
            "from library.models.scan import Scan; "
            "print(*Scan.objects.values_list('state', flat=True))"
        )
    assert code == 0
    assert seconds < ENDS_WITHIN_SECONDS
    assert scans.split() in (["cancelled"], ["completed"])


def test_a_port_in_use_is_said_with_its_own_exit_code(tmp_path: Path, database: Path) -> None:
    with serve(tmp_path, database, "--no-scan") as server:
        port = server.variables["PORT"]
        done = manage(server.variables, "serve")
    assert done.returncode == 69
    assert f"127.0.0.1:{port} is in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert "mus is at" not in done.stdout


def test_an_address_of_another_machine_is_said(tmp_path: Path, database: Path) -> None:
    copy_database(database, place_in(tmp_path / "data"))
    variables = {
        **environment(tmp_path, free_port()),
        "HOST": "192.0.2.1",  # set apart for documentation: nobody's
    }
    done = manage(variables, "serve")
    assert done.returncode == 69
    assert "Cannot listen on 192.0.2.1" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_old_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    done = manage(environment(tmp_path, free_port()), "serve")
    assert done.returncode == 65
    assert "Run manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    variables = {
        **environment(tmp_path, free_port()),
        "DATABASE_URL": f"sqlite:///{tmp_path}/absent/mus.sqlite3",
    }
    done = manage(variables, "serve")
    assert done.returncode == 1
    assert "library.E007" in done.stderr
    assert "Traceback" not in done.stderr
