"""What came out of a study, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...study import Plan, StudyFolder


def facts(plan: Plan, folder: StudyFolder) -> dict[str, Any]:
    """The settings by their means, and every row."""
    from ...study import ranking

    best = [{"setting": name, "mean": mean} for name, mean in ranking(folder.rows(), plan.study.compare)]
    return {"study": plan.study.name, "folder": str(folder.path), "settings": best, "rows": [row.as_dict() for row in folder.rows()]}


def lines(told: dict[str, Any]) -> list[str]:
    """The settings, the best first."""
    return [f"{each['mean']:.2%}  {each['setting']}" for each in told["settings"]]
