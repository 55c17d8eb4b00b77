"""Checks model files against the schema: validate.py SCHEMA [--wrong] FILE...

Each file is valid; with --wrong none may be. Without the module jsonschema it
only says so.
"""
import json
import re
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: no module jsonschema")
    sys.exit(0)


def load(path):
    """Comments are allowed in models; strings may hold what looks like one."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    token = r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/'
    return json.loads(re.sub(
        token, lambda m: m.group() if m.group()[0] == '"' else " ", text,
        flags=re.DOTALL))


schema = load(sys.argv[1])
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
wrong = "--wrong" in sys.argv
failed = False
for path in sys.argv[2:]:
    if path.startswith("--"):
        continue
    errors = list(validator.iter_errors(load(path)))
    for error in errors if not wrong else []:
        print("%s: /%s: %s" % (path, "/".join(map(str, error.absolute_path)),
                               error.message))
        failed = True
    if wrong and not errors:
        print(path + ": the schema has nothing against it")
        failed = True
print("failed" if failed else "validated")
sys.exit(failed)
