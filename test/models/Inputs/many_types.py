"""Hands hundreds of library types to threads, for the sendability library.

usage: many_types.py CLANG-TIDY PLUGIN FILE

Nothing is expected of the verdicts but that there are some: recursive, variadic,
erased and incomplete types of the standard library and of Boost are looked
through without a crash, and none of those listed is confined to a thread.
"""
import itertools
import os
import subprocess
import sys

LEAVES = ["int", "std::string", "std::string_view", "std::error_code",
          "std::chrono::milliseconds", "std::filesystem::path", "std::any",
          "std::exception_ptr", "std::function<int(char)>", "std::locale",
          "std::regex", "std::thread::id", "std::source_location",
          "std::bitset<9>", "std::complex<double>", "std::stop_token"]
WRAPPERS = ["std::vector<%s>", "std::optional<%s>", "std::shared_ptr<%s>",
            "std::map<int, %s>", "std::list<%s>", "std::deque<%s>",
            "std::pair<%s, int>", "std::tuple<%s, char, long>",
            "std::variant<std::monostate, %s>", "std::array<%s, 3>",
            "std::weak_ptr<%s>", "std::multimap<int, %s>"]
BOOST = ["boost::optional<%s>", "boost::variant<int, %s>",
         "boost::shared_ptr<%s>", "boost::container::small_vector<%s, 4>",
         "boost::circular_buffer<%s>", "boost::unordered_map<int, %s>"]
HEADERS = ["any", "array", "bitset", "chrono", "complex", "deque", "exception",
           "filesystem", "functional", "list", "locale", "map", "memory",
           "optional", "regex", "source_location", "stop_token", "string",
           "string_view", "system_error", "thread", "tuple", "utility",
           "variant", "vector"]
BOOST_HEADERS = ["boost/optional.hpp", "boost/variant.hpp",
                 "boost/shared_ptr.hpp", "boost/container/small_vector.hpp",
                 "boost/circular_buffer.hpp", "boost/unordered_map.hpp"]


def main():
    tidy, plugin, path = sys.argv[1:]
    has_boost = os.path.exists("/usr/include/boost/variant.hpp")
    headers = HEADERS + (BOOST_HEADERS if has_boost else [])
    wrappers = WRAPPERS + (BOOST if has_boost else [])
    types = LEAVES + [w % l for w, l in itertools.product(wrappers, LEAVES)]
    types += [a % (b % "std::string")
              for a, b in itertools.product(wrappers, wrappers)]
    with open(path, "w", encoding="utf-8") as out:
        for header in headers:
            out.write("#include <%s>\n" % header)
        # One that contains itself, and one that nobody defines.
        out.write("struct tree { std::vector<tree> under; };\n"
                  "struct hidden;\n")
        types += ["tree", "std::shared_ptr<hidden>", "hidden *"]
        for number, spelled in enumerate(types):
            out.write("void f%d(const %s &v) { std::thread([v] { (void)&v; })"
                      ".detach(); }\n" % (number, spelled)
                      if not spelled.endswith("*") else
                      "void f%d(%s v) { std::thread([v] { (void)&v; })"
                      ".detach(); }\n" % (number, spelled))
    done = subprocess.run(
        [tidy, "-load=" + plugin,
         "--checks=-*,threadhop-confined-value-crosses-thread", "--quiet", path,
         "--", "-std=c++20"], capture_output=True, text=True)
    if done.returncode or "warning:" in done.stdout or "error:" in done.stdout:
        sys.exit("exit status %d\n%s%s" % (done.returncode, done.stdout,
                                           done.stderr))
    print("%d types: ok" % len(types))


if __name__ == "__main__":
    main()
