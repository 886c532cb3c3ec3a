"""What can happen to somebody's place here, as the ledger records it: codes and roles, never a name."""

from __future__ import annotations

STREAM = "staff"

JOINED = "joined"
MOVED = "moved"
ROLES_SET = "roles_set"
LEFT = "left"
RETURNED = "returned"
PASSWORD_RENEWED = "password_renewed"  # noqa: S105 - the name of an event
DETAILS_CHANGED = "details_changed"
UNLOCKED = "unlocked"
TWO_STEPS_DROPPED = "two_steps_dropped"
