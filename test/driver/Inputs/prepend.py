#!/usr/bin/env python3
"""Puts a line with a finding before the first line of each file of a folder.

usage: prepend.py FOLDER

A file with a byte order mark is left alone: its first line would change too.
"""
import os
import sys

folder = os.fsencode(sys.argv[1])
for name in os.listdir(folder):
    path = os.path.join(folder, name)
    with open(path, "rb") as source:
        text = source.read()
    if not text.startswith(b"\xef\xbb\xbf"):
        with open(path, "wb") as source:
            source.write(b"int *changed = 0;\n" + text)
