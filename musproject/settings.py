"""Django's settings: what the environment decides, and what holds for every installation."""

from datetime import timedelta

from csp.constants import NONE, SELF

from musproject.environment import PROJECT_DIR, read_environment
from musproject.secret_key import read_secret_key
from musproject.services import channel_layer, database

ENVIRONMENT = read_environment()

SECRET_KEY = read_secret_key(ENVIRONMENT)
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.served_names()
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.csrf_trusted_origins)

TRUSTED_PROXIES = ENVIRONMENT.proxy_networks()
HTTPS = ENVIRONMENT.https

MUSIC_DIRS = ENVIRONMENT.music_dir
DATA_DIR = ENVIRONMENT.data_dir
SCAN_INTERVAL_SECONDS = ENVIRONMENT.scan_interval_seconds
SCAN_WORKERS = ENVIRONMENT.scan_workers
COVER_CACHE_BYTES = int(ENVIRONMENT.cover_cache_gb * 1e9)
ARTIST_SEPARATORS = ENVIRONMENT.artist_separators
HOST = ENVIRONMENT.host
PORT = ENVIRONMENT.port
METRICS_TOKEN = ENVIRONMENT.metrics_token
X_ACCEL_REDIRECT_PREFIX = ENVIRONMENT.x_accel_redirect_prefix

INSTALLED_APPS = [
    "events",
    "accounts",
    "library",
    "listening",
    "web",
    "operations",  # before staticfiles: its runserver is the one that serves ASGI
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
    "csp.middleware.CSPMiddleware",
    "musproject.static_files.StaticFiles",
    "accounts.session_cookies.KeepSessionCookie",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.login_required.LoginRequired",
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
    "django.contrib.auth.backends.ModelBackend",  # for sessions alone: the other is asked first
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
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "player"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = "musproject.formats"

STATIC_URL = "/static/"
STATIC_ROOT = PROJECT_DIR / ".static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # With DEBUG straight from the source: what is edited is served at the next request.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "musproject.static_files.HashedStaticFiles",
    },
}
SERVESTATIC_ALLOW_ALL_ORIGINS = False
SERVESTATIC_MIMETYPES = {".webmanifest": "application/manifest+json"}
SERVESTATIC_MINIFY = True  # what is sent compressed has no comments, a fifth less

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
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=180).total_seconds()) if HTTPS else 0
# Asked on this machine, by what watches over the server.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SILENCED_SYSTEM_CHECKS = [
    # HSTS for all subdomains, and for ever in browsers themselves, is a promise that the owner of a
    # domain may make, and mus, which is one of its hosts, may not.
    "security.W005",
    "security.W021",
    # SQLite's indexes hold no more than what they are sorted by; PostgreSQL's do.
    "models.W040",
]

OWN_PACKAGES = (
    *("musproject", "web", "api", "operations", "listening"),
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
        "django": {"handlers": []},  # of its own, with DEBUG: each line would be there twice
        # It warns of each attempt; what could not be done is told by who wanted a connection.
        "psycopg.pool": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},  # not every address that strangers try
        # A traceback for each stranger's mistake; the page it answers with says what to do.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
