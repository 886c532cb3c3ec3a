"""The WSGI application that granian serves: the byte cache around Django."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from config.environment import api_rate, caches_in_front, data_folder, hosts, page_cache_bytes
from gongkai.core.freshness.board import Board
from gongkai.core.freshness.noting import AddressMap
from gongkai.faces.api.limiting import Application, Counters, RateLimit
from gongkai.faces.portal.beginning import begin
from gongkai.faces.portal.copies import Copies, edition
from gongkai.faces.portal.keeping import ByteCache
from gongkai.faces.portal.metering import hit, miss

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

_folder = data_folder() / "cache"
_room = page_cache_bytes()
application: Application = ByteCache(
    get_wsgi_application(),
    Board(_folder),
    Copies(_folder / "pages", edition=edition(), disk_bytes=_room, memory_bytes=min(_room, 64 * 1024 * 1024)) if _room else None,
    hosts=hosts(),
    addresses=AddressMap(_folder) if caches_in_front() else None,
    hit=hit,
    miss=miss,
)
if _rate := api_rate():
    application = RateLimit(application, Counters(_folder), _rate)

begin()

# What is loaded by now stays: looking it through for garbage again and again costs a tenth of the pages.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
