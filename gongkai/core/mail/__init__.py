"""Sending mail: through which server, and what waits to be sent."""
