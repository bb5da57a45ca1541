"""Settings. Every variable is declared once, with its meaning; `.env.example` is printed from here.

Secrets have no working default outside the demo: SEONMUL_DEMO=1 derives them from a random seed that is made at
the first start and kept in SEONMUL_HOME.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE

from seonmul.kit.env import Environment
from seonmul.kit.postgres import Server
from seonmul.storefront.account.limits import Limits

ROOT = Path(__file__).resolve().parents[3]
ENV = Environment()

DEMO = ENV.flag("SEONMUL_DEMO", "1: demo data, generated secrets, the sandbox as every outside party", False)
HOME = Path(
    ENV.text("SEONMUL_HOME", "folder for the embedded database and generated files", str(ROOT / ".seonmul"))
)


def _demo(name: str) -> str | None:
    """A secret of the demo: derived from a seed of this installation, never a constant of the source."""
    if not DEMO:
        return None
    seed = HOME / "demo-seed"
    if not seed.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        fresh = HOME / f"demo-seed.{os.getpid()}"
        fresh.write_bytes(os.urandom(32))
        fresh.chmod(0o600)
        try:
            os.link(fresh, seed)  # the first process wins
        except FileExistsError:
            pass
        fresh.unlink()
    return base64.b64encode(hmac.digest(seed.read_bytes(), name.encode(), hashlib.sha256)).decode()


def _demo_key(name: str) -> str | None:
    secret = _demo(name)
    return secret and f"1:{secret}"


SECRET_KEY = ENV.secret("SECRET_KEY", "signs sessions and links", _demo("SECRET_KEY"))
SECRET_KEY_FALLBACKS = ENV.items("SECRET_KEY_FALLBACKS", "older SECRET_KEYs that still verify")
FIELD_ENCRYPTION_KEYS = ENV.secret(
    "FIELD_ENCRYPTION_KEYS", "keys for personal data, newest first: 2:base64,1:base64", _demo_key("FIELDS")
)
INDEX_KEY = ENV.secret("INDEX_KEY", "key of look-up indexes, 32 bytes in base64", _demo("INDEX_KEY"))

WEB_HOST = ENV.text("WEB_HOST", "address the web process listens on", "127.0.0.1")
WEB_PORT = ENV.number("WEB_PORT", "port of the web process", 8000)
WEB_WORKERS = ENV.number("WEB_WORKERS", "web processes; one for each core that serves nothing else", 1)
WORKERS = ENV.number("WORKERS", "worker processes that `seonmul up` starts", 1)
WORKER_CONCURRENCY = ENV.number("WORKER_CONCURRENCY", "jobs that one worker runs at a time", 2)
TRUSTED_PROXIES = ENV.number(
    "TRUSTED_PROXIES", "proxies before the web process whose X-Forwarded-For is believed", 0
)
SANDBOX_HOST = ENV.text("SANDBOX_HOST", "address of the sandbox", "127.0.0.1")
SANDBOX_PORT = ENV.number("SANDBOX_PORT", "port of the sandbox", 8100)
SANDBOX_SMTP_PORT = ENV.number("SANDBOX_SMTP_PORT", "port of the sandbox's mail server", 8125)
SANDBOX_URL = f"http://{SANDBOX_HOST}:{SANDBOX_PORT}"
PUBLIC_URL = ENV.text(
    "PUBLIC_URL", "address under which people reach the site", f"http://{WEB_HOST}:{WEB_PORT}"
)

DEBUG = ENV.flag("DEBUG", "1: Django's debug pages (never in production)", False)
ALLOWED_HOSTS = ENV.items("ALLOWED_HOSTS", "host names, separated by commas", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = ENV.items("CSRF_TRUSTED_ORIGINS", "origins behind a proxy that ends TLS")
SECURE = PUBLIC_URL.startswith("https://")

# one engine
DATABASE_URL = ENV.text(
    "DATABASE_URL", "PostgreSQL 16 or newer; empty: the embedded server in SEONMUL_HOME", ""
)
EMBEDDED = None if DATABASE_URL else Server(HOME / "postgres")
_DATABASE = dj_database_url.parse(DATABASE_URL or (EMBEDDED.url() if EMBEDDED else ""))
_POOL = {"min_size": 1, "max_size": ENV.number("DATABASE_POOL", "connections a process", 8)}
DATABASES = {
    "default": {
        **_DATABASE,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # a threshold lets kit.prepared plan its statements once; Django's own are never prepared
        "OPTIONS": {**_DATABASE.get("OPTIONS", {}), "pool": _POOL, "prepare_threshold": 5},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# what all processes must count together: the tries of logins
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kit_cache",
        # Django's own bound of 300 would let a burst from many addresses throw out the counts of tries
        "OPTIONS": {"MAX_ENTRIES": 50_000, "CULL_FREQUENCY": 10},
    },
}

# NHN Cloud, a second carrier of text messages; without an app key it is not used
NHN_BASE_URL = ENV.text(
    "NHN_BASE_URL", "base address of NHN Cloud's SMS API",
    f"{SANDBOX_URL}/nhn" if DEMO else "https://sms.api.nhncloudservice.com",
)  # fmt: skip
NHN_APP_KEY = ENV.text(
    "NHN_APP_KEY", "NHN Cloud's app key; empty: not used", "DEMONHNAPPKEY000" if DEMO else ""
)
NHN_SECRET_KEY = ENV.text("NHN_SECRET_KEY", "NHN Cloud's secret key", "DEMO-NHN-SECRET-0000" if DEMO else "")
NHN_WEBHOOK_SIGNATURE = ENV.text(
    "NHN_WEBHOOK_SIGNATURE", "the fixed words that NHN Cloud's webhooks bear, as configured there",
    "DEMO-NHN-SIGNATURE-0000" if DEMO else "",
)  # fmt: skip

# who carries what: adapters by name
CARRIERS = {
    "solapi": "seonmul.providers.solapi.carrier.Solapi",
    "smtp": "seonmul.providers.smtp.carrier.Smtp",
}
if NHN_APP_KEY:
    CARRIERS["nhn"] = "seonmul.providers.nhn.carrier.Nhn"
CARRIER = ENV.text("CARRIER", "the carrier of text messages", "solapi")
# a mail service by its API, beside the mail server, which then only helps out: any backend of django-anymail
ESP_BACKEND = ENV.text(
    "ESP_BACKEND",
    "mail backend of django-anymail, e.g. anymail.backends.postmark.EmailBackend; empty: not used",
    "",
)
ESP_WEBHOOK = ENV.text(
    "ESP_WEBHOOK", "its reader of reports, e.g. anymail.webhooks.postmark.PostmarkTrackingWebhookView", ""
)
ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True, "REQUESTS_TIMEOUT": 20} | json.loads(
    ENV.secret("ANYMAIL", 'settings of django-anymail as JSON, e.g. {"POSTMARK_SERVER_TOKEN": "..."}', "{}")
)
if ESP_BACKEND:
    CARRIERS["esp"] = "seonmul.providers.esp.carrier.Esp"
MAIL_CARRIER = "esp" if ESP_BACKEND else "smtp"
GATE = "seonmul.gifts.gate.Gate"
# who draws what messages show
ALBUM = "seonmul.giftpage.album.Album"
# who has something of an account, and hands it over when the person behind it changes, in this order
HANDERS = [
    "seonmul.members.handing.Hander",
    "seonmul.dispatch.handing.Hander",
    "seonmul.orders.handing.Hander",
    "seonmul.support.handing.Hander",
    "seonmul.people.handing.Hander",
]
# who knows what may still bring a buyer money, before somebody leaves that buyer
PURSE = "seonmul.orders.purse.Purse"
RETURNS = "seonmul.gifts.returns.Returns"
# who knows what a member ordered and paid, when what law keeps is set apart and the rest is erased
KEEPER = "seonmul.orders.keeping.Keeper"
SOLAPI_BASE_URL = ENV.text(
    "SOLAPI_BASE_URL", "base address of the SOLAPI API", f"{SANDBOX_URL}/solapi" if DEMO else ""
)
SOLAPI_API_KEY = ENV.secret("SOLAPI_API_KEY", "SOLAPI API key", "DEMOAPIKEY000000" if DEMO else None)
SOLAPI_API_SECRET = ENV.secret(
    "SOLAPI_API_SECRET", "SOLAPI API secret", "DEMO-API-SECRET-0000" if DEMO else None
)
WEBHOOK_SECRET = ENV.secret(
    "WEBHOOK_SECRET", "unguessable part of the address that providers call",
    (_demo("WEBHOOK_SECRET") or "").translate(str.maketrans("", "", "+/="))[:32] or None,
)  # fmt: skip
PLATFORM_SENDER = ENV.text(
    "PLATFORM_SENDER", "registered number that our own texts come from", "15990000" if DEMO else ""
)

# who is who: adapters by dotted path
TAX_OFFICE = ENV.text(
    "TAX_OFFICE", "adapter of the tax office, by dotted path", "seonmul.providers.nts.office.Office"
)
NTS_BASE_URL = ENV.text(
    "NTS_BASE_URL",
    "where the tax office's API lives",
    f"{SANDBOX_URL}/nts" if DEMO else "https://api.odcloud.kr",
)
NTS_SERVICE_KEY = ENV.secret(
    "NTS_SERVICE_KEY", 'service key of the tax office\'s API, the one called "Decoding"',
    "DEMO+NTS/SERVICE+KEY/0000==" if DEMO else None,
)  # fmt: skip
IDENTITY = ENV.text(
    "IDENTITY", "adapter that verifies persons, by dotted path", "seonmul.providers.portone.identity.PortOne"
)
PORTONE_BASE_URL = ENV.text(
    "PORTONE_BASE_URL", "base address of the PortOne API",
    f"{SANDBOX_URL}/portone" if DEMO else "https://api.portone.io",
)  # fmt: skip
PORTONE_API_SECRET = ENV.secret(
    "PORTONE_API_SECRET", "PortOne V2 API secret", "DEMO-PORTONE-SECRET-0000" if DEMO else None
)
PORTONE_STORE_ID = ENV.text("PORTONE_STORE_ID", "PortOne store id", "store-demo" if DEMO else "")
PORTONE_IDENTITY_CHANNEL_KEY = ENV.text(
    "PORTONE_IDENTITY_CHANNEL_KEY", "PortOne channel that verifies persons",
    "channel-key-demo-identity" if DEMO else "",
)  # fmt: skip
PAYMENT_PROVIDER = ENV.text(
    "PAYMENT_PROVIDER", "adapter that takes and gives back money, by dotted path",
    "seonmul.providers.portone.payments.PortOne",
)  # fmt: skip
PORTONE_CARD_CHANNEL_KEY = ENV.text(
    "PORTONE_CARD_CHANNEL_KEY", "PortOne channel that takes cards", "channel-key-demo-card" if DEMO else ""
)
PORTONE_ACCOUNT_CHANNEL_KEY = ENV.text(
    "PORTONE_ACCOUNT_CHANNEL_KEY", "PortOne channel that issues virtual accounts",
    "channel-key-demo-account" if DEMO else "",
)  # fmt: skip
PORTONE_WEBHOOK_SECRET = ENV.secret(
    "PORTONE_WEBHOOK_SECRET", "secret that PortOne signs its reports with, whsec_...",
    "whsec_REVNTy1QT1JUT05FLVdFQkhPT0stU0VDUkVULTAwMDA=" if DEMO else None,
)  # fmt: skip
PORTONE_JS_URL = ENV.text(
    "PORTONE_JS_URL", "script that opens PortOne's windows",
    f"{SANDBOX_URL}/portone/sdk.js" if DEMO else "https://cdn.portone.io/v2/browser-sdk.js",
)  # fmt: skip
PORTONE_WINDOW_ORIGINS = ENV.items(
    "PORTONE_WINDOW_ORIGINS", "further origins that PortOne's script talks to, separated by commas"
)

# who issues codes that are not ours: adapter by dotted path
ISSUER = ENV.text(
    "ISSUER", "adapter of the external issuer, by dotted path", "seonmul.providers.giftishow.issuer.Giftishow"
)
GIFTISHOW_BASE_URL = ENV.text(
    "GIFTISHOW_BASE_URL", "base address of the Giftishow Biz API",
    f"{SANDBOX_URL}/giftishow/bizApi" if DEMO else "https://bizapi.giftishow.com/bizApi",
)  # fmt: skip
GIFTISHOW_AUTH_CODE = ENV.text(
    "GIFTISHOW_AUTH_CODE", "Giftishow's custom_auth_code", "DEMO-GIFTISHOW-CODE-0000" if DEMO else ""
)
GIFTISHOW_AUTH_TOKEN = ENV.text(
    "GIFTISHOW_AUTH_TOKEN", "Giftishow's custom_auth_token", "DEMO-GIFTISHOW-TOKEN-0000" if DEMO else ""
)
GIFTISHOW_USER_ID = ENV.text("GIFTISHOW_USER_ID", "our account at Giftishow", "demo" if DEMO else "")
GIFTISHOW_PHONE = ENV.text(
    "GIFTISHOW_PHONE", "our own number in requests to Giftishow; it sends nothing itself",
    "15990000" if DEMO else "",
)  # fmt: skip
GIFTISHOW_IS_TEST = ENV.flag("GIFTISHOW_IS_TEST", "1: its test mode (dev_yn Y)", DEMO)

# mail: the carrier hands gifts to EMAIL_HOST; our own notices are, in the demo, files in SEONMUL_HOME/mail
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if DEMO else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = ENV.text("EMAIL_HOST", "host of the mail server", SANDBOX_HOST if DEMO else "127.0.0.1")
EMAIL_PORT = ENV.number("EMAIL_PORT", "its port", SANDBOX_SMTP_PORT if DEMO else 25)
EMAIL_HOST_USER = ENV.text("EMAIL_HOST_USER", "user name at the mail server; empty: none is needed", "")
EMAIL_HOST_PASSWORD = ENV.text("EMAIL_HOST_PASSWORD", "password at the mail server", "")
EMAIL_USE_TLS = ENV.flag("EMAIL_USE_TLS", "1: STARTTLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENV.text(
    "DEFAULT_FROM_EMAIL", "address that our own mails come from", "seonmul@localhost"
)

# who runs the site: shown in the footer, in the terms and in the privacy policy
OPERATOR = {
    "company": ENV.text("OPERATOR_NAME", "the firm that runs the site", "주식회사 선물 시연" if DEMO else ""),
    "representative": ENV.text("OPERATOR_REPRESENTATIVE", "its representative", "박시연" if DEMO else ""),
    "business_number": ENV.text(
        "OPERATOR_BUSINESS_NUMBER", "its business number, with hyphens", "101-00-00002" if DEMO else ""
    ),
    "mail_order_number": ENV.text("OPERATOR_MAIL_ORDER_NUMBER", "number of its mail-order report", ""),
    "address": ENV.text("OPERATOR_ADDRESS", "its address", "서울특별시 (시연용 주소)" if DEMO else ""),
    "phone": ENV.text("OPERATOR_PHONE", "telephone of its help desk", "1599-0000" if DEMO else ""),
    "mail": ENV.text(
        "OPERATOR_MAIL", "mail address of its help desk", "help@seonmul.example" if DEMO else ""
    ),
    "privacy_officer": ENV.text(
        "OPERATOR_PRIVACY_OFFICER", "who answers for personal data", "박시연" if DEMO else ""
    ),
    "hosting": ENV.text("OPERATOR_HOSTING", "who hosts the servers, for the footer", ""),
}
# who processes personal data for the operator: named in the privacy policy
PROCESSORS = {
    "texts": ENV.text("PROCESSOR_TEXTS", "who sends text messages for us", "SOLAPI"),
    "payments": ENV.text(
        "PROCESSOR_PAYMENTS", "who connects payments and verifications of persons", "PortOne"
    ),
    "mail": ENV.text("PROCESSOR_MAIL", "who sends our mails; empty: we do", ""),
    "hosting": ENV.text("PROCESSOR_HOSTING", "who runs our servers; empty: we do", ""),
}

SECONDS_STALLED = ENV.number("SECONDS_STALLED", "silence after which a dead worker's jobs are taken back", 30)
SECONDS_CLAIM = ENV.number("SECONDS_CLAIM", "how long a worker may hold a batch before others take it", 90)
SECONDS_SWEEP = ENV.number("SECONDS_SWEEP", "how often open work is looked for", 10)
SECONDS_TAX_OFFICE = ENV.number("SECONDS_TAX_OFFICE", "how long to wait for the tax office's answer", 10)
SECONDS_IDENTITY = ENV.number("SECONDS_IDENTITY", "how long to wait for an answer about a person", 10)
SECONDS_ISSUER = ENV.number("SECONDS_ISSUER", "how long to wait for an external issuer's answer", 15)
SECONDS_PAYMENT = ENV.number("SECONDS_PAYMENT", "how long to wait for an answer about money", 60)
LOG_LEVEL = ENV.text("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "WARNING")

ENV.check()

INSTALLED_APPS = [
    # the read-only look-up alone (backoffice/lookup.py); its own site is mounted nowhere
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "seonmul.kit",
    "seonmul.ledger",
    "seonmul.audit",
    "seonmul.figures",
    "seonmul.members",
    "seonmul.catalog",
    "seonmul.payments",
    "seonmul.dispatch",
    "seonmul.vouchers",
    "seonmul.orders",
    "seonmul.gifts",
    "seonmul.people",
    "seonmul.support",
    "seonmul.notices",
    "seonmul.ui",
    "seonmul.storefront",
    "seonmul.giftpage",
    "seonmul.till",
    "seonmul.backoffice",
    "seonmul.webhooks",
    "seonmul.cli",
    # below the storefront, whose templates stand before theirs
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
#: What calls these has a key or a signature, no session and no page: a sixth of a redeem's time. Only of the web process; in
#: tests the long way serves them as well
PATHS_OF_MACHINES = ("/pos/", "/hooks/")
MIDDLEWARE_OF_MACHINES = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",  # says how long an answer is
]

ROOT_URLCONF = "seonmul.config.urls"
WSGI_APPLICATION = "seonmul.config.wsgi.application"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "django.templatetags.i18n",
                "seonmul.ui.templatetags.ui_filters",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "seonmul.storefront.context.site",
            ],
        },
    }
]
FORM_RENDERER = "seonmul.ui.forms.Renderer"

AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "storefront:products"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("login", "name", "mail")}},
    {"NAME": "seonmul.storefront.account.passwords.LeastLength"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip

# logging in; the proofs of sign-up and recovery are our own (members), so allauth verifies nothing by itself
ACCOUNT_ADAPTER = "seonmul.storefront.account.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "seonmul.storefront.account.forms.SignInForm",
    "change_password": "seonmul.storefront.account.forms.ChangePasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "mail"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = Limits()
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
USERSESSIONS_ADAPTER = "seonmul.storefront.account.adapter.SessionsAdapter"
MFA_ADAPTER = "seonmul.storefront.account.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "Seonmul"
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": [
            "'self'",
            NONCE,
        ],  # a page that asks for a nonce may bring its own sheet (ui: inline_sheets)
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
# added by kit.windows, only on the pages that open a vendor's window
_WINDOW_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(PORTONE_JS_URL)), *PORTONE_WINDOW_ORIGINS]
WINDOW_POLICY = {
    "script-src": _WINDOW_ORIGINS,
    "form-action": _WINDOW_ORIGINS,
    "frame-src": ["'self'", *_WINDOW_ORIGINS],
    "connect-src": ["'self'", *_WINDOW_ORIGINS],
}

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = SECURE, True, "Lax"
LOCALE_PATHS = [ROOT / "src" / "seonmul" / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "seonmul.kit.files.SealedRows"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # a pasted column of 100,000 numbers
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

PROCRASTINATE_ON_APP_READY = None
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_secrets": {"()": "seonmul.kit.logs.WithoutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": LOG_LEVEL,
    },
    "loggers": {
        # the job log line carries the arguments of jobs: ids only, but noise
        "procrastinate": {"level": "WARNING"},
        # whole addresses, and the tax office's key is a part of one
        "httpx2": {"level": "WARNING"},
        # both name their address, and a gift's address is a secret
        "django.request": {"level": "ERROR", "filters": ["without_secrets"]},
    },
}
