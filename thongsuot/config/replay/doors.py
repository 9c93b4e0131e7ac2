"""How each act is asked for over HTTP: the address, the body, and what of the answer the later acts need."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from thongsuot.config.replay.arrivals import Arrival
from thongsuot.config.replay.lives import Act
from thongsuot.config.replay.staff import PIN, Keys
from thongsuot.files.models import StoredFile

JSON = "application/json"
DOSSIERS = "/api/v1/dossiers"
SCAN = "quet-"


class Request(NamedTuple):
    method: str
    path: str
    body: bytes = b""
    kind: str = JSON


@dataclass(slots=True)
class Known:
    """What the answers told of one dossier. `moves`: (door, instant) of what stops and starts the clock."""

    id: int = 0
    code: str = ""
    received_at: str = ""
    due_at: str = ""
    status: int = 0
    fees: list[str] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False


class Refused(Exception):
    """The program said no where the plan expected a yes."""


Send = Callable[[Request, str], dict[str, Any]]  # (request, part of the idempotency key) -> the answer's JSON


class Doors:
    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        # One blank sheet for each paper lies on every officer's glass: each sends its file once, as nobody may hand in what
        # another stored; an earlier run's goes on being used.
        officers = {person_id: email for email, person_id in keys.person_ids.items()}
        sent = StoredFile.objects.filter(name__startswith=SCAN, uploaded_by__in=officers).order_by("-pk")
        self.scans = {
            (officers[by], name.removeprefix(SCAN).removesuffix(".pdf")): pk
            for by, name, pk in sent.values_list("uploaded_by_id", "name", "pk")
        }

    def run(self, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
        """Do it, and keep what the answer says. What is refused raises from `send`."""
        run = _OWN.get(act.door)
        if run is not None:
            run(self, act, arrival, known, send)
            return
        answer = send(_post(f"{DOSSIERS}/{known.id}/{act.door}", self._body(act)), "")
        self._keep(act, known, answer)

    def _keep(self, act: Act, known: Known, answer: dict[str, Any]) -> None:
        known.status = answer["status"]
        known.due_at = answer["due_at"] or ""
        if act.door in ("request-supplement", "request-payment", "supplement", "confirm-payment"):
            known.moves.append((act.door, act.at.isoformat()))

    def _body(self, act: Act) -> dict[str, Any]:
        facts = act.facts
        match act.door:
            case "forward":
                to = self.keys.person_ids[facts["to"]] if facts.get("to") else None
                more = {"to_person": to} if to else {}
                return {"step": facts["step"], **more, **({"pin": PIN} if act.by in self.keys.signers else {})}
            case "reassign":
                return {"to_person": self.keys.person_ids[facts["to"]], "reason": facts["reason"]}
            case "request-payment":
                return {"reason": facts["reason"], "amount_dong": facts["amount"]}
            case _:
                return facts


def _receive(doors: Doors, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
    assert arrival is not None
    kind = arrival.kind
    body: dict[str, Any] = {
        "procedure": kind.code,
        "receiving_unit": arrival.filed_at.code,
        "resolving_unit": arrival.place.code,
        "channel": arrival.channel,
        "owner": _owner(arrival),
        "papers": [
            {"code": code, "how": "scanned", "file_id": _scan(doors, act.by, code, send), "pages": 1} for code in kind.papers
        ],
    }
    if arrival.quantities:
        body["quantities"] = arrival.quantities
    answer = send(_post(DOSSIERS, body), "")
    known.id, known.code, known.status = answer["id"], answer["code"], answer["status"]
    known.received_at, known.due_at = answer["received_at"], answer["due_at"]
    known.fees = [fee["code"] for fee in answer["fees"] if fee["amount_dong"]]


def _scan(doors: Doors, by: str, code: str, send: Send) -> int:
    """The file of a paper scanned at the desk by that officer: nothing leaves the desk without it."""
    if (by, code) not in doors.scans:
        doors.scans[by, code] = int(send(_upload(f"{SCAN}{code}.pdf", f"{code} scan"), f"-scan-{code}")["id"])
    return doors.scans[by, code]


def _submit(doors: Doors, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
    assert arrival is not None
    kind = arrival.kind
    papers = []
    for code in kind.papers:
        file = send(_upload(f"{code}.pdf", f"{arrival.number} {code}"), f"-{code}")
        papers.append({"code": code, "how": "uploaded", "file_id": file["id"]})
    body = {
        "procedure": kind.code,
        "unit": arrival.filed_at.code,
        "owner": _owner(arrival),
        "papers": papers,
        "form": arrival.form,
    }
    answer = send(_post(f"{DOSSIERS}/submissions", body), "")
    known.id, known.status = answer["id"], answer["status"]


def _accept(doors: Doors, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
    answer = send(_post(f"{DOSSIERS}/{known.id}/accept", {}), "")
    known.code, known.status = answer["code"], answer["status"]
    known.received_at, known.due_at = answer["received_at"], answer["due_at"]
    known.moves.clear()  # a pause before reception moves no due date


def _collect(doors: Doors, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
    for code in known.fees:
        send(_post(f"{DOSSIERS}/{known.id}/collect-fee", {"code": code}), f"-{code}")


def _result(doors: Doors, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
    file = send(_upload("ket-qua.pdf", f"Ket qua {known.code}"), "-file")
    body = {"title": act.facts["title"], "file_id": file["id"]}
    doors._keep(act, known, send(_post(f"{DOSSIERS}/{known.id}/result", body), ""))


def _rate(doors: Doors, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
    assert arrival is not None
    try:
        send(_post(f"/api/v1/track/{known.code}/rating", {"secret": arrival.owner.secret, **act.facts}), "")
    except Refused as refusal:
        if "dossiers.already_rated" not in str(refusal):  # no key guards this door: asked again after a crash it was done
            raise


def _track(doors: Doors, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
    send(Request("GET", f"/api/v1/track/{known.code}"), "")


def _look(doors: Doors, act: Act, arrival: Arrival | None, known: Known, send: Send) -> None:
    send(Request("GET", DOSSIERS), "")


_OWN: dict[str, Callable[[Doors, Act, Arrival | None, Known, Send], None]] = {
    "receive": _receive,
    "submit": _submit,
    "accept": _accept,
    "collect": _collect,
    "result": _result,
    "rate": _rate,
    "track": _track,
    "look": _look,
}


def _owner(arrival: Arrival) -> dict[str, Any]:
    owner = arrival.owner
    return {
        "name": owner.name,
        "id_number": owner.id_number,
        "phone": owner.phone,
        "email": owner.email,
        "address": f"{owner.address}, {arrival.place.name}",
    }


def _post(path: str, body: dict[str, Any]) -> Request:
    return Request("POST", path, json.dumps(body, ensure_ascii=False).encode())


def _upload(name: str, text: str) -> Request:
    """A file as a browser or a scanner's program sends it."""
    content = _pdf(text)
    boundary = f"----{zlib.crc32(content):08x}dientap"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    head += "Content-Type: application/pdf\r\n\r\n"
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return Request("POST", "/api/v1/files", body, f"multipart/form-data; boundary={boundary}")


def _pdf(text: str) -> bytes:
    """One A4 page with one line of plain letters."""
    content = f"BT /F1 12 Tf 72 770 Td ({re.sub(r'[^A-Za-z0-9 .-]', '', text)}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
