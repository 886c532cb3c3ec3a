"""The outbox: what has changed and is not in the index yet; what editors say of words; what is asked, counted.

`Word`, `Task` and `Gate` are projections of the ledger. `Crowd`, `Tally` and `Opening` are counters of many people's
questions (docs/decisions/0018-counting-questions-not-people.md).
"""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """That what a tag shows has changed; written with the change itself, struck once the index has it."""

    tag = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.tag


class Word(models.Model):
    """An editor's entry as it stands (`curating.entries`). `folded` and `aim` are its key, `sequence` the event that made it."""

    kind = models.CharField(max_length=10)
    said = models.CharField(max_length=60)
    target = models.CharField(max_length=120, blank=True)
    folded = models.CharField(max_length=80)
    aim = models.CharField(max_length=160, blank=True)
    weight = models.FloatField()
    note = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=128)
    changed_at = models.DateTimeField()
    sequence = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "folded", "aim"], name="one_entry_per_words_and_target")]

    def __str__(self) -> str:
        return f"{self.kind} {self.said}"


class Task(models.Model):
    """A question without results that an organ is to see to; `answer` is what was done, "" while nothing was."""

    number = models.PositiveIntegerField(unique=True)
    question = models.CharField(max_length=60)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT)
    note = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=128)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    told = models.CharField(max_length=200, blank=True)
    answered_by = models.CharField(max_length=128, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["answer", "agency"], name="finding_task_open")]

    def __str__(self) -> str:
        return f"{self.number} {self.question}"


class Gate(models.Model):
    """The site's own questions and what must come up, as lines (`gate.Line`); one row."""

    lines = models.JSONField()
    actor = models.CharField(max_length=128)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{len(self.lines)}"


class Crowd(models.Model):
    """A question within a window of days, known by a salted mark; `question` in clear once enough different people asked.

    `bits` is a sketch of how many different ones did: 64 bits, of which each asker sets one.
    """

    window = models.PositiveIntegerField()
    mark = models.CharField(max_length=32, unique=True)
    bits = models.BigIntegerField(default=0)
    question = models.CharField(max_length=60, blank=True, db_index=True)

    def __str__(self) -> str:
        return self.question or self.mark[:8]


class Tally(models.Model):
    """How often a question was asked on a day, how often without results, opened from, asked anew in other words."""

    crowd = models.ForeignKey(Crowd, on_delete=models.CASCADE)
    day = models.DateField(db_index=True)
    askings = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    anew = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crowd", "day"], name="one_tally_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.askings}"


class Opening(models.Model):
    """A page that was opened from the results of a question; `bits` as of `Crowd`, of those who opened it."""

    crowd = models.ForeignKey(Crowd, on_delete=models.CASCADE)
    address = models.CharField(max_length=120)
    bits = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crowd", "address"], name="one_opening_per_page")]

    def __str__(self) -> str:
        return self.address
