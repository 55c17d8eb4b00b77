#!/usr/bin/env python3
"""Runs a command and wants a certain exit status, which lit cannot.

usage: exit.py STATUS COMMAND...
"""
import subprocess
import sys

status = subprocess.run(sys.argv[2:]).returncode
if status != int(sys.argv[1]):
    sys.exit("exit status %d, not %s: %s"
             % (status, sys.argv[1], " ".join(sys.argv[2:])))
