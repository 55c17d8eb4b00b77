#!/usr/bin/env python3
"""Writes sources with many findings into a folder, and a compilation database
for them.

usage: many_findings.py FOLDER FILES FINDINGS_IN_EACH
"""
import json
import os
import sys

HEAD = """#include <coroutine>
#include <mutex>
struct task {
  struct promise_type {
    std::suspend_always initial_suspend();
    std::suspend_always final_suspend() noexcept;
    task get_return_object();
    void return_void();
    void unhandled_exception();
  };
};
"""
FUNCTION = """task in_%d_%d(std::mutex &m) {
  std::lock_guard<std::mutex> guard(m);
  co_await std::suspend_always();
}
"""

folder, files, findings = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(folder, exist_ok=True)
entries = []
for number in range(files):
    path = os.path.join(folder, "many%d.cpp" % number)
    with open(path, "w") as source:
        source.write(HEAD)
        for function in range(findings):
            source.write(FUNCTION % (number, function))
    entries.append({"directory": folder, "file": path,
                    "arguments": ["c++", "-std=c++20", "-c", path]})
with open(os.path.join(folder, "compile_commands.json"), "w") as database:
    json.dump(entries, database)
