#!/usr/bin/env python3
"""Measures the driver against the compiler and clang-tidy.

usage: bench.py [--units N] [--scale 1,4,16,64] [--jobs J] [--repeat R]
                [--sample K] [--only NAME,NAME...]
                [--driver FILE] [--clang FILE] [--run-clang-tidy FILE]
       bench.py --list LIST --only-project NAME [--work DIR] [options]

Makes a project of N translation units with Boost.Asio coroutines in a
temporary folder, and prints for each tool its CPU time (user and system, of all
its processes), its wall time, its largest process's memory, and the CPU time as
a ratio to the compiler's front end (clang -fsyntax-only over the same units).
Quote the ratios: seconds are those of one machine on one day.

  clang          clang++ -fsyntax-only, one unit after the other
  clang-tidy     run-clang-tidy with one cheap check
  full           the driver, every body parsed, nothing kept
  unshared       the driver, bodies of libraries skipped, an empty cache
  cold           the driver as it is (library headers shared), an empty cache
  edited         the same again after a change to every unit
  warm           the same again with nothing changed

Every tool runs R times and the median counts; tools take turns, so that a
machine that gets slower or faster in the meantime does so for all of them.
With --scale only clang, cold and warm are measured, for each number of units.
With --sample K the compiler runs over K of the units, and its CPU time is
multiplied: on a busy machine the rest is better spent on repetitions.
With --list it is units of a project of that list instead, N of them or all, as
tools/evaluate has prepared it in its folder of work; its sources are not
changed, so there is no "edited", and no clang-tidy in a root.
"""
import argparse
import json
import os
import re
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

UNIT = """\
#include <boost/asio.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <mutex>
#include <string>
#include "session.h"

namespace asio = boost::asio;

namespace unit{n} {{

std::mutex table_mutex;

asio::awaitable<std::size_t> read_line(asio::ip::tcp::socket &socket,
                                       std::string &line) {{
  std::size_t size = co_await asio::async_read_until(
      socket, asio::dynamic_buffer(line, {n} + 100), '\\n',
      asio::use_awaitable);
  co_return size;
}}

asio::awaitable<void> serve(asio::ip::tcp::socket socket,
                            std::shared_ptr<session> state) {{
  std::string line;
  while (co_await read_line(socket, line) != 0) {{
    {{
      std::lock_guard<std::mutex> lock(table_mutex);
      state->lines += 1;
    }}
    co_await asio::async_write(socket, asio::buffer(line),
                               asio::use_awaitable);
  }}
}}

asio::awaitable<void> tick(session &state) {{
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (int i = 0; i != {n} + 1; ++i) {{
    timer.expires_after(std::chrono::milliseconds(10));
    co_await timer.async_wait(asio::use_awaitable);
  }}
  std::lock_guard<std::mutex> lock(table_mutex);
  co_await asio::post(asio::use_awaitable);
  state.lines = 0;
}}

void start(asio::io_context &context, std::shared_ptr<session> state) {{
  asio::co_spawn(context, tick(*state), asio::detached);
}}

}} // namespace unit{n}
"""
HEADER = "#pragma once\nstruct session { int lines = 0; };\n"


def make_project(folder, units, clang):
    os.makedirs(folder)
    with open(os.path.join(folder, "session.h"), "w") as out:
        out.write(HEADER)
    commands = []
    for n in range(units):
        name = "unit%d.cpp" % n
        with open(os.path.join(folder, name), "w") as out:
            out.write(UNIT.format(n=n))
        commands.append({"directory": folder, "file": name,
                         "arguments": [clang, "-std=c++20", "-c", name]})
    with open(os.path.join(folder, "compile_commands.json"), "w") as out:
        json.dump(commands, out)


class Usage:
    def __init__(self, cpu=0.0, wall=0.0, memory=0):
        self.cpu, self.wall, self.memory = cpu, wall, memory


def largest_below(root, until, into):
    """Watches the resident memory of a process and all below it."""
    while not until.wait(0.05):
        sizes, parents = {}, {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open("/proc/%s/stat" % entry) as stat:
                    fields = stat.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry)] = int(fields[1])
            sizes[int(entry)] = int(fields[21]) * resource.getpagesize()
        for process in sizes:
            at = process
            while at and at != root:
                at = parents.get(at)
            if at == root:
                into[0] = max(into[0], sizes[process])


