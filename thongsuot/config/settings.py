"""One settings file; what differs between installations is an environment variable, each listed in .env.example."""

from __future__ import annotations

from pathlib import Path

from xstatic.pkg import leaflet

from thongsuot.config import env
from thongsuot.config.database import database_settings

PACKAGE_DIR = Path(__file__).resolve().parent.parent
BASE_DIR = PACKAGE_DIR.parent

PRODUCTION = env.text("THONGSUOT_ENV", "demo") == "production"
DEBUG = env.flag("THONGSUOT_DEBUG")
DATA_DIR = Path(env.text("THONGSUOT_DATA", str(BASE_DIR / ".data"))).resolve()
# Outside production a fixed key is enough: nothing in a demo city is secret. Production refuses it (config/checks.py).
SECRET_KEY = env.text("THONGSUOT_SECRET_KEY", "demo-key-not-for-production-0123456789-abcdefghijklmnop")
# Keys of before: sessions and second factors made under them still open until they are made anew.
SECRET_KEY_FALLBACKS = env.words("THONGSUOT_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("THONGSUOT_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("THONGSUOT_ORIGINS")
CITY_CODE = env.text("THONGSUOT_CITY", "01")
PUBLIC_URL = env.text("THONGSUOT_URL", "http://localhost:8000")
TLS = env.flag("THONGSUOT_TLS", PRODUCTION)
# A rehearsal only (config/rehearsal.py): a request may say what time it is.
SIMULATED_CLOCK = env.flag("THONGSUOT_SIMULATED_CLOCK")
# A local node: this program in a hall, set by `thongsuot node` alone (config/local_node.py).
LOCAL_NODE = env.flag("THONGSUOT_NODE")
LOCAL_NODE_KEY = env.text("THONGSUOT_NODE_KEY")
HOTLINE = env.text("THONGSUOT_HOTLINE", "1022")
# Where browsers reach the pulse server (web/pulses.py): ":8001" a port of the same host, "proxy" under /truc-tiep/ of the same
# origin, empty: there is none, and pages that follow something ask every few seconds. `thongsuot up` starts one and sets it.
PULSES = env.text("THONGSUOT_PULSES")
# Pictures below maps (web/maps.py): a tile server's address with {z}, {x}, {y}, and its credit. Empty: outlines alone.
MAP_TILES = env.text("THONGSUOT_MAP_TILES")
MAP_CREDIT = env.text("THONGSUOT_MAP_CREDIT")

ROOT_URLCONF = "thongsuot.config.urls"
WSGI_APPLICATION = "thongsuot.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database_settings(env.text("DATABASE_URL"), DATA_DIR)}

INSTALLED_APPS = [
    "thongsuot.kernel",
    "thongsuot.web",
    "thongsuot.units",
    "thongsuot.people",
    "thongsuot.numbering",
    "thongsuot.files",
    "thongsuot.notices",
    "thongsuot.procedures",
    "thongsuot.signing",
    "thongsuot.staffing",
    "thongsuot.personal_store",
    "thongsuot.citizen_reception",
    "thongsuot.knowledge",
    "thongsuot.dossiers",
    "thongsuot.registers",
    "thongsuot.allowances",
    "thongsuot.counters",
    "thongsuot.payments",
    "thongsuot.meetings",
    "thongsuot.assistance",
    "thongsuot.local_nodes",
    "thongsuot.feedback",
    "thongsuot.hotline",
    "thongsuot.open311",
    "thongsuot.handover",
    "thongsuot.national_portal",
    "thongsuot.indicators",
    "thongsuot.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "thongsuot.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "thongsuot.web.middleware.SoundRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "thongsuot.web.middleware.ChosenLanguage",
    "thongsuot.web.middleware.PlannedPause",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "thongsuot.web.middleware.TellPersonPages",
    "thongsuot.local_nodes.middleware.AtNode",
    "thongsuot.people.middleware.ActorMiddleware",
]
# The API needs no session, no form token and no templates: config/wsgi.py serves it with these alone.
API_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "thongsuot.web.middleware.SecurityHeaders",
    "thongsuot.web.middleware.SoundRequests",
    "thongsuot.web.middleware.PlannedPause",
    "thongsuot.web.middleware.TellPersonPages",
]

