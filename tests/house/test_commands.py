"""State changes in commands and nowhere else: who acts and when are arguments, and a trace is left."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.house import PACKAGE, source_files, tree

WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
# Rooms that never write. `update` is no sign of a write: dictionaries have it too; querysets' is caught by `.objects`/`filter`.
READERS = ("rules", "queries", "views", "forms", "urls", "api", "templates")


def is_action(path: Path) -> bool:
    parts = path.relative_to(PACKAGE).parts
    return len(parts) > 1 and (parts[1] == "actions" or parts[1] == "actions.py")


def module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


# What writes without a trace, and why that is right.
NO_STATE = {
    "counters.actions.ahead.forget_counts": "how many numbers somebody took is kept for its day alone",
    "local_nodes.actions.nodes.hear": "that a node was heard, every two seconds, is no change of anything it stands for",
    "local_nodes.actions.nodes.tell_trouble": "why its lines were refused, until they are taken",
    "local_nodes.actions.node.take_in": "a copy in a node of what happened in the city, where its events are",
    "local_nodes.actions.node.sent": "up to where the city has been told",
    "local_nodes.actions.node.tell_trouble": "why the city refused, until it does not",
    "local_nodes.actions.node.number_on": "where the numbers of a day begin, before the first is given",
    "local_nodes.actions.node.new_key": "the key of a machine at its node alone",
    "assistance.actions.consenting.open_with_code": "a wrong code that was typed must outlive the refusal that follows it",
    "dossiers.actions.batches.close_abandoned": "a secret is forgotten when its time is over; what was signed stays as it is",
    "dossiers.actions.housekeeping.sweep_drafts": "a draft is a note to oneself; its end is not part of any history",
    "feedback.actions.common.keep_change": "when a ticket changed, for lists by that; written with the event that tells it",
    "open311.actions.listing.list_update": "an index by time of what the history holds already",
    "dossiers.queries.tracking.prove_owner": "the memory of a wrong try must outlive the refusal that follows it",
}
ACTIONS = [path for path in source_files() if is_action(path)]


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]


def is_command(function: ast.FunctionDef) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id == "command" for mark in function.decorator_list)


def writes(node: ast.AST) -> list[int]:
    """Lines that write by the ORM."""
    found = []
    for call in ast.walk(node):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        name = call.func.attr
        if name != "update" and name not in WRITES:
            continue
        asked = ast.unparse(call.func.value)
        of_rows = "objects" in asked or ".filter(" in asked
        of_itself = name in {"save", "delete"} and not call.args
        if (name == "update" and of_rows) or (name in WRITES and (of_rows or of_itself)):
            found.append(call.lineno)
    return found


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(PACKAGE.parent)}:{line}"


def test_there_are_actions_to_look_at():
    assert len(ACTIONS) > 10


def last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def taken_from_actions(path: Path) -> frozenset[tuple[str, str]]:
    """(capability, name) of everything a module takes from an actions room."""
    own, taken = path.relative_to(PACKAGE).parts[0], set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (named := re.match(r"thongsuot\.(\w+)\.actions\b", node.module or "")):
            taken |= {(named[1], alias.name) for alias in node.names}
        elif isinstance(node, ast.Attribute) and last_name(node.value).endswith("actions"):
            taken.add((own, node.attr))
    return frozenset(taken)


def used_elsewhere(name: str, home: Path) -> bool:
    """Is the function of this actions room named by any module outside it?"""
    room = home if home.name == "actions.py" else home.parent
    capability = home.relative_to(PACKAGE).parts[0]
    return any(
        (capability, name) in taken_from_actions(path) for path in source_files() if path != room and room not in path.parents
    )


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_function_others_may_call_to_change_state_is_a_command(path):
    """A helper that writes is called by commands of its own room alone."""
    loose = [
        where(path, function.lineno) + f" {function.name}"
        for function in functions(path)
        if writes(function)
        and not is_command(function)
        and f"{module(path)}.{function.name}" not in NO_STATE
        and used_elsewhere(function.name, path)
    ]

    assert loose == []


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_command_is_told_who_acts_and_when(path):
    lacking = []
    for function in functions(path):
        if is_command(function):
            by_name = {argument.arg for argument in function.args.kwonlyargs}
            if not {"actor", "at"} <= by_name:
                lacking.append(where(path, function.lineno) + f" {function.name}")

    assert lacking == []


def test_rooms_that_read_never_write():
    wrong = []
    for path in source_files():
        parts = path.relative_to(PACKAGE).parts
        room = parts[1].removesuffix(".py") if len(parts) > 1 else ""
        if room in READERS:
            wrong += [
                where(path, line)
                for node in tree(path).body
                for line in writes(node)
                if f"{module(path)}.{getattr(node, 'name', '')}" not in NO_STATE
            ]

    assert wrong == []


CLOCKS = {
    "timezone.now",
    "timezone.localdate",
    "timezone.localtime",
    "datetime.now",
    "date.today",
    "datetime.today",
    "datetime.utcnow",
}


def calls(path: Path) -> list[tuple[str, int]]:
    """(what is called, line) of every call without an argument."""
    return [
        (ast.unparse(call.func), call.lineno)
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and not call.args and not call.keywords
    ]


def test_the_time_of_day_is_asked_of_our_clock_alone():
    """A rehearsal sets that one; whoever asked another would live in another time."""
    wrong = [
        where(path, line)
        for path in source_files()
        if path != PACKAGE / "kernel" / "clock.py"
        for name, line in calls(path)
        if name in CLOCKS
    ]

    assert wrong == []


def test_nothing_below_a_view_a_job_or_the_command_line_reads_the_clock():
    below = {"actions", "rules", "queries", "models"}
    wrong = []
    for path in source_files():
        parts = path.relative_to(PACKAGE).parts
        room = parts[1].removesuffix(".py") if len(parts) > 1 else ""
        if room in below:
            wrong += [where(path, line) for name, line in calls(path) if name.startswith("clock.") or name == "time.time"]

    assert wrong == []


def test_what_runs_as_a_command_is_what_is_marked_as_one():
    """The decorator leaves `is_command`; a function of the same name that lost it on import would not be a command."""
    lost = []
    for path in ACTIONS:
        room = import_module(f"thongsuot.{module(path)}")
        lost += [
            function.name
            for function in functions(path)
            if is_command(function) and not getattr(getattr(room, function.name), "is_command", False)
        ]

    assert lost == []
