#!/usr/bin/env python3
"""Writes sources whose names and texts would run a script in a page that does
not take them for text, and a compilation database for them.

usage: hostile_files.py FOLDER
"""
import sys

import project

ATTACKS = (
    "<img src=x onerror=hit=1>",
    "<script>hit=1<\\script>",
    "\"onmouseover='hit=1'",
    "'><svg onload=hit=1>",
    "<b class=bad>&lt;",
    "<!--",
    "]]><base href=x>",
)
CODE = project.TASK + """// %(text)s
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

project.write(sys.argv[1], {
    attack + ".cpp": CODE % {"text": attack.replace("\\", "/")}
    for attack in ATTACKS})
