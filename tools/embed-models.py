#!/usr/bin/env python3
"""Writes a C++ file that holds the built-in model files as text.

usage: embed-models.py OUT.cpp MODEL.json...
"""
import os
import sys


def literal(text):
    """The text as C++ raw strings, cut below every compiler's limit."""
    parts = [text[i:i + 8000] for i in range(0, len(text), 8000)] or [""]
    return "\n".join('R"threadhop(' + part + ')threadhop"' for part in parts)


def main():
    out, files = sys.argv[1], sorted(sys.argv[2:])
    rows = []
    for path in files:
        with open(path, encoding="utf-8") as model:
            name = os.path.basename(path)
            rows.append('    {"%s", %s},\n' % (name, literal(model.read())))
    with open(out, "w", encoding="utf-8") as generated:
        generated.write('#include "models/Loader.h"\n\n'
                        "namespace threadhop {\n"
                        "static const BuiltinModel Models[] = {\n"
                        + "".join(rows) +
                        '    {"", ""},\n};\n'
                        "llvm::ArrayRef<BuiltinModel> builtinModels() {\n"
                        "  return llvm::ArrayRef<BuiltinModel>(Models)"
                        ".drop_back();\n}\n"
                        "} // namespace threadhop\n")


if __name__ == "__main__":
    main()
