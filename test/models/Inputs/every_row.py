"""Tests every row of the models that says what may not change threads, and of
those that say where one waiter has room.

usage: every_row.py confined|error|waiter CLANG-TIDY PLUGIN FOLDER MODEL...

Each row becomes a few functions on one line each: the type under its public
name, code that must give exactly one finding, and code that must give none.
All of them go through clang-tidy at once (a class that has two shapes, through
a second file). A row without its finding, or with one too many, is named.
"""
import json
import os
import re
import subprocess
import sys

# What a name is, where it is not a class. The number of parameters of a class
# template, or what a typedef is a name of.
TEMPLATES = {
    1: """
    absl::StatusOr asio::basic_streambuf asio::basic_waitable_timer
    asio::basic_stream_socket asio::basic_datagram_socket
    asio::basic_raw_socket asio::basic_seq_packet_socket
    asio::basic_socket_acceptor asio::basic_signal_set asio::ip::basic_resolver
    asio::ssl::stream base::RefCounted base::RefCountedThreadSafe
    base::RefCountedData base::WeakPtr base::WeakPtrFactory
    base::SupportsWeakPtr boost::atomic_shared_ptr
    boost::beast::websocket::stream boost::cobalt::channel
    boost::cobalt::promise boost::cobalt::generator boost::cobalt::task
    boost::future boost::leaf::result boost::local_shared_ptr boost::optional
    boost::promise boost::python::handle boost::shared_future
    boost::shared_ptr boost::weak_ptr folly::channels::Receiver
    folly::Executor::KeepAlive
    folly::Future folly::Promise folly::SemiFuture folly::SharedPromise
    folly::Try folly::Unexpected Glib::RefPtr JS::Handle JS::Heap
    JS::MutableHandle JS::PersistentRooted JS::Rooted kj::Arc kj::ForkedPromise
    kj::Promise kj::Rc llvm::Expected llvm::RefCountedBase
    llvm::ThreadSafeRefCountedBase Microsoft::WRL::ComPtr
    mozilla::RefCounted mozilla::SupportsWeakPtr mozilla::WeakPtr
    Nan::FunctionCallbackInfo Nan::Global Nan::Persistent
    Nan::PropertyCallbackInfo Nan::ReturnValue Napi::Reference
    Napi::TypedThreadSafeFunction Poco::AutoPtr Poco::SharedPtr
    QExplicitlySharedDataPointer QFuture QPointer QPromise QSharedDataPointer
    QSharedPointer QWeakPointer seastar::checked_ptr
    seastar::enable_lw_shared_from_this seastar::enable_shared_from_this
    seastar::foreign_ptr seastar::future seastar::input_stream
    seastar::lw_shared_ptr seastar::output_stream seastar::pipe
    seastar::pipe_reader seastar::pipe_writer seastar::promise seastar::queue
    seastar::sharded seastar::shared_future seastar::shared_promise
    seastar::shared_ptr seastar::temporary_buffer seastar::timer
    seastar::weak_ptr seastar::weakly_referencable sol::basic_coroutine
    sol::basic_environment sol::basic_function sol::basic_lightuserdata
    sol::basic_metatable sol::basic_object sol::basic_protected_function
    sol::basic_reference sol::basic_thread sol::basic_userdata
    tl::bad_expected_access tl::unexpected v8::BasicTracedReference v8::Eternal
    v8::FunctionCallbackInfo v8::Global v8::Local v8::MaybeLocal v8::Persistent
    v8::PersistentBase v8::PropertyCallbackInfo v8::ReturnValue
    v8::TracedReference winrt::agile_ref winrt::com_ptr WTF::RefCounted
    tmc::qu_mpsc_bounded tmc::qu_mpsc_unbounded tmc::qu_spsc_bounded
    tmc::qu_spsc_unbounded _com_ptr_t""",
    2: """
    asio::experimental::basic_channel
    asio::experimental::basic_concurrent_channel boost::intrusive_ref_counter
    boost::outcome_v2::basic_outcome boost::outcome_v2::basic_result
    boost::system::result boost::variant boost::variant2::variant
    folly::Expected seastar::basic_semaphore seastar::semaphore_units
    sol::basic_table_core sol::stack_proxy tl::expected tmc::chan_tok
    wil::com_ptr_t""",
}
ARITY = {name: count for count, names in TEMPLATES.items()
         for name in names.split()}
