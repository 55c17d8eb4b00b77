#!/usr/bin/env python3
"""Reads SARIF logs independently, and compares one with the JSON report of the
same run.

usage: check_sarif.py LOG.sarif [REPORT.json]
       check_sarif.py --all FOLDER

Checks what no validator does: indexes and links that lead somewhere, limits of
GitHub, fingerprints, kinds that the rules name, the order of flows, and that
file, line, column, message, kind and fingerprints of each finding come back. With SARIF_MULTITOOL in the
environment Microsoft's validator runs on LOG as well, with SARIF_SCHEMA the
JSON Schema (and Python's module jsonschema); without, a line says that they are
skipped. --all takes every log of threadhop below the folder, without the
Multitool.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

LEVELS = ("error", "warning", "note")
PRINTS = ("threadhopFinding/v2", "threadhopFinding/v1")
KINDS = ("explain", "create", "suspend", "hand-over", "use", "destroy")


def want(condition, what):
    if not condition:
        sys.exit("wrong: " + what)


def utf16_column(line, column):
    """The UTF-16 column of a byte column, both from 1."""
    text = line[:column - 1].decode("utf-8", "replace")
    return len(text.encode("utf-16-le")) // 2 + 1


def line_hash(text, number):
    """GitHub's hash of the line with that number, without its count."""
    text = text.decode("utf-8", "replace")
    lines = re.split("\r\n|\r|\n", text)
    # A blank between two line ends makes no difference; the end of the file is
    # one more character.
    rest = "\n".join(lines[number - 1:]).replace(" ", "").replace("\t", "")
    data = (rest + "\uffff").encode("utf-16-le")
    units = [int.from_bytes(data[i:i + 2], "little")
             for i in range(0, len(data), 2)][:100]
    value = 0
    for unit in units + [0] * (100 - len(units)):
        value = (value * 37 + unit) % 2**64
    return "%x" % value


