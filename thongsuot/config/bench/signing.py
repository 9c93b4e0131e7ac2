"""How long a signature and a validation take: `python -m thongsuot.config.bench.signing [--count 100]`.

Signs a one-page PDF with a software key, with a key in a SoftHSM2 token where that is installed, lets the agency sign over
them, and validates what came of it: all as the product does it, with database, time-stamp and revocation data (B-LT).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN, TOKEN = "482913", "bench"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure signatures and validations.")
    parser.add_argument("--count", type=int, default=100, help="of each")
    count = parser.parse_args().count
    folder = Path(tempfile.mkdtemp(prefix="thongsuot-bench-"))
    folder.chmod(0o755)
    (folder / "static").mkdir()
    has_token = MODULE.exists() and shutil.which("softhsm2-util") is not None
    os.environ.update(THONGSUOT_DATA=str(folder), THONGSUOT_ENV="demo", DJANGO_SETTINGS_MODULE="thongsuot.config.settings")
    os.environ.pop("DATABASE_URL", None)
    if has_token:
        os.environ.update(THONGSUOT_PKCS11_MODULE=str(MODULE), SOFTHSM2_CONF=str(_token(folder)))
    from thongsuot.config.embedded_postgres import EmbeddedPostgres

    cluster = EmbeddedPostgres(folder)
    try:
        cluster.start(tied=True)
        cluster.create_database("thongsuot")
        _measure(count, has_token=has_token)
    finally:
        cluster.stop(mode="immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _token(folder: Path) -> Path:
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "11223344"],  # noqa: S607
        check=True,
        capture_output=True,
        env={**os.environ, "SOFTHSM2_CONF": str(conf)},
    )
    return conf


def _measure(count: int, *, has_token: bool) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from thongsuot.config.loading import STEPS
    from thongsuot.files.actions import store
    from thongsuot.files.queries import open_checked
    from thongsuot.kernel import clock, typeset
    from thongsuot.kernel.actor import system
    from thongsuot.people.demo import email_of
    from thongsuot.people.models import Person
    from thongsuot.people.queries import actor_for
    from thongsuot.signing import actions, demo
    from thongsuot.signing.models import Certificate
    from thongsuot.signing.validation import validate

    call_command("migrate", verbosity=0)
    now = clock.now()
    for step in STEPS:
        if not step.english.startswith("demo dossiers"):
            step.run("01", now, lambda what, done, total: None)
    house = system("cli")
    paper = Path(__file__).parents[2] / "dossiers" / "data" / "demo_paper.typ"
    pdf = typeset.pdf(paper, {"title": "Kết quả"}, made_at=now)
    leader, clerk = (actor_for(Person.objects.get(email=email_of(who, None)), at=now) for who in ("hanh", "thu"))
    files = [store(pdf, name=f"{number}.pdf", actor=house, at=now).pk for number in range(count)]

    def person(pin: str, mark: str) -> Callable[[int], Any]:
        return lambda number: actions.sign_as_person(
            files[number], pin=pin, reason="Đo tốc độ", actor=leader, at=clock.now(), once=f"bench/{mark}/{number}"
        )

    lines = {}
    lines["person, software key"], signed = _timed(person(demo.PIN, "software"), count)
    unit_id = next(iter(clerk.units_for("issue results")))
    lines["agency over it, software key"], both = _timed(
        lambda number: actions.sign_as_agency(
            signed[number].file_id, unit_id=unit_id, pin=demo.PIN, reason="Đo tốc độ", actor=clerk, at=clock.now()
        ),
        count,
    )
    contents = []
    for one in both:
        with open_checked(one.file_id) as content:
            contents.append(content.read())
    lines["validation of two signatures"], _reports = _timed(lambda number: validate(contents[number]), count)
    if has_token:
        held = Certificate.objects.get(person_id=leader.person_id or 0)
        _into_token(held, at=now)
        lines["person, SoftHSM2 token"], _signed = _timed(person(PIN, "token"), count)
    print(f"{'work':<32} {'median ms':>10} {'p95 ms':>10} {'per second':>11}")
    for work, figures in lines.items():
        print(f"{work:<32} {figures['median_ms']:>10} {figures['p95_ms']:>10} {figures['per_second']:>11}")
    print(json.dumps({"count": count, "lines": lines}, ensure_ascii=False))


def _timed(run: Callable[[int], Any], count: int) -> tuple[dict[str, float], list[Any]]:
    taken, answers = [], []
    for number in range(count):
        began = time.perf_counter()
        answers.append(run(number))
        taken.append((time.perf_counter() - began) * 1000)
    ordered = sorted(taken)
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(ordered[max(0, int(count * 0.95) - 1)], 1),
        "per_second": round(1000 * count / sum(taken), 1),
    }, answers


def _into_token(held: Any, *, at: datetime) -> None:
    """The leader's next certificate has its key in the token."""
    import pkcs11
    from asn1crypto import keys
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key
    from pkcs11.util.rsa import encode_rsa_public_key

    from thongsuot.kernel.actor import system
    from thongsuot.signing import actions, authority, trust
    from thongsuot.signing.pem import as_text

    house = system("cli")
    with pkcs11.lib(str(MODULE)).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        public, _private = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="key")
        info = keys.PublicKeyInfo(
            {
                "algorithm": keys.PublicKeyAlgorithm({"algorithm": "rsa"}),
                "public_key": keys.RSAPublicKey.load(encode_rsa_public_key(public)),
            }
        )
    key = load_der_public_key(info.dump())
    assert isinstance(key, RSAPublicKey)  # generated above
    issued = authority.certificate_for(
        trust.must_have_local(),
        authority.Subject(name="Đo tốc độ", organisation="Đo tốc độ", post=held.post),
        key,
        starts=at - timedelta(days=1),
        ends=at + timedelta(days=900),
    )
    added = actions.add_certificate(
        as_text(issued),
        person_id=held.person_id,
        body_id=held.body_id,
        post=held.post,
        token_label=TOKEN,
        key_label="key",
        actor=house,
        at=at,
    )
    for state in ("delivered", "active"):
        actions.move_certificate(added.pk, to=state, actor=house, at=at)
    actions.move_certificate(held.pk, to="revoked", reason="bench", actor=house, at=at)


if __name__ == "__main__":
    main()