# Fields of forms by the engine of the pages: two and a half times as fast as by Django's own.
FORM_RENDERER = "django.forms.renderers.Jinja2"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        # All of them, so that a new one is found without a line here; no two have a folder of one name.
        "DIRS": sorted(PACKAGE_DIR.glob("*/templates")),
        "OPTIONS": {
            "environment": "thongsuot.web.jinja.environment",
            "context_processors": ["thongsuot.web.site.page", "django.contrib.messages.context_processors.messages"],
        },
    },
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE_DIR / "web" / "static", ("leaflet", leaflet.BASE_DIR)]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "thongsuot.people.passwords.NotLikeOneself"},
    {"NAME": "thongsuot.people.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "thongsuot.people.passwords.NotCommon"},
    {"NAME": "thongsuot.people.passwords.NotOnlyDigits"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:after_login"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "thongsuot.web.views.csrf_failure"
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from inside, where no certificate is
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("THONGSUOT_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# A request larger than this is refused before it is read; one file: files.rules.MAX_BYTES.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
REQUEST_MAX_BYTES = 128 * 2**20  # with all its files; the rest of a larger one is never read
FEEDBACK_MAX_BYTES = 64 * 2**20  # a report, or what its sender adds, with all pictures: five of a telephone's best
OPEN311_KEYLESS_MAX_BYTES = 16 * 2**20  # the same by a program whose key is not known before its body is read
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

EMAIL_HOST = env.text("THONGSUOT_SMTP_HOST")
EMAIL_PORT = env.whole("THONGSUOT_SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("THONGSUOT_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("THONGSUOT_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("THONGSUOT_SMTP_TLS", True)
DEFAULT_FROM_EMAIL = env.text("THONGSUOT_MAIL_FROM", "thong-suot@localhost")
# Without an SMTP host nothing leaves the house: notices stay readable on the outbox page.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.dummy.EmailBackend"

# Reports by e-mail: the mailbox that is read each minute, and the address people write to; letters about a capability's matters
# ask for answers there.
FEEDBACK_IMAP = env.text("THONGSUOT_FEEDBACK_IMAP")
FEEDBACK_IMAP_PASSWORD = env.text("THONGSUOT_FEEDBACK_IMAP_PASSWORD")
FEEDBACK_MAIL = env.text("THONGSUOT_FEEDBACK_MAIL")
FEEDBACK_AUTHSERV = [name.lower() for name in env.words("THONGSUOT_FEEDBACK_AUTHSERV")]
REPLY_ADDRESSES = {"feedback": FEEDBACK_MAIL}

# SMS and Zalo: the gateway's address, "stand-in" for one in this process, or empty: nothing goes out that way.
_PLAYED = "stand-in" if env.text("THONGSUOT_ENV", "demo") == "demo" else ""
SMS_URL = env.text("THONGSUOT_SMS_URL", _PLAYED)
SMS_KEY = env.text("THONGSUOT_SMS_KEY")
SMS_AUTH = env.text("THONGSUOT_SMS_AUTH", "bearer")
SMS_SENDER = env.text("THONGSUOT_SMS_SENDER")
# What signs the gateway's reports. A stand-in in this process signs with what this process alone knows.
SMS_REPORT_KEY = env.text("THONGSUOT_SMS_REPORT_KEY", SECRET_KEY if SMS_URL == "stand-in" else "")
ZALO_URL = env.text("THONGSUOT_ZALO_URL", _PLAYED)
ZALO_TOKEN = env.text("THONGSUOT_ZALO_TOKEN")
ZALO_RENEWING_TOKEN = env.text("THONGSUOT_ZALO_RENEWING_TOKEN")
ZALO_APP_SECRET = env.text("THONGSUOT_ZALO_APP_SECRET")
ZALO_RENEWING_URL = env.text("THONGSUOT_ZALO_RENEWING_URL", "https://oauth.zaloapp.com/v4/oa/access_token")
ZALO_APP_ID = env.text("THONGSUOT_ZALO_APP_ID")
ZALO_SECRET = env.text("THONGSUOT_ZALO_SECRET", SECRET_KEY if ZALO_URL == "stand-in" else "")
GATEWAY_TIMEOUT = float(env.text("THONGSUOT_GATEWAY_TIMEOUT", "10"))

# Signing. The TEST authority is for trying out: production must ask for it by name (config/checks.py).
TEST_CA = env.flag("THONGSUOT_TEST_CA", not PRODUCTION)
TIMESTAMP_URL = env.text("THONGSUOT_TIMESTAMP_URL")
PKCS11_MODULE = env.text("THONGSUOT_PKCS11_MODULE")
PKCS11_SLOTS = env.words("THONGSUOT_PKCS11_SLOTS")

# Login (allauth). Its pages: people/account_urls.py; its sentences, mail and commands: people/adapter.py.
ACCOUNT_ADAPTER = "thongsuot.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Without mail nobody could read the code: an account of a demo city is good at once (production: adapter.is_open_for_signup).
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_HOST else "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = bool(EMAIL_HOST)
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = bool(EMAIL_HOST)
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser: counters and libraries share machines
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "10/m/ip",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "check_signatures": "30/m/ip",  # ours: signing.crowd
    "judge_answers": "30/m/ip",  # ours: knowledge
    "near_reports": "30/m/ip,100/h/key",  # ours: feedback, key: the account, else the address
}
ACCOUNT_FORMS = {
    "login": "thongsuot.people.account_forms.LoginForm",
    "signup": "thongsuot.people.account_forms.SignupForm",
    "confirm_email_verification_code": "thongsuot.people.account_forms.CodeByMailForm",
    "reauthenticate": "thongsuot.people.account_forms.ReauthenticateForm",
    "change_password": "thongsuot.people.account_forms.ChangePasswordForm",
    "set_password": "thongsuot.people.account_forms.SetPasswordForm",
    "reset_password": "thongsuot.people.account_forms.AskPasswordLinkForm",
    "reset_password_from_key": "thongsuot.people.account_forms.NewPasswordForm",
}
# One trusted proxy in front, or none: only then is X-Forwarded-For believed when attempts are counted per address.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ADAPTER = "thongsuot.people.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = not EMAIL_HOST
MFA_TOTP_ISSUER = "Thông Suốt"
MFA_TOTP_TOLERANCE = 1  # half a minute early or late: phones are not always right
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS and not PRODUCTION
MFA_FORMS = {
    "authenticate": "thongsuot.people.account_forms.SecondFactorForm",
    "reauthenticate": "thongsuot.people.account_forms.SecondFactorAgainForm",
    "activate_totp": "thongsuot.people.account_forms.ActivateTotpForm",
    "deactivate_totp": "thongsuot.people.account_forms.DeactivateTotpForm",
    "add_webauthn": "thongsuot.people.account_forms.AddPasskeyForm",
    "edit_webauthn": "thongsuot.people.account_forms.RenamePasskeyForm",
}
# Administrators and signers need a second factor. Demo people do without it, so that a demo city can be walked through.
DEMO_WITHOUT_MFA = not PRODUCTION and env.flag("THONGSUOT_DEMO_WITHOUT_MFA", True)
# Login with the national identity (VNeID): the provider's address, "stand-in" for one in this process, or empty.
VNEID = env.text("THONGSUOT_VNEID", "stand-in" if env.text("THONGSUOT_ENV", "demo") == "demo" else "").rstrip("/")
VNEID_CLIENT_ID = env.text("THONGSUOT_VNEID_CLIENT_ID")
VNEID_SECRET = env.text("THONGSUOT_VNEID_SECRET")
VNEID_SCOPE = env.words("THONGSUOT_VNEID_SCOPE", "openid,profile,phone,email")
# What the provider calls what we need to know. An address is kept only if the provider also says `email_verified`.
VNEID_CLAIMS = {
    "name": env.text("THONGSUOT_VNEID_CLAIM_NAME", "name"),
    "id_number": env.text("THONGSUOT_VNEID_CLAIM_ID_NUMBER", "id_number"),
    "phone": env.text("THONGSUOT_VNEID_CLAIM_PHONE", "phone_number"),
    "email": env.text("THONGSUOT_VNEID_CLAIM_EMAIL", "email"),
    "level": env.text("THONGSUOT_VNEID_CLAIM_LEVEL", "level"),
}
SOCIALACCOUNT_ADAPTER = "thongsuot.people.national_identity.IdentityAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_STORE_TOKENS = False
# An address is unique where there is one (people.Person): the warning asks for a plain unique column.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
# Attempts are counted where all processes see them. MAX_ENTRIES bounds the table; expired rows go first.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# The national portal: an address, "stand-in" for one in this process, or empty: nothing is told to anyone.
PORTAL = env.text("THONGSUOT_PORTAL", "stand-in" if env.text("THONGSUOT_ENV", "demo") == "demo" else "")
PORTAL_CLIENT_ID = env.text("THONGSUOT_PORTAL_CLIENT_ID")
PORTAL_SECRET = env.text("THONGSUOT_PORTAL_SECRET")
PORTAL_TIMES = env.text("THONGSUOT_PORTAL_TIMES", "compact")
PORTAL_TIMEOUT = float(env.text("THONGSUOT_PORTAL_TIMEOUT", "10"))
PORTAL_PARALLEL = env.whole("THONGSUOT_PORTAL_PARALLEL", 8)
PORTAL_CA = env.text("THONGSUOT_PORTAL_CA")
PORTAL_CERTIFICATE = env.text("THONGSUOT_PORTAL_CERTIFICATE")
PORTAL_CERTIFICATE_KEY = env.text("THONGSUOT_PORTAL_CERTIFICATE_KEY")
# The payment gateway: an address, "stand-in" for a bank in this process, or empty: nothing is paid online.
PAYMENTS = env.text("THONGSUOT_PAYMENTS", "stand-in" if env.text("THONGSUOT_ENV", "demo") == "demo" else "").rstrip("/")
PAYMENTS_CLIENT_ID = env.text("THONGSUOT_PAYMENTS_CLIENT_ID")
PAYMENTS_SECRET = env.text("THONGSUOT_PAYMENTS_SECRET")
PAYMENTS_TIMEOUT = float(env.text("THONGSUOT_PAYMENTS_TIMEOUT", "10"))
# The telephone exchange of the hotline: an address, "stand-in" for one in this process, or empty: no call comes in.
EXCHANGE = env.text("THONGSUOT_EXCHANGE", "stand-in" if env.text("THONGSUOT_ENV", "demo") == "demo" else "").rstrip("/")
EXCHANGE_NAME = env.text("THONGSUOT_EXCHANGE_NAME", "1022")
EXCHANGE_CLIENT_ID = env.text("THONGSUOT_EXCHANGE_CLIENT_ID")
EXCHANGE_SECRET = env.text("THONGSUOT_EXCHANGE_SECRET")
EXCHANGE_TIMEOUT = float(env.text("THONGSUOT_EXCHANGE_TIMEOUT", "5"))
# Playing a partner where real dossiers are: only when someone has said so in as many words.
STAND_INS_IN_PRODUCTION = env.flag("THONGSUOT_STAND_INS_IN_PRODUCTION")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "thongsuot.web.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It warns at each signature of the TEST authority that nobody outside was asked: there is nobody to ask.
    "loggers": {"pyhanko": {"level": "ERROR"}},
    "root": {"handlers": ["stderr"], "level": env.text("THONGSUOT_LOG_LEVEL", "WARNING")},
}