def measure(command, folder, statuses):
    start = time.time()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    most, done = [0], threading.Event()
    watcher = threading.Thread(target=largest_below,
                               args=(process.pid, done, most))
    watcher.start()
    said = process.communicate()[0]
    done.set()
    watcher.join()
    # Of a process's own children, and their children that were waited for.
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in statuses:
        sys.exit("%s\nended with status %d:\n%s"
                 % (" ".join(command), process.returncode,
                    said.decode(errors="replace")[-3000:]))
    return Usage(after.ru_utime + after.ru_stime
                 - before.ru_utime - before.ru_stime,
                 time.time() - start, most[0])


class Bench:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder

    def project(self, units):
        self.units = units
        self.at = os.path.join(self.folder, "project%d" % units)
        self.cache = self.at + ".cache"
        if not os.path.exists(self.at):
            make_project(self.at, units, self.args.clang)

    def driver(self, *options):
        return measure([self.args.driver, "-p", self.at, "--quiet",
                        "-j%d" % self.args.jobs] + list(options),
                       self.at, (0, 1))

    def clang(self):
        total = Usage()
        sample = min(self.args.sample or self.units, self.units)
        for n in range(0, sample * (self.units // sample),
                       self.units // sample):
            one = measure([self.args.clang, "-std=c++20", "-fsyntax-only",
                           "unit%d.cpp" % n], self.at, (0,))
            total.cpu += one.cpu
            total.wall += one.wall
            total.memory = max(total.memory, one.memory)
        total.cpu *= self.units / sample
        total.wall *= self.units / sample
        return total

    def tidy(self):
        return measure([self.args.run_clang_tidy, "-p", self.at, "-quiet",
                        "-j%d" % self.args.jobs,
                        "-checks=-*,modernize-use-nullptr"], self.at, (0,))

    def full(self):
        return self.driver("--no-cache", "--no-skip-bodies")

    def unshared(self):
        shutil.rmtree(self.cache, ignore_errors=True)
        return self.driver("--cache-dir", self.cache, "--no-shared-headers")

    def cold(self):
        shutil.rmtree(self.cache, ignore_errors=True)
        return self.driver("--cache-dir", self.cache)

    def edited(self):
        with open(os.path.join(self.at, "session.h"), "a") as out:
            out.write("// changed\n")
        return self.driver("--cache-dir", self.cache)

    def warm(self):
        return self.driver("--cache-dir", self.cache)

    def compare(self, names):
        runs = {name: [] for name in names}
        for _ in range(self.args.repeat):
            for name in names:
                runs[name].append(getattr(self, name)())
        result = {}
        for name, all_runs in runs.items():
            result[name] = Usage(
                statistics.median(run.cpu for run in all_runs),
                statistics.median(run.wall for run in all_runs),
                max(run.memory for run in all_runs))
        base = result["clang"].cpu
        for name, usage in result.items():
            print("%5d  %-10s %8.2f %8.2f %6d MB %8.3f"
                  % (self.units, name, usage.cpu, usage.wall,
                     usage.memory >> 20, usage.cpu / base), flush=True)
        return result


class ListedBench(Bench):
    """The same figures of a project in a list of tools/evaluate."""

    def __init__(self, args, folder, places, project):
        super().__init__(args, folder)
        from evaluation.projects import read_database, units_of
        self.places, self.listed = places, project
        self.at = places.checkout(project)
        self.cache = os.path.join(folder, "cache")
        self.files = units_of(project, self.at)
        if args.units:
            self.files = self.files[:args.units]
        self.units = len(self.files)
        self.commands = {os.path.normpath(each["file"]): each
                         for each in read_database(project, self.at)}
        # The driver has to be seen in the root.
        self.program = os.path.join(folder, "threadhop")
        shutil.copy(args.driver, self.program)

    def inside(self, command, folder):
        return self.places.run(self.listed, command, folder, (self.folder,))

    def driver(self, *options):
        command = [self.program, "-p",
                   os.path.join(self.at, self.listed.database), "--quiet",
                   "-j%d" % self.args.jobs, *options, *self.files]
        return measure(self.inside(command, self.at), self.at, (0, 1, 2))

    def clang(self):
        total = Usage()
        sample = min(self.args.sample or self.units, self.units)
        for file in self.files[:sample * (self.units // sample):
                               self.units // sample]:
            one = measure(self.inside(*self.syntax_only(file)), self.at,
                          (0, 1))
            total.cpu += one.cpu
            total.wall += one.wall
            total.memory = max(total.memory, one.memory)
        total.cpu *= self.units / sample
        total.wall *= self.units / sample
        return total

    def syntax_only(self, file):
        """The command of a unit that parses it and writes nothing."""
        entry = self.commands[file]
        words = entry.get("arguments") or shlex.split(entry["command"])
        result, rest = [self.args.clang, "-fsyntax-only", "-w"], iter(words[1:])
        for word in rest:
            if word in ("-o", "-MF", "-MT", "-MQ"):
                next(rest, None)
            elif word not in ("-c", "-MD", "-MMD", "-MP"):
                result.append(word)
        return result, entry["directory"]

    def tidy(self):
        return measure(
            [self.args.run_clang_tidy, "-p",
             os.path.join(self.at, self.listed.database), "-quiet",
             "-j%d" % self.args.jobs, "-checks=-*,modernize-use-nullptr",
             *("^%s$" % re.escape(file) for file in self.files)],
            self.at, (0, 1))


def listed_bench(args, folder):
    """The project that --list and --only-project name."""
    from evaluation.failure import Failure
    from evaluation.places import Places
    from evaluation.projects import read_list
    try:
        (project,) = read_list(args.list).select(args.only_project)
        return ListedBench(args, folder, Places(args.work), project)
    except Failure as failure:
        sys.exit("bench.py: error: %s" % failure)


def program(value, *names):
    for name in (value,) if value else names:
        found = shutil.which(name)
        if found:
            return os.path.abspath(found)
    return None


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--units", type=int)
    parser.add_argument("--scale")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--driver")
    parser.add_argument("--clang")
    parser.add_argument("--run-clang-tidy")
    parser.add_argument("--list")
    parser.add_argument("--only-project")
    parser.add_argument("--work", default="build/evaluation")
    args = parser.parse_args()
    if bool(args.list) != bool(args.only_project):
        parser.error("--list and --only-project belong together")
    if args.list and args.scale:
        parser.error("--scale makes its own projects")
    args.driver = program(args.driver, os.path.join(
        here, "..", "build", "bin", "threadhop"), "threadhop")
    args.clang = program(args.clang, "clang++-22", "clang++-19", "clang++")
    args.run_clang_tidy = program(args.run_clang_tidy, "run-clang-tidy-22",
                                  "run-clang-tidy-19", "run-clang-tidy")
    for name in ("driver", "clang"):
        if not getattr(args, name):
            parser.error("there is no %s; name one with --%s" % (name, name))
    os.environ.pop("THREADHOP_NO_CACHE", None)

    with tempfile.TemporaryDirectory(prefix="threadhop-bench-") as folder:
        bench = listed_bench(args, folder) if args.list else \
            Bench(args, folder)
        print("units  tool       CPU in s  wall in s  memory  to clang")
        if args.scale:
            for units in (int(word) for word in args.scale.split(",")):
                bench.project(units)
                bench.compare(["clang", "cold", "warm"])
            return
        names = ["clang", "tidy", "full", "unshared", "cold", "edited", "warm"]
        if args.list:
            names.remove("edited")
        else:
            bench.project(args.units or 16)
        if args.only:
            only = args.only.split(",")
            names = [n for n in names if n == "clang" or n in only]
        if "tidy" in names and not args.run_clang_tidy:
            print("(there is no run-clang-tidy)")
            names.remove("tidy")
        if "tidy" in names and args.list and bench.listed.root:
            names.remove("tidy")
        result = bench.compare(names)
        for name, to in (("cold", "tidy"), ("warm", "cold")):
            if name in result and to in result:
                print("%s to %s: %.3f of the CPU time"
                      % (name, to, result[name].cpu / result[to].cpu))


if __name__ == "__main__":
    main()
