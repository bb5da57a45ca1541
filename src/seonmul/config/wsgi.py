"""The web process's entry."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seonmul.config.settings")
application = get_wsgi_application()

# every view is loaded before the first request waits for it; what is loaded now stays, so the collector need not walk
# through it at every full round: that took 0.15 s in the middle of some page
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
