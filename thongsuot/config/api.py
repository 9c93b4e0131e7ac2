"""The API under /api/v1: the routers of all capabilities, every refusal as problem details, and its own description."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from thongsuot import __version__
from thongsuot.kernel.apps import our_apps
from thongsuot.kernel.errors import BadInput
from thongsuot.web.faults import problem

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details, RFC 9457. `type` is stable; `detail` is a sentence for a person.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:thongsuot:kernel.bad_input"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
DESCRIPTION = """The same commands and queries as the pages. Programs send `Authorization: Bearer <key>`; a key acts as one
person, with at most the duties given to it. Every answer that is not a success is `application/problem+json`. A POST may carry
an `Idempotency-Key`: the same key and body give the same answer."""


class Api(NinjaAPI):
    """Ninja with our way of saying no, and a description that is made once."""

    def get_openapi_schema(self, **options: Any) -> Any:
        if not hasattr(self, "_described"):
            schema = super().get_openapi_schema(**options)
            schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
            refusal = {
                "description": "Refused, or a fault",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            for _method, _path, operation in operations(schema):
                operation["responses"].setdefault("default", refusal)
            self._described = schema
        return self._described

    def get_operation_url_name(self, operation: Operation, router: Router) -> str:
        """By capability: two of them may both have a `find`."""
        return f"{operation.view_func.__module__.split('.')[1]}_{operation.view_func.__name__}"

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app_name, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _says_which_methods(pattern.callback)
        return patterns, app_name, namespace


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) in the order of the description."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _says_which_methods(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        said = problem(
            405,
            "api.method",
            _("Địa chỉ này không nhận phương thức %(method)s. Hãy xem mô tả tại /api/v1/docs.") % {"method": request.method},
        )
        said.headers["Allow"] = response.headers["Allow"]
        return said

    return run


def _not_valid(request: HttpRequest, error: Any) -> HttpResponse:
    refusal = BadInput({".".join(str(part) for part in item["loc"][1:]) or "body": item["msg"] for item in error.errors})
    return problem(refusal.status, refusal.code, refusal.message(), **refusal.details())


def _no_key(request: HttpRequest, error: object) -> HttpResponse:
    answer = problem(
        401,
        "api.no_key",
        _("Thiếu khóa truy cập, hoặc khóa không còn dùng được. Hãy gửi khóa còn hạn trong tiêu đề Authorization: Bearer."),
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, "api.refused", _("Yêu cầu không đọc được. Hãy xem mô tả tại /api/v1/docs rồi gửi lại."))


def _nothing_there(request: HttpRequest, error: object) -> HttpResponse:
    return problem(404, "kernel.not_found", _("Không tìm thấy nội dung này. Hãy kiểm tra lại địa chỉ hoặc mã."))


def _made(namespace: str = "api") -> Api:
    api = Api(title="Thông Suốt", version=__version__, description=DESCRIPTION, urls_namespace=namespace, docs_url=None)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(AuthenticationError, _no_key)
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(Http404, _nothing_there)
    for config in our_apps():
        if config.name != "thongsuot.config" and config.module and module_has_submodule(config.module, "api"):
            api.add_router("", import_module(f"{config.name}.api").router)
    return api


api = _made()


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description as a page of ours: the usual readers load scripts from elsewhere, which the content policy forbids."""
    schema = api.get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for method, path, operation in operations(schema):
        tag = operation.get("tags", [""])[0]
        groups.setdefault(tag, []).append(
            {
                "id": operation["operationId"],
                "method": method,
                "path": path,
                "operation": operation,
                "keyless": not operation.get("security"),
                "body": _pretty(operation.get("requestBody", {}).get("content", {}), schema),
                "answers": [
                    (status, answer.get("description", ""), _pretty(answer.get("content", {}), schema))
                    for status, answer in operation["responses"].items()
                ],
            }
        )
    return render(request, "config/api.html", {"groups": groups, "about": DESCRIPTION})


def _pretty(content: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, str]]:
    """(media type, schema as readable JSON) of each way a body may be written."""
    return [
        (kind, json.dumps(_resolved(part.get("schema", {}), schema), indent=2, ensure_ascii=False))
        for kind, part in content.items()
    ]


def _resolved(part: Any, schema: dict[str, Any]) -> Any:
    """One level of references put in place: enough to read, and no loop for schemas that contain themselves."""
    if isinstance(part, dict) and part.get("$ref", "").startswith("#/components/schemas/"):
        return schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]]
    return part
