"""Lets a phone code serve the channel identity that brought it first: not every platform says in it whose it is."""

from __future__ import annotations

from bff.errors import PhoneCodeInvalid
from bff.store.door import RedisDoor

# Such a code names no time either; by then whoever copied one has a number that anybody could type.
_REMEMBERED_S = 24 * 3600


class PhoneCodes:
    """Remembers by its print who redeemed a code."""

    def __init__(self, door: RedisDoor) -> None:
        self._door = door

    def claim(self, code_print: str, identity_id: str) -> None:
        """Take a code that the channel has opened for this identity. Raises `PhoneCodeInvalid` where another did before."""
        name = f"phone-code:{code_print}"
        first = self._door.do(lambda client: client.set(name, identity_id, nx=True, get=True, ex=_REMEMBERED_S))
        if first is not None and first != identity_id.encode():
            raise PhoneCodeInvalid
