"""Does a letter come from where it says? Our own mail server asked (SPF, DKIM, DMARC), and wrote what it found (RFC 8601)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_MOST = 8_000
_Results = list[tuple[str, str, dict[str, str]]]


def speaks_for(sender: str, headers: Sequence[str], *, trusted: frozenset[str]) -> bool:
    """May `sender` be answered?

    headers  all Authentication-Results of the letter, the topmost first
    trusted  names of our servers, in small letters. Anybody may write such a header: only the topmost one of ours is believed,
             for a server puts its own above all that came with the letter. None is ours: nothing is known
    """
    domain = sender.rpartition("@")[2].lower()
    for header in headers:
        server, _sign, results = _bare(header).partition(";")
        if server.strip() and server.split()[0].lower() in trusted:
            return bool(domain) and _passed(list(_results(results)), domain)
    return False


def _passed(found: _Results, domain: str) -> bool:
    """DMARC decides where it was asked; else a signature or an envelope of that very domain, or of one above it."""
    dmarc = [(result, told) for method, result, told in found if method == "dmarc" and result in {"pass", "fail"}]
    if dmarc:
        return all(result == "pass" and told.get("header.from", domain) == domain for result, told in dmarc)
    return any(
        result == "pass"
        and (
            (method == "dkim" and _is_of(domain, told.get("header.d") or told.get("header.i", "").rpartition("@")[2]))
            or (method == "spf" and _is_of(domain, told.get("smtp.mailfrom", "").rpartition("@")[2]))
        )
        for method, result, told in found
    )


def _is_of(domain: str, found: str) -> bool:
    return "." in found and (domain == found or domain.endswith(f".{found}"))


def _results(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    for part in text.lower().split(";"):
        method, *others = part.split() or [""]
        name, _sign, result = method.partition("=")
        yield name.partition("/")[0], result, {key: value for key, sign, value in (o.partition("=") for o in others) if sign}


def _bare(text: str) -> str:
    """Without what stands in brackets or quotes: the sender may have chosen it. One walk; too long or never closed: nothing."""
    found: list[str] = []
    deep, quoted, escaped = 0, False, False
    for sign in " ".join(text[: _MOST + 1].split()):
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign == '"' and not deep:
            quoted = not quoted
        elif not quoted and sign == "(":
            deep += 1
        elif not quoted and deep and sign == ")":
            deep -= 1
        elif not quoted and not deep:
            found.append(sign)
    return "" if quoted or deep or len(text) > _MOST else "".join(found)
