"""Signatures refuse whatever differs by a single byte."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.core.signing import (
    NotGenuine,
    UnfitKey,
    canonical,
    fingerprint_of,
    opened,
    public_key,
    public_text,
    signed,
    signing_key,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = public_text(KEY)
PAYLOAD: dict[str, Any] = {
    "documents": [{"number": 1, "title": "关于印发“办法”的通知"}],
    "generated_at": "2026-11-20T02:00:00+00:00",
}
SIGNED = signed(PAYLOAD, KEY)


def test_what_was_signed_opens_again() -> None:
    assert opened(SIGNED, PUBLIC) == PAYLOAD


@settings(max_examples=400)
@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_one_changed_byte_is_refused(at: int, by: int) -> None:
    changed = bytearray(SIGNED)
    changed[at] ^= by
    with pytest.raises(NotGenuine):
        opened(bytes(changed), PUBLIC)


@given(st.integers(0, len(SIGNED)), st.binary(min_size=1, max_size=3))
def test_added_bytes_are_refused(at: int, more: bytes) -> None:
    with pytest.raises(NotGenuine):
        opened(SIGNED[:at] + more + SIGNED[at:], PUBLIC)


@given(st.integers(0, len(SIGNED) - 1))
def test_missing_bytes_are_refused(at: int) -> None:
    for rest in (SIGNED[:at], SIGNED[:at] + SIGNED[at + 1 :]):
        with pytest.raises(NotGenuine):
            opened(rest, PUBLIC)


@given(st.binary(max_size=200))
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotGenuine):
        opened(data, PUBLIC)


def test_the_same_said_in_another_way_is_refused() -> None:
    envelope = json.loads(SIGNED)
    upper = canonical({**envelope, "signature": envelope["signature"].upper()})
    twice = SIGNED[:-1] + b',"payload":{}}'
    for other in (
        json.dumps(envelope).encode(),
        upper,
        twice,
        canonical({**envelope, "note": 1}),
        b"[]",
        b"null",
        b'"x"',
        b"[" * 100_000,
    ):
        with pytest.raises(NotGenuine):
            opened(other, PUBLIC)


def test_another_key_is_refused_even_with_a_good_signature() -> None:
    with pytest.raises(NotGenuine):
        opened(signed(PAYLOAD, Ed25519PrivateKey.generate()), PUBLIC)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "manifest.key"
    first = public_text(signing_key(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert public_text(signing_key(path)) == first
    assert [p.name for p in path.parent.iterdir()] == ["manifest.key"]


def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "manifest.key"
    path.write_text("nothing of the kind")
    with pytest.raises(UnfitKey, match="从备份恢复"):
        signing_key(path)
    assert path.read_text() == "nothing of the kind"


def test_public_keys_are_read_as_people_copy_them() -> None:
    assert public_key(f" {PUBLIC[:32].upper()}\n{PUBLIC[32:]} ") == PUBLIC
    assert len(fingerprint_of(PUBLIC).split()) == 8
    for wrong in ("", "zz" * 32, PUBLIC[:-1], PUBLIC + "0"):
        with pytest.raises(UnfitKey):
            public_key(wrong)
