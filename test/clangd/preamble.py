# RUN: %python %s %threadhop_clangd
"""Nothing is lost where clangd parses the start of a file apart."""
import sys
import lsp

GUARD = "threadhop-guard-across-suspension"

# The preamble ends at the first declaration: what stands between includes is
# parsed with the rest, whatever is included below.
BETWEEN = """// A comment first.
#define HOLD(Lock) std::lock_guard<std::mutex> held(Lock)
#define WAIT co_await tick()
#include "coro.h"
#include <mutex>
inline std::mutex m;
inline lazy<> above() {
  HOLD(m);
  WAIT;
}
template <class T> lazy<> generic(T &lock) {
  std::lock_guard<T> g(lock);
  co_await tick();
}
#include "below.h"
lazy<> use() { return generic(m); }
lazy<> below() {
  from_below scope;
  co_await tick();
}
#include "coro.h"
lazy<> last() {
  std::lock_guard<std::mutex> g(m);
  WAIT;
}
"""

# Guards of the user's headers, told by bodies that stand there.
HEADER = """#pragma once
#include "coro.h"
extern thread_local int depth;
struct inline_guard {
  inline_guard() { ++depth; }
  ~inline_guard() { --depth; }
};
template <class T> struct generic_guard {
  generic_guard() : saved(depth) { depth = T::value; }
  ~generic_guard() { depth = saved; }
  int saved;
};
struct two { static constexpr int value = 2; };
using alias_guard = generic_guard<two>;
template <class T> struct calls_helpers {
  calls_helpers() { enter<T>(); }
  ~calls_helpers() { leave<T>(); }
  template <class U> void enter() { depth += U::value; }
  template <class U> void leave() { depth -= U::value; }
};
struct wrapper { calls_helpers<two> inner; };
struct ready {
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
};
inline int uses() { alias_guard a; wrapper b; return depth; }
"""
USES = """#include "guards.hpp"
lazy<> a() { inline_guard g; co_await tick(); }
lazy<> b() { generic_guard<two> g; co_await tick(); }
lazy<> c() { alias_guard g; co_await tick(); }
lazy<> d() { wrapper g; co_await tick(); }
lazy<> e() { wrapper g; co_await ready(); }
struct three { static constexpr int value = 3; };
lazy<> f() { calls_helpers<three> g; co_await tick(); }
"""


def lines(diagnostics):
    diagnostics = lsp.ours(diagnostics)
    lsp.check(all(d["code"] == GUARD for d in diagnostics), diagnostics)
    return [d["range"]["start"]["line"] + 1 for d in diagnostics]


with lsp.Server(sys.argv[1], lsp.workspace()) as server:
    lsp.write(server.folder, "below.h", """#pragma once
extern thread_local int level;
struct from_below {
  from_below() { ++level; }
  ~from_below() { --level; }
};
""")
    found = lines(server.open("a.cpp", BETWEEN))
    lsp.check(found == [8, 12, 18, 23], found)
    # The same with the preamble of another version, and with a new one.
    found = lines(server.change("a.cpp", BETWEEN + "int more;\n"))
    lsp.check(found == [8, 12, 18, 23], found)
    found = lines(server.change("a.cpp", "#define ONE 1\n" + BETWEEN))
    lsp.check(found == [9, 13, 19, 24], found)

    lsp.write(server.folder, "guards.hpp", HEADER)
    found = lines(server.open("b.cpp", USES))
    lsp.check(found == [2, 3, 4, 5, 8], found)

    # The header itself, edited; and the file above, when it is saved.
    lsp.check(lines(server.open("guards.hpp")) == [], server.published)
    changed = HEADER.replace("{ ++depth; }", "{}").replace("{ --depth; }", "{}")
    bad = changed + "inline lazy<> held() { alias_guard g; co_await tick(); }\n"
    found = lines(server.change("guards.hpp", bad))
    lsp.check(found == [bad.count("\n")], found)
    lsp.write(server.folder, "guards.hpp", changed)
    server.notify("textDocument/didSave", {"textDocument": {
        "uri": lsp.uri_of(server.folder + "/guards.hpp")}})
    # clangd uses the old preamble once more while it builds the new one.
    for number in range(100):
        found = lines(server.change("b.cpp", USES + "int n%d;\n" % number))
        if found != [2, 3, 4, 5, 8]:
            break
    lsp.check(found == [3, 4, 5, 8], found)
