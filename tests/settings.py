"""The site's settings for tests: in a folder of their own, deaf to the developer's environment but for the services."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="neuropathy-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

_ours = {
    "DATA_DIR": _folder,
    "SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    # Playwright runs an event loop in the thread of the test, which Django would else take for an asynchronous caller.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
_unset = (
    "ALLOWED_HOSTS CONTACT CONTENT_DIR DEBUG EMAIL_FROM EMAIL_URL FEEDBACK_DAYS FUNDING HOST HSTS_SECONDS LOG_LEVEL "
    "PAGE_CACHE_MB PORT PUBLISHER_NAME REGION SCHEDULER SITE_NAME SITE_URL TIME_ZONE TRUST_PROXY WEB_CONCURRENCY WORKER_CLASS"
)
os.environ.update(dict.fromkeys(_unset.split(), ""), **_ours)

from neuropathy_site.settings import *  # noqa: E402, F403
from neuropathy_site.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in service: in memory, the threads of the live server would share one connection and never meet a lock.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# Plain names, served from where they are written, so that no test waits for the files to be collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir()

# Strong hashes are slow by design, and tests sign in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
