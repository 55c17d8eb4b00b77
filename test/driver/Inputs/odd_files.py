#!/usr/bin/env python3
"""Writes sources with odd names and odd text into a folder, and a compilation
database for them.

usage: odd_files.py FOLDER
"""
import sys

import project

FILES = {
    "plain.cpp": b"int *plain = 0;\n",
    "with space.cpp": b"int *space = 0;\n",
    "quote'\"s.cpp": b"int *quotes = 0;\n",
    "hash#per%cent.cpp": b"int *hash = 0;\n",
    "new\nline.cpp": b"int *line = 0;\n",
    "uml\xe4ut.cpp": "int /* \xe4\U0001F600 */ *\xfcber = 0;\n".encode(),
    "latin.cpp": b"int /* \xe9 */ *latin = 0;\n",
    "windows.cpp": b"int a;\r\nint *windows = 0;\r\n",
    "mac.cpp": b"int a;\rint *mac = 0;\r",
    "tabs.cpp": b"\tint\t*tabs\t=\t0;\n",
    "mark.cpp": b"\xef\xbb\xbfint *mark = 0;\n",
    "macro.cpp": b"#define NIL 0\n#define P(x) int *x = 0\nP(p);\n"
                 b"int *m = NIL;\n",
    "last.cpp": b"int *last = 0;",
    "link.cpp": b"int f(int); auto l = [](int *p) { return p; }(0);\n",
}

project.write(sys.argv[1], {"odd/" + name: text
                            for name, text in FILES.items()})
