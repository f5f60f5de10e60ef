"""The scene of a payment: what the code of a visit and the kind of institution mean; and how scenes are called."""

from __future__ import annotations

SCENES = (
    "outpatient",
    "outpatient_special",
    "inpatient",
    "inpatient_deposit",
    "maternity_outpatient",
    "maternity_inpatient",
    "pharmacy",
    "resident_premium",
    "local_supplement",
    "long_term_care_premium",
    "commercial_health_insurance",
    "other",
)
SCENE_LABELS = {
    "outpatient": "门诊",
    "outpatient_special": "门诊慢特病",
    "inpatient": "住院",
    "inpatient_deposit": "住院押金",
    "maternity_outpatient": "生育门诊",
    "maternity_inpatient": "生育住院",
    "pharmacy": "药店购药",
    "resident_premium": "居民医保缴费",
    "local_supplement": "地方补充医疗保险缴费",
    "long_term_care_premium": "长期护理保险缴费",
    "commercial_health_insurance": "商业健康保险缴费",
    "other": "其他就医类型",
}
INSTITUTION_KINDS = ("hospital", "primary_care", "pharmacy", "insurer")
INSTITUTION_LABELS = {
    "hospital": "医院",
    "primary_care": "社区卫生服务中心、乡镇卫生院等基层医疗机构",
    "pharmacy": "药店",
    "insurer": "保险公司",
}
EXPENSE_LABELS = {
    "public_health": "公共卫生项目",
    "fitness": "体育健身",
    "checkup": "健康体检",
    "wellness": "养生保健",
    "other": "医保范围以外的其他项目",
}
# The first two digits decide; provinces append their own (140104 is one of the 14 family).
_BY_FAMILY = {
    "11": "outpatient",
    "12": "outpatient",
    "13": "outpatient",
    "15": "outpatient",
    "14": "outpatient_special",
    "21": "inpatient",
    "22": "inpatient",
    "23": "inpatient",
    "24": "inpatient",
    "25": "inpatient",
    "26": "inpatient",
    "28": "inpatient",
    "41": "pharmacy",
    "51": "maternity_outpatient",
    "53": "maternity_outpatient",
    "52": "maternity_inpatient",
}
_PREMIUMS = frozenset({"resident_premium", "local_supplement", "long_term_care_premium", "commercial_health_insurance"})


def scene_of(med_type: str, institution_kind: str) -> str:
    """The scene of a visit. An outpatient code at a pharmacy's till is a purchase there (its outpatient pool uses 11)."""
    scene = _BY_FAMILY.get(med_type[:2], "other")
    if institution_kind == "pharmacy" and scene in ("outpatient", "outpatient_special"):
        return "pharmacy"
    return scene


def can_serve(institution_kind: str, scene: str) -> bool:
    """Whether such an institution can bill such a scene at all, in any city."""
    if institution_kind == "insurer":
        return scene in _PREMIUMS
    if institution_kind == "pharmacy":
        return scene in ("pharmacy", "other")
    return scene not in _PREMIUMS


def visits_of(scene: str) -> tuple[tuple[str, str], ...]:
    """The families of visits and the kinds of institution that together make a scene; `other` is whatever makes no other."""
    pairs = ((family, kind) for family in _BY_FAMILY for kind in INSTITUTION_KINDS)
    return tuple(pair for pair in pairs if scene == "other" or scene_of(*pair) == scene)
