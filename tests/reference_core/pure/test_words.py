"""Kinship, kinds of visit and regions: the small tables that everything else rests on."""

from __future__ import annotations

import pytest

from reference_core.vocabulary import kinship
from reference_core.vocabulary.admdvs import is_region, same_pool, upwards
from reference_core.vocabulary.med_types import INSTITUTION_KINDS, SCENE_LABELS, SCENES, can_serve, scene_of


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("self", "01"),
        ("spouse", "10"),
        ("son", "20"),
        ("daughter", "30"),
        ("grandson", "41"),
        ("granddaughter", "42"),
        ("daughters_son", "43"),
        ("daughters_daughter", "44"),
        ("father", "51"),
        ("mother", "52"),
        ("grandfather", "61"),
        ("grandmother", "62"),
        ("maternal_grandfather", "63"),
        ("maternal_grandmother", "64"),
        ("older_brother", "71"),
        ("younger_brother", "73"),
        ("older_sister", "75"),
        ("younger_sister", "77"),
    ],
)
def test_every_relative_is_kept_under_the_standards_code(word: str, code: str) -> None:
    """GB/T 4761-2008."""
    assert kinship.code_of(word) == code
    assert kinship.word_of(code) == word


@pytest.mark.parametrize(
    ("word", "sex", "single"),
    [
        ("parent", "male", "father"),
        ("parent", "female", "mother"),
        ("child", "male", "son"),
        ("child", "female", "daughter"),
        ("spouse", "male", "spouse"),
        ("mother", "female", "mother"),
        ("mother", "male", None),
        ("older_brother", "female", None),
    ],
)
def test_a_group_means_whom_the_members_sex_says(word: str, sex: str, single: str | None) -> None:
    """Y-11."""
    assert kinship.resolve(word, sex) == single


def test_no_city_can_offer_oneself_and_every_word_has_a_label() -> None:
    assert not kinship.is_word("self")
    assert all(kinship.label_of(word) for word in kinship.OFFERED_WORDS)


@pytest.mark.parametrize(
    ("med_type", "kind", "scene"),
    [
        ("11", "hospital", "outpatient"),
        ("13", "hospital", "outpatient"),
        ("140104", "hospital", "outpatient_special"),
        ("21", "hospital", "inpatient"),
        ("28", "hospital", "inpatient"),
        ("51", "hospital", "maternity_outpatient"),
        ("52", "hospital", "maternity_inpatient"),
        ("41", "pharmacy", "pharmacy"),
        ("11", "pharmacy", "pharmacy"),
        ("9901", "hospital", "other"),
    ],
)
def test_a_visit_has_a_scene(med_type: str, kind: str, scene: str) -> None:
    assert scene_of(med_type, kind) == scene


def test_every_scene_has_a_label_and_some_institution_that_can_serve_it() -> None:
    assert set(SCENE_LABELS) == set(SCENES)
    assert all(any(can_serve(kind, scene) for kind in INSTITUTION_KINDS) for scene in SCENES)


@pytest.mark.parametrize(
    ("region", "around"),
    [
        ("371321", ("371321", "371300", "370000")),
        ("371300", ("371300", "370000")),
        ("370000", ("370000",)),
        ("139903", ("139903", "139900", "130000")),
        ("000000", ()),
        ("37130", ()),
        ("３７１３２１", ()),
    ],
)
def test_a_region_lies_in_its_city_and_province_and_never_in_the_nation(region: str, around: tuple[str, ...]) -> None:
    assert upwards(region) == around
    assert is_region(region) is bool(around)


@pytest.mark.parametrize(
    ("scope", "one", "other", "together"),
    [
        ("city", "371302", "371321", True),
        ("city", "371300", "370100", False),
        ("province", "371300", "370100", True),
        ("province", "371300", "130100", False),
        ("nation", "371300", "130100", True),
    ],
)
def test_pools_reach_as_far_as_their_scope(scope: str, one: str, other: str, together: bool) -> None:
    assert same_pool(scope, one, other) is together


def test_a_municipality_is_one_city_and_a_separate_pool_is_none_of_the_citys() -> None:
    assert same_pool("city", "500101", "500229", city_digits=2)
    assert not same_pool("city", "500101", "500229", city_digits=4)
    assert not same_pool("city", "130181", "130102", separate=("130181",))
    assert same_pool("city", "130181", "130181", separate=("130181",))
