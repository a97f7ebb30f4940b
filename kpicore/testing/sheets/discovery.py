"""Google's own description of its API, which each request and each answer is checked against.

It comes with the package google-api-python-client, whose code is not imported: only the documents are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from kpicore.errors import MissingDependency
from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.field_mask import Mask, mask_of
from kpicore.testing.sheets.refusals import GoogleRefusal

if TYPE_CHECKING:
    import jsonschema_rs

_SHEETS = "sheets.v4.json"
_DOCUMENTS = (_SHEETS, "drive.v3.json")
_NO_BODY: Json = {}
_MASKED = {
    "appendCells": "CellData",
    "repeatCell": "CellData",
    "updateCells": "CellData",
    "updateDeveloperMetadata": "DeveloperMetadata",
    "updateDimensionProperties": "DimensionProperties",
    "updateEmbeddedObjectPosition": "OverlayPosition",
    "updateNamedRange": "NamedRange",
    "updateProtectedRange": "ProtectedRange",
    "updateSheetProperties": "SheetProperties",
    "updateSpreadsheetProperties": "SpreadsheetProperties",
}
"""What the field masks of requests are about."""


class AnswerNotGoogles(AssertionError):
    """An answer of the emulator that Google's description does not allow: a mistake of the emulator."""


@dataclass(frozen=True, slots=True)
class ApiMethod:
    """One method of an API: how its address looks, its parameters, and the schemas of its bodies."""

    document: str
    id: str
    verb: str
    path: re.Pattern[str]
    parameters: frozenset[str]
    request: str
    response: str


class Discovery:
    """The methods that Google describes, and whether requests and answers are as it says."""

    def __init__(self) -> None:
        texts = {name: json.loads((_folder() / name).read_text(encoding="utf-8")) for name in _DOCUMENTS}
        self._schemas = {name: _closed(document["schemas"]) for name, document in texts.items()}
        self.methods = [method for name, document in texts.items() for method in _methods(name, document)]
        self._validators: dict[tuple[str, str], jsonschema_rs.Validator] = {}

    def method(self, verb: str, path: str) -> ApiMethod | None:
        """Return the method that an address (without query) names, None for none."""
        return next((method for method in self.methods if method.verb == verb and method.path.fullmatch(path)), None)

    def request_problem(self, verb: str, path: str, body: object) -> str:
        """Return what is wrong with a request, "" for nothing; a null is as if the field was not there."""
        parts = urlsplit(path)
        method = self.method(verb, parts.path)
        if method is None:
            return ""
        for name in parse_qs(parts.query, keep_blank_values=True):
            # Drive lets pass what it does not know: gspread sends such, and the recordings show that it is answered
            if name not in method.parameters and method.document == _SHEETS:
                return f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
        problem = self._problem(method.document, method.request, body) if method.request and body else ""
        if problem:
            return f"Invalid JSON payload received. {problem}"
        mask = parse_qs(parts.query).get("fields", [""])[-1]
        return self._mask_problem(method.document, method.response, mask) or self._masks_in(body)

    def _masks_in(self, body: object) -> str:
        """Return what is wrong with the masks of the requests in a batch, "" for nothing."""
        requests = body.get("requests", ()) if isinstance(body, dict) else ()
        for request in requests:
            for kind, content in request.items():
                problem = self._mask_problem(_SHEETS, _MASKED.get(kind, ""), (content or {}).get("fields") or "")
                if problem:
                    return problem
        return ""

    def _mask_problem(self, document: str, schema: str, text: str) -> str:
        if not schema or not text:
            return ""
        try:
            unknown = _unknown_field(self._schemas[document]["$defs"], {"$ref": f"#/$defs/{schema}"}, mask_of(text))
        except GoogleRefusal as refusal:
            return refusal.message
        return f"Request contains an invalid argument. Cannot find field {unknown!r} of {schema}." if unknown else ""

    def check_answer(self, verb: str, path: str, body: object) -> None:
        """Raise AnswerNotGoogles for an answer that is not as Google describes it."""
        method = self.method(verb, urlsplit(path).path)
        if method is None or not method.response:
            return
        problem = self._problem(method.document, method.response, body)
        if problem:
            raise AnswerNotGoogles(f"the emulator's answer to {method.id} is not Google's: {problem}")

    def _problem(self, document: str, schema: str, body: object) -> str:
        validator = self._validators.get((document, schema))
        if validator is None:
            import jsonschema_rs

            whole = {**self._schemas[document], "$ref": f"#/$defs/{schema}"}
            validator = self._validators[document, schema] = jsonschema_rs.validator_for(whole)
        if validator.is_valid(body):
            return ""
        error = next(iter(validator.iter_errors(body)))
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
        return f"{error.message[:300]} at '{where.lstrip('.')}'"


