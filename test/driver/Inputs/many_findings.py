#!/usr/bin/env python3
"""Writes sources with many findings into a folder, and a compilation database
for them.

usage: many_findings.py FOLDER FILES FINDINGS_IN_EACH
"""
import sys

import project

FUNCTION = """task in_%d_%d(std::mutex &m) {
  std::lock_guard<std::mutex> guard(m);
  co_await std::suspend_always();
}
"""

files, findings = int(sys.argv[2]), int(sys.argv[3])
project.write(sys.argv[1], {
    "many%d.cpp" % number: project.TASK + "".join(
        FUNCTION % (number, function) for function in range(findings))
    for number in range(files)})
