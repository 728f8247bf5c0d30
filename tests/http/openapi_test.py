# SPDX-License-Identifier: Apache-2.0
"""The served description of the API against the routes, against docs/http.md, and against what is answered."""
import importlib.machinery
import importlib.util
import json
import re

from api_lab import SYMBOL, seed
from harness import SOURCE, main, pixity, test
from http_kit import Server
from openapi_schema import Misfit, check, resolve

METHODS = ("get", "post", "put", "delete")
# What stands for a parameter of a path or query that must be there.
VALUES = {"run_id": "r1", "job_id": "1", "symbol": SYMBOL, "timeframe": "15m", "ids": "r1,r2", "name": "bars.csv"}
NAMES = {"models": "S_15m", "accounts": "acc"}


def served(server):
    return server.get("/api/v1/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert method in METHODS, (path, method)
            yield path, method, operation


def fill(path, name=None):
    """The path with values that the seeded home knows; `name` in place of every one."""
    kind = path.split("/")[3]
    return re.sub(r"\{(\w+)\}", lambda m: name or (NAMES if m[1] == "name" else VALUES).get(kind if m[1] == "name" else m[1], "none"), path)


def query(document, operation):
    needed = [item for item in map(lambda p: resolve(document, p), operation.get("parameters", ()))
              if item["in"] == "query" and item.get("required")]
    return "?" + "&".join(f"{item['name']}={VALUES[item['name']]}" for item in needed) if needed else ""


def is_stream(operation):
    return "text/event-stream" in operation["responses"]["200"].get("content", {})


def check_answer(document, operation, answer):
    """Status and type are described, and the document fits."""
    described = operation["responses"].get(str(answer.status))
    assert described, f"{answer.status} is not described: {answer.body[:300]}"
    content = resolve(document, described).get("content", {})
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    assert kind in content or (not content and not answer.body), (kind, list(content))
    if kind == "application/json":
        check(document, content[kind]["schema"], answer.json)


@test
def the_validator_finds_what_does_not_fit():
    document = {"components": {"schemas": {"Row": {"type": "object", "properties": {"a": {"type": ["integer", "null"]}},
                                                  "required": ["a"], "additionalProperties": False}}}}
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}
    check(document, schema, [{"a": 1}, {"a": None}])
    for wrong in ({}, [{}], [{"a": True}], [{"a": 1.5}], [{"a": 1, "b": 2}], [3]):
        try:
            check(document, schema, wrong)
        except Misfit:
            continue
        raise AssertionError(f"{wrong} fits")


@test
def references_resolve_and_names_are_unique():
    with Server() as server:
        document = served(server)
    for reference in set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))):
        resolve(document, {"$ref": reference})
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for path, method, operation in operations(document):
        given = {item["name"] for item in (resolve(document, p) for p in operation.get("parameters", ())) if item["in"] == "path"}
        assert given == set(re.findall(r"\{(\w+)\}", path)), (method, path)
    used = set(re.findall(r"#/components/(\w+/\w+)", json.dumps(document)))
    there = {f"{kind}/{name}" for kind in ("schemas", "parameters", "responses") for name in document["components"][kind]}
    assert used == there, used ^ there


@test
def every_route_is_described_and_every_description_is_a_route():
    routes = set()
    for path in sorted((SOURCE / "server").rglob("*.c")):
        routes |= set(re.findall(r'\{"([A-Z]+)",\s*"(/api/[^"]*)"', path.read_text()))
    document = json.loads((SOURCE / "server/api/openapi.json").read_text())
    described = {(method.upper(), path) for path, method, _ in operations(document)}
    assert routes == described, (sorted(routes - described), sorted(described - routes))


@test
def requests_take_the_members_of_the_table_and_no_others():
    """A member is known to its schema and to its route, or to neither."""
    seed()
    with Server() as server:
        schemas, document = json.loads(pixity("requests").stdout), served(server)
        asked = {path: media["schema"]["$ref"].split("/")[-1] for path, method, operation in operations(document)
                 for media in operation.get("requestBody", {}).get("content", {}).values() if "$ref" in media["schema"]}
        routes = {name: path for path, name in asked.items() if name in schemas}
        assert set(routes) == set(schemas) and len(routes) == 9, (routes, list(schemas))
        for name, path in routes.items():
            schema = document["components"]["schemas"][name]
            assert schema == schemas[name] and schema["additionalProperties"] is False, name
            for member, inner in schema["properties"].items():
                assert inner["description"], (name, member)
                code, message = server.post(path, {member: [[7]]}, status=400).error
                assert message.startswith(f"{member}: "), (name, member, message)
                check(document, inner, inner["default"]) if "default" in inner else None
                for example in inner.get("examples", ()):
                    check(document, inner, example)
            for member in schema.get("required", ()):
                rest = {other: None for other in schema["properties"] if other != member}
                assert "is missing" in server.post(path, rest, status=400).error[1]
            for made_up in ("nonsense", "run-id", "output", "strategy_"):
                assert "unknown member" in server.post(path, {made_up: 1}, status=400).error[1], (name, made_up)


