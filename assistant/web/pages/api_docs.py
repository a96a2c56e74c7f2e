"""/api/docs: the HTTP interface as a French page, made on the server from its OpenAPI description (no script)."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from assistant.web.templating import render, static_address

Schema = Mapping[str, Any]
_KINDS = {"string": "texte", "number": "nombre", "integer": "nombre", "object": "objet", "array": "liste"}


@dataclass(frozen=True)
class Field:
    """`name`: "citations[].fiche" for a field of the objects in a list."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Reply:
    """`fields`: of a good answer; those of errors are said once for all."""

    status: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Operation:
    """One address; `example` is a command line, `body` the fields of what is sent."""

    method: str
    path: str
    summary: str
    description: str
    example: str
    body: tuple[Field, ...]
    replies: tuple[Reply, ...]


def render_api_docs(openapi: Schema, server: str) -> Markup:
    """`server`: the address that the reader used, as "http://127.0.0.1:7860"."""
    operations = tuple(_operations(openapi, server))
    return render(
        "api_docs.html",
        title="Interface HTTP",
        operations=operations,
        scripts=(),
        static_address=lambda name: f"../{static_address(name)}",  # this page is one folder deeper than the others
    )


def _operations(openapi: Schema, server: str) -> Iterator[Operation]:
    models = openapi["components"]["schemas"]
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            body = _schema(operation.get("requestBody", {}))
            replies = tuple(
                Reply(status, reply["description"], tuple(_fields(_schema(reply), models)) if status < "400" else ())
                for status, reply in operation["responses"].items()
            )
            yield Operation(
                method.upper(),
                path,
                operation["summary"],
                operation["description"],
                _example(f"{server}{path}", body),
                tuple(_fields(body, models)),
                replies,
            )


def _schema(part: Schema) -> Schema:
    """That of a body or of a reply; {} where it is no JSON."""
    schema: Schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _fields(schema: Schema, models: Schema, prefix: str = "") -> Iterator[Field]:
    model = _model(schema, models)
    for name, field in model.get("properties", {}).items():
        schema = next((part for part in field.get("anyOf", ()) if part.get("type") != "null"), field)
        kind = _KINDS[schema["type"]]
        yield Field(f"{prefix}{name}", kind, name in model.get("required", ()), field["description"])
        if "items" in schema:
            yield from _fields(schema["items"], models, f"{prefix}{name}[].")


def _model(schema: Schema, models: Schema) -> Schema:
    model: Schema = models[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    return model


def _example(address: str, body: Schema) -> str:
    if not body:
        return shlex.join(["curl", address])
    sent = json.dumps(body["examples"][0], ensure_ascii=False)
    return shlex.join(["curl", address, "-H", "content-type: application/json", "-d", sent])