@cache
def discovery() -> Discovery:
    """Return Google's description, read once. Raises MissingDependency; an emulator with `check=False` needs none."""
    if find_spec("jsonschema_rs") is None:
        raise MissingDependency("jsonschema-rs")
    return Discovery()


def _folder() -> Path:
    spec = find_spec("googleapiclient")
    if spec is None or not spec.origin:
        raise MissingDependency("google-api-python-client")
    return Path(spec.origin).parent / "discovery_cache" / "documents"


def _closed(schemas: Mapping[str, Any]) -> Json:
    """Return the schemas as JSON Schema in which no object has a field that Google does not know."""
    return {"$defs": {name: _json_schema(schema) for name, schema in schemas.items()}}


def _json_schema(schema: Mapping[str, Any]) -> Json:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kind = schema.get("type", "any")
    if kind == "any":
        return {}
    result: Json = {"type": [kind, "null"]}
    if kind == "array":
        result["items"] = _json_schema(schema["items"])
    elif kind == "object":
        result["properties"] = {name: _json_schema(part) for name, part in schema.get("properties", {}).items()}
        extra = schema.get("additionalProperties")
        result["additionalProperties"] = _json_schema(extra) if extra else False
    elif kind == "string" and schema.get("format") in ("int64", "uint64"):
        result["pattern"] = r"^-?\d+$"
    elif schema.get("format") == "int32":
        result |= {"minimum": -(2**31), "maximum": 2**31 - 1}
    if "enum" in schema:
        result = {"enum": [*schema["enum"], None]}
    return result


def _unknown_field(schemas: Mapping[str, Any], schema: Mapping[str, Any], mask: Mask) -> str:
    """Return the first field of a mask that a schema lacks, "" for none."""
    while "$ref" in schema or "items" in schema:
        schema = schema["items"] if "items" in schema else schemas[schema["$ref"].rpartition("/")[2]]
    known = schema.get("properties", {})
    for name, inner in mask.items():
        if name != "*" and name not in known and not isinstance(schema.get("additionalProperties"), dict):
            return name
        below = _unknown_field(schemas, known[name], inner) if inner and name in known else ""
        if below:
            return f"{name}.{below}"
    return ""


def _methods(name: str, document: Json) -> Iterable[ApiMethod]:
    service = "/" + document.get("servicePath", "")
    common = document.get("parameters", {}).keys()

    def below(resources: Mapping[str, Any]) -> Iterable[ApiMethod]:
        for resource in resources.values():
            for method in resource.get("methods", {}).values():
                path = re.sub(r"\\{\w+\\}", "([^/:]+)", re.escape(service + method["path"]))
                # a range is part of the path, and has a colon of its own
                path = path.replace("values/([^/:]+)", r"values/([^/]+?)")
                parameters = frozenset((*common, *method.get("parameters", ())))
                request, response = (method.get(part, _NO_BODY).get("$ref", "") for part in ("request", "response"))
                verb, id = method["httpMethod"], method["id"]
                yield ApiMethod(name, id, verb, re.compile(path), parameters, request, response)
            yield from below(resource.get("resources", {}))

    return below(document["resources"])
