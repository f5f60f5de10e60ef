"""Read all that is kept of oneself: after a look into the camera, since the answer holds one's own number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bff.flows.flow import ExportMyData, Flow, Standing
from bff.flows.plan import Plan
from bff.flows.verify_identity import look

_NAME, _TITLE = "export-my-data", "查看我的全部数据"


def plan(standing: Standing) -> Plan:
    agreeing = tuple(consent.asked() for consent in standing.consents)
    camera = look("接下来会显示您的证件号码和全部记录，请先确认是您本人。")
    return Plan(_NAME, _TITLE, (*agreeing, camera), done_text=("这是我们保存的关于您的全部数据，家人的姓名已隐去。",))


def effect(given: Mapping[str, Any]) -> ExportMyData:
    return ExportMyData(check=given["real_person"])


EXPORT_MY_DATA = Flow(name=_NAME, title=_TITLE, complete_label="查看", effect=effect, own_plan=plan)
