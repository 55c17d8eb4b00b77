# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where projects are: their checkouts, and the roots they are built in.

A root is a folder with a Debian in it. What is run in it is run through chroot
in a mount namespace of its own, in which the folders of the work are at the
same paths, so that nothing is left mounted whatever happens. It keeps packages
apart; it is no protection against what a project's build runs.
"""
import hashlib
import functools
import os
import re
import shutil
import subprocess
from typing import Dict, Iterator, List, Optional, Tuple

from .failure import Failure, line, say, short, tail
from .projects import Project

# Run by sh in a mount namespace: ROOT FOLDER DIR... -- COMMAND...
ENTER = """\
set -e
root=$1; folder=$2; shift 2
while [ "$1" != -- ]; do
  mkdir -p "$root$1"
  mount --rbind "$1" "$root$1"
  shift
done
shift
for each in proc dev; do mount --rbind "/$each" "$root/$each"; done
exec chroot "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
"""
# What a root has in any case: a compiler, and what a configuration needs.
PACKAGES = ["build-essential", "ca-certificates", "clang-22", "cmake", "git",
            "meson", "ninja-build", "pkg-config", "python3"]
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
               "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}


def git(*arguments: str, folder: Optional[str] = None) -> str:
    """What git says; it runs no hooks, and owners do not matter."""
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c",
               "safe.directory=*", "-c", "advice.detachedHead=false"]
    try:
        done = subprocess.run(command + list(arguments), cwd=folder,
                              capture_output=True, errors="replace",
                              env=dict(os.environ, GIT_TERMINAL_PROMPT="0"))
    except OSError as error:
        raise Failure(f"git: {error.strerror}") from None
    if done.returncode:
        raise Failure(f"git {' '.join(arguments)}: status {done.returncode}"
                      + tail(done.stderr))
    return done.stdout.strip()


class Places:
    """The folders of the work: checkouts, roots, and notes on their state."""

    def __init__(self, work: str, fetch: bool = True,
                 repositories: Optional[str] = None,
                 mirror: Optional[str] = None):
        self.work = os.path.realpath(work)
        self.fetch, self.given_mirror = fetch, mirror
        self.repositories = repositories

    def folder(self, *names: str) -> str:
        return os.path.join(self.work, *names)

    def checkout(self, project: Project) -> str:
        return self.folder("checkouts", project.name)

    def root(self, project: Project) -> Optional[str]:
        return self.folder("roots", project.root) if project.root else None

    # Notes: what was done already, so that it is done once.

    def noted(self, name: str, content: str) -> bool:
        try:
            with open(self.folder("state", name), encoding="utf-8") as note:
                return note.read() == content
        except OSError:
            return False

    def note(self, name: str, content: str) -> None:
        path = self.folder("state", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as note:
            note.write(content)

    # Checkouts.

    def nearby(self, address: str) -> Iterator[str]:
        """Repositories of this machine that may be the one of an address:
        --repositories has folders named owner+name or name."""
        if not self.repositories:
            return
        owner, name = ([""] + address.rstrip("/").split("/"))[-2:]
        if name.endswith(".git"):
            name = name[:-4]
        for each in (owner + "+" + name, os.path.join(owner, name), name):
            top = os.path.join(os.path.realpath(self.repositories), each)
            for end in ("", ".git"):
                for at, folders, files in os.walk(top + end):
                    depth = os.path.relpath(at, top + end).count(os.sep)
                    if depth > 2:
                        folders.clear()
                    if "HEAD" in files and "objects" in folders:
                        folders.clear()
                        yield at

    def place(self, name: str, address: str, revision: str,
              folder: str) -> None:
        """A checkout of a revision in a folder that is not there or is an
        older one."""
        try:
            self.put(address, revision, folder)
        except (Failure, OSError) as failure:
            raise Failure(f"{name}: cannot get {address} at "
                          f"{revision[:12]}: {failure}") from None

    def put(self, address: str, revision: str, folder: str) -> None:
        os.makedirs(folder, exist_ok=True)
        if not os.path.exists(os.path.join(folder, ".git")):
            git("init", "--quiet", folder)
        for source in self.nearby(address):
            # Its objects are used where they are; a snapshot may have no
            # branch that could be fetched.
            info = os.path.join(folder, ".git", "objects", "info")
            with open(os.path.join(info, "alternates"), "w",
                      encoding="utf-8") as out:
                out.write(os.path.join(source, "objects") + "\n")
            shallow = os.path.join(source, "shallow")
            if os.path.exists(shallow):
                shutil.copy(shallow, os.path.join(folder, ".git"))
            try:
                git("cat-file", "-e", revision + "^{commit}", folder=folder)
                break
            except Failure:
                os.unlink(os.path.join(info, "alternates"))
        else:
            try:
                git("fetch", "--quiet", "--depth", "1", address, revision,
                    folder=folder)
            except Failure:
                # Not every server gives any revision.
                git("fetch", "--quiet", address, "+refs/*:refs/there/*",
                    folder=folder)
        try:
            git("checkout", "--quiet", "--force", "--detach", revision,
                folder=folder)
        except Failure:
            if not os.path.exists(os.path.join(folder, ".git", "objects",
                                               "info", "alternates")):
                raise
            self.partial(revision, folder)

    @staticmethod
    def partial(revision: str, folder: str) -> None:
        """A checkout of a snapshot that has not all files."""
        git("read-tree", revision, folder=folder)
        try:
            git("checkout-index", "--all", "--force", folder=folder)
        except Failure:
            lacking = git("ls-files", "--deleted", folder=folder)
            say(f"warning: the repository has no content of {line(lacking)}")
        git("update-ref", "--no-deref", "HEAD", revision, folder=folder)

    def at(self, folder: str) -> Optional[str]:
        """The revision of a checkout, nothing if it is none."""
        if not os.path.exists(os.path.join(folder, ".git")):
            return None
        try:
            return git("rev-parse", "HEAD", folder=folder)
        except Failure:
            return None

    def get(self, project: Project) -> None:
        """Sees to it that the checkout is there, at its revision."""
        name, folder = project.name, self.checkout(project)
        there = self.at(folder)
        if there != project.revision:
            if not self.fetch:
                raise Failure(f"{name}: " + (
                    f"the checkout is at {there[:12]}, not at "
                    f"{project.revision[:12]}" if there else
                    f"there is no checkout in {folder}"))
            say(f"{name}: getting {project.repository}")
            # A database that is there is that of another revision.
            self.note(name + ".configured", "begun")
            self.place(name, project.repository, project.revision, folder)
        for path, address, revision in project.submodules:
            below = os.path.join(folder, path)
            if not os.path.realpath(below).startswith(
                    os.path.realpath(folder) + os.sep):
                raise Failure(f"{name}: '{path}' leads out of the checkout")
            if self.at(below) != revision and self.fetch:
                self.place(name, address, revision, below)

    def run(self, project: Project, command: List[str], folder: str,
            mounts: Tuple[str, ...] = ()) -> List[str]:
        """What has to be run for a command to run in the project's root."""
        root = self.root(project)
        if not root:
            return command
        mounts = (self.folder("checkouts"),) + mounts
        if self.repositories:
            # Their objects may be the checkout's.
            mounts += (os.path.realpath(self.repositories),)
        return self.enter(root, folder, mounts, command)

    @staticmethod
    def enter(root: str, folder: str, mounts: Tuple[str, ...],
              command: List[str]) -> List[str]:
        variables = [f"{key}={value}" for key, value in ENVIRONMENT.items()]
        return (["unshare", "--mount"]
                + ([] if os.geteuid() == 0 else ["--map-root-user"])
                + ["sh", "-c", ENTER, "enter", root, folder, *mounts, "--",
                   "/usr/bin/env", "-i", *variables, *command])

    def configure(self, project: Project, again: bool = False) -> None:
        """Runs the project's commands, unless its database is there."""
        name, folder = project.name, self.checkout(project)
        database = os.path.join(folder, project.database,
                                "compile_commands.json")
        note = name + ".configured"
        content = "\n".join([project.revision, project.root]
                            + project.configure)
        # One that somebody has prepared by hand has a database and no note.
        done = os.path.exists(database) and (
            self.noted(note, content)
            or not os.path.exists(self.folder("state", note)))
        if not self.fetch or (done and not again):
            return
        self.note(note, "begun")
        os.makedirs(self.folder("logs"), exist_ok=True)
        for command in project.configure:
            said = short(line(command))
            say(f"{name}: {said}")
            log = self.folder("logs", name + ".log")
            with open(log, "w", encoding="utf-8") as out:
                done = subprocess.run(
                    self.run(project, ["sh", "-e", "-c", command], folder),
                    cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                    stderr=subprocess.STDOUT)
            if done.returncode:
                with open(log, encoding="utf-8", errors="replace") as file:
                    text = file.read()
                raise Failure(f"{name}: configuring failed: '{said}' ended "
                              f"with status {done.returncode}" + tail(text))
        self.note(note, content)

    # Roots.

    def in_root(self, root: str, *command: str) -> None:
        done = subprocess.run(self.enter(root, "/", (), list(command)),
                              stdin=subprocess.DEVNULL, capture_output=True,
                              errors="replace")
        if done.returncode:
            raise Failure(f"{' '.join(command)} in {root}: status "
                          f"{done.returncode}"
                          + tail(done.stdout + done.stderr))

    def sources(self, suite: str) -> str:
        """What apt of a root reads: programs, and sources for build-dep."""
        places = [f"debian {suite}", f"debian {suite}-updates",
                  f"debian-security {suite}-security"]
        return "".join(f"{kind} {self.mirror}/{place} main\n"
                       for kind in ("deb", "deb-src") for place in places)

    @functools.cached_property
    def mirror(self) -> str:
        """Where this machine gets its own packages, unless one was given."""
        if self.given_mirror:
            return self.given_mirror.rstrip("/")
        try:
            done = subprocess.run(
                ["apt-get", "indextargets", "--format", "$(SITE)",
                 "Created-By: Packages", "Origin: Debian"],
                capture_output=True, text=True)
        except OSError as error:
            raise Failure(f"apt-get: {error.strerror}") from None
        for site in done.stdout.split():
            if site.endswith("/debian"):
                return site[:-len("/debian")]
        raise Failure("apt-get names no place of Debian's packages; name one "
                      "with --mirror")

    def make_root(self, name: str, driver: str) -> None:
        """A root with what every project needs. The letters that its name
        begins with are the suite: 'bookworm181' is another bookworm."""
        root = self.folder("roots", name)
        suite = re.sub(r"[^a-z].*", "", name)
        if os.path.exists(root) and not self.noted(name + ".root", "begun"):
            return
        if not self.fetch:
            raise Failure(f"there is no root {root}")
        if os.geteuid() != 0 or not shutil.which("debootstrap"):
            raise Failure(f"the root {root} is not there, and making one needs "
                          "root's rights and debootstrap")
        say(f"making the root {root}")
        self.note(name + ".root", "begun")
        # What an earlier run may have left half done.
        shutil.rmtree(root, ignore_errors=True)
        done = subprocess.run(
            ["debootstrap", "--variant=minbase", suite, root,
             self.mirror + "/debian"],
            stdin=subprocess.DEVNULL, capture_output=True, errors="replace")
        if done.returncode:
            raise Failure(f"debootstrap of {root}: status {done.returncode}"
                          + tail(done.stdout + done.stderr))
        files: Dict[str, str] = {
            "etc/apt/sources.list": self.sources(suite),
            # No package starts a service in it.
            "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n"}
        for path, content in files.items():
            with open(os.path.join(root, path), "w", encoding="utf-8") as out:
                out.write(content)
        os.chmod(os.path.join(root, "usr/sbin/policy-rc.d"), 0o755)
        for path in ("/etc/resolv.conf", "/etc/hosts"):
            if os.path.exists(path):
                shutil.copy(path, root + path)
        self.in_root(root, "apt-get", "update")
        self.install(root, "install", *PACKAGES, *packages_of(driver))
        self.note(name + ".root", "made")

    def install(self, root: str, what: str, *names: str) -> None:
        self.in_root(root, "apt-get", "--yes", "--no-install-recommends",
                     what, *names)

    def packages(self, project: Project, driver: str) -> None:
        """Sees to it that a project's packages are in its root."""
        if not project.root:
            return
        self.make_root(project.root, driver)
        root = self.folder("roots", project.root)
        wanted = "\n".join([project.build_dep] + project.packages)
        digest = hashlib.sha256(wanted.encode()).hexdigest()
        note = f"{project.root}.{project.name}.packages"
        if not self.fetch or not wanted.strip() or self.noted(note, digest):
            return
        say(f"{project.name}: packages into {root}")
        if project.build_dep:
            self.install(root, "build-dep", project.build_dep)
        if project.packages:
            self.install(root, "install", *project.packages)
        self.note(note, digest)

    def prepare(self, project: Project, driver: str,
                again: bool = False) -> None:
        """All that comes before the driver."""
        self.packages(project, driver)
        self.get(project)
        self.configure(project, again)


def packages_of(program: str) -> List[str]:
    """The Debian packages of the libraries that a program needs, and of
    clang's own headers."""
    done = subprocess.run(["ldd", program], capture_output=True, text=True)
    names = set()
    for each in done.stdout.splitlines():
        words = each.split()
        if len(words) < 3 or words[1] != "=>":
            continue
        # /lib may be a link to /usr/lib, and dpkg knows either.
        real = os.path.realpath(words[2])
        for path in (real, real.replace("/usr/lib/", "/lib/", 1)):
            owner = subprocess.run(["dpkg", "-S", path], capture_output=True,
                                   text=True)
            if owner.returncode == 0:
                package = owner.stdout.split(":")[0]
                names.add(package)
                if package.startswith("libllvm"):
                    names.add(f"libclang-common-{package[7:]}-dev")
                break
    return sorted(names)