class Log:
    def __init__(self, path):
        with open(path, encoding="utf-8") as log:
            data = json.load(log)
        want(data["version"] == "2.1.0", "version")
        want(len(data["runs"]) == 1, "one run")
        self.run = data["runs"][0]
        self.driver = self.run["tool"]["driver"]
        self.rules = self.driver["rules"]
        self.root = self.run["originalUriBaseIds"]["%SRCROOT%"]["uri"]
        want(self.root.endswith("/"), "the root ends with a slash")
        want(self.run["columnKind"] == "utf16CodeUnits", "columns")

    def path(self, location):
        uri = location["uri"]
        want(not re.search(r"[\s<>\"#?\\]|%(?![0-9A-F]{2})", uri),
             "characters of " + uri)
        if location.get("uriBaseId") == "%SRCROOT%":
            want(not uri.startswith("/") and ".." not in uri.split("/"),
                 "relative URI " + uri)
            uri = self.root + uri
        want(uri.startswith("file:///"), "file URI " + uri)
        if "index" in location:
            artifact = self.run["artifacts"][location["index"]]["location"]
            want(artifact["uri"] == location["uri"], "artifact index")
        return os.fsdecode(urllib.parse.unquote_to_bytes(uri[len("file://"):]))

    def check_rules(self):
        ids = [rule["id"] for rule in self.rules]
        want(len(ids) == len(set(ids)), "each rule once")
        for rule in self.rules + self.driver["notifications"]:
            for key in ("shortDescription", "fullDescription", "help"):
                want(0 < len(rule[key]["text"]), key + " of " + rule["id"])
            want(len(rule["shortDescription"]["text"]) <= 1024, "short")
            want(len(rule["fullDescription"]["text"]) <= 1024, "full")
            want(re.fullmatch("([A-Z0-9][a-zA-Z0-9]*)", rule["name"]), "name")
            want(len(rule["name"]) <= 255, "length of the name")
            want(rule["defaultConfiguration"]["level"] in LEVELS, "level")
        for rule in self.rules:
            want(rule["help"]["markdown"], "markdown")
            want(rule["helpUri"].startswith("https://"), "helpUri")
            tags = rule["properties"]["tags"]
            want(0 < len(tags) <= 20 and len(tags) == len(set(tags)), "tags")
            want(rule["properties"].get("precision", "low") in
                 ("very-high", "high", "medium", "low"), "precision")
            want(rule["properties"]["problem.severity"] in
                 ("error", "warning", "recommendation"), "problem.severity")

    def check_location(self, location):
        place = location.get("physicalLocation")
        if not place:
            return
        self.path(place["artifactLocation"])
        region = place.get("region")
        if region and "endLine" in region:
            want((region["startLine"], region["startColumn"]) <=
                 (region["endLine"], region["endColumn"]), "region")

    def check_flow(self, flow):
        lanes = [thread["id"] for thread in flow["threadFlows"]]
        want(len(lanes) == len(set(lanes)), "each lane once")
        order = []
        for thread in flow["threadFlows"]:
            want(thread["message"]["text"], "who acts")
            times = [step["executionOrder"] for step in thread["locations"]]
            want(times == sorted(times), "order in a lane")
            order += times
            for step in thread["locations"]:
                want(step["kinds"][0] in KINDS, "kind")
                want(step["location"]["message"]["text"], "text of a step")
                self.check_location(step["location"])
        want(sorted(order) == list(range(1, len(order) + 1)), "order")
        want(len(order) > 1, "more than one step")
        want(len(order) <= 10000, "steps")

    def check_kind(self, rule, result):
        # What is absent is as an older release may have said it.
        if result.get("baselineState") == "absent":
            return
        want(all(name in result["partialFingerprints"] for name in PRINTS),
             "fingerprints of " + rule["id"])
        known = rule["properties"].get("kinds")
        kind = result["properties"].get("kind")
        want(kind in known if known else kind is None,
             "kind '%s' of %s" % (kind, rule["id"]))

    def check_result(self, result):
        rule = self.rules[result["ruleIndex"]]
        want(rule["id"] == result["ruleId"], "ruleIndex")
        want(result["level"] in LEVELS, "level")
        for version, print_ in result["partialFingerprints"].items():
            want(version not in PRINTS or
                 re.fullmatch("[0-9a-f]{32}:[0-9]+", print_), version)
        self.check_kind(rule, result)
        text = result["message"]["text"]
        want(text[-1] in ".!?", "period of " + text)
        related = [each["id"] for each in result.get("relatedLocations", [])]
        want(len(related) == len(set(related)) <= 1000, "related locations")
        for link in re.findall(r"(?<!\\)\]\((\d+)\)", text):
            want(int(link) in related, "link to " + link)
        for location in (result["locations"] +
                         result.get("relatedLocations", [])):
            self.check_location(location)
        for flow in result.get("codeFlows", []):
            self.check_flow(flow)
        for fix in result.get("fixes", []):
            want(fix["description"]["text"], "description of a fix")
            for change in fix["artifactChanges"]:
                self.path(change["artifactLocation"])
                want(change["replacements"], "replacements")
        for suppression in result["suppressions"]:
            want(suppression["kind"] == "inSource" and
                 suppression["status"] == "accepted", "suppression")
            self.check_location(suppression["location"])
        want(result.get("baselineState", "new") in
             ("new", "unchanged", "absent"), "baselineState")

    def check_invocations(self):
        descriptors = self.driver["notifications"]
        for invocation in self.run["invocations"]:
            status = invocation["exitCode"]
            want(invocation["executionSuccessful"] == (status != 2), "success")
            # How a converted run was made is the conversion's to say.
            how = self.run.get("conversion", {}).get("invocation", invocation)
            want(how["arguments"] is not None and how["commandLine"] and
                 how["workingDirectory"]["uri"].endswith("/"), "how it was run")
            said = (invocation["toolExecutionNotifications"] +
                    invocation["toolConfigurationNotifications"])
            want(status != 2 or said or self.run["properties"]["interrupted"],
                 "a reason for status 2")
            for note in said:
                want(descriptors[note["descriptor"]["index"]]["id"] ==
                     note["descriptor"]["id"], "descriptor")
                want(note["message"]["text"], "text of a notification")

    def check_alone(self):
        self.check_rules()
        for result in self.run["results"]:
            self.check_result(result)
        self.check_invocations()
        seen = [artifact["location"]["uri"]
                for artifact in self.run["artifacts"]]
        want(len(seen) == len(set(seen)), "each artifact once")
        want(re.fullmatch(r"\S+/", self.run["automationDetails"]["id"]), "id")

    def check(self, report):
        self.check_alone()
        hidden = [r for r in self.run["results"] if r["suppressions"]]
        shown = [r for r in self.run["results"] if not r["suppressions"]]
        want(len(shown) == len(report["results"]), "results")
        want(len(hidden) == len(report["suppressedResults"]), "suppressions")
        for ours, theirs in zip(report["results"] +
                                report["suppressedResults"], shown + hidden):
            place = theirs["locations"][0]["physicalLocation"]
            path = self.path(place["artifactLocation"])
            want(os.path.exists(path), path + " is there")
            want(path.encode("utf-8", "replace") ==
                 ours["file"].encode("utf-8", "replace"), "file " + path)
            region = place["region"]
            want(region["startLine"] == ours["line"], "line")
            with open(path, "rb") as source:
                text = source.read()
            want(line_hash(text, ours["line"]) ==
                 theirs["partialFingerprints"]["primaryLocationLineHash"]
                 .split(":")[0], "line hash in " + path)
            if text.startswith(b"\xef\xbb\xbf") and ours["line"] == 1:
                text, ours["column"] = text[3:], ours["column"] - 3
            line = re.split(b"\r\n|\n|\r", text)[ours["line"] - 1]
            want(region["startColumn"] == utf16_column(line, ours["column"]),
                 "column %d of %s" % (region["startColumn"], path))
            snippet = region["snippet"]["text"]
            want(line.decode("utf-8", "replace").count(snippet.split("\n")[0]),
                 "snippet")
            message = theirs["message"]["text"]
            want(message[1:].startswith(ours["message"][1:]),
                 "message " + message)
            want([theirs["partialFingerprints"][name] for name in PRINTS] ==
                 [ours["fingerprint"], ours["fingerprintV1"]], "fingerprints")
            for name in ("kind", "symbol"):
                want(theirs["properties"].get(name) == ours.get(name), name)
        invocation = self.run["invocations"][0]
        want(invocation["exitCode"] == report["exitStatus"], "exit code")


