#!/usr/bin/env python
"""Django's own commands, for developers."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
execute_from_command_line(sys.argv)
