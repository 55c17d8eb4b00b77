#!/usr/bin/env python3
"""Runs a command with a terminal for its standard error, and prints what came
there with the control characters spelled out.

usage: terminal.py COMMAND...
"""
import os
import pty
import subprocess
import sys

ours, theirs = pty.openpty()
environment = dict(os.environ, TERM="xterm")
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL,
                           stderr=theirs, env=environment)
os.close(theirs)
text = b""
while True:
    try:
        piece = os.read(ours, 4096)
    except OSError:
        break
    if not piece:
        break
    text += piece
process.wait()
print(text.decode().replace("\r\x1b[K", "\n<redraw>").replace("\x1b", "<esc>"))
