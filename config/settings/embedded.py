"""One machine, nothing beside it: SQLite and the data folder. What `make run` uses."""

from config.settings.base import *
