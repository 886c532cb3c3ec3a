"""What the library's background jobs are; workers load this room."""

from gongkai.domains.library.tasks import uploads

__all__ = ["uploads"]
