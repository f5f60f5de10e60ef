"""Which ties may be woken after a freeze, and on which screens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reference_core.decisions.flow_plans.waking import may_wake_any, sleeping, wakes_by_hand, waking_flow
from reference_core.packs.flow_contradictions import FLOW_CHECKS
from reference_core.packs.shelf import Pack, load_packs
from reference_core.vocabulary.facts import Situation
from tests.reference_core.pure.family import LINYI, NOW, REGIONS, payer, relation, rules

GUIDE = load_packs([REGIONS]).versions("guide-003")[-1]


def with_tie(status: str = "normal", **facts: object) -> Situation:
    made = replace(relation("payer", "member"), **facts)  # type: ignore[arg-type]  # facts of a relation by name
    return replace(payer(status=status), as_payer=(made,))


def told(pack: Pack) -> list[str]:
    return [said for check in FLOW_CHECKS for _, said in check(pack)]


def test_only_what_sleeps_can_be_woken_and_not_while_the_account_is_frozen() -> None:
    """GD-49."""
    since = NOW - timedelta(days=1)

    assert rules(may_wake_any(GUIDE, with_tie(), NOW)) == ["relation_not_suspended"]
    assert rules(may_wake_any(GUIDE, with_tie("frozen", suspended_at=since), NOW)) == ["payer_still_frozen"]
    assert may_wake_any(GUIDE, with_tie(suspended_at=since), NOW).allowed
    assert sleeping(with_tie(suspended_at=since, ended_at=NOW), NOW) == ()
    assert rules(may_wake_any(None, with_tie(), NOW)) == ["region_not_served"]


def test_the_camera_looks_where_the_city_wants_it_for_changes() -> None:
    def asked(pack: Pack) -> list[str]:
        flow = waking_flow(pack)
        return [question.name for step in flow.steps for question in step.questions] if flow else []

    assert asked(GUIDE) == ["member", "real_person"]
    assert asked(replace(GUIDE, real_person_on=())) == ["member"]


def test_a_city_where_ties_wake_by_themselves_has_no_such_flow() -> None:
    assert wakes_by_hand(GUIDE)
    assert not wakes_by_hand(LINYI)
    assert not wakes_by_hand(None)


def test_a_citys_own_screens_must_fit_its_choices() -> None:
    flow = waking_flow(GUIDE)
    assert flow is not None
    own = replace(GUIDE, flows={**GUIDE.flows, "reactivate-relation": flow})

    assert told(own) == []
    assert any("would never be used" in one for one in told(replace(own, on_payer_unfrozen="resumes")))
    no_face = replace(flow, steps=flow.steps[:1])
    assert any("must ask real_person" in one for one in told(replace(own, flows={**own.flows, "reactivate-relation": no_face})))
    no_member = replace(flow, steps=flow.steps[1:])
    assert any("must ask member" in one for one in told(replace(own, flows={**own.flows, "reactivate-relation": no_member})))