ARITY.update({"boost::" + name: count for name, count in ARITY.items()
              if name.startswith("asio::")})
TYPEDEFS = {
    "CURL": "void", "CURLM": "void", "duk_context": "struct duk_hthread",
    "GtkWidget": "struct _GtkWidget", "JNIEnv": "struct JNIEnv_",
    "MYSQL": "struct st_mysql", "PGconn": "struct pg_conn",
    "PGresult": "struct pg_result", "PyObject": "struct _object",
    "PyThreadState": "struct _ts", "SEXP": "struct SEXPREC *",
    "napi_callback_info": "struct napi_callback_info__ *",
    "napi_deferred": "struct napi_deferred__ *",
    "napi_env": "struct napi_env__ *", "napi_ref": "struct napi_ref__ *",
    "napi_threadsafe_function": "struct napi_threadsafe_function__ *",
    "napi_value": "struct napi_value__ *",
}
TYPEDEFS.update({"uv_%s_t" % name: "struct uv_%s_s" % name for name in
                 ("async check fs_event fs_poll handle idle loop pipe poll "
                  "prepare process signal stream tcp timer tty udp").split()})
# Classes that are only declared, scopes that are no namespaces, and bases that
# are used through what derives from them.
OPAQUE = {"lua_State", "sqlite3", "sqlite3_stmt", "JSRuntime", "JSContext"}
CLASS_SCOPES = {"folly::Executor", "Napi::Promise"}
BASES = {"base::RefCounted", "boost::intrusive_ref_counter", "kj::Refcounted",
         "llvm::RefCountedBase", "mozilla::RefCounted", "WTF::RefCounted",
         "seastar::enable_lw_shared_from_this",
         "seastar::enable_shared_from_this", "seastar::weakly_referencable",
         "folly::DelayedDestruction"}
# Smart pointers whose count is fine, so that what they point to decides.
POINTEE_DECIDES = {"base::RefCountedThreadSafe", "boost::shared_ptr",
                   "QSharedPointer", "std::shared_ptr"}
# The standard library's are its own; how to write what is no plain class.
STD = {
    "std::atomic": "std::atomic<int>", "std::shared_ptr": "std::shared_ptr<int>",
    "std::weak_ptr": "std::weak_ptr<int>",
    "std::bad_expected_access": "std::bad_expected_access<int>",
    "std::future": "std::future<int>", "std::promise": "std::promise<int>",
    "std::shared_future": "std::shared_future<int>",
    "std::packaged_task": "std::packaged_task<int()>",
    "std::expected": "std::expected<int, std::runtime_error>",
    "std::unexpected": "std::unexpected<std::runtime_error>",
    "std::variant": "std::variant<int, std::runtime_error>",
    "std::optional": "std::optional<std::runtime_error>",
}
NOT_COPIED = {"std::atomic", "std::mutex", "std::packaged_task", "std::promise",
              "std::future", "std::pmr::unsynchronized_pool_resource",
              "std::pmr::monotonic_buffer_resource",
              "std::pmr::synchronized_pool_resource"}

PRELUDE = r"""
#include <any>
#include <atomic>
#include <coroutine>
#include <exception>
#include <expected>
#include <filesystem>
#include <functional>
#include <future>
#include <ios>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <new>
#include <optional>
#include <regex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <typeinfo>
#include <variant>
#include <version>
#if __has_include(<format>)
#include <format>
#else
namespace std { class format_error : public runtime_error {}; }
#endif
template <class T> void touch(const T &);
template <class T> T make();
template <class T> int number_of(const T &);
[[noreturn]] void fails();
struct [[nodiscard]] spawned {
  struct promise_type {
    spawned get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
struct operation {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
struct pointee { int number; };
struct other_argument {};
struct [[clang::annotate("threadhop::thread_confined")]] confined_part {};
"""


