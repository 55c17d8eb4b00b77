#!/usr/bin/env python3
"""Starts the driver and disturbs it once some units are done.

usage: disturb.py driver-SIGNAL|group-SIGNAL|worker-SIGNAL UNITS STATUS COMMAND...

COMMAND must print a line for each unit (--verbose). The signal goes to the
driver, to its whole process group as a terminal's Ctrl-C does, or to its
workers. Wants the exit status soon after, and no worker that is left.
"""
import glob
import os
import signal
import subprocess
import sys
import time

whom, name = sys.argv[1].split("-")
number = getattr(signal, "SIG" + name)
units, status = int(sys.argv[2]), int(sys.argv[3])
process = subprocess.Popen(sys.argv[4:], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, start_new_session=True)
# An unbuffered read: communicate() below wants the rest.
lines = b""
while lines.count(b"\n") < units:
    byte = os.read(process.stderr.fileno(), 1)
    if not byte:
        sys.exit("the driver ended by itself: %r" % lines)
    lines += byte
# The driver gives the worker its next unit meanwhile.
time.sleep(1)


def workers():
    for stat in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = open(stat).read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == process.pid and fields[0] != "Z":
            yield int(stat.split("/")[2])


start = time.time()
if whom == "driver":
    os.kill(process.pid, number)
elif whom == "group":
    os.killpg(process.pid, number)
else:
    for worker in workers():
        os.kill(worker, number)
try:
    out, err = process.communicate(timeout=20)
except subprocess.TimeoutExpired:
    os.killpg(process.pid, signal.SIGKILL)
    sys.exit("the driver does not end")
print(lines.decode() + out.decode() + err.decode())
if process.returncode != status:
    sys.exit("exit status %d" % process.returncode)
try:
    os.killpg(process.pid, 0)
    sys.exit("a worker is left")
except ProcessLookupError:
    pass
