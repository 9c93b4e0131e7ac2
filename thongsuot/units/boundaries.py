"""Importing outlines: a GeoJSON file an installation has and may use. None is shipped with the product."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.periods import in_force
from thongsuot.units import actions
from thongsuot.units.models import Boundary, Unit
from thongsuot.units.rules.outlines import BadOutline, Outline, outline_of, overlapping

LARGEST_FILE = 200 * 2**20
_MOST_OVERLAPS_TOLD = 20


@dataclass(kw_only=True)
class BoundaryReport:
    """`problems`: a sentence for each outline that was left out; `overlaps`: pairs of codes drawn one over the other."""

    stored: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    overlaps: list[tuple[str, str]] = field(default_factory=list)


def import_boundaries(path: Path | str, *, at: datetime, actor: Actor | None = None) -> BoundaryReport:
    """Store the outlines of a GeoJSON FeatureCollection in WGS 84; each feature names its unit by the property `code`.

    What is broken or unknown is told and left out, the rest is stored; the same file again changes nothing.
    Raises BadInput when the file as a whole cannot be used.
    """
    path = Path(path)
    report = BoundaryReport()
    day = timezone.localtime(at).date()
    units = dict(Unit.objects.filter(in_force(day)).values_list("code", "id"))
    outlines: dict[str, Outline] = {}
    for place, feature in enumerate(_features(path), start=1):
        try:
            outline = outline_of(feature)
        except BadOutline as bad:
            report.problems.append(_told(place, feature, bad.reason))
            continue
        if outline.code not in units:
            report.problems.append(_told(place, feature, "unknown"))
        elif outline.code in outlines:
            report.problems.append(_told(place, feature, "twice"))
        else:
            outlines[outline.code] = outline
    report.overlaps = overlapping(list(outlines.values()))[:_MOST_OVERLAPS_TOLD] if outlines else []
    stored = dict(Boundary.objects.filter(unit__in=[units[code] for code in outlines]).values_list("unit__code", "geometry"))
    new = [(units[code], outline) for code, outline in outlines.items() if stored.get(code) != _as_stored(outline)]
    report.unchanged = len(outlines) - len(new)
    if new:
        report.stored = actions.put_boundaries(new, source=path.name[:200], actor=actor or system("cli"), at=at)
    return report


def _features(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise BadInput({"file": _("Không có tệp %(name)s. Hãy kiểm tra lại đường dẫn.") % {"name": path.name}})
    if path.stat().st_size > LARGEST_FILE:
        raise BadInput({"file": _("Tệp %(name)s lớn hơn 200 MB. Hãy đơn giản hóa đường ranh trước.") % {"name": path.name}})
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise BadInput({"file": _("Tệp %(name)s không phải là GeoJSON.") % {"name": path.name}}) from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise BadInput({"file": _("Tệp %(name)s không phải là một FeatureCollection của GeoJSON.") % {"name": path.name}})
    for feature in features:
        yield feature if isinstance(feature, dict) else {}


def _as_stored(outline: Outline) -> Any:
    return json.loads(json.dumps(outline.geometry))


def _told(place: int, feature: dict[str, Any], reason: str) -> str:
    properties = feature.get("properties")
    code = str((properties.get("code") if isinstance(properties, dict) else None) or feature.get("id") or "?")[:20]
    return {
        "no_code": _("Hình %(place)s: không có mã đơn vị."),
        "not_an_area": _("Hình %(place)s (%(code)s): không phải là một vùng (Polygon, MultiPolygon)."),
        "broken": _("Hình %(place)s (%(code)s): đường ranh hỏng hoặc tự cắt."),
        "elsewhere": _("Hình %(place)s (%(code)s): nằm ngoài Việt Nam. Tọa độ phải là kinh độ rồi vĩ độ, WGS 84."),
        "unknown": _("Hình %(place)s (%(code)s): không có đơn vị nào đang hoạt động mang mã này."),
        "twice": _("Hình %(place)s (%(code)s): mã này đã có ở trên."),
    }[reason] % {"place": place, "code": code}
