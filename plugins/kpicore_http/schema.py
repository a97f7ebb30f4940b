"""How the API is described in OpenAPI: requests and responses of cells, as `answer_json` reads and writes them."""

from __future__ import annotations

from typing import Any

from kpicore import MOST_CALLS

Schema = dict[str, Any]
Responses = dict[int | str, Schema]

_CODES = ["#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#VALUE!", "#NULL!", "#REF!"]
# 1 to 28 of every month, 29 and 30 of all but February, 31 of seven
_DAY = "((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_DATE = f"^[12][0-9]{{3}}-{_DAY}(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$"
"""A day or a moment; 29 February is taken too, in years that have one."""

_SCALAR: Schema = {
    "description": "One cell. A date is of the organisation's zone and names none.",
    "anyOf": [
        {"type": ["null", "boolean", "number", "string"]},
        {
            "type": "object",
            "properties": {"date": {"type": "string", "pattern": _DATE, "examples": ["2026-03-14"]}},
            "required": ["date"],
        },
        {
            "type": "object",
            "properties": {"error": {"enum": _CODES}, "message": {"description": "Text that says why."}},
            "required": ["error"],
            "not": {"required": ["date"]},
        },
    ],
}
_RANGE: Schema = {"type": "array", "items": {"type": "array", "items": _SCALAR}}
_VALUE: Schema = {"anyOf": [_SCALAR, _RANGE]}

_CALL: Schema = {
    "description": "A name, and the values of its arguments in order.",
    "type": "array",
    "prefixItems": [{"type": "string"}, {"type": "array", "items": _VALUE}],
    "minItems": 2,
    "maxItems": 2,
}

CALLS: Schema = {
    "type": "object",
    "properties": {
        "calls": {
            "type": "array",
            "maxItems": MOST_CALLS,
            "description": "Calls of functions. One that cannot be read is an error in its place, as are those whose"
            " arguments go beyond 200,000 cells in all.",
            "items": {"anyOf": [_CALL, {"description": "Anything else is answered by an error."}]},
            "examples": [[["KPI_WIN_RATE", ["2026-Q3", "rep", "Ann Lee"]]]],
        }
    },
    "required": ["calls"],
}
ANSWERS: Schema = {
    "type": "object",
    "properties": {
        "results": {"type": "array", "items": _VALUE, "description": "One result a call, in order."},
        "data_version": {"type": "string"},
        "data_time": {"type": ["string", "null"], "format": "date-time"},
        "stamp": {"type": "string"},
    },
    "required": ["results", "data_version", "data_time", "stamp"],
}
FUNCTIONS: Schema = {
    "type": "object",
    "properties": {
        "functions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "help": {"type": "string"}, "kind": {"type": "string"}},
                "required": ["name", "help", "kind"],
            },
        }
    },
    "required": ["functions"],
}
STAMP: Schema = {"type": "object", "properties": {"stamp": {"type": "string"}}, "required": ["stamp"]}
HEALTH: Schema = {
    "type": "object",
    "properties": {"status": {"enum": ["ok", "busy", "unreadable"]}},
    "required": ["status"],
}
REFUSED: Schema = {"type": "object", "properties": {"refused": {"type": "string"}}, "required": ["refused"]}

_REFUSALS = {
    400: "The request cannot be read.",
    401: "No token, or one that is not valid.",
    408: "The request was not whole in time.",
    413: "The request is too large.",
    415: "The request is not JSON.",
    422: "A parameter cannot be read.",
    503: "The workspace cannot be read.",
}


def responses(answer: Schema, *refusals: int) -> Responses:
    """Return the responses of a path, as FastAPI takes them."""
    well: Responses = {200: response(answer, "The answer.")}
    return well | {refusal: response(REFUSED, _REFUSALS[refusal]) for refusal in refusals}


def response(schema: Schema, meaning: str) -> Schema:
    """Return one response of a path, as FastAPI takes it."""
    return {"description": meaning, **_json(schema)}


def body(schema: Schema) -> Schema:
    """Return the description of a request's body."""
    return {"requestBody": {"required": True, **_json(schema)}}


def _json(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}
