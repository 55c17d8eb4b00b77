#!/usr/bin/env python3
"""Writes a C++ file that holds the HTML report's style and script as text.

usage: embed-assets.py OUT.cpp report.css report.js
"""
import os
import sys


def literal(text):
    """The text as C++ raw strings, cut below every compiler's limit."""
    parts = [text[i:i + 8000] for i in range(0, len(text), 8000)] or [""]
    return "\n".join('R"threadhop(' + part + ')threadhop"' for part in parts)


def main():
    lines = ['#include "driver/HtmlAssets.h"', "",
             "namespace threadhop::driver {"]
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as asset:
            text = asset.read()
        if "</" in text or "<!--" in text:
            sys.exit("%s: error: '</' or '<!--' would end the element that "
                     "the file is put into" % path)
        name = os.path.basename(path).title().replace(".", "")
        lines.append("const llvm::StringLiteral %s =\n%s;"
                     % (name, literal(text)))
    lines.append("} // namespace threadhop::driver")
    with open(sys.argv[1], "w", encoding="utf-8") as generated:
        generated.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
