"""A county at work for benchmarks: documents spread over many organs, a past in the ledger, jobs, people signed in.

    GONGKAI_DATA=folder .venv/bin/python bench/county.py 300

To be run on a library of `bench/many.py`. Prints a session cookie for somebody of each role, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone

from gongkai.core.agencies.models import Agency, AgencyName
from gongkai.core.doing import Doing
from gongkai.core.freshness.touching import touch
from gongkai.core.jobs.models import Job
from gongkai.core.ledger.append import hash_of
from gongkai.core.ledger.chain import ALGORITHM, GENESIS, canonical
from gongkai.core.ledger.models import Event, StreamHead
from gongkai.core.ledger.queries import last_position
from gongkai.core.staff.actions import join
from gongkai.core.staff.models import Person
from gongkai.core.staff.roles import Role
from gongkai.core.upkeep import refresh_statistics
from gongkai.domains.library.actions.facets import rebuild_facets
from gongkai.domains.library.models import Document

ROLES = [str(role) for role in Role]


def populate(organs: int) -> None:
    """Spread the documents over the organs, give them a past in the ledger, and people who look at them."""
    if Agency.objects.count() >= organs and Event.objects.count() > 10_000:
        return
    root = Agency.objects.get(kind="government")
    made = [
        Agency(code=f"BENCH{n:05}", kind="department", parent=root, order=1000 + n)
        for n in range(organs - Agency.objects.count())
    ]
    with transaction.atomic():
        Agency.objects.bulk_create(made)
        AgencyName.objects.bulk_create(AgencyName(agency=a, name=f"青禾县第{a.order}局", short_name=f"{a.order}局") for a in made)
        _spread([*Agency.objects.exclude(kind__in=("village", "internal_office")).values_list("pk", flat=True)])
        _happened()
        _jobs()
        rebuild_facets(timezone.localdate())
        touch("library", "agencies")
    refresh_statistics()


def _spread(organs: list[int]) -> None:
    """Most documents are published; some wait for a check, some are drafts, a few stand before the end of their term."""
    dice, today = random.Random(7), timezone.localdate()
    changed = []
    for document in (
        Document.objects.filter(index_number__startswith="BENCH").only("pk", "term_ends_on", "questions").iterator(5000)
    ):
        document.agency_id = dice.choice(organs)
        chance = dice.random()
        document.editorial = "questioned" if chance < 0.02 else "draft" if chance < 0.05 else "published"
        document.questions = ["unsure_title"] if document.editorial == "questioned" else []
        document.term_ends_on = today + timedelta(days=dice.randrange(180)) if dice.random() < 0.005 else document.term_ends_on
        changed.append(document)
    fields = ["agency", "editorial", "questions", "term_ends_on"]
    Document.objects.bulk_update(changed, fields, batch_size=1000)


def _happened() -> None:
    """A past of two events for every document."""
    position, at, events, heads = last_position(), timezone.now(), list[Event](), list[StreamHead]()
    rows = Document.objects.filter(index_number__startswith="BENCH").values_list("pk", "agency__code", "index_number")
    for pk, code, index in rows.iterator(5000):
        previous = GENESIS
        said: dict[str, Any] = {
            "agency": code,
            "index_number": index,
            "revision": 1,
            "digest": "",
            "original": None,
            "questions": [],
        }
        for sequence, (kind, payload) in enumerate((("filed", said), ("published", {"revision": 1})), 1):
            position += 1
            event = Event(
                id=position, stream_kind="document", stream_id=str(pk), sequence=sequence, kind=kind, payload=canonical(payload),
                actor="command", happened_at=at, recorded_at=at, previous_hash=previous, algorithm=ALGORITHM,
            )  # fmt: skip
            event.hash = previous = hash_of(event)
            events.append(event)
        heads.append(StreamHead(stream_kind="document", stream_id=str(pk), sequence=2, hash=previous))
    Event.objects.bulk_create(events, batch_size=2000)
    StreamHead.objects.bulk_create(heads, batch_size=2000)


def _jobs() -> None:
    at = timezone.now()
    states = ["done"] * 97 + ["given_up"] * 3
    Job.objects.bulk_create(
        [
            Job(
                kind="bench",
                key=str(n),
                title=f"任务 {n}",
                asked_by="command",
                asked_at=at,
                status=states[n % 100],
                finished_at=at,
            )
            for n in range(10_000)
        ],
        batch_size=2000,
    )


def sessions() -> dict[str, str]:
    """A session cookie for somebody of each role: writers and clerks of one bureau, the others of the whole county."""
    now = timezone.now()
    bureau, county = Agency.objects.get(code="BENCH00003"), Agency.objects.get(kind="government")
    sessions = {}
    for role in ROLES:
        organ = bureau if role in ("editor", "disclosure_clerk") else county
        name = f"bench-{role.replace('_', '-')}"
        person = Person.objects.filter(username=name).first()
        if person is None:
            person, _ = join(
                username=name, name=name, agency=organ, roles=[role], doing=Doing("command", now, timezone.localdate())
            )
            Person.objects.filter(pk=person.pk).update(must_change_password=False)
            person.refresh_from_db()
        store = SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(person.pk), "allauth.account.auth_backends.AuthenticationBackend"
        store[HASH_SESSION_KEY] = person.get_session_auth_hash()
        store.save()
        sessions[role] = str(store.session_key)
    return sessions


if __name__ == "__main__":
    populate(int(sys.argv[1]))
    print(json.dumps(sessions()))
