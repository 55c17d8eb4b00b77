#!/usr/bin/env python3
"""Reads a SARIF log independently and compares it with the JSON report of the
same run.

usage: check_sarif.py LOG.sarif REPORT.json

Checks what no validator does: indexes and links that lead somewhere, limits of
GitHub, fingerprints, and that file, line, column, message and fingerprint of
each finding come back. With SARIF_MULTITOOL in the environment Microsoft's
validator runs as well, with SARIF_SCHEMA the JSON Schema (and Python's module
jsonschema); without, a line says that they are skipped.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

LEVELS = ("error", "warning", "note")


def want(condition, what):
    if not condition:
        sys.exit("wrong: " + what)


def utf16_column(line, column):
    """The UTF-16 column of a byte column, both from 1."""
    text = line[:column - 1].decode("utf-8", "replace")
    return len(text.encode("utf-16-le")) // 2 + 1


class Log:
    def __init__(self, path):
        with open(path, encoding="utf-8") as log:
            data = json.load(log)
        want(data["version"] == "2.1.0", "version")
        want(len(data["runs"]) == 1, "one run")
        self.run = data["runs"][0]
        self.rules = self.run["tool"]["driver"]["rules"]
        self.root = self.run["originalUriBaseIds"]["%SRCROOT%"]["uri"]
        want(self.root.endswith("/"), "the root ends with a slash")

    def path(self, location):
        uri = location["uri"]
        if location.get("uriBaseId") == "%SRCROOT%":
            uri = self.root + uri
        want(uri.startswith("file:///"), "file URI " + uri)
        artifact = self.run["artifacts"][location["index"]]["location"]
        want(artifact["uri"] == location["uri"], "artifact index")
        return os.fsdecode(urllib.parse.unquote_to_bytes(uri[len("file://"):]))

    def check_rules(self):
        ids = [rule["id"] for rule in self.rules]
        want(len(ids) == len(set(ids)), "each rule once")
        for rule in self.rules:
            for key in ("shortDescription", "fullDescription", "help"):
                want(0 < len(rule[key]["text"]), key + " of " + rule["id"])
            want(len(rule["shortDescription"]["text"]) <= 1024, "short")
            want(len(rule["fullDescription"]["text"]) <= 1024, "full")
            want(rule["help"]["markdown"], "markdown")
            want(re.fullmatch("([A-Z0-9][a-zA-Z0-9]*)", rule["name"]), "name")
            want(rule["defaultConfiguration"]["level"] in LEVELS, "level")
            want(len(rule["properties"]["tags"]) <= 20, "tags")

    def check_result(self, result):
        rule = self.rules[result["ruleIndex"]]
        want(rule["id"] == result["ruleId"], "ruleIndex")
        want(result["level"] in LEVELS, "level")
        want("primaryLocationLineHash" in result["partialFingerprints"],
             "line hash")
        related = {each["id"] for each in result.get("relatedLocations", [])}
        for link in re.findall(r"(?<!\\)\]\((\d+)\)",
                               result["message"]["text"]):
            want(int(link) in related, "link to " + link)
        order = []
        for flow in result.get("codeFlows", []):
            lanes = [thread["id"] for thread in flow["threadFlows"]]
            want(len(lanes) == len(set(lanes)), "each lane once")
            for thread in flow["threadFlows"]:
                order += [step["executionOrder"]
                          for step in thread["locations"]]
        want(sorted(order) == list(range(1, len(order) + 1)), "order")

    def check(self, report):
        self.check_rules()
        hidden = [r for r in self.run["results"] if r["suppressions"]]
        shown = [r for r in self.run["results"] if not r["suppressions"]]
        want(len(shown) == len(report["results"]), "results")
        want(len(hidden) == len(report["suppressedResults"]), "suppressions")
        for ours, theirs in zip(report["results"] +
                                report["suppressedResults"], shown + hidden):
            self.check_result(theirs)
            place = theirs["locations"][0]["physicalLocation"]
            path = self.path(place["artifactLocation"])
            want(os.path.exists(path), path + " is there")
            want(path.encode("utf-8", "replace") ==
                 ours["file"].encode("utf-8", "replace"), "file " + path)
            region = place["region"]
            want(region["startLine"] == ours["line"], "line")
            with open(path, "rb") as source:
                text = source.read()
            if text.startswith(b"\xef\xbb\xbf") and ours["line"] == 1:
                text, ours["column"] = text[3:], ours["column"] - 3
            line = re.split(b"\r\n|\n|\r", text)[ours["line"] - 1]
            want(region["startColumn"] == utf16_column(line, ours["column"]),
                 "column %d of %s" % (region["startColumn"], path))
            snippet = region["snippet"]["text"]
            want(line.decode("utf-8", "replace").count(snippet), "snippet")
            message = theirs["message"]["text"]
            want(message[1:].startswith(ours["message"][1:]),
                 "message " + message)
            want(theirs["partialFingerprints"]["threadhopFinding/v1"] ==
                 ours["fingerprint"], "fingerprint")
        invocation = self.run["invocations"][0]
        want(invocation["exitCode"] == report["exitStatus"], "exit code")


def multitool(path):
    tool = os.environ.get("SARIF_MULTITOOL")
    if not tool:
        print("skipped: SARIF Multitool (SARIF_MULTITOOL is not set)")
        return
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "report.sarif")
        subprocess.run([tool, "validate", path, "--rule-kind", "Sarif;Ghas",
                        "--level", "Error;Warning", "--output", output,
                        "--log", "ForceOverwrite", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
        with open(output, encoding="utf-8-sig") as report:
            results = json.load(report)["runs"][0].get("results", [])
    for result in results:
        print(result["ruleId"], result["message"])
    want(not results, "the Multitool has complaints")


def schema(path):
    name = os.environ.get("SARIF_SCHEMA")
    try:
        import jsonschema
    except ImportError:
        name = None
    if not name:
        print("skipped: JSON Schema (SARIF_SCHEMA or jsonschema is missing)")
        return
    with open(name, encoding="utf-8-sig") as text:
        rules = json.load(text)
    with open(path, encoding="utf-8") as text:
        log = json.load(text)
    validator = jsonschema.validators.validator_for(rules)(rules)
    for error in validator.iter_errors(log):
        sys.exit("schema: %s: %s" % ("/".join(map(str, error.absolute_path)),
                                     error.message[:200]))


def main():
    log, report = sys.argv[1:]
    with open(report, encoding="utf-8") as text:
        Log(log).check(json.load(text))
    multitool(log)
    schema(log)
    print("good")


if __name__ == "__main__":
    main()
