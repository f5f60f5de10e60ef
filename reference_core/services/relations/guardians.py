"""What a guardian agreed to for a young child, as it goes into the ledger of consents."""

from __future__ import annotations

from reference_core.db import Row, Tx
from reference_core.packs.schema_texts import Pledge
from reference_core.parts import Core
from reference_core.services.people import people

# That the child's voucher is shown on the guardian's phone, and that the child may use the guardian's money.
CHILD_VOUCHER, CHILD_MEMBER = "child_voucher", "child_member"


def guardians_word(core: Core, tx: Tx, purpose: str, signed: Pledge, child_id: str) -> Row:
    """The part of an answer that tells it, word for word; the title says for which child."""
    name_masked = people.masked_names(tx, core.keys, [child_id])[child_id]
    consent = {
        "purpose": purpose,
        "title": f"{signed.title}（{name_masked}）",
        "version": signed.version,
        "text": list(signed.clauses),
        "text_hash": signed.text_hash,
        "for_person": child_id,
    }
    return {"guardian_consent": consent}
