"""What the environment and the `.env` file may say, and what happens when it is wrong."""

import os
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from musproject.environment import ENV_FILE, PROJECT_DIR, Environment, read_environment
from musproject.secret_key import read_secret_key
from musproject.services import database as database_settings


@pytest.fixture(autouse=True)
def only_data_dir_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for each in fields(Environment):
        monkeypatch.delenv(each.name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MUSIC_DIR", str(tmp_path / "music"))


def read(tmp_path: Path) -> Environment:
    return read_environment(env_file=tmp_path / "absent.env")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PORT", "0", "a whole number from 1 to 65535"),
        ("PORT", "65536", "a whole number from 1 to 65535"),
        ("PORT", "http", "a whole number from 1 to 65535"),
        ("HOST", "http://localhost", "without scheme and port"),
        ("HOST", "127.0.0.1:8000", "without scheme and port"),
        ("SCAN_INTERVAL_SECONDS", "-1", "from 0 (never)"),
        ("SCAN_INTERVAL_SECONDS", "1.5", "a whole number"),
        ("SCAN_WORKERS", "0", "from 1 to 64"),
        ("SCAN_WORKERS", "65", "from 1 to 64"),
        ("SCAN_NICENESS", "-1", "to 19"),
        ("SCAN_NICENESS", "20", "to 19"),
        ("COVER_CACHE_GB", "0", "above 0"),
        ("SCROBBLE_URLS", "maloja.example.org", "without a password"),
        ("SCROBBLE_URLS", "https://a@maloja.example.org", "without a password"),
        ("SCROBBLE_URLS", "https://maloja.example.org/?x", "without a password"),
        ("SCROBBLE_URLS", "ftp://maloja.example.org", "without a password"),
        ("SCROBBLE_URLS", "https://maloja.example.org:0", "without a password"),
        ("LASTFM_API_KEY", "x" * 32, "a Last.fm API account"),
        ("LASTFM_API_KEY", "a" * 32, "with LASTFM_API_SECRET"),
        ("COVER_CACHE_GB", "-1", "above 0"),
        ("COVER_CACHE_GB", "nan", "above 0"),
        ("COVER_CACHE_GB", "inf", "up to 100000"),
        ("COVER_CACHE_GB", "2 GB", "a number of gigabytes"),
        ("ARTIST_SEPARATORS", " | ", "'|' between them, or none"),
        ("IGNORED_ARTICLES", ",", "words such as The A L' with spaces between them, or none"),
        ("IGNORED_ARTICLES", "The 5", "words such as"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
        ("DEBUG", "perhaps", "true or false"),
        ("DEBUG", "2", "true or false"),
        ("WATCH", "perhaps", "true or false"),
        ("PLAYLISTS_FROM_FOLDERS", "perhaps", "true or false"),
        ("MUSIC_DIR", os.pathsep, "paths of folders"),
        ("MUSIC_DIR", "~nobody-of-this-name/music", "paths of folders"),
        ("DATA_DIR", "~nobody-of-this-name/data", "a folder's path"),
        ("ALLOWED_HOSTS", "http://music.example.org", "without scheme and port"),
        ("ALLOWED_HOSTS", "music.example.org:8000", "without scheme and port"),
        ("ALLOWED_HOSTS", ",", "names or addresses"),
        ("X_ACCEL_REDIRECT_PREFIX", "_music/", "begins and ends with /"),
        ("X_ACCEL_REDIRECT_PREFIX", "/_music", "begins and ends with /"),
        ("X_ACCEL_REDIRECT_PREFIX", "/", "begins and ends with /"),
        ("X_ACCEL_REDIRECT_PREFIX", "/my music/", "begins and ends with /"),
        ("BASE_PATH", "music/", "a path such as /music/"),
        ("BASE_PATH", "/my music/", "a path such as /music/"),
        ("BASE_PATH", "//music/", "a path such as /music/"),
        ("BASE_PATH", "/music//", "a path such as /music/"),
        ("BASE_PATH", "/a//b/", "a path such as /music/"),
        ("BASE_PATH", "/music/../", "a path such as /music/"),
        ("BASE_PATH", "/./", "a path such as /music/"),
        ("BASE_PATH", "/music/?a=1", "a path such as /music/"),
        ("BASE_PATH", "/music#top/", "a path such as /music/"),
        ("BASE_PATH", "/mus%69c/", "a path such as /music/"),
        ("BASE_PATH", "/müsic/", "a path such as /music/"),
        ("BASE_PATH", "https://music.example.org/music/", "a path such as /music/"),
        ("BASE_PATH", "/a\\b/", "a path such as /music/"),
        ("BASE_PATH", "/music;x/", "a path such as /music/"),
        ("BASE_PATH", "/music\n/", "a path such as /music/"),
        ("TRUSTED_PROXIES", "proxy.lan", "addresses such as"),
        ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/33", "addresses such as"),
        ("HTTPS", "true", "only where TRUSTED_PROXIES names the proxy"),
        ("HTTPS", "perhaps", "true or false"),
        ("CSRF_TRUSTED_ORIGINS", "music.example.org", "the scheme included"),
        ("CSRF_TRUSTED_ORIGINS", "https://music.example.org/mus", "nothing after host and port"),
    ],
)
def test_a_bad_value_is_named_with_what_was_found_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(tmp_path)
    line = str(refusal.value).splitlines()[1]
    assert line.startswith(f"  {name}: found {value!r}; allowed: ")
    assert allowed in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://mus:sesame@db/mus"),
        ("DATABASE_URL", "postgresql://mus:ses#ame@db/mus"),
        ("DATABASE_URL", "postgresql://mus:sesame@db:port/mus"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://sesame"),
        ("REDIS_URL", "http://:sesame@cache"),
        ("REDIS_URL", "redis://:sesame@cache:99999/0"),
        ("REDIS_URL", "redis://:sesame@cache/first"),
        ("REDIS_URL", "redis://"),
    ],
)
def test_a_url_that_may_hold_a_password_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"{name}: allowed: ") as refusal:
        read(tmp_path)
    assert "ses" not in str(refusal.value)