def load(path):
    """Comments are allowed in models; strings may hold what looks like one."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    token = r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/'
    return json.loads(re.sub(
        token, lambda m: m.group() if m.group()[0] == '"' else " ", text,
        flags=re.DOTALL))


def in_scope(name, declaration):
    """The declaration of the last part of the name, in its scopes."""
    scopes = name.split("::")[:-1]
    for depth in range(len(scopes), 0, -1):
        scope = "::".join(scopes[:depth])
        if scope in CLASS_SCOPES:
            declaration = "struct %s { %s };" % (scopes[depth - 1], declaration)
        else:
            declaration = "namespace %s { %s }" % (scopes[depth - 1],
                                                   declaration)
    return declaration


class Source:
    """One file of functions, and what each of its lines wants."""

    def __init__(self):
        self.lines = PRELUDE.splitlines()
        self.wants = {}
        self.declared = set()

    def declare(self, name, body="", base=""):
        if name in self.declared or name.startswith(("std::", "__gnu_cxx::")):
            return
        self.declared.add(name)
        last = name.split("::")[-1]
        if name in TYPEDEFS:
            text = "typedef %s %s;" % (TYPEDEFS[name], last)
        elif name in OPAQUE:
            text = "struct %s;" % last
        elif name in ARITY:
            text = "template <class A%s> struct %s%s { %s };" % (
                ", class B = A" * (ARITY[name] - 1), last, base, body)
        else:
            text = "struct %s%s { %s };" % (last, base, body)
        self.lines.append(in_scope(name, text))

    def function(self, row, number, what, wanted, text):
        """Adds one line; WHO in it is replaced by the function's name."""
        who = "row_%d_%s" % (number, what)
        self.lines.append(text.replace("WHO", who))
        self.wants[len(self.lines)] = (row["library"], row["type"], what,
                                       wanted)


def spelled(row, argument="pointee", second=None):
    """The row's type with template arguments for which the row holds."""
    name = row["type"]
    if name in STD:
        return STD[name]
    when = row.get("when_argument")
    if when:
        second = second or when.get("type") or when["value"]
    elif name not in ARITY:
        return name
    return "%s<%s%s>" % (name, argument, ", " + second if second else "")


def tasks(source, row, number, kind, wanted, of):
    """An object of the type that is handed over in every way."""
    def add(what, text):
        source.function(row, number, kind + what, wanted, text)
    pointer = row.get("handle") == "pointer"
    if "*" in TYPEDEFS.get(row["type"], ""):
        # A typedef of a pointer goes by value.
        add("handle", "void WHO(%s p) { std::thread([p] { touch(p); })"
            ".detach(); touch(p); }" % of)
    elif pointer or row["type"] in OPAQUE or row["type"] in TYPEDEFS:
        add("pointer", "void WHO(%s *p) { std::thread([p] { touch(p); })"
            ".detach(); touch(p); }" % of)
        add("argument", "void WHO(%s *p) { std::thread([](%s *task) { touch("
            "task); }, p).detach(); touch(p); }" % (of, of))
        add("smart", "void WHO(const std::shared_ptr<%s> &p) { std::thread([p] "
            "{ touch(p); }).detach(); }" % of)
    else:
        if row["type"] not in NOT_COPIED:
            # A copy may be an object of its own.
            shared = wanted
            wanted = wanted and not row.get("copy_ok", False)
            add("copy", "void WHO(const %s &v) { std::thread([v] { touch(v); })"
                ".detach(); }" % of)
            add("bound", "void WHO(const %s &v) { std::thread([](const %s &task"
                ") { touch(task); }, v).detach(); }" % (of, of))
            wanted = shared
        add("reference", "void WHO(%s &v) { std::thread([&v] { touch(v); })"
            ".detach(); touch(v); }" % of)
        add("member", "struct WHO { %s member; void start() { std::thread(["
            "this] { touch(member); }).detach(); } void use() { touch(member); "
            "} };" % of)


def confined(source, row, number):
    name, safe = row["type"], row.get("safe", False)
    add = lambda *rest: source.function(row, number, *rest)
    # Without its row, a safe type would be what its member is.
    part = "confined_part part;" if safe and name not in POINTEE_DECIDES else ""
    source.declare(name, "int count; %s" % part)
    when = row.get("when_argument", {})
    if "type" in when:
        source.declare(when["type"])
    of = spelled(row)
    if name in BASES:
        of = "row_%d" % number
        source.lines.append("struct %s : %s {};" % (of, spelled(row, of)))
    tasks(source, row, number, "", not safe, of)
    value = of + " *" if row.get("handle") == "pointer" or \
        name in OPAQUE | set(TYPEDEFS) and "*" not in TYPEDEFS.get(name, "") \
        else of
    if name not in NOT_COPIED or value != of:
        add("made_inside", False, "void WHO() { std::thread([] { %s v = "
            "make<%s>(); touch(v); }).detach(); }" % (value, value))
        add("number_only", False, "void WHO(%s v) { int n = number_of(v); "
            "std::thread([n] { touch(n); }).detach(); touch(v); }" % value)
        if value == of and "*" not in TYPEDEFS.get(name, ""):
            add("moved", not (safe or row.get("move_ok")),
                "void WHO(%s v) { std::thread([v = std::move(v)] { touch(v); })"
                ".detach(); }" % of)
    if when:
        if name in BASES:
            different = "row_%d_other" % number
            source.lines.append("struct %s : %s {};" % (different, spelled(
                row, different, "other_argument")))
        else:
            different = spelled(row, second="__gnu_cxx::_S_atomic")
        tasks(source, row, number, "other_argument_", False, different)
    if "unless_safe_argument" in row:
        source.declare("IAgileObject", "confined_part part;")
        agile = "row_%d_agile" % number
        source.lines.append("struct %s : IAgileObject {};" % agile)
        tasks(source, row, number, "safe_argument_", False,
              spelled(row, agile))


