"""Django's settings: values from the environment, and values that are the same everywhere."""

import re
from datetime import timedelta

from csp.constants import NONE, SELF

from asgi.body_limits import LARGEST_BYTES
from musproject.cookies import cookie_name, message_storage
from musproject.environment import PROJECT_DIR, read_environment
from musproject.secret_key import read_secret_key
from musproject.services import channel_layer, database

ENVIRONMENT = read_environment()

SECRET_KEY = read_secret_key(ENVIRONMENT)
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.served_names()
BASE_PATH = ENVIRONMENT.base_path
FORCE_SCRIPT_NAME = BASE_PATH.removesuffix("/") or None
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.csrf_trusted_origins)

TRUSTED_PROXIES = ENVIRONMENT.proxy_networks()
HTTPS = ENVIRONMENT.https

MUSIC_DIRS = ENVIRONMENT.music_dir
DATA_DIR = ENVIRONMENT.data_dir
SCAN_INTERVAL_SECONDS = ENVIRONMENT.scan_interval_seconds
WATCH = ENVIRONMENT.watch
DRAIN_SECONDS = ENVIRONMENT.drain_seconds
PLAYLISTS_FROM_FOLDERS = ENVIRONMENT.playlists_from_folders
SCAN_WORKERS = ENVIRONMENT.scan_workers
SCAN_NICENESS = ENVIRONMENT.scan_niceness
COVER_CACHE_BYTES = int(ENVIRONMENT.cover_cache_gb * 1e9)
ARTIST_SEPARATORS = ENVIRONMENT.artist_separators
IGNORED_ARTICLES = ENVIRONMENT.ignored_articles
SUBSONIC_ALL_ARTISTS = ENVIRONMENT.subsonic_all_artists
SUBSONIC_COVER_PLACEHOLDER = ENVIRONMENT.subsonic_cover_placeholder
HOST = ENVIRONMENT.host
PORT = ENVIRONMENT.port
METRICS_TOKEN = ENVIRONMENT.metrics_token
X_ACCEL_REDIRECT_PREFIX = ENVIRONMENT.x_accel_redirect_prefix
LASTFM_API_KEY = ENVIRONMENT.lastfm_api_key
LASTFM_API_SECRET = ENVIRONMENT.lastfm_api_secret
SCROBBLE_URLS = ENVIRONMENT.scrobble_urls
SCROBBLE_PRIVATE_NETWORKS = ENVIRONMENT.scrobble_private_networks
SHARING = ENVIRONMENT.sharing
SCROBBLE_ADDRESSES = {
    "listenbrainz": "https://api.listenbrainz.org",
    "lastfm": "https://ws.audioscrobbler.com/2.0/",
    "librefm": "https://libre.fm/2.0/",
}
SCROBBLE_LOGIN_ADDRESSES = {
    "lastfm": "https://www.last.fm/api/auth/",
    "librefm": "https://libre.fm/api/auth/",
}
"""Where users allow mus to use their account."""

INSTALLED_APPS = [
    "events",
    "accounts",
    "library",
    "listening",
    "web",
    "operations",  # before staticfiles, so that its `runserver`, which serves ASGI, is found first
    "musproject.administration.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "servestatic",
    "django.contrib.staticfiles",
    "csp",
    "axes",
    "django_eventstream",
]

MIDDLEWARE = [
    *(["operations.metrics.requests.remember_route"] if METRICS_TOKEN else []),
    "django.middleware.security.SecurityMiddleware",
    # `asgi.protection` adds the policy otherwise, ready made: the middleware builds it each time.
    *(["csp.middleware.CSPMiddleware"] if DEBUG else []),
    "musproject.static_files.StaticFiles",
    "web.language.page_language",
    "accounts.session_cookies.KeepSessionCookie",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.authentication.KeptAuthentication",
    "accounts.login_required.LoginRequired",
    "web.language.FollowAccount",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "accounts.login_limit.AnswerBusy",
]

ROOT_URLCONF = "musproject.urls"
ASGI_APPLICATION = "musproject.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.roles.for_templates",
                "web.appearance.for_templates",
                "web.player_page.for_templates",
                "web.language.for_templates",
            ],
        },
    },
]

DATABASES = {"default": database(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = {"default": channel_layer(ENVIRONMENT)}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "accounts.login_limit.LimitedBackend",
    "django.contrib.auth.backends.ModelBackend",  # named by sessions; the first handles all logins
]
PASSWORD_HASHERS = ["accounts.password_turns.TurnTakingHasher"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "accounts.login_limit.Handler"
AXES_CLIENT_IP_CALLABLE = "accounts.login_limit.client_address"
AXES_USERNAME_CALLABLE = "accounts.login_limit.client_name"
AXES_LOCKOUT_CALLABLE = "accounts.login_limit.refuse_login"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
MESSAGE_STORAGE = message_storage(BASE_PATH)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "player"
LOGOUT_REDIRECT_URL = "login"

DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BYTES  # the server limits bodies by their path

LANGUAGE_CODE = "en"  # in which all texts are written
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
"""Each but the first has its texts in web/locale, and for scripts in web/static/web/texts."""
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = "musproject.formats"

STATIC_URL = f"{BASE_PATH}static/"
STATIC_ROOT = PROJECT_DIR / ".static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # With DEBUG, files are served from their source, so that edits are seen at once.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "musproject.static_files.HashedStaticFiles",
    },
}
SERVESTATIC_ALLOW_ALL_ORIGINS = False
SERVESTATIC_MIMETYPES = {".webmanifest": "application/manifest+json"}
SERVESTATIC_MINIFY = True  # removes comments: compressed files become a fifth smaller

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = cookie_name("sessionid", BASE_PATH)
CSRF_COOKIE_NAME = cookie_name("csrftoken", BASE_PATH)
APPEARANCE_COOKIE_NAME = cookie_name("appearance", BASE_PATH)
LANGUAGE_COOKIE_NAME = cookie_name("language", BASE_PATH)
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = BASE_PATH
SESSION_ENGINE = "asgi.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=180).total_seconds()) if HTTPS else 0
# Monitoring requests these by plain http on the same machine.
SECURE_REDIRECT_EXEMPT = [rf"^{re.escape(BASE_PATH[1:])}(healthz|metrics)$"]
SILENCED_SYSTEM_CHECKS = [
    # HSTS for all subdomains (W005) and the preload list of browsers (W021) are decisions for the
    # owner of the domain, not for mus, which is one host of it.
    "security.W005",
    "security.W021",
    # SQLite has no covering indexes (`include`) and ignores them; PostgreSQL uses them.
    "models.W040",
]

OWN_PACKAGES = (
    *("musproject", "web", "api", "operations", "opensubsonic", "listening"),
    *("library", "events", "accounts", "asgi", "runtime"),
)
"""Those whose loggers have the level of LOG_LEVEL."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "runtime.visible_text.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        **{name: {"level": ENVIRONMENT.log_level} for name in OWN_PACKAGES},
        "django": {"handlers": []},  # with DEBUG its own handler would print each line twice
        # Warns at each attempt to connect; the code that needs a connection logs the failure.
        "psycopg.pool": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},  # no warning for each 404 that a scanner provokes
        # A stranger's POST is no warning; the line of its request says where it came from.
        "django.security.csrf": {"level": "ERROR"},
        # Logs a traceback for each wrong host name; the response says what to do.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
