#!/usr/bin/env python3
"""Measures the language server against clangd of the same LLVM.

usage: bench-clangd.py [--edits N] [--file FILE] [--checks LIST] [--debounce]
                       [--server FILE] [--clangd FILE] [--limit RATIO]
                       [--option OPTION]...

Opens a file with Boost.Asio coroutines in both servers (or FILE, with the
commands of its compilation database), edits it N times, and prints for each
server the median of the time from an edit to its diagnostics, and of the CPU
time that it took; then ours as a ratio to clangd. Quote the ratios: seconds are
those of one machine on one day. Both servers have the stock checks of --checks
on, and ours all of its own.

Every edit is made in both before the next one, each goes first every other
time, and while one works the other is stopped: so other work on the machine
hits both alike. An edit changes the file below its includes, as most do. clangd
waits after an edit about as long as it expects to work, for more edits to come;
unless --debounce is given, the edits say that they are wanted at once, so that
this does not hide a difference. The status is 1 if the ratio of the times is
over the limit.
"""
import argparse
import os
import shutil
import signal
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "test", "clangd"))
sys.path.insert(0, HERE)
import bench
import lsp


class Editor:
    """A server with the file open in it."""

    def __init__(self, name, program, args):
        self.name, self.debounce = name, args.debounce
        self.folder = lsp.workspace()
        lsp.write(self.folder, ".clang-tidy", "Checks: '%s'\n" % args.checks)
        if args.file:
            self.path = os.path.abspath(args.file)
            with open(self.path, encoding="utf-8") as file:
                self.text = file.read()
            # Over the project's own checks, which would be on in both.
            lsp.write(self.folder, "clangd/config.yaml",
                      "Diagnostics: {ClangTidy: {Add: [%s], Remove: []}}\n"
                      % args.checks)
        else:
            self.path = os.path.join(self.folder, "unit.cpp")
            self.text = bench.UNIT.format(n=0)
            lsp.write(self.folder, "session.h", bench.HEADER)
            lsp.write(self.folder, "unit.cpp", self.text)
        self.server = lsp.Server(program, self.folder, *args.option)
        found = self.server.open(self.path, self.text)
        print("%s: %s" % (name, ", ".join(lsp.codes(found)) or "no findings"))
        self.walls, self.cpus = [], []
        self.stop()

    def stop(self):
        self.server.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.server.process.send_signal(signal.SIGCONT)

    def cpu(self):
        """CPU time of all threads that live, in seconds."""
        total = 0
        tasks = "/proc/%d/task" % self.server.process.pid
        for task in os.listdir(tasks):
            with open(os.path.join(tasks, task, "schedstat")) as stat:
                total += int(stat.read().split()[0])
        return total / 1e9

    def edit(self, number):
        self.go_on()
        uri = lsp.uri_of(self.path)
        self.server.versions[uri] += 1
        params = {"textDocument": {"uri": uri,
                                   "version": self.server.versions[uri]},
                  "contentChanges": [
                      {"text": "%s\nint edit_%d;\n" % (self.text, number)}]}
        if not self.debounce:
            params["wantDiagnostics"] = True
        before, start = self.cpu(), time.monotonic()
        self.server.notify("textDocument/didChange", params)
        self.server.diagnostics(self.path)
        self.walls.append(time.monotonic() - start)
        self.cpus.append(self.cpu() - before)
        self.stop()


def stock(version):
    for name in "/usr/lib/llvm-%s/bin/clangd" % version, "clangd-" + version:
        if shutil.which(name):
            return name
    return "clangd"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--file")
    parser.add_argument("--checks", default="bugprone-integer-division")
    parser.add_argument("--debounce", action="store_true")
    parser.add_argument("--server", default=os.path.join(
        os.path.dirname(HERE), "build", "bin", "threadhop-clangd"))
    parser.add_argument("--clangd", default=stock("22"))
    parser.add_argument("--option", action="append", default=[],
                        help="for both servers")
    parser.add_argument("--limit", type=float, default=1.05)
    args = parser.parse_args()

    both = [Editor("clangd", args.clangd, args),
            Editor("threadhop-clangd", args.server, args)]
    for number in range(-2, args.edits):
        for editor in both if number % 2 else reversed(both):
            editor.edit(number)
            if number < 0:  # To warm up.
                editor.walls.clear()
                editor.cpus.clear()
    for editor in both:
        print("%-17s median of %d edits: %.3f s, %.3f s of CPU time"
              % (editor.name, args.edits, statistics.median(editor.walls),
                 statistics.median(editor.cpus)))
        editor.go_on()
        editor.server.shut_down()

    def ratio(kind):
        one, other = (statistics.median(getattr(editor, kind))
                      for editor in both)
        pairs = [ours / theirs for theirs, ours in
                 zip(*(getattr(editor, kind) for editor in both))]
        return other / one, statistics.median(pairs)

    print("ratio of the medians: %.3f time, %.3f CPU time"
          % (ratio("walls")[0], ratio("cpus")[0]))
    print("median of the ratios: %.3f time, %.3f CPU time"
          % (ratio("walls")[1], ratio("cpus")[1]))
    return 1 if ratio("walls")[0] > args.limit else 0


if __name__ == "__main__":
    sys.exit(main())