def test_every_bad_value_is_listed_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_LEVEL", "x")
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(tmp_path)
    assert "PORT: " in str(refusal.value)
    assert "LOG_LEVEL: " in str(refusal.value)


def test_several_music_folders_stand_between_path_separators(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUSIC_DIR", os.pathsep.join(["/srv/music", "", "more", "~/Music"]))
    assert read(tmp_path).music_dir == (
        Path("/srv/music"),
        tmp_path / "more",
        Path.home() / "Music",
    )


def test_a_folder_name_that_is_no_utf8_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    monkeypatch.setenv("MUSIC_DIR", name)
    monkeypatch.setenv("DATA_DIR", name)
    environment = read(tmp_path)
    assert environment.music_dir == (Path(name),)
    assert environment.data_dir == Path(name)


def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORT", "")
    assert read(tmp_path).port == 8000


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("192.168.1.5", "192.168.1.5"),
        ("[::1]", "[::1]"),
        ("music.example.org", "music.example.org"),
    ],
)
def test_the_address_that_is_listened_on_is_an_allowed_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, served: str
) -> None:
    monkeypatch.setenv("HOST", host)
    assert served in read(tmp_path).served_names()


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104
def test_every_address_is_no_allowed_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str
) -> None:
    monkeypatch.setenv("HOST", host)
    environment = read(tmp_path)
    assert environment.served_names() == list(environment.allowed_hosts)


@pytest.mark.parametrize(
    ("value", "path"),
    [("", "/"), ("/", "/"), ("/music", "/music/"), ("/music/", "/music/"), ("/~a/b.c", "/~a/b.c/")],
)
def test_the_base_path_ends_with_a_slash_whether_one_writes_it_or_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str, path: str
) -> None:
    monkeypatch.setenv("BASE_PATH", value)
    assert read(tmp_path).base_path == path


def test_files_may_be_left_to_nginx(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert not read(tmp_path).x_accel_redirect_prefix
    monkeypatch.setenv("X_ACCEL_REDIRECT_PREFIX", "/_music/")
    assert read(tmp_path).x_accel_redirect_prefix == "/_music/"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("true", True), ("Yes", True), ("1", True), ("FALSE", False), ("0", False)],
)
def test_what_is_true_may_be_said_in_several_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str, wanted: object
) -> None:
    monkeypatch.setenv("DEBUG", value)
    assert read(tmp_path).debug is wanted