@test
def the_page_of_documentation_is_what_is_served():
    loader = importlib.machinery.SourceFileLoader("make_docs", str(SOURCE / "tools/make-docs"))
    make_docs = importlib.util.module_from_spec(importlib.util.spec_from_loader("make_docs", loader))
    loader.exec_module(make_docs)
    page = (SOURCE / "docs/http.md").read_text()
    with Server() as server:
        document = served(server)
    assert make_docs.PATHS[0] + make_docs.http_paths(document) + make_docs.PATHS[1] in page
    headings = set(re.findall(r"^### `([A-Z]+) (/\S+)`$", page, re.M))
    assert headings == {(method.upper(), path) for path, method, _ in operations(document)}


@test
def formulas_are_those_of_the_documentation():
    """docs/metrics.md has each metric as the server tells it."""
    written = {}
    for line in (SOURCE / "docs/metrics.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"`[^`]+`", cells[0]) and len(cells) == 6:
            written[cells[0].strip("`")] = cells[1:]
    with Server() as server:
        told = {row["key"]: row for row in server.get("/api/v1/metrics").json}
    plain = {name for name in told if not name.endswith((" (gross)", " (long)", " (short)"))}
    assert plain <= set(written), plain - set(written)
    for name in plain:
        gross, sides, *texts = written[name]
        assert texts == [told[name][member] for member in ("unit", "formula", "undefined")], name
        assert (gross == "yes") == (f"{name} (gross)" in told), name
        assert told[name]["basis"] == ("net" if gross == "yes" else "none"), name
        assert (sides == "yes") == (f"{name} (long)" in told), name
        for basis in ["gross"] * (gross == "yes") + ["long", "short"] * (sides == "yes"):
            assert told[f"{name} ({basis})"] == {**told[name], "key": f"{name} ({basis})", "basis": basis}


@test
def other_methods_are_told_which_there_are():
    seed()
    with Server() as server:
        document = served(server)
        for path, item in document["paths"].items():
            answer = server.request("PATCH", fill(path))
            assert answer.status == 405 and answer.error[0] == "method_not_allowed", (path, answer.status)
            wanted = {method.upper() for method in item} | ({"HEAD"} if "get" in item else set())
            allowed = set(answer.headers["Allow"].split(", "))
            # a fixed name beside a pattern: DELETE /runs/{run_id} may be asked for the path of /runs/compare too
            assert allowed == wanted or path.endswith("/compare"), (path, allowed, wanted)


@test
def what_is_answered_fits_its_schema():
    seed()
    with Server() as server:
        job = server.post("/api/v1/data/checks", {"symbol": "OTHER"}, status=202).json
        assert server.wait_for_job(job["id"])["state"] == "done"
        document = served(server)
        n = 0
        for path, method, operation in operations(document):
            if method != "get" or is_stream(operation):
                continue
            answer = server.get(fill(path) + query(document, operation))
            try:
                check_answer(document, operation, answer)
            except AssertionError as problem:
                raise AssertionError(f"GET {path}: {problem}") from problem
            n += 1
        assert n > 30
        for run in ("meta", "broken"):
            check_answer(document, document["paths"]["/api/v1/runs/{run_id}"]["get"], server.get(f"/api/v1/runs/{run}"))


@test
def what_is_refused_has_the_one_shape():
    seed()
    with Server() as server:
        document = served(server)
        for path, method, operation in operations(document):
            if method == "get" and is_stream(operation):
                continue
            asked = fill(path) + query(document, operation)
            wrong = [server.request(method.upper(), asked, session=False)] if operation["security"] else []
            if method == "get" and "400" in operation["responses"]:
                wrong.append(server.request("GET", asked + ("&" if "?" in asked else "?") + "nonsense=1"))
            if method != "get" and operation["security"]:
                wrong.append(server.request(method.upper(), asked, token=False))
            if "404" in operation["responses"] and "{" in path and method == "get":
                wrong.append(server.request("GET", fill(path, "909") + query(document, operation)))
            for answer in wrong:
                assert answer.status >= 400, (method, asked, answer.status)
                assert answer.error[1], (method, asked)
                try:
                    check_answer(document, operation, answer)
                except AssertionError as problem:
                    raise AssertionError(f"{method} {asked}: {problem}") from problem


main()