def multitool(path):
    tool = os.environ.get("SARIF_MULTITOOL")
    if not tool:
        print("skipped: SARIF Multitool (SARIF_MULTITOOL is not set)")
        return
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "report.sarif")
        # It succeeds even when it finds errors, and leaves out large files
        # unless it is told not to.
        # .NET wants ICU unless it is told that none is there.
        environment = dict(os.environ,
                           DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
        subprocess.run([tool, "validate", path, "--rule-kind", "Sarif;Ghas",
                        "--level", "Error;Warning", "--output", output,
                        "--max-file-size-in-kb", "1000000",
                        "--log", "ForceOverwrite", "--quiet"], check=True,
                       env=environment, stdout=subprocess.DEVNULL)
        with open(output, encoding="utf-8-sig") as report:
            run = json.load(report)["runs"][0]
    for result in run.get("results", []):
        print(result["ruleId"], result["message"])
    want(not run.get("results"), "the Multitool has complaints")
    for invocation in run.get("invocations", []):
        want(not invocation.get("toolConfigurationNotifications") and
             not invocation.get("toolExecutionNotifications"),
             "the Multitool did not look: %s" % invocation)


def schema():
    """A function that validates a log, or None."""
    name = os.environ.get("SARIF_SCHEMA")
    try:
        import jsonschema
    except ImportError:
        name = None
    if not name:
        print("skipped: JSON Schema (SARIF_SCHEMA or jsonschema is missing)")
        return None
    with open(name, encoding="utf-8-sig") as text:
        rules = json.load(text)
    validator = jsonschema.validators.validator_for(rules)(rules)

    def check(path):
        with open(path, encoding="utf-8") as text:
            log = json.load(text)
        for error in validator.iter_errors(log):
            sys.exit("%s: schema: %s: %s"
                     % (path, "/".join(map(str, error.absolute_path)),
                        error.message[:200]))
    return check


def is_ours(path):
    try:
        with open(path, encoding="utf-8") as log:
            run = json.load(log)["runs"][0]
        return (run["tool"]["driver"]["name"] == "threadhop" and
                "columnKind" in run)
    except (ValueError, KeyError, IndexError, TypeError):
        return False


def check_all(folder):
    validate = schema()
    count = 0
    for where, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(where, name)
            # What a test made wrong on purpose is named otherwise.
            if not name.endswith(".sarif") or not is_ours(path):
                continue
            count += 1
            try:
                Log(path).check_alone()
            except (SystemExit, LookupError) as error:
                sys.exit("%s: %r" % (path, error))
            if validate:
                validate(path)
    want(count, "there is no log below " + folder)
    print("good: %d logs" % count)


def main():
    if sys.argv[1] == "--all":
        # Where test.sh puts it, seen from the folder of the tests' outputs.
        name = os.path.join(sys.argv[2], "../../npm/node_modules/@microsoft/"
                            "sarif-multitool-linux/sarif-2.1.0.json")
        if os.path.exists(name):
            os.environ.setdefault("SARIF_SCHEMA", name)
        check_all(sys.argv[2])
        return
    log = Log(sys.argv[1])
    if len(sys.argv) > 2:
        with open(sys.argv[2], encoding="utf-8") as text:
            log.check(json.load(text))
    else:
        log.check_alone()
    multitool(sys.argv[1])
    validate = schema()
    if validate:
        validate(sys.argv[1])
    print("good")


if __name__ == "__main__":
    main()
