#!/usr/bin/env python3
"""Copies the sources in which checks find something (the tests of the checks
and the example project) into one folder, with a compilation database and a
configuration that has every check and every option on.

usage: test_inputs.py SOURCE STUBS FOLDER
"""
import glob
import json
import os
import re
import shlex
import shutil
import sys

CONFIG = """Checks: '-*,threadhop-*'
CheckOptions:
  threadhop-nonsendable-error-payload.CheckDefinitions: true
  threadhop-nonsendable-error-payload.StrictErasedPayload: true
"""
# Beside these, each positive.cpp; together they have findings of every kind.
FILES = """
assumed-rendezvous/acknowledgements
assumed-rendezvous/asio-races
assumed-rendezvous/borrowed
assumed-rendezvous/claims
assumed-rendezvous/fences
assumed-rendezvous/reply
assumed-rendezvous/try-send
confined-value-crosses-thread/coroutines
confined-value-crosses-thread/guards
confined-value-crosses-thread/messages
confined-value-crosses-thread/this
error-views-dead-storage/storage
guard-across-suspension/macros
guard-across-suspension/owners
guard-across-suspension/paired-calls
guard-across-suspension/parameters
guard-across-suspension/temporaries
nonsendable-error-payload/definitions
nonsendable-error-payload/jsi
nonsendable-error-payload/strict-erased
nonsendable-error-payload/transports
overwritten-waker/handler-slots
overwritten-waker/library-waiters
overwritten-waker/real-boost
race-drops-message/asio
shared-exception-mutated/boost
shared-exception-mutated/writes
""".split()

source, stubs, output = sys.argv[1:]
checks = os.path.join(source, "test", "checks")
example = os.path.join(source, "docs", "example", "src")
entries = []


def add(path, name, arguments):
    target = os.path.join(output, "src", name)
    shutil.copyfile(path, target)
    entries.append({"directory": output, "file": target,
                    "arguments": ["c++"] + arguments + ["-c", target]})


def arguments_of(path):
    """What the RUN lines give the compiler."""
    with open(path, encoding="utf-8") as text:
        line = " ".join(re.findall(r"^// RUN: (.*?)\\?$", text.read(),
                                   re.MULTILINE))
    line = line.split(" -- ")[1]
    for name, value in (("%stubs", stubs), ("%S", os.path.dirname(path))):
        line = line.replace(name, value)
    return shlex.split(line)


os.makedirs(os.path.join(output, "src"))
for path in sorted(glob.glob(os.path.join(checks, "*", "positive.cpp")) +
                   [os.path.join(checks, name + ".cpp") for name in FILES]):
    check, name = path.split(os.sep)[-2:]
    add(path, check + "-" + name, arguments_of(path))
for path in sorted(glob.glob(os.path.join(example, "*.cpp"))):
    add(path, "example-" + os.path.basename(path),
        ["-std=c++20", "-I" + example])
with open(os.path.join(output, "compile_commands.json"), "w") as database:
    json.dump(entries, database)
with open(os.path.join(output, ".clang-tidy"), "w") as config:
    config.write(CONFIG)
