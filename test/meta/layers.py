#!/usr/bin/env python3
"""Fails on an include that points upward in the layers of the source tree."""
import os
import re
import sys

# Each folder may include from itself and from those named here.
ALLOWED = {
    "lib/support": set(),
    "lib/models": set(),
    "lib/findings": set(),
    "lib/analysis": {"support", "models"},
    "lib/config": {"support", "findings"},
    "lib/driver": {"support", "models", "findings", "config"},
    "checks": {"support", "models", "findings", "analysis"},
    "tools": {"support", "models", "findings", "config", "driver"},
}
OURS = {"support", "models", "findings", "config", "analysis", "driver"}


def main():
    root, wrong = sys.argv[1], []
    for top, allowed in ALLOWED.items():
        own = os.path.basename(top)
        for folder, _, files in os.walk(os.path.join(root, top)):
            for name in files:
                if not name.endswith((".h", ".cpp")):
                    continue
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as source:
                    for number, line in enumerate(source, 1):
                        found = re.match(r'#include "(\w+)/', line)
                        if (found and found[1] in OURS - allowed - {own}):
                            wrong.append("%s:%d: %s may not include %s"
                                         % (path, number, top, found[1]))
    print("\n".join(wrong) or "layers: ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
