# shellcheck shell=bash
# What quickstart.sh and test.sh share: sourced, with $root set to the checkout.

# Shows how far the script is, and stops it with a reason.
step() { printf '\n==> %s\n' "$*"; }
warn() { printf '%s: warning: %s\n' "${0##*/}" "$*" >&2; }
die() {
  printf '%s: error: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

# The packages that the build needs for one major version of LLVM; the
# compiler and the linker are those of 22 for both.
build_packages() {
  printf '%s\n' cmake ninja-build python3 nlohmann-json3-dev libgtest-dev \
    clang-22 lld-22 llvm-22-tools \
    "libclang-$1-dev" "llvm-$1-dev" "clang-tidy-$1"
}

# Those of the arguments that are not installed.
missing_packages() {
  local package
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = \
      installed ] || printf '%s\n' "$package"
  done | sort -u
}

# Installs what is missing of the arguments. With $no_install set, names it and
# stops.
install_packages() {
  command -v dpkg-query >/dev/null ||
    die "this is no Debian system (there is no dpkg): install LLVM's packages" \
      "as docs/development.md lists them and use cmake directly"
  local missing=() sudo=() package
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -eq 0 ]; then
    echo "All packages are there."
    return
  fi
  [ -z "${no_install:-}" ] ||
    die "these packages are missing: ${missing[*]}"
  command -v apt-get >/dev/null ||
    die "there is no apt-get to install these packages with: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die "these packages are missing, and there is neither root nor sudo to" \
        "install them: ${missing[*]}"
    sudo=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  # Another apt, such as one that upgrades unattended, is waited for.
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  # A third party's repository may be out of order; what counts is whether the
  # packages are to be had.
  "${apt[@]}" update || warn "apt-get update failed; is there a network?"
  for package in "${missing[@]}"; do
    [ -n "$(apt-cache show --no-all-versions "$package" 2>/dev/null)" ] ||
      die "no package '$package' is to be had: Debian 12 has it in" \
        "'bookworm main' or 'bookworm-security main'; see /etc/apt/sources.list" \
        "and whether there is a network"
  done
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" ||
    die "apt-get could not install the packages (its own message is above)"
}

# Stops if the folder's file system has less than that many MiB free.
need_space() {
  local free
  free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$2" ] ||
    die "$free MiB are free where '$1' is; the build needs $2"
}

# How many compilers to run at once: one for each processor, as far as there is
# memory for (a compiler with clang's headers takes up to 1.2 GiB).
parallel_jobs() {
  local jobs memory limit
  jobs=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || true)
  case $limit in
  '' | *[!0-9]*) ;;
  *) [ $((limit / 1048576)) -ge "$memory" ] || memory=$((limit / 1048576)) ;;
  esac
  memory=$((memory / 1228))
  [ "$memory" -ge "$jobs" ] || jobs=$memory
  [ "$jobs" -ge 1 ] || jobs=1
  echo "$jobs"
}

# Sets 'jobs' to the argument of -j.
set_jobs() {
  case $1 in
  '' | *[!0-9]* | 0*) die "-j needs a number from 1, not '$1'" ;;
  esac
  jobs=$1
}

# Configures and builds: LLVM's major version, the build folder, the targets
# (none: all of them). Fails after saying why.
# shellcheck disable=SC2154 # root and jobs are of the script that sources this.
build_with() {
  local llvm=$1 build=$2
  shift 2
  mkdir -p "$build" || die "cannot make the folder '$build'"
  need_space "$build" 1500
  cmake -S "$root" -B "$build" -G Ninja \
    -DTHREADHOP_LLVM_VERSION="$llvm" >"$build/configure.log" 2>&1 || {
    cat "$build/configure.log" >&2
    warn "cmake could not configure '$build' (its own message is above)"
    return 1
  }
  cmake --build "$build" -j "$jobs" ${1:+--target "$@"} || {
    warn "the build in '$build' failed (its own message is above)"
    return 1
  }
}
