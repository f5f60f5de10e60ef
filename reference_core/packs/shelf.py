"""City packs: reads them, joins each to the region it inherits from, and finds the one in force for a region and a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reference_core.packs.contradictions import find_contradictions
from reference_core.packs.joining import Span, join_all
from reference_core.packs.marks import PackFault
from reference_core.packs.reading import ReadPack, read_packs
from reference_core.packs.schema_binding import BindingRules
from reference_core.packs.schema_forms import FormText
from reference_core.packs.schema_payment import PaymentRules
from reference_core.packs.schema_people import PeopleRules
from reference_core.packs.schema_scenes import SceneRule
from reference_core.packs.schema_service import ServiceRules
from reference_core.packs.schema_texts import FlowText, Pledge, ReasonText, Words
from reference_core.vocabulary.admdvs import NATION, is_region, upwards


@dataclass(frozen=True, kw_only=True)
class Pack(PeopleRules, BindingRules, PaymentRules, ServiceRules):
    """One region's rules as they hold from `effective_from` to `effective_to` (both days included).

    Every parameter is an attribute; `source` says where its value comes from.
    """

    code: str
    name: str
    version: str
    effective_from: date
    effective_to: date | None
    words: Words
    scenes: tuple[SceneRule, ...]
    pledges: Mapping[str, Pledge]
    flows: Mapping[str, FlowText]
    forms: Mapping[str, FormText]
    reason_texts: Mapping[str, ReasonText]
    sources: Mapping[str, str]
    documents: Mapping[str, Mapping[str, str]]

    def source(self, parameter: str) -> str:
        """The rule id, `assumed: why`, `unverified: rule id`, or `unknown`. `list.word` asks about one word of a list."""
        if parameter in self.sources:
            return self.sources[parameter]
        return self.sources.get(parameter.partition(".")[0], "unknown")

    def scene_rules(self, insutype: str, scene: str) -> tuple[SceneRule, ...]:
        """Every line that lets members with this insurance share in this scene."""
        return tuple(rule for rule in self.scenes if rule.scene == scene and insutype in rule.insutypes)


class BadPacks(ValueError):
    """Packs that cannot be used; the message names file, line and remedy of every fault."""

    def __init__(self, faults: Iterable[object]) -> None:
        self.faults = tuple(map(str, faults))
        super().__init__("\n".join(self.faults))


class PackShelf:
    """All packs of all days. What it hands out never changes."""

    def __init__(self, packs: Iterable[Pack], also_covers: Mapping[str, str] | None = None) -> None:
        self._by_code: dict[str, list[Pack]] = {}
        for pack in packs:
            self._by_code.setdefault(pack.code, []).append(pack)
        self._also_covers = dict(also_covers or {})

    def find(self, region: str, on: date) -> Pack | None:
        """The pack of the nearest region around `region` that has one on that day; the nation's is never a way out."""
        for code in upwards(region):
            pack = self._in_force(self._also_covers.get(code, code), on)
            if pack is not None:
                return pack
        return None

    def regions(self, on: date) -> tuple[Pack, ...]:
        """The packs in force on that day that serve a place, by code."""
        served = (self._in_force(code, on) for code in sorted(self._by_code) if code != NATION and is_region(code))
        return tuple(pack for pack in served if pack is not None)

    def codes(self) -> tuple[str, ...]:
        """Every region that has a pack of any day."""
        return tuple(sorted(self._by_code))

    def versions(self, code: str) -> tuple[Pack, ...]:
        """Every span of days of one region, oldest first."""
        return tuple(sorted(self._by_code.get(code, ()), key=lambda pack: pack.effective_from))

    def capabilities(self) -> tuple[str, ...]:
        """Every capability that some pack of some day asks of an institution."""
        packs = (pack for of_region in self._by_code.values() for pack in of_region)
        return tuple(sorted({word for pack in packs for scene in pack.scenes for word in scene.capabilities}))

    def counts_months(self, on: date) -> bool:
        """Whether any pack in force that day caps every tie by the month, whatever its payer chose."""
        return any(pack.monthly_cap_fen or pack.nonlocal_cap_fen for pack in self.regions(on))

    def _in_force(self, code: str, on: date) -> Pack | None:
        for pack in self._by_code.get(code, ()):
            if pack.effective_from <= on and (pack.effective_to is None or on <= pack.effective_to):
                return pack
        return None


def load_packs(paths: Iterable[Path]) -> PackShelf:
    """The shelf of every pack in these folders; raises `BadPacks` with every fault of all of them."""
    read, faults = read_packs(paths)
    by_code, twice = _by_code(read)
    spans, unjoined = join_all(by_code, {Path(fault.file).stem for fault in faults})
    finished = [(span, Pack(**span.attributes)) for span in spans if span.attributes["words"] is not None]
    faults += twice + unjoined
    faults += [fault for span, pack in finished for fault in _contradictions(span, pack)]
    if faults:
        raise BadPacks(dict.fromkeys(faults))
    also = {region: pack.code for pack in read for region in pack.also_covers}
    return PackShelf((pack for span, pack in finished if not span.version.draft), also)


def _by_code(read: Iterable[ReadPack]) -> tuple[dict[str, ReadPack], list[PackFault]]:
    by_code: dict[str, ReadPack] = {}
    faults: list[PackFault] = []
    claimed: dict[str, str] = {}
    for pack in read:
        for region in (pack.code, *pack.also_covers):
            if region in claimed:
                faults.append(
                    pack.marked.fault(("code",), f"{region} belongs to {claimed[region]} already; give it to one of them")
                )
            claimed[region] = pack.marked.file
        by_code.setdefault(pack.code, pack)
    return by_code, faults


def _contradictions(span: Span, pack: Pack) -> list[PackFault]:
    return [span.pack.marked.fault((*span.version.route, *place), said) for place, said in find_contradictions(pack)]
