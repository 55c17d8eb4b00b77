"""A small client of the Language Server Protocol, for the tests here."""
import atexit
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

# Slow enough for a debug build on a busy machine; a passing test never waits.
TIMEOUT = 120

INPUTS = os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "Inputs")

CAPABILITIES = {
    "textDocument": {
        "publishDiagnostics": {
            "relatedInformation": True,
            "codeDescriptionSupport": True,
            "tagSupport": {"valueSet": [1, 2]},
        },
        "codeAction": {
            "codeActionLiteralSupport": {
                "codeActionKind": {"valueSet": ["quickfix", "refactor"]}
            }
        },
        "hover": {"contentFormat": ["markdown"]},
    },
    "general": {"positionEncodings": ["utf-8"]},
}


def uri_of(path):
    return "file://" + urllib.parse.quote(os.path.abspath(path), safe="/:")


def workspace():
    """A folder of its own, away from any configuration of the source tree."""
    folder = tempfile.mkdtemp(prefix="threadhop-clangd-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder = os.path.realpath(folder)
    with open(os.path.join(folder, "compile_flags.txt"), "w") as file:
        file.write("-std=c++20\n-I%s\n" % INPUTS)
    # Symbols for the completion of names that are not included: slow.
    write(folder, "clangd/config.yaml", "Index: {StandardLibrary: No}\n")
    return folder


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def check(condition, *explanation):
    if not condition:
        for part in explanation:
            if not isinstance(part, str):
                part = json.dumps(part, indent=1, sort_keys=True)
            print(part, file=sys.stderr)
        raise AssertionError("see above")


class Server:
    """A running server, with the documents that are open in it."""

    def __init__(self, program, folder, *options, capabilities=CAPABILITIES):
        self.folder = folder
        self.log = os.path.join(folder, "stderr.log")
        self.versions = {}
        self.published = {}  # URI -> the last diagnostics
        self.last_id = 0
        self.messages = queue.Queue()
        environment = dict(os.environ, XDG_CONFIG_HOME=folder,
                           XDG_CACHE_HOME=folder)
        environment.pop("CLANGD_FLAGS", None)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [program, "--background-index=false", "--log=info", *options],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                cwd=folder, env=environment)
        threading.Thread(target=self._read, daemon=True).start()
        self.initialized = self.request("initialize", {
            "processId": os.getpid(), "rootUri": uri_of(folder),
            "capabilities": capabilities})
        self.notify("initialized", {})

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind:
            self.process.kill()
            with open(self.log, errors="replace") as log:
                sys.stderr.write("the server's log ends:\n"
                                 + "".join(log.readlines()[-40:]))
        else:
            self.shut_down()
        self.process.stdin.close()
        self.process.wait()

    def shut_down(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        check(self.process.wait(TIMEOUT) == 0, "exit status %d"
              % self.process.returncode)

    # Messages.

    def send_bytes(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        """Sends a request and returns the whole answer."""
        self.last_id += 1
        wanted = self.last_id
        self.send({"id": wanted, "method": method, "params": params})
        return self.until(lambda m: m.get("id") == wanted and "method" not in m)

    def request(self, method, params):
        answer = self.ask(method, params)
        check("error" not in answer, method + " failed", answer)
        return answer["result"]

    def until(self, wanted):
        """Takes messages up to the first that is wanted."""
        while True:
            try:
                message = self.messages.get(timeout=TIMEOUT)
            except queue.Empty:
                raise AssertionError("no answer") from None
            if message is None:
                raise AssertionError("the server has ended, status %s"
                                     % self.process.wait(TIMEOUT))
            if message.get("method") == "textDocument/publishDiagnostics":
                self.published[message["params"]["uri"]] = message["params"]
            if wanted(message):
                return message

    def _read(self):
        pipe = self.process.stdout
        while True:
            length = 0
            while (line := pipe.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            body = pipe.read(length) if length else b""
            if not body:
                self.messages.put(None)
                return
            self.messages.put(json.loads(body))

    # Documents. Each of these returns the diagnostics of the new text.

    def open(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is None:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        uri = uri_of(path)
        self.versions[uri] = 1
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": uri, "languageId": "cpp", "version": 1, "text": text}})
        return self.diagnostics(name)

    def change(self, name, text):
        return self._change(name, {"text": text})

    def insert(self, name, line, character, text):
        at = {"line": line, "character": character}
        return self._change(name, {"range": {"start": at, "end": at},
                                   "text": text})

    def _change(self, name, change):
        uri = uri_of(os.path.join(self.folder, name))
        self.versions[uri] += 1
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": uri, "version": self.versions[uri]},
            "contentChanges": [change]})
        return self.diagnostics(name)

    def close(self, name):
        uri = uri_of(os.path.join(self.folder, name))
        self.published.pop(uri, None)
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def diagnostics(self, name):
        """The diagnostics of the version that was sent last."""
        uri = uri_of(os.path.join(self.folder, name))
        if self.published.get(uri, {}).get("version") != self.versions[uri]:
            self.until(lambda m: m.get("method") ==
                       "textDocument/publishDiagnostics"
                       and m["params"]["uri"] == uri
                       and m["params"].get("version") == self.versions[uri])
        return self.published[uri]["diagnostics"]

    def code_actions(self, name, first, last, diagnostics=()):
        """The actions from one (line, column) to another, counted from 0."""
        position = lambda at: {"line": at[0], "character": at[1]}
        return self.request("textDocument/codeAction", {
            "textDocument": {"uri": uri_of(os.path.join(self.folder, name))},
            "range": {"start": position(first), "end": position(last)},
            "context": {"diagnostics": list(diagnostics)}})


def place(diagnostic):
    """Line, column and check of a diagnostic, counted from 1."""
    start = diagnostic["range"]["start"]
    return (start["line"] + 1, start["character"] + 1, diagnostic.get("code"))


def ours(diagnostics):
    """Findings of threadhop, and errors; clangd tells of unused includes."""
    return [d for d in diagnostics if d["severity"] == 1
            or str(d.get("code")).startswith("threadhop-")]


def codes(diagnostics):
    return sorted(str(d.get("code")) for d in diagnostics)