def error(source, row, number, member=None):
    verdict, reason = row["verdict"], row.get("reason", "")
    if member:
        verdict, reason = row["if_member"]["verdict"], row["if_member"]["reason"]
        row = dict(row, reason=reason)
    wanted = verdict in ("unsafe", "conditional")
    add = lambda *rest: source.function(row, number, *rest)
    # Without its row, a harmless type would be what its base is.
    source.declare("harmful::error")
    source.declare(row["type"], "int %s;" % (member or "count"),
                   "" if wanted else " : harmful::error")
    of = spelled(row, "int")
    promise = "std::promise<int> &p"
    add("caught", wanted, "void WHO(%s) { try { fails(); } catch (%s &) { "
        "p.set_exception(std::current_exception()); } }" % (promise, of))
    add("caught_const", wanted, "void WHO(%s) { std::exception_ptr e; try { "
        "fails(); } catch (const %s &) { e = std::current_exception(); } "
        "p.set_exception(e); }" % (promise, of))
    if row["type"] not in NOT_COPIED:
        add("made", wanted, "void WHO(%s) { p.set_exception("
            "std::make_exception_ptr(make<%s>())); }" % (promise, of))
        add("thrown", wanted, "auto WHO() { return std::async("
            "std::launch::async, [] { throw make<%s>(); }); }" % of)
        add("caught_inside", False, "auto WHO() { return std::async("
            "std::launch::async, [] { try { throw make<%s>(); } catch (const "
            "%s &) { } }); }" % (of, of))
    add("rethrown_here", False, "void WHO() { try { fails(); } catch (%s &) { "
        "throw; } }" % of)
    add("converted", False, "void WHO(%s) { try { fails(); } catch (%s &e) { "
        "p.set_exception(std::make_exception_ptr(std::runtime_error("
        "std::to_string(number_of(e))))); } }" % (promise, of))


def waiter(source, row, number):
    """Two waiters, or two handlers, of one object."""
    waits = row.get("waits", [])
    stores = row.get("stores", [])
    names = [name for slot in waits for name in slot if name != "co_await"]
    source.declare(row["type"], "".join(
        ["operation %s(); " % name for name in names] +
        ["void %s(int); " % name for name in stores] +
        ["operation operator co_await() const; void wakes(); void clear();"]))
    of = spelled(row)
    add = lambda *rest: source.function(row, number, *rest)

    def waiting(name, variable):
        what = "co_await o" if name == "co_await" else \
            "co_await o.%s()" % name
        return "auto %s = [](%s &o) -> spawned { %s; }; " % (variable, of, what)
    for slot, names in enumerate(waits):
        for name in names:
            what = "%d_%s_" % (slot, name)
            add(what + "twice", True, "void WHO(%s &o) { %s(void)a(o); "
                "(void)a(o); }" % (of, waiting(name, "a")))
            add(what + "woken", False, "void WHO(%s &o) { %s(void)a(o); "
                "o.wakes(); (void)a(o); }" % (of, waiting(name, "a")))
            add(what + "two_objects", False, "void WHO(%s &o, %s &p) { "
                "%s(void)a(o); (void)a(p); }" % (of, of, waiting(name, "a")))
            for other in (slot + 1, slot - 1):
                if 0 <= other < len(waits):
                    add(what + "other_slot", False, "void WHO(%s &o) { %s%s"
                        "(void)a(o); (void)b(o); }" % (
                            of, waiting(name, "a"),
                            waiting(waits[other][0], "b")))
    if stores:
        lender, _, lends = row["lent_by"].rpartition("::")
        source.declare(lender, "%s %s();" % (of, lends))
        for name in stores:
            put = "o.%s().%s(%%d);" % (lends, name)
            add(name + "_twice", True, "void WHO(%s &o) { %s %s }" % (
                lender, put % 1, put % 2))
            add(name + "_cleared", False, "void WHO(%s &o) { %s o.%s().clear();"
                " %s }" % (lender, put % 1, lends, put % 2))


