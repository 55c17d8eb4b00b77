#!/usr/bin/env bash
# From a clean checkout through every test.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tools/common.sh
. "$root/tools/common.sh"

usage() {
  cat <<'END'
usage: tools/test.sh [options]

Installs what is missing (Debian 12, apt-get), builds threadhop against LLVM 22
in build/ and against LLVM 19 in build-llvm19/, and runs all tests of both.

  --llvm 22|19|all  which LLVM (default: all)
  -j N              compilers at once (default: processors, as memory allows)
  --no-install      install nothing; name what is missing and stop
  -h, --help        this text

Exit status: 0 every test passed.
END
}

no_install='' jobs='' versions=(22 19)
while [ $# -gt 0 ]; do
  case $1 in
  -h | --help) usage && exit 0 ;;
  --no-install) no_install=1 ;;
  --llvm | --llvm=*)
    version=${1#--llvm}
    version=${version#=}
    [ -n "$version" ] || { version=${2:-} && shift; }
    case $version in
    22 | 19) versions=("$version") ;;
    all) versions=(22 19) ;;
    *) die "--llvm needs 22, 19 or all, not '$version'" ;;
    esac
    ;;
  -j) set_jobs "${2:-}" && shift ;;
  -j*) set_jobs "${1#-j}" ;;
  *) die "unknown argument '$1'; --help shows those there are" ;;
  esac
  shift
done
jobs=${jobs:-$(parallel_jobs)}

step "Packages"
packages=(libboost1.81-dev)
for version in "${versions[@]}"; do
  mapfile -t -O ${#packages[@]} packages < <(build_packages "$version")
  packages+=("llvm-$version-tools" "clangd-$version")
done
install_packages "${packages[@]}"
# Real headers for tests, a reader of schemas, and a browser for the HTML report;
# a test whose package is missing is left out. V8's headers come with any nodejs
# that brings them.
optional=(python3-dev pybind11-dev liblua5.4-dev libtbb-dev libpoco-dev
  libgrpc++-dev qt6-base-dev python3-jsonschema chromium chromium-driver)
if [ -n "$(missing_packages "${optional[@]}")" ] &&
  ! (install_packages "${optional[@]}"); then
  for package in "${optional[@]}"; do
    [ -z "$(missing_packages "$package")" ] || (install_packages "$package") ||
      warn "tests that need $package are left out"
  done
fi

# Microsoft's validator of SARIF logs, with the schema of such logs.
multitool=@microsoft/sarif-multitool-linux
if [ ! -x "$root/build/npm/node_modules/$multitool/Sarif.Multitool" ]; then
  [ -n "$no_install" ] || command -v npm >/dev/null ||
    (install_packages npm) || true
  if [ -z "$no_install" ] && command -v npm >/dev/null; then
    mkdir -p "$root/build/npm"
    npm install --silent --no-audit --no-fund --prefix "$root/build/npm" \
      "$multitool" || true
    # npm may leave the package's own script out.
    chmod -f u+x "$root/build/npm/node_modules/$multitool/Sarif.Multitool" ||
      true
  fi
fi
if [ -x "$root/build/npm/node_modules/$multitool/Sarif.Multitool" ]; then
  export SARIF_MULTITOOL=$root/build/npm/node_modules/$multitool/Sarif.Multitool
  export SARIF_SCHEMA=${SARIF_MULTITOOL%/*}/sarif-2.1.0.json
else
  warn "SARIF logs are not validated with Microsoft's SARIF Multitool and the" \
    "JSON Schema: npm could not install $multitool"
fi
[ -z "${SARIF_SCHEMA:-}" ] || python3 -c 'import jsonschema' 2>/dev/null ||
  warn "SARIF logs are not validated with the JSON Schema: python3-jsonschema" \
    "is missing"

failed=()
for version in "${versions[@]}"; do
  build=$root/build
  [ "$version" = 22 ] || build=$root/build-llvm$version
  step "Building against LLVM $version in $build, $jobs at once"
  build_with "$version" "$build" || {
    failed+=("LLVM $version (the build)")
    continue
  }
  step "Testing with LLVM $version"
  ctest --test-dir "$build" --output-on-failure --no-tests=error ||
    failed+=("LLVM $version")
done

step "Result"
time="in $((SECONDS / 60)) min $((SECONDS % 60)) s"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
  echo "Details are above; this took ${time#in }."
  exit 1
fi
echo "All tests passed with LLVM ${versions[*]}, $time."
