"""Somebody who asks a city that wants to see papers for one more member."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from dev.player import Json, Phone


def picture() -> bytes:
    """A photo with the place where it was taken written into it."""
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 180, 160)).save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def apply_for(phone: Phone, member: Json, **rules_chosen: Any) -> Json:
    """Ask for one child to be added, with everything this city wants to see."""
    photos = [phone.upload(picture()).ok()["id"] for _ in range(2)]
    answers = {
        "name": member["name"],
        "id_number": member["id_number"],
        "relation": "child",
        "card_number": member["card_number"],
        "phone": member["phone"],
        "documents": photos[:1],
        "signed_form": photos[1:],
        "passcode": "135790",
        **rules_chosen,
    }
    return phone.walk("add-member", answers)
