#!/usr/bin/env python3
"""Writes sources whose names and texts would run a script in a page that does
not take them for text, and a compilation database for them.

usage: hostile_files.py FOLDER
"""
import json
import os
import sys

ATTACKS = (
    "<img src=x onerror=hit=1>",
    "<script>hit=1<\\script>",
    "\"onmouseover='hit=1'",
    "'><svg onload=hit=1>",
    "<b class=bad>&lt;",
    "<!--",
    "]]><base href=x>",
)
CODE = """#include <coroutine>
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
// %(text)s
task hold(std::mutex &m) {
  std::lock_guard<std::mutex> held(m); // </script></noscript>%(text)s
  co_await std::suspend_always(); /* %(text)s */
}
task hide(std::mutex &m) {
  std::lock_guard<std::mutex> held(m); // NOLINT: %(text)s
  co_await std::suspend_always();
}
int *pointer = 0; // </pre></ol></details></main>%(text)s \u202e\u2066
"""

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
entries = []
for number, attack in enumerate(ATTACKS):
    path = os.path.join(folder, attack + ".cpp")
    with open(path, "w", encoding="utf-8") as source:
        source.write(CODE % {"text": attack.replace("\\", "/")})
    entries.append({"directory": folder, "file": path,
                    "arguments": ["c++", "-std=c++20", "-c", path]})
with open(os.path.join(folder, "compile_commands.json"), "w") as database:
    json.dump(entries, database)
