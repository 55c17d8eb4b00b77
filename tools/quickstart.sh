#!/usr/bin/env bash
# From a clean checkout to findings.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tools/common.sh
. "$root/tools/common.sh"

usage() {
  cat <<'END'
usage: tools/quickstart.sh [options] [PATH]

Installs what is missing (Debian 12, apt-get), builds threadhop in build/, and
analyses PATH: a folder or file of a project with a compile_commands.json, a
CMake project, or just C++ files. Default: the example project, docs/example.
Findings go to standard output, and as SARIF to build/threadhop.sarif.

  -j N           compilers at once (default: processors, as memory allows)
  --no-install   install nothing; name what is missing and stop
  -h, --help     this text

Exit status: 0 the analysis can be trusted, with findings or without; else it
cannot (a file did not compile), or something failed on the way to it.
END
}

no_install='' jobs='' path=''
while [ $# -gt 0 ]; do
  case $1 in
  -h | --help) usage && exit 0 ;;
  --no-install) no_install=1 ;;
  -j) set_jobs "${2:-}" && shift ;;
  -j*) set_jobs "${1#-j}" ;;
  -*) die "unknown option '$1'; --help shows those there are" ;;
  *)
    [ -z "$path" ] || die "one path, please: '$path' or '$1'"
    path=$1
    ;;
  esac
  shift
done
[ -z "$path" ] || [ -e "$path" ] || die "'$path' is not there"
jobs=${jobs:-$(parallel_jobs)}
target=$(realpath "${path:-$root/docs/example}")
build=$root/build
sarif=$build/threadhop.sarif

is_example() { case $target/ in "$root"/docs/example/*) ;; *) false ;; esac; }

# The folder of the nearest compilation database, from $1 upwards.
find_database() {
  local folder=$1 name place
  while :; do
    for name in compile_commands.json compile_flags.txt; do
      for place in "${folder%/}" "${folder%/}/build"; do
        if [ -e "$place/$name" ]; then
          printf '%s\n' "${place:-/}"
          return
        fi
      done
    done
    [ "$folder" != / ] || return 0
    folder=$(dirname "$folder")
  done
}

# Configures a CMake project, in a folder of ours.
configure_project() {
  cmake -S "$1" -B "$2" -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DCMAKE_C_COMPILER="${CC:-clang-22}" \
    -DCMAKE_CXX_COMPILER="${CXX:-clang++-22}" >"$2.log" 2>&1 || {
    cat "$2.log" >&2
    die "cmake could not configure '$1' (its own message is above); with a" \
      "compile_commands.json in '$1' or '$1/build' it need not"
  }
}

# Sets 'inputs' (driver arguments) and 'folder' (where to run it, which SARIF's
# relative paths are relative to).
inputs=() folder=''
choose_inputs() {
  local database sources=()
  if is_example; then
    folder=$root
    configure_project "$root/docs/example" "$build/example"
    inputs=(-p "$build/example" "$target")
    return
  fi
  folder=$target
  [ -d "$target" ] || folder=$(dirname "$target")
  database=$(find_database "$folder")
  if [ -n "$database" ]; then
    echo "With the compilation database of $database"
    inputs=(-p "$database")
    # The paths of compile_flags.txt must be files.
    [ ! -e "$database/compile_commands.json" ] || inputs+=("$target")
    [ ${#inputs[@]} -eq 2 ] || return 0
  elif [ -e "$folder/CMakeLists.txt" ]; then
    echo "Configuring $folder in $build/project"
    rm -rf "$build/project"
    configure_project "$folder" "$build/project"
    inputs=(-p "$build/project" "$target")
    return
  fi
  if [ -d "$target" ]; then
    mapfile -d '' sources < <(find "$target" -name '.*' ! -path "$target" \
      -prune -o -type f \( -name '*.cpp' -o -name '*.cc' -o -name '*.cxx' \) \
      -print0 | sort -z)
    [ ${#sources[@]} -gt 0 ] || die "there is no C++ file in '$path'"
  else
    sources=("$target")
  fi
  if [ -n "$database" ]; then
    inputs+=("${sources[@]}")
    return
  fi
  echo "There is no compile_commands.json: taking every C++ file for C++20" \
    "that includes from $folder"
  inputs=("${sources[@]}" -- -std=c++20 -I"$folder")
  [ ! -d "$folder/include" ] || inputs+=(-I"$folder/include")
}

step "Packages"
packages=()
mapfile -t packages < <(build_packages 22)
if is_example; then
  packages+=(libboost1.81-dev)
fi
install_packages "${packages[@]}"

step "Building in $build, $jobs at once"
build_with 22 "$build" threadhop threadhopPlugin || die "no build, no analysis"

step "Analysing ${path:-the example project, docs/example}"
choose_inputs
rm -f "$sarif"
status=0
(cd "$folder" && "$build/bin/threadhop" --sarif "$sarif" "${inputs[@]}") ||
  status=$?
step "Result"
case $status in
0) echo "No findings." ;;
1) echo "The findings are above." ;;
*)
  echo "The analysis cannot be trusted: see the errors above."
  [ ! -e "$sarif" ] || echo "What was found is in $sarif (SARIF)."
  exit "$status"
  ;;
esac
cat <<END
As SARIF:  $sarif
Driver:    $build/bin/threadhop
Plugin:    clang-tidy-22 -load=$build/lib/libthreadhop.so -checks='-*,threadhop-*'
END
