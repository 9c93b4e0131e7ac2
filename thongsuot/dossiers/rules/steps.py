"""Which steps a dossier does not go through, and which of them make one visit to a partner."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from thongsuot.procedures.content import Step
from thongsuot.procedures.rules import Answers, branches, path_from


def steps_left_out(step_no: int | None, steps: Sequence[Step], answers: Answers, passed: Collection[int]) -> list[int]:
    """The steps that other dossiers of the procedure go through and this one does not; none where all go the same way."""
    if not branches(steps):
        return []
    own = {*passed, *path_from(steps, step_no, answers)} | ({step_no} if step_no is not None else set())
    return [place for place in range(len(steps)) if place not in own]


def leg_steps(parties: Mapping[int, object], path: Sequence[int]) -> list[int]:
    """The steps of one visit: from the first of the path as long as the same party does them.

    parties   who does each step of the path; None where time is not counted
    path      the places a dossier goes through, from where the visit begins
    """
    visit: list[int] = []
    for place in path:
        if parties[place] != parties[path[0]]:
            break
        visit.append(place)
    return visit
