"""The command line `thongsuot`. Django is imported only by the commands that need it, so that --help is instant."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

from thongsuot.config import bench, changeover_commands, env, replay

Run = Callable[[argparse.Namespace], None]
_MOST_PIPED = 31 * 2**20  # more of a letter is not read: it is too large whatever follows

ABOUT = """Thông Suốt: hệ thống của thành phố và các xã, phường, đặc khu.
The system a Vietnamese city and its communes run on."""
AFTER = """Cài đặt: biến môi trường, xem .env.example. Tài liệu: README.md, docs/howto/.
Settings are environment variables, listed in .env.example."""


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    env.read_file(Path(".env"))
    if options.data:
        os.environ["THONGSUOT_DATA"] = str(Path(options.data).absolute())
    if getattr(options, "city", None):
        os.environ["THONGSUOT_CITY"] = options.city
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thongsuot.config.settings")
    from thongsuot.config.database import InUse
    from thongsuot.config.embedded_postgres import EmbeddedPostgresError
    from thongsuot.config.terminal import Trouble, complain

    try:
        options.run(options)
    except (Trouble, EmbeddedPostgresError) as trouble:
        complain(str(trouble))
        return 1
    except InUse as use:
        complain(f"Thư mục dữ liệu {use.data_dir} đang được tiến trình {use.holder} dùng. (The data folder is in use.)")
        return 1
    except PermissionError as refused:
        complain(f"Không có quyền với {refused.filename}. (No permission for it: was it made by another account?)")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="thongsuot", description=ABOUT, epilog=AFTER, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--data", metavar="DIR", help="thư mục dữ liệu, mặc định .data (the data folder)")
    commands = top.add_subparsers(title="lệnh (commands)", metavar="LỆNH", required=True)

    def command(name: str, run: Run, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    one = command("up", _up, "chạy tất cả đến khi Ctrl-C (start everything: database, worker, web)")
    one.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe (address to listen on)")
    one.add_argument("--port", type=_port, default=8000, help="cổng, mặc định 8000 (port)")
    one.add_argument("--city", metavar="MÃ", help="mã tỉnh, thành phố, mặc định 01 Hà Nội (code of the city)")

    command("check", _check, "hệ thống có ổn không (is it healthy, and what is wrong)")
    command("migrate", _migrate, "cập nhật cấu trúc dữ liệu, bản dịch, tệp tĩnh (bring an installation up to date)")
    one = command("load", _load, "nạp thành phố và dữ liệu nền nếu còn thiếu (load the city where anything is missing)")
    one.add_argument("--city", metavar="MÃ", help="mã tỉnh, thành phố, mặc định 01 Hà Nội (code of the city)")
    what = "thủ tục, ranh giới, mã định danh, quyết định sắp xếp, cơ sở, danh sách trợ cấp"
    one = command("import", _import, f"nhập {what} (read in a file)")
    kinds = ["procedures", "boundaries", "identifiers", "decisions", "facilities", "allowances"]
    one.add_argument("kind", choices=kinds, metavar="LOẠI", help=", ".join(kinds))
    text = "procedures: .json, .xlsx; boundaries: .geojson; identifiers, decisions, facilities: .csv; allowances: .csv, .xlsx"
    one.add_argument("file", metavar="TỆP", type=Path, help=text)
    text = "allowances: tháng của danh sách, mặc định tháng này (the list's month, default: this one)"
    one.add_argument("--month", metavar="2025-06", type=_month, help=text)
    one = command("approve-decision", _approve_decision, "duyệt quyết định không thuộc riêng một tỉnh (approve a decision)")
    one.add_argument("number", metavar="SỐ", help="ví dụ (for example): 202/2025/QH15")
    one = command("add-administrator", _add_administrator, "mở tài khoản quản trị (open an administrator's account)")
    one.add_argument("email", metavar="THƯ", help="địa chỉ thư (e-mail)")
    one.add_argument("name", metavar="HỌ_TÊN", help="họ tên (full name)")
    one = command("find-unit", _find_unit, "địa chỉ thuộc phường, xã nào (which unit an old or new address belongs to)")
    one.add_argument("text", metavar="ĐỊA_CHỈ", nargs="+", help="ví dụ (for example): 12 hang bac, hoan kiem")
    one = command("backup", _backup, "sao lưu dữ liệu và tệp vào một tệp tar (database and files into one tar)")
    one.add_argument("target", metavar="ĐÍCH", type=Path, help="tệp .tar chưa có, hoặc thư mục (a new file, or a folder)")
    one = command("restore", _restore, "khôi phục vào nơi trống, rồi chứng minh (restore into an empty place, then prove it)")
    one.add_argument("source", metavar="TỆP", type=Path, help="bản sao lưu (the backup)")
    command("verify-history", _verify_history, "chứng minh lịch sử chưa bị sửa (prove that no event was changed or taken away)")

    command(
        "recount", _recount, "đếm lại số liệu từ đầu và so với lịch sử (count all figures anew and compare with the history)"
    )

    one = command("node", _node, "máy tại chỗ của một điểm, chạy thay khi mất đường truyền (the local node of a hall)")
    one.add_argument("--city-url", metavar="ĐỊA_CHỈ", default="", help="địa chỉ của thành phố (address of the city)")
    one.add_argument("--code", metavar="MÃ", default="", help="mã ghép, lần đầu (the joining code, once)")
    one.add_argument("--host", default="0.0.0.0", help="địa chỉ nghe (address to listen on)")  # noqa: S104 - the hall's network
    one.add_argument("--port", type=_port, default=8000, help="cổng, mặc định 8000 (port)")
    command("follow-city", _follow_city, "vòng hỏi thành phố của máy tại chỗ (the node's loop alone)")
    one = command("web", _web, "chỉ chạy máy chủ web (the web server alone)")
    one.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe (address to listen on)")
    one.add_argument("--port", type=_port, default=8000, help="cổng (port)")
    one = command("pulses", _pulses, "chỉ chạy máy báo có tin mới cho các trang đang mở (tell open pages what changed)")
    one.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe (address to listen on)")
    one.add_argument("--port", type=_port, default=8001, help="cổng (port)")
    one = command(
        "national-portal-stand-in",
        _portal_stand_in,
        "giả lập Cổng Dịch vụ công quốc gia trên máy này (a stand-in for the national portal, on loopback)",
    )
    one.add_argument("--port", type=_port, default=8181, help="cổng, mặc định 8181 (port)")
    one = command(
        "notices-stand-in",
        _notices_stand_in,
        "giả lập cổng SMS và Zalo trên máy này (a stand-in for the SMS gateway and Zalo, on loopback)",
    )
    one.add_argument("--port", type=_port, default=8182, help="cổng, mặc định 8182 (port)")
    command("feedback-mail", _feedback_mail, "nhận một thư phản ánh từ đường ống (take a report by mail, piped in)")
    one = command("portal-reconcile", _portal_reconcile, "đối soát một ngày với Cổng (compare one day with the portal)")
    one.add_argument("--day", metavar="NGÀY", type=_day, help="2025-07-01, mặc định hôm nay (default: today)")
    one.add_argument("--resend", action="store_true", help="báo lại những hồ sơ lệch (tell again what differs)")
    one = command("changeover", _changeover, "chuyển giao khi đơn vị sắp xếp lại (units end and begin: move what they hold)")
    changeover_commands.add_options(one)
    command("worker", _worker, "chỉ chạy bộ xử lý việc nền (the background worker alone)")

    one = command("bench", _bench, "đo tốc độ cạnh pgbench (measure beside pgbench)")
    bench.add_options(one)
    one = command("replay", _replay, "diễn tập một thành phố qua API (play the first days of a city through the API)")
    replay.add_options(one)
    command("messages", _messages, "biên dịch bản tiếng Anh (compile the English catalogue)")
    command("make-messages", _make_messages, "gom câu chữ cần dịch vào locale/en (collect messages to translate)")
    return top


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("2025-07-01") from None


def _month(text: str) -> date:
    return _day(f"{text}-01")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("1-65535")
    return int(text)


def _up(options: argparse.Namespace) -> None:
    from django.conf import settings

    from thongsuot.config import supervisor

    supervisor.up(
        url=env.text("DATABASE_URL"), data_dir=settings.DATA_DIR, host=options.host, port=options.port, city=settings.CITY_CODE
    )


def _node(options: argparse.Namespace) -> None:
    from thongsuot.config import local_node, supervisor

    data_dir = Path(os.environ.setdefault("THONGSUOT_DATA", str(Path(".data-node").absolute())))
    local_node.prepare(data_dir, city=options.city_url, code=options.code)
    supervisor.up(url="", data_dir=data_dir, host=options.host, port=options.port, city="", node=True)


def _follow_city(options: argparse.Namespace) -> None:
    from thongsuot.config import local_node

    _django()
    local_node.follow()


def _web(options: argparse.Namespace) -> None:
    from thongsuot.config.preparing import refuse_unready_production
    from thongsuot.config.serving import serve_web

    refuse_unready_production(with_database=True)
    serve_web(options.host, options.port)


def _pulses(options: argparse.Namespace) -> None:
    from thongsuot.config.serving import serve_pulses

    serve_pulses(options.host, options.port)


def _worker(options: argparse.Namespace) -> None:
    from thongsuot.config.preparing import refuse_unready_production
    from thongsuot.config.serving import run_worker

    refuse_unready_production(with_database=True)
    run_worker()


def _portal_stand_in(options: argparse.Namespace) -> None:
    from thongsuot.config.portal_commands import run_stand_in

    _django()
    run_stand_in(options.port)


def _notices_stand_in(options: argparse.Namespace) -> None:
    from thongsuot.config.stand_in_commands import run_notices

    _django()
    run_notices(options.port)


def _portal_reconcile(options: argparse.Namespace) -> None:
    from thongsuot.config.portal_commands import reconcile_day

    with _database():
        _django()
        with _telling():
            reconcile_day(options.day, resend=options.resend)


def _changeover(options: argparse.Namespace) -> None:
    with _database():
        _django()
        with _telling():
            changeover_commands.run(options)


def _migrate(options: argparse.Namespace) -> None:
    from thongsuot.config.preparing import bring_up_to_date

    with _database():
        bring_up_to_date()


def _load(options: argparse.Namespace) -> None:
    from django.conf import settings

    from thongsuot.config.preparing import bring_up_to_date, load_what_is_missing

    with _database():
        bring_up_to_date()
        load_what_is_missing(settings.CITY_CODE)


def _import(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import Trouble, say, step

    if not options.file.is_file():
        raise Trouble(f"Không có tệp {options.file}. (No such file.)")
    with _database():
        _django()
        from thongsuot.config.setting_up import import_file
        from thongsuot.kernel import clock

        with _telling(), step("Nhập tệp", "reading in") as work:
            left_out = import_file(options.kind, options.file, month=options.month, at=clock.now(), work=work)
    for line in left_out:
        say(f"  ✗ {line}")
    if left_out:
        raise Trouble(f"{len(left_out)} mục bị bỏ lại, phần còn lại đã nhập. (Left out; the rest is stored.)")


def _approve_decision(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import say

    with _database():
        _django()
        from thongsuot.config.setting_up import approve_decision
        from thongsuot.kernel import clock

        with _telling():
            decision = approve_decision(options.number, at=clock.now())
    say(f"  {decision.number}: có hiệu lực từ ngày {decision.effective_on:%d/%m/%Y} (approved, in force from that day)")


def _add_administrator(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import say

    with _database():
        _django()
        from thongsuot.config.setting_up import open_administrator
        from thongsuot.kernel import clock

        with _telling():
            address = open_administrator(options.email, options.name, at=clock.now())
    say("Đã mở tài khoản. Người đó đặt mật khẩu, một lần, tại (the person sets a password, once, at):")
    say(f"  {address}")


def _find_unit(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import say

    with _database():
        _django()
        from thongsuot.kernel import clock
        from thongsuot.units.finding import find
        from thongsuot.units.opening import hours_line, openings
        from thongsuot.units.queries import points_of

        with _telling():
            found = find(" ".join(options.text), as_of=clock.today())
        points = points_of([candidate.unit.id for candidate in found.candidates], as_of=found.as_of)
        known = openings([point for of_unit in points.values() for point in of_unit], clock.now()) if points else {}
    certain = {
        "certain": "Chắc chắn (certain)",
        "one_of_several": "Một trong các nơi sau (one of several)",
        "unknown": "Không rõ (unknown)",
    }
    say(f"{certain[found.certainty]}:")
    for candidate in found.candidates:
        say(f"  {candidate.unit.code}  {candidate.unit.full_name}, {candidate.city.full_name}")
        for point in points.get(candidate.unit.id, []):
            made_up = " (mẫu, made up)" if point.is_example else ""
            say(f"         {point.address}. {hours_line(point, known)}. {point.phone}{made_up}")
    for text in (*found.remarks, *found.suggestions):
        say(f"  - {text}")


@contextmanager
def _telling() -> Iterator[None]:
    """A refusal is one sentence here too."""
    from thongsuot.config.terminal import Trouble
    from thongsuot.kernel.errors import TellPerson

    try:
        yield
    except TellPerson as refusal:
        raise Trouble(refusal.message()) from None
    except LookupError as missing:
        raise Trouble(str(missing)) from None


def _feedback_mail(options: argparse.Namespace) -> None:
    """A mail server keeps the letter and tries again when this ends with 75 (EX_TEMPFAIL)."""
    from thongsuot.config.terminal import complain, say

    raw = sys.stdin.buffer.read(_MOST_PIPED)
    try:
        with _database():
            _django()
            from django.conf import settings

            from thongsuot.feedback.actions import take_mail
            from thongsuot.kernel import clock
            from thongsuot.units import queries as units

            city = units.unit_by_code(settings.CITY_CODE, as_of=clock.today())
            row = take_mail(city.id, raw, at=clock.now())
    except Exception as fault:
        complain(f"Chưa nhận được thư, máy chủ thư sẽ gửi lại. (Not taken, try again: {type(fault).__name__}.)")
        raise SystemExit(75) from None
    became = row.ticket.number if row.ticket else row.get_refused_display()
    say(f"{became}")


def _backup(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import say, step

    with _database():
        _django()
        from thongsuot.config.backup import backup
        from thongsuot.kernel import clock

        with step("Sao lưu", "backing up") as work:
            made = backup(options.target.absolute(), at=clock.local_now(), note=work.note)
    say(f"{made} ({made.stat().st_size / 2**20:.1f} MB)")


def _restore(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import say, step

    with _database():
        _django()
        from thongsuot.config.backup import restore

        with step("Khôi phục", "restoring") as work:
            manifest = restore(options.source.absolute(), note=work.note)
    say(
        f"Đã khôi phục bản ngày {manifest['made_at']}, phiên bản {manifest['version']}; lịch sử và tệp nguyên vẹn. "
        "Chạy `thongsuot migrate` nếu phần mềm mới hơn. (Restored and proven; run `thongsuot migrate` with newer software.)"
    )


def _verify_history(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import Trouble, say, step

    with _database():
        _django()
        from thongsuot.kernel.history import faults

        with step("Kiểm tra lịch sử", "verifying the history"):
            found = list(faults())
        for fault in found:
            say(f"  {fault.where}: {fault.what}")
        if found:
            raise Trouble(f"Có {len(found)} chỗ bị sửa hoặc mất. ({len(found)} faults: the history is not whole.)")
        say("Lịch sử nguyên vẹn. (The history is whole.)")


def _recount(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import Trouble, say, step

    with _database():
        _django()
        from thongsuot.feedback.actions import recount as recount_map
        from thongsuot.feedback.counting import recount as recount_feedback
        from thongsuot.indicators.counting import recount
        from thongsuot.kernel import clock
        from thongsuot.kernel.actor import system
        from thongsuot.units import queries as units

        with _telling(), step("Đếm lại số liệu", "counting anew") as work:
            found = recount(note=work.note)
            of_feedback = recount_feedback(note=work.note)
        with _telling(), step("Đếm lại bản đồ phản ánh", "counting the map of reports anew"):
            recount_map(units.default_city(as_of=clock.today()).id, actor=system("cli"), at=clock.now())
        wrong = f"{found.wrong_facts} + {found.wrong_days}"
        say(f"{found.dossiers} hồ sơ (dossiers). Dòng sai, đã sửa (rows that were wrong, put right): {wrong}.")
        wrong = f"{of_feedback.wrong_tickets} + {of_feedback.wrong_days}"
        say(f"{of_feedback.tickets} phản ánh (tickets). Dòng sai, đã sửa (rows that were wrong, put right): {wrong}.")
        if of_feedback.broken:
            numbers = ", ".join(of_feedback.broken)
            raise Trouble(
                f"Lịch sử của các phản ánh này không đếm được, xem nhật ký: {numbers}. (Cannot be counted; see the log.)"
            )
        if found.history_differs:
            some = ", ".join(map(str, found.examples))
            raise Trouble(f"Lịch sử nói khác ở {found.history_differs} hồ sơ: {some}. (The history says otherwise.)")
        if found.good and of_feedback.good:
            say("Số liệu khớp với lịch sử. (The figures agree with the history.)")


def _bench(options: argparse.Namespace) -> None:
    bench.run(options)


def _replay(options: argparse.Namespace) -> None:
    if not options.data:
        os.environ["THONGSUOT_DATA"] = str(Path(".replay").absolute())
    replay.run(options)


def _messages(options: argparse.Namespace) -> None:
    from django.conf import settings

    from thongsuot.config.messages import compile_messages

    compile_messages(settings.LOCALE_PATHS[0])


def _make_messages(options: argparse.Namespace) -> None:
    from django.conf import settings

    from thongsuot.config.messages import update_catalogue
    from thongsuot.config.terminal import say

    untranslated = update_catalogue(settings.PACKAGE_DIR, settings.LOCALE_PATHS[0])
    for message in untranslated:
        say(f"  {message}")
    say(f"Còn {len(untranslated)} câu chưa có bản tiếng Anh. ({len(untranslated)} messages lack an English line.)")


def _check(options: argparse.Namespace) -> None:
    from thongsuot.config.terminal import Trouble, say

    with _database():
        _django()
        from thongsuot.config.health import readiness
        from thongsuot.kernel import clock

        found = readiness(clock.now())
        for line in found:
            say(f"{'✓' if line.ok else '✗'} {line.name}: {line.text}")
        if not all(line.ok for line in found):
            raise Trouble("Hệ thống chưa sẵn sàng. (Not ready.)")


def _database() -> AbstractContextManager[None]:
    from django.conf import settings

    from thongsuot.config.database import database_at_hand

    return database_at_hand(env.text("DATABASE_URL"), settings.DATA_DIR)


def _django() -> None:
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
