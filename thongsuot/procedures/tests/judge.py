"""An engine of others reads our BPMN files: run beside the tests as a program of its own, `judge.py < jobs.json`.

SpiffWorkflow holds each file against the schemas of BPMN 2.0, reads it, and walks it through to its end. Jobs: a list of
[file, answers]; printed for each: the user tasks it read as [name, lane], and the names of those it walked through, in order.
"""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine


class Engine(PythonScriptEngine):
    """It writes conditions bare, ours stand in ${ } as most others write theirs."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        return super().evaluate(task, expression.removeprefix("${").removesuffix("}"), {"true": True, "false": False})


def judged(path: str, answers: dict[str, Any], schema: BpmnValidator) -> dict[str, Any]:
    tree = etree.parse(path)
    # Ours are drawings; who takes one over into an engine says that it may run.
    for process in tree.iterfind("{*}process"):
        process.set("isExecutable", "true")
    parser = BpmnParser(validator=schema)
    parser.add_bpmn_xml(tree, filename=path)
    [name] = parser.get_process_ids()
    workflow = BpmnWorkflow(parser.get_spec(name), script_engine=Engine())
    workflow.data = {**answers, "form": SimpleNamespace(**answers.get("form", {}))}
    walked = []
    workflow.do_engine_steps()
    while waiting := workflow.get_tasks(state=TaskState.READY, manual=True):
        [task] = waiting  # a dossier is at one step
        task.data.update(workflow.data)
        walked.append(task.task_spec.bpmn_name)
        task.run()
        workflow.do_engine_steps()
    tasks = [[one.bpmn_name, one.lane] for one in workflow.spec.task_specs.values() if one.__class__.__name__ == "UserTask"]
    return {"tasks": tasks, "walked": walked, "ended": workflow.is_completed()}


if __name__ == "__main__":
    schema = BpmnValidator()
    json.dump([judged(path, answers, schema) for path, answers in json.load(sys.stdin)], sys.stdout)
