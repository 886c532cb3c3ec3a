"""The product, and the jobs of this load."""

from config.settings import embedded
from config.settings.embedded import *  # noqa: F403 - settings are names of a module

INSTALLED_APPS = [*embedded.INSTALLED_APPS, "tests.journeys.load"]
