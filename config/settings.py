"""Django's settings. What differs between installations comes from the environment, see environment.py."""

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab

from config import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent
#: What a running system keeps: the demonstration's database, socket, mail and files.
VAR_DIR = environment.read_folder("VAR_DIR", BASE_DIR / "var")

ALLOWED_HOSTS = environment.read_hosts()
PUBLIC = environment.is_public(ALLOWED_HOSTS)
DEMO = environment.read_switch("DEMO")
if DEMO and PUBLIC:
    raise environment.fail(
        "DEMO", "the demonstration signs anybody in, so it only runs on this computer: unset it, or unset ALLOWED_HOSTS"
    )
DEBUG = False
SECRET_KEY = environment.read_secret_key(VAR_DIR, public=PUBLIC)
#: Former keys, while a new one takes their place.
SECRET_KEY_FALLBACKS = environment.read_text("SECRET_KEY_FALLBACKS").split()
BASE_URL = environment.read_base_url(public=PUBLIC)
CSRF_TRUSTED_ORIGINS = [BASE_URL]

#: The council (or other body) whose system this is, and its colour.
ORGANISATION_NAME = environment.read_text("ORGANISATION_NAME", "Kent County Council")
BRAND_COLOUR = environment.read_colour()
#: counting.md, rule 8: breakdowns by a characteristic are hidden below this number of learners.
SMALL_NUMBERS_BELOW = environment.read_number("SMALL_NUMBERS_BELOW", default=10)
#: After how many days without a word an employer with an open pledge has gone quiet.
PLEDGE_QUIET_DAYS = environment.read_number("PLEDGE_QUIET_DAYS", default=60)

#: Whether the clock erases every night what is no longer needed of people; if not, it counts, and an administrator presses.
RETENTION_APPLY = environment.read_switch("RETENTION_APPLY")

#: Whether two people stand for final figures: somebody else than the author of a publication signs it off first.
PUBLICATION_SIGN_OFF = environment.read_switch("PUBLICATION_SIGN_OFF")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_filters",
    "django_prometheus",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guilds",
    "crm",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.middleware.RequestIdMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crm.middleware.SignInMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.context.guildhall",
            ]
        },
    }
]
FORM_RENDERER = "crm.forms.markup.FormRenderer"

DATABASES = {"default": environment.read_database(VAR_DIR, public=PUBLIC)}
if environment.read_text("REPLICA_URL"):
    DATABASES["replica"] = environment.read_database(VAR_DIR, "REPLICA_URL", public=PUBLIC)
    DATABASE_ROUTERS = ["config.replica.Router"]
    MIDDLEWARE.append("config.replica.FiguresFromReplica")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.read_redis(VAR_DIR, public=PUBLIC)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "guildhall",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}

CELERY_BROKER_URL = environment.broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A write must never wait for a broker that is away: what was not announced is swept up later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 0,
    "visibility_timeout": 600,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep what is still to be counted": {"task": "crm.tasks.refresh_impact", "schedule": 10.0},
    "forget answers to requests that nobody sends again": {"task": "crm.tasks.forget_answers", "schedule": 3600.0},
    "forget drafts that nobody goes on with": {"task": "crm.tasks.forget_drafts", "schedule": 3600.0},
    "forget browsers that nobody uses any more": {"task": "crm.tasks.forget_sign_ins", "schedule": 86400.0},
    "send mail that still waits": {"task": "crm.tasks.sweep_mail", "schedule": 60.0},
    "tell members what became of their pledges": {"task": "crm.tasks.tell_news", "schedule": 60.0},
    # At 7 in Kent, summer and winter; the later ones go on where a crash left the first, and find nothing else to do.
    "make the daily reminders": {
        "task": "crm.tasks.send_reminders",
        "schedule": crontab(minute="*/10", hour="7-11", day_of_week="mon-fri"),
    },
    "find likely duplicates": {"task": "crm.tasks.find_duplicates", "schedule": 6 * 3600.0},
    "lapse pledges whose validity is over": {"task": "crm.tasks.lapse_pledges", "schedule": 3600.0},
    "publish what is due": {"task": "crm.tasks.publish_due", "schedule": 60.0},
    "make packs that still wait": {"task": "crm.tasks.sweep_packs", "schedule": 60.0},
    "see what is no longer needed of people": {
        "task": "crm.tasks.keep_to_retention",
        "schedule": crontab(minute="20", hour="3"),
    },
    "forget uploaded files that nobody loads": {"task": "crm.tasks.forget_uploads", "schedule": 3600.0},
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "build"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PUBLIC
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = environment.read_folder("MEDIA_ROOT", VAR_DIR / "media")
# Files beside an engagement: bytes of one, how many, and what looks for viruses: the dotted name of a function that takes
# an open binary file and gives the name of what it found, or None. A scanner that fails lets nothing in.
ATTACHMENT_LARGEST = 10_000_000
ATTACHMENTS_AT_MOST = 20
ATTACHMENT_SCANNER = environment.read_scanner()

