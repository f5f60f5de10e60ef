"""What axe and our own measures find on the page in front."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.client.handset import NODE_MODULES, Handset

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
# The smallest phone that everything has to fit.
WIDTH_PX = 320
ASK_AXE = """async () => {
  const told = await axe.run('uni-page .sheet', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
  return told.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))
}"""


def faults_on(phone: Handset, *, elder: bool) -> list[Any]:
    """What is too small, too pale, too wide or unnamed; none if all is well."""
    phone.page.evaluate(AXE.read_text(encoding="utf-8"))
    return [*phone.page.evaluate(ASK_AXE), *phone.page.evaluate(MEASURES, {"elder": elder, "screen_px": WIDTH_PX})]