def test_https_is_bad_and_not_told_of_where_its_proxies_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS", "true")
    monkeypatch.setenv("TRUSTED_PROXIES", "no network")
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(tmp_path)
    assert [line.split(":")[0] for line in str(refusal.value).splitlines()[1:]] == [
        "  TRUSTED_PROXIES"
    ]


def test_a_log_level_may_be_in_any_case(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOG_LEVEL", "warning")
    assert read(tmp_path).log_level == "WARNING"


def test_the_env_file_stands_beside_manage_py() -> None:
    assert (ENV_FILE.parent / "manage.py").is_file()
    assert ENV_FILE.parent == PROJECT_DIR


def test_the_env_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        '# my settings\nPORT=9000\nHOST=192.168.1.5\nALLOWED_HOSTS="a.org, b.org"\n'
    )
    monkeypatch.setenv("HOST", "127.0.0.1")
    environment = read_environment(env_file)
    assert environment.port == 9000
    assert environment.host == "127.0.0.1"
    assert environment.allowed_hosts == ("a.org", "b.org")


def test_a_bad_value_in_the_env_file_is_named(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("PORT=many\n")
    with pytest.raises(ImproperlyConfigured, match="PORT: found 'many'; allowed: "):
        read_environment(env_file)


def test_an_env_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"PORT=\xff\xfe")
    with pytest.raises(ImproperlyConfigured, match=r"The settings in .*\.env cannot be read"):
        read_environment(env_file)


def test_scans_yield_to_everything_else_by_default(tmp_path: Path) -> None:
    assert read(tmp_path).scan_niceness == 10


def test_sqlite_in_the_data_folder_is_the_default_whatever_its_name_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "100%20 #1?"))
    database = database_settings(read(tmp_path))
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == tmp_path / "100%20 #1?" / "mus.sqlite3"


def test_a_postgresql_url_is_taken_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://mus:se%23same@db:5433/library")
    database = database_settings(read(tmp_path))
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", 5433, "library")
    assert database["PASSWORD"] == "se#same"


def test_a_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    environment = read(tmp_path)
    assert environment.data_dir.stat().st_mode & 0o777 == 0o700


def test_a_music_folder_someone_named_is_never_made(tmp_path: Path) -> None:
    (folder,) = read(tmp_path).music_dir
    assert not folder.exists()


def test_a_data_folder_that_is_a_file_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR: .*file: there is a file"):
        read(tmp_path)


def test_a_secret_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    environment = read(tmp_path)
    key = read_secret_key(environment)
    assert len(key) >= 50
    assert read_secret_key(environment) == key
    assert (environment.data_dir / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_secret_key_lost_to_a_crash_is_made_anew(tmp_path: Path) -> None:
    environment = read(tmp_path)
    (environment.data_dir / "secret_key").touch(mode=0o600)
    assert len(read_secret_key(environment)) >= 50


def test_a_given_secret_key_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "from somewhere safe, and long enough")
    environment = read(tmp_path)
    assert read_secret_key(environment) == "from somewhere safe, and long enough"
    assert not (environment.data_dir / "secret_key").exists()


@pytest.mark.parametrize(
    ("text", "separators"),
    [
        (";| / |, ", (";", " / ", ", ")),
        ("|;||", (";",)),
        ("; , feat.", (";", "feat.")),
        (" & ", (" & ",)),
        ("None", ()),
        ("", (";", " / ", " feat. ", " feat ", " ft. ", " ft ", " featuring ")),
    ],
)
def test_separators_of_artists_keep_their_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, separators: tuple[str, ...]
) -> None:
    monkeypatch.setenv("ARTIST_SEPARATORS", text)
    assert read(tmp_path).artist_separators == separators


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("The A L'", ("The", "A", "L'")),
        (" the,  a , the", ("the", "a")),
        ("none", ()),
        ("", ("The", "A", "An", "El", "La", "Los", "Las", "Le", "Les", "Der", "Die", "Das")),
    ],
)
def test_articles_are_words_between_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, articles: tuple[str, ...]
) -> None:
    monkeypatch.setenv("IGNORED_ARTICLES", text)
    assert read(tmp_path).ignored_articles == articles