#: For how many hours the latest change of a record can be taken back.
UNDO_WITHIN_HOURS = 24

# The longest form has 200 rows of schools and as many of employers.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

AUTH_USER_MODEL = "guilds.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "crm.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# A stranger is told nothing and gets no mail.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Whoever has a second step proves again that it is them before they change how they sign in.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {"join": "5/h/ip", "address_code": "5/h/user"}

#: Whether administrators must have a passkey or an authenticator app; not where the system answers to this computer only.
REQUIRE_SECOND_FACTOR = environment.read_switch("REQUIRE_SECOND_FACTOR", default=PUBLIC)
MFA_ADAPTER = "crm.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Guildhall"
MFA_TOTP_TOLERANCE = 1
# Addresses are proved by an invitation or by whoever looks after people; there is no list of them beside.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers offer passkeys over plain HTTP on this computer only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC

SOCIALACCOUNT_ADAPTER = "crm.adapters.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": environment.read_oidc(public=PUBLIC), "OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_STORE_TOKENS = False

_mail = environment.read_email(public=PUBLIC)
EMAIL_BACKEND = _mail.pop("EMAIL_BACKEND", "crm.emails.backend.Outbox")
globals().update(_mail)
OUTBOX_DIR = VAR_DIR / "outbox"
_sender = urlsplit(BASE_URL).hostname if PUBLIC else "guildhall.example"
DEFAULT_FROM_EMAIL = environment.read_text("DEFAULT_FROM_EMAIL", f"Guildhall <no-reply@{_sender}>")

#: What a mail provider shows when it says that mail came back; without one, nobody may.
MAIL_WEBHOOK_SECRET = environment.read_text("MAIL_WEBHOOK_SECRET")
#: How often the daily reminder names one thing.
REMINDERS_AT_MOST = environment.read_number("REMINDERS_AT_MOST", default=3)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PUBLIC else None
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PUBLIC
# The proxy in front sends people on to HTTPS; a whole domain is put on browsers' preload list by its owner.
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "img-src": ["'self'", "data:"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["crm.api.permissions.NamedPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["crm.api.parsing.SafeJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "crm.api.pagination.Cursor",
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "crm.api.schema.Operation",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "crm.api.problems.problem",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNICODE_JSON": True,
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Guildhall",
    "VERSION": "1",
    "DESCRIPTION": (BASE_DIR / "crm" / "api" / "description.md").read_text(encoding="utf-8"),
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "OAS_VERSION": "3.1.0",
    # Choices stay where they are used: several resources have a "status" or a "kind", each with choices of its own.
    "POSTPROCESSING_HOOKS": [],
}

LOGGING = logs.configuration(
    style=environment.read_choice("LOG_FORMAT", ("plain", "json"), default="json" if PUBLIC else "plain"),
    level=environment.read_choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
)
#: Opens /metrics; without one, only programs on this computer may read it, and in public nobody.
METRICS_TOKEN = environment.read_metrics_token()

SENTRY_DSN = environment.read_sentry_dsn()
if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(
        dsn=SENTRY_DSN,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        before_send=logs.without_query,  # type: ignore[arg-type]
    )