def judge(path, source, tidy, plugin, check, models, reasons):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(source.lines) + "\n")
    done = subprocess.run(
        [tidy, "-load=" + plugin, "--checks=-*," + check, "--quiet",
         "-config={CheckOptions: {ModelFiles: '%s'}}" % models, path, "--",
         "-std=c++23", "-Wno-everything"], capture_output=True, text=True)
    said = {}
    for match in re.finditer(r"^(\S.*?):(\d+):\d+: (warning|error): (.*)$",
                             done.stdout, re.MULTILINE):
        if match.group(3) == "error" or \
                not match.group(4).endswith("[%s]" % check):
            sys.exit("%s\n%s" % (match.group(), done.stderr))
        said.setdefault(int(match.group(2)), []).append(match.group(4))
    if done.returncode or not said:
        sys.exit("failed (%d):\n%s%s" % (done.returncode, done.stdout,
                                         done.stderr))
    wrong = 0
    for line in sorted(set(source.wants) | set(said)):
        library, name, what, wanted = source.wants.get(
            line, ("?", "?", "declaration", False))
        messages = said.get(line, [])
        reason = reasons.get(name)
        if len(messages) == int(wanted) and \
                all(reason in message for message in messages):
            continue
        wrong += 1
        print("%s:%d: row '%s' of model '%s', %s: wants %s, has %d:\n  %s\n%s"
              % (path, line, name, library, what,
                 "one finding (%s)" % reason if wanted else "none",
                 len(messages), source.lines[line - 1],
                 "".join("  -> %s\n" % message for message in messages)))
    return wrong


SECTIONS = {"confined": "confined_types", "error": "error_types",
            "waiter": "waiter_slots"}


def main():
    if len(sys.argv) < 6 or sys.argv[1] not in ("confined", "error",
                                                "waiter"):
        sys.exit(__doc__)
    kind, tidy, plugin, folder = sys.argv[1:5]
    os.makedirs(folder, exist_ok=True)
    rows = []
    for path in sys.argv[5:]:
        model = load(path)
        rows += [dict(row, library=model["library"])
                 for row in model.get(SECTIONS[kind], [])]
    # What harmless errors derive from, so that only their row helps them.
    helper = os.path.join(folder, "harmful.json")
    with open(helper, "w", encoding="utf-8") as file:
        json.dump({"library": "harmful", "error_types": [
            {"type": "harmful::error", "verdict": "unsafe",
             "reason": "it stays with its thread"}]}, file)
    source, second = Source(), Source()
    reasons, second_reasons = {}, {}
    for number, row in enumerate(rows):
        reasons[row["type"]] = row.get("reason", "")
        if kind == "waiter":
            # What a second handler causes is said of operations only.
            reasons[row["type"]] = row["second"] if "waits" in row else ""
            waiter(source, row, number)
            continue
        if kind == "confined":
            confined(source, row, number)
            continue
        error(source, row, number)
        if "if_member" in row:
            second_reasons[row["type"]] = row["if_member"]["reason"]
            error(second, row, number, row["if_member"]["name"])
    check = {"confined": "threadhop-confined-value-crosses-thread",
             "error": "threadhop-nonsendable-error-payload",
             "waiter": "threadhop-overwritten-waker"}[kind]
    wrong = judge(os.path.join(folder, "rows.cpp"), source, tidy, plugin, check,
                  helper, reasons)
    if second.wants:
        wrong += judge(os.path.join(folder, "if-member.cpp"), second, tidy,
                       plugin, check, helper, second_reasons)
    if wrong:
        sys.exit("%d functions of %d are wrong" % (
            wrong, len(source.wants) + len(second.wants)))
    print("%d rows, %d functions: ok" % (
        len(rows), len(source.wants) + len(second.wants)))


if __name__ == "__main__":
    main()
