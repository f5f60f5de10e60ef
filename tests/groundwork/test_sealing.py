"""Sealed values open only with our keys and only where they were put; fingerprints survive a rotation."""

from __future__ import annotations

import pytest

from groundwork.sealing import KeyRing, SealBroken

OLD = "k1:" + "11" * 32
NEW = "k2:" + "22" * 32


def test_a_sealed_value_opens_in_its_own_place() -> None:
    ring = KeyRing.parse(NEW)

    assert ring.open(ring.seal("林月华".encode(), "people/7"), "people/7") == "林月华".encode()


def test_a_value_moved_to_another_place_does_not_open() -> None:
    ring = KeyRing.parse(NEW)
    sealed = ring.seal(b"secret", "people/7")

    with pytest.raises(SealBroken):
        ring.open(sealed, "people/8")


def test_every_changed_byte_is_noticed() -> None:
    ring = KeyRing.parse(NEW)
    sealed = ring.seal(b"secret", "here")

    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            ring.open(changed, "here")


def test_the_same_value_is_never_sealed_to_the_same_bytes() -> None:
    ring = KeyRing.parse(NEW)

    assert ring.seal(b"same", "here") != ring.seal(b"same", "here")


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    before, after = KeyRing.parse(OLD), KeyRing.parse(f"{NEW},{OLD}")

    assert after.open(before.seal(b"kept", "here"), "here") == b"kept"
    with pytest.raises(SealBroken):
        before.open(after.seal(b"fresh", "here"), "here")


def test_a_fingerprint_made_before_a_rotation_is_still_found() -> None:
    before, after = KeyRing.parse(OLD), KeyRing.parse(f"{NEW},{OLD}")

    assert before.fingerprint("citizen", "01", "number") in after.fingerprints("citizen", "01", "number")
    assert after.fingerprint("citizen", "01", "number") != before.fingerprint("citizen", "01", "number")


def test_parts_of_a_fingerprint_do_not_run_together() -> None:
    ring = KeyRing.parse(NEW)

    assert ring.fingerprint("p", "ab", "c") != ring.fingerprint("p", "a", "bc")


@pytest.mark.parametrize("written", ["", "k1", "k1:zz", "k1:" + "11" * 31, ":" + "11" * 32, "a-b:" + "11" * 32])
def test_a_bad_key_list_is_refused_without_repeating_the_key(written: str) -> None:
    with pytest.raises(ValueError, match="key 1") as told:
        KeyRing.parse(written)

    assert "11" * 31 not in str(told.value)
