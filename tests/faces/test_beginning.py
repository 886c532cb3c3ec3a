"""A worker that takes requests has loaded what they need."""

import os
import subprocess
import sys

_ASKED = """
import config.wsgi, sys
from django.template import engines
print("gongkai.faces.console.urls" in sys.modules, "portal/search.jinja" in {name for _, name in engines["jinja2"].env.cache.keys()})
"""


def test_before_the_first_request_all_views_are_imported_and_the_search_page_is_compiled(tmp_path) -> None:
    env = {**os.environ, "GONGKAI_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.embedded"}
    told = subprocess.run([sys.executable, "-c", _ASKED], check=False, env=env, capture_output=True, text=True, timeout=60)
    assert told.stdout.split() == ["True", "True"], told.stderr
