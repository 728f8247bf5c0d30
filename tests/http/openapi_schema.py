# SPDX-License-Identifier: Apache-2.0
"""Checks documents against the part of JSON Schema that server/api/openapi.json uses. A keyword that is not known here is
an error, so that nothing goes unchecked."""
import datetime
import re

TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
FORMATS = {
    "date": lambda v: datetime.date.fromisoformat(v),
    "date-time": lambda v: datetime.datetime.fromisoformat(v).utcoffset() or True,
    "binary": lambda v: True,
}
KNOWN = {"$ref", "type", "enum", "properties", "required", "additionalProperties", "items", "format", "pattern", "minimum",
         "maximum", "minLength", "maxLength", "minItems", "title", "description", "default", "examples"}


class Misfit(AssertionError):
    pass


def resolve(document, schema):
    while "$ref" in schema:
        item = document
        for step in schema["$ref"].lstrip("#/").split("/"):
            item = item[step]
        schema = item
    return schema


def check(document, schema, value, where="$"):
    """Raises Misfit telling where the value does not fit."""
    schema = resolve(document, schema)
    assert set(schema) <= KNOWN, f"{where}: keywords that are not checked: {set(schema) - KNOWN}"
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(TYPES[kind](value) for kind in kinds):
        raise Misfit(f"{where}: {value!r:.120} is none of {kinds}")
    if "enum" in schema and value not in schema["enum"]:
        raise Misfit(f"{where}: {value!r:.120} is none of {schema['enum']}")
    if isinstance(value, str):
        check_text(schema, value, where)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            raise Misfit(f"{where}: {value} is out of range")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            raise Misfit(f"{where}: too few items")
        for number, item in enumerate(value):
            check(document, schema.get("items", {}), item, f"{where}[{number}]")
    if isinstance(value, dict):
        check_object(document, schema, value, where)


def check_text(schema, value, where):
    if "format" in schema:
        try:
            FORMATS[schema["format"]](value)
        except ValueError as problem:
            raise Misfit(f"{where}: {value!r} is no {schema['format']}: {problem}") from problem
    if "pattern" in schema and not re.search(schema["pattern"], value):
        raise Misfit(f"{where}: {value!r} does not match {schema['pattern']}")
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        raise Misfit(f"{where}: {value!r} is too short or too long")


def check_object(document, schema, value, where):
    properties, further = schema.get("properties", {}), schema.get("additionalProperties", True)
    missing = set(schema.get("required", ())) - set(value)
    if missing:
        raise Misfit(f"{where}: without {sorted(missing)}")
    for name, item in value.items():
        if name in properties:
            check(document, properties[name], item, f"{where}.{name}")
        elif further is False:
            raise Misfit(f"{where}: {name} is not described")
        elif isinstance(further, dict):
            check(document, further, item, f"{where}.{name}")
