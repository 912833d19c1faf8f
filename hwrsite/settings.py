"""Settings: one file; what differs from place to place comes from environment variables (docs/settings.md)."""

import os
import secrets
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from hwrsite.unfold import UNFOLD as UNFOLD
from recognizer.filestore.choice import chosen_store

django_stubs_ext.monkeypatch()  # so that Django's generic classes can be written with their types at run time, too
BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(environ.Env):  # type: ignore[misc]
    """The environment's variables; one that should be a number and is none is named."""

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        """Read one.

        Raises:
            ImproperlyConfigured: it is no number.

        """
        try:
            return super().get_value(var, *args, **options)
        except ValueError:
            raise ImproperlyConfigured(f"{var} is “{os.environ.get(var)}”: it must be a number.") from None


env = Environment()


def _read_secrets() -> None:
    """Take what is secret from the file that `NAME_FILE` names, so that it stands in no environment that is shown."""
    for name in (
        *("PROPIS_SECRET_KEY", "PROPIS_ADMIN_PASSWORD", "DATABASE_URL", "BROKER_URL", "CACHE_URL"),
        *("PROPIS_METRICS_TOKEN", "PROPIS_WEBHOOK_SECRET", "PROPIS_MAIL_URL"),
    ):
        if path := os.environ.get(f"{name}_FILE"):
            try:
                os.environ[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ImproperlyConfigured(
                    f"{name}_FILE is “{path}”, which cannot be read: {error.strerror}."
                ) from None


_read_secrets()

# All state lives in one folder: database, data sets, checkpoints, models, the embedded queue.
PROPIS_VAR = Path(env.str("PROPIS_VAR", default=str(BASE_DIR / "var"))).resolve()
# The admin may import archives by path from this folder and no other.
PROPIS_IMPORT_ROOT = Path(env.str("PROPIS_IMPORT_ROOT", default=str(PROPIS_VAR / "import"))).resolve()
os.umask(0o077)  # what any of our processes writes, in the folder of all state or elsewhere, is for its owner alone
PROPIS_VAR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key from the environment, or one made at first start and kept in a file that only we can read."""
    if key := env.str("PROPIS_SECRET_KEY", default=""):
        return str(key)
    path = PROPIS_VAR / "secret_key"
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DEBUG = env.bool("PROPIS_DEBUG", default=False)
ALLOWED_HOSTS = env.list("PROPIS_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("PROPIS_ORIGINS", default=[])

INSTALLED_APPS = [
    "hwrsite.apps.SiteConfig",
    "unfold.apps.BasicAppConfig",
    "accounts.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "accounts.log_ins.LogInsConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "accounts.apps.AccountsConfig",
    "recognizer.apps.RecognizerConfig",
    "training.jobs.apps.JobsConfig",
    "training.datasets.apps.DatasetsConfig",
    "training.cleaning.apps.CleaningConfig",
    "training.paper.apps.PaperConfig",
    "training.runs.apps.RunsConfig",
    "training.sweeps.apps.SweepsConfig",
    "training.devices.apps.DevicesConfig",
    "training.study.apps.StudyConfig",
    "keeping.apps.KeepingConfig",
]

MIDDLEWARE = [
    "hwrsite.observing.requests.RequestMiddleware",
    "recognizer.visitors.VisitorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "hwrsite.errors.RefusalMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.tokens.TokenMiddleware",
    "accounts.closed.ClosedMiddleware",
    "accounts.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.sent_forms.SentFormMiddleware",
    "accounts.audit.AuditMiddleware",
    "axes.middleware.AxesMiddleware",
    "hwrsite.admin_whitespace.AdminWhitespaceMiddleware",
]

ROOT_URLCONF = "hwrsite.urls"
WSGI_APPLICATION = "hwrsite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{PROPIS_VAR / 'propis.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # it would take SQLite's write lock on every GET
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if "redis" in CACHES["default"]["BACKEND"]:
    # A server that is away, or hangs, must not hold a thread.
    CACHES["default"].setdefault("OPTIONS", {}).update(socket_connect_timeout=1, socket_timeout=1)

# --- People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: who is locked out is asked nothing more
    "django.contrib.auth.backends.ModelBackend",
    "accounts.second_factor.CodeBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_DISABLE_ACCESS_LOG = True  # failures are counted, successes are nobody's business
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "accounts.lockout.LockoutHandler"  # beside these, an address that fails with very many names
# What was typed into a form is kept beside a failure, without these.
AXES_SENSITIVE_PARAMETERS = [
    *("username", "ip_address", "old_password", "new_password1", "new_password2", "code", "key", "csrfmiddlewaretoken"),
]
AXES_CLIENT_IP_CALLABLE = "recognizer.visitors.address_of"
PROPIS_LOCKOUT_NAMES = 100  # an address that has failed with more names than a school class has is locked out of log-in
AXES_LOCKOUT_TEMPLATE = "429.html"
AUDIT_DAYS = max(1, env.int("PROPIS_AUDIT_DAYS", default=365))  # then an entry of who did what is deleted
PROPIS_TRAINER_RUNS = env.int("PROPIS_TRAINER_RUNS", default=20)  # waiting, running and paused, of one person
PROPIS_TRAINER_SAMPLES = env.int("PROPIS_TRAINER_SAMPLES", default=100_000_000)  # epochs × samples of these together
PROPIS_SIGN_IN_TO_SEE = env.str("PROPIS_SIGN_IN_TO_SEE", default="off")  # closed to visitors: nothing, work or all
if PROPIS_SIGN_IN_TO_SEE not in ("off", "work", "all"):
    raise ImproperlyConfigured(f"PROPIS_SIGN_IN_TO_SEE is “{PROPIS_SIGN_IN_TO_SEE}”: it must be off, work or all.")
PROPIS_SECOND_FACTOR = env.str("PROPIS_SECOND_FACTOR", default="optional")  # of whom it is demanded
if PROPIS_SECOND_FACTOR not in ("optional", "administrators", "all"):
    raise ImproperlyConfigured(
        f"PROPIS_SECOND_FACTOR is “{PROPIS_SECOND_FACTOR}”: it must be optional, administrators or all."
    )
OTP_TOTP_ISSUER = "Propis"  # the name that an authenticator app shows
LOGIN_URL = "account:sign_in"
LOGIN_REDIRECT_URL = "overview"

# --- Safety -----------------------------------------------------------------------------------------------------
SECURE = env.bool("PROPIS_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("PROPIS_HSTS_SUBDOMAINS", default=False)
if not SECURE_HSTS_PRELOAD:  # what holds for other sites below the same name is their owner's choice
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the form that they send
LANGUAGE_COOKIE_SAMESITE = "Lax"
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# unfold's Alpine needs eval, and its templates have inline scripts: relaxed under /admin/ only (hwrsite/admin_csp.py).
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
MIDDLEWARE.insert(MIDDLEWARE.index("csp.middleware.CSPMiddleware"), "hwrsite.admin_csp.AdminPolicyMiddleware")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20  # bytes of a request's body, files apart
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # the photographs of a class; a body over 1 MiB goes to the disk, however many
FILE_UPLOAD_HANDLERS = [  # the first one lets most addresses take one file
    "hwrsite.uploads.FileCounter",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_TEMP_DIR = PROPIS_VAR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
PROPIS_LIMITS = {
    "picture_bytes": env.int("PROPIS_PICTURE_BYTES", default=8 * 2**20),  # one picture sent to be read
    "picture_pixels": env.int("PROPIS_PICTURE_PIXELS", default=25_000_000),
    "page_bytes": env.int("PROPIS_PAGE_BYTES", default=24 * 2**20),  # one photograph, scan or PDF of pages
    "page_pixels": env.int("PROPIS_PAGE_PIXELS", default=40_000_000),
    "scans_bytes": env.int("PROPIS_SCANS_BYTES", default=512 * 2**20),  # scans sent together, and one file of them
    "batch_bytes": env.int("PROPIS_BATCH_BYTES", default=4 * 2**20),  # one batch of letters sent to be read
    "model_bytes": env.int("PROPIS_MODEL_BYTES", default=64 * 2**20),  # one uploaded model file
    "archive_bytes": env.int("PROPIS_ARCHIVE_BYTES", default=4 * 2**30),  # one uploaded archive
    "join_rate": env.str("PROPIS_JOIN_RATE", default="60/m"),  # tries of a join code, for each address
    "recognize_rate": env.str("PROPIS_RECOGNIZE_RATE", default="240/s"),  # readings for each address
    "page_rate": env.str("PROPIS_PAGE_RATE", default="60/m"),  # pages of paper, for each address
    "donation_rate": env.str("PROPIS_GIVE_RATE", default="300/m"),  # donations, for each address
    "delete_rate": env.str("PROPIS_DELETE_RATE", default="20/m"),  # tries of a deletion code, for each address
    "drawing_bytes": env.int("PROPIS_DRAWING_BYTES", default=100_000),  # one donated drawing; a letter has about 3,000
    "nearest_rate": env.str("PROPIS_NEAREST_RATE", default="10/s"),  # searches of training pictures, for each address
    "device_join_rate": env.str("PROPIS_DEVICE_JOIN_RATE", default="60/m"),  # codes, unknown tokens; of an address
    "device_rate": env.int("PROPIS_DEVICE_RATE", default=120),  # requests of a device in a minute
    "drawings_waiting": env.int("PROPIS_DRAWINGS_WAITING", default=20_000),  # donated and not reviewed yet
}
PROPIS_PROXIES = env.int("PROPIS_PROXIES", default=0)  # reverse proxies in front whose X-Forwarded-For is believed
PROPIS_CONTACT = env.str("PROPIS_CONTACT", default="")  # the address of mail that /privacy/ names

MODEL_TIMES_PROVIDER = "training.devices.choice.catalogue_times"  # knows how long models take on devices
HYPERPARAMETER_PROVIDER = "training.runs.hyperparameter_terms.labels"  # what the keys of a recipe are called
NEIGHBOUR_PROVIDER = "training.datasets.neighbours.find"  # finds the training pictures that are nearest to an input

# --- Languages --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "hwrsite.formats"
USE_TZ = True
TIME_ZONE = env.str("PROPIS_TIME_ZONE", default="UTC")

# --- Static files -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PROPIS_VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hwrsite.static_files.SiteStorage"},
}
MEDIA_ROOT = PROPIS_VAR / "media"

# --- Files: in the folder of all state, or in a store that many machines share (docs/many-machines.md) -----------
CACHE_BYTES = env.int("PROPIS_CACHE_BYTES", default=20 * 2**30)  # of a store's files that this machine used lately
PROPIS_FILES = env.str("PROPIS_FILES", default="")
if PROPIS_FILES:
    STORAGES["files"] = chosen_store(PROPIS_FILES)
    if not env.str("PROPIS_SECRET_KEY", default=""):
        raise ImproperlyConfigured("With PROPIS_FILES, PROPIS_SECRET_KEY must be set, to the same on every machine.")

# --- The queue: a message is a wake-up and carries nothing that the database does not know ------------------------
QUEUES = ("training", "benchmarks", "data", "short")  # no name is the ending of another, none has a dot
CELERY_BROKER_URL = env.str("BROKER_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem:"):
    _queue = PROPIS_VAR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "processed_folder": str(_queue / "processed"),
        "control_folder": str(_queue / "control"),
        "store_processed": True,
        "polling_interval": 0.2,  # seconds between two looks of an idle worker
    }
    for _name in ("messages", "processed", "control"):
        (_queue / _name).mkdir(parents=True, exist_ok=True)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_DEFAULT_QUEUE = "short"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"

# --- Jobs -------------------------------------------------------------------------------------------------------
JOB_HEARTBEAT_SECONDS = env.float("PROPIS_HEARTBEAT_SECONDS", default=10.0)
JOB_MISSED_HEARTBEATS = 3  # after this many a worker counts as lost
JOB_ATTEMPTS_WITHOUT_PROGRESS = 3  # after this many in a row a job has failed
JOB_LOOK_SECONDS = env.float("PROPIS_LOOK_SECONDS", default=1.0)  # how often a worker looks into the tables
CLOCK_WORK = (  # short work that the clock does itself, each period, in this order
    "training.jobs.lifecycle.reap",
    "accounts.joining.end_memberships",
    "training.sweeps.services.advance_all",
    "training.devices.fleet.invitations.clear",
    "training.jobs.worker.clock.count",
    "training.jobs.worker.presence.forget_lost",
    "accounts.audit.forget_old",
    "keeping.announcing.outbox.announce",
)
CLOCK_WORK_ON_FILES = (  # the same, where the folder of all state is that of the database
    "training.jobs.worker.leftovers.prune",
    "training.datasets.imports.uploads.forget_old",
    "training.paper.services.forget_old",
    "training.datasets.storage.workspace.remove_leftovers",
    "training.runs.worker.checkpoints.prune",
    "keeping.services.order_nightly",
    "keeping.store_strays.remove_now_and_then",
)
LEFTOVERS_SECONDS = env.float("PROPIS_LEFTOVERS_SECONDS", default=3600.0)  # then what a killed process left is deleted
LEFTOVERS = (  # what is being made, by its name, in the folder of all state
    "queue/processed/*",
    "queue/messages/*.part",
    "uploads/*.upload*",
    "benchmark-*",
    "backups/*.part",
    "paper/new-*",
    ".disk-*",
    *("*/" * depth + ".*.????????" for depth in range(4)),  # a file that is to take another one's place
)

# --- Processes --------------------------------------------------------------------------------------------------
WEB_PROCESSES = max(1, env.int("PROPIS_WEB_PROCESSES", default=2))  # while one is replaced, another one serves
PATIENCE = env.float("PROPIS_PATIENCE", default=1.0)  # multiplies the seconds of hwrsite/web_server/patience.py
TRAINING_PROCESSES = env.int("PROPIS_TRAINING_PROCESSES", default=0) or max(1, (os.cpu_count() or 1) - 1)
NICE = env.int("PROPIS_NICE", default=10)  # of workers: they get a tenth of what others get where all want it
if not 0 <= NICE <= 19:
    raise ImproperlyConfigured(f"PROPIS_NICE is {NICE}: it must be from 0 to 19.")

# --- Backups ----------------------------------------------------------------------------------------------------
BACKUP_FOLDER = Path(env.str("PROPIS_BACKUP_FOLDER", default=str(PROPIS_VAR / "backups"))).resolve()
_hour = env.str("PROPIS_BACKUP_HOUR", default="3")
if _hour not in {"off", *map(str, range(24))}:
    raise ImproperlyConfigured(f"PROPIS_BACKUP_HOUR is “{_hour}”: it must be an hour from 0 to 23, or off.")
BACKUP_HOUR = None if _hour == "off" else int(_hour)  # of the time zone; the nightly one is made then
BACKUPS_KEPT = max(1, env.int("PROPIS_BACKUPS_KEPT", default=3))  # nightly ones

# --- What is told when a job ends ------------------------------------------------------------------------------
WEBHOOK_URL = env.str("PROPIS_WEBHOOK_URL", default="")
WEBHOOK_SECRET = env.str("PROPIS_WEBHOOK_SECRET", default="")
WEBHOOK_PRIVATE = env.bool("PROPIS_WEBHOOK_PRIVATE", default=False)  # whether it may be in a private network
MAIL_TO = env.list("PROPIS_MAIL_TO", default=[])
globals().update(env.email_url("PROPIS_MAIL_URL", default="smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("PROPIS_MAIL_FROM", default="propis@localhost")
EMAIL_TIMEOUT = 5

# --- Logs -------------------------------------------------------------------------------------------------------
LOG_FORMAT = env.str("PROPIS_LOG_FORMAT", default="line")
if LOG_FORMAT not in {"line", "json"}:
    raise ImproperlyConfigured(f"PROPIS_LOG_FORMAT is “{LOG_FORMAT}”: it must be line or json.")
METRICS_TOKEN = env.str("PROPIS_METRICS_TOKEN", default="")  # who may read /metrics; without one this machine alone
FIGURES_FOLDER = PROPIS_VAR / "run" / "figures"  # where the web processes count together
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FIGURES_FOLDER)  # prometheus-client looks there when it is imported
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "hwrsite.observing.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {"()": "hwrsite.observing.logs.ObjectFormatter"},
    },
    "filters": {
        "refusals": {"()": "hwrsite.observing.logs.RefusalFilter"},
        "origin": {"()": "hwrsite.observing.logs.OriginFilter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["refusals", "origin"]},
    },
    "root": {"handlers": ["console"], "level": env.str("PROPIS_LOG_LEVEL", default="WARNING")},
    "loggers": {"django.server": {"level": "WARNING"}},
}
