# Configuration of the lit tests; lit.site.cfg.py, made by CMake, comes first.
import glob
import os
import shutil
import sys
import lit.formats

config.name = "threadhop"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".cpp", ".test"]
config.excludes = ["Inputs", "unit", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
config.test_exec_root = os.path.join(config.threadhop_build, "test", "lit")

source = os.path.dirname(config.test_source_root)
tools = config.llvm_tools
driver = os.path.join(config.threadhop_build, "bin", "threadhop")
clangd = os.path.join(config.threadhop_build, "bin", "threadhop-clangd")
plugin = os.path.join(config.threadhop_build, "lib", "libthreadhop.so")
# The interpreter itself: what CMake found may be a script of a version manager,
# which takes longer to start than many a test.
python = config.python = sys.executable or config.python

config.environment.update({
    # No test finds what another one kept, unless it names a cache.
    "THREADHOP_NO_CACHE": "1",
    "PATH": tools + ":" + config.environment["PATH"],
    "CLANG_TIDY": os.path.join(tools, "clang-tidy"),
    "FILECHECK": os.path.join(tools, "FileCheck"),
    "PLUGIN": plugin,
    "DRIVER": driver if os.path.exists(driver) else "",
    "PYTHONDONTWRITEBYTECODE": "1",
})
config.substitutions += [
    ("%check_threadhop", "%s %s/check_threadhop.py"
     % (python, config.test_source_root)),
    ("%threadhop_clangd", clangd),
    ("%threadhop", driver),
    ("%plugin", plugin),
    ("%stubs", os.path.join(config.test_source_root, "Inputs", "stubs")),
    ("%inputs", os.path.join(config.test_source_root, "Inputs")),
    ("%source", source),
    ("%python", python),
    ("%llvm_version", config.llvm_version),
    ("%build", config.threadhop_build),
]

for feature, header in {"boost": "boost/asio/awaitable.hpp",
                        "boost-fiber": "boost/fiber/all.hpp",
                        "tbb": "oneapi/tbb/concurrent_queue.h",
                        "asio": "asio.hpp"}.items():
    if os.path.exists(os.path.join("/usr/include", header)):
        config.available_features.add(feature)
# Real headers of libraries, and what to give the compiler for those that are
# not found by their own.
for feature, header, folder in (
        ("boost-python", "boost/python.hpp", None),
        ("grpc", "grpcpp/grpcpp.h", None),
        ("libuv", "uv.h", None),
        ("lua", "lua5.4/lua.h", "lua5.4"),
        ("node", "node/v8.h", "node"),
        ("poco", "Poco/SharedPtr.h", None),
        ("pybind11", "pybind11/pybind11.h", None),
        ("cpython", "python3.*/Python.h", "python3.*"),
        ("qt6", "*/qt6/QtCore/QObject", "*/qt6"),
        ("tbb", "oneapi/tbb/task_group.h", None)):
    if not glob.glob(os.path.join("/usr/include", header)):
        continue
    config.available_features.add(feature)
    if folder:
        config.substitutions.append(
            ("%%%s_include" % feature,
             glob.glob(os.path.join("/usr/include", folder))[0]))
for feature, program in {"gcc": "g++", "clang": "clang++"}.items():
    if shutil.which(program, path=tools + ":" + os.environ["PATH"]):
        config.available_features.add(feature)
# Microsoft's validator of SARIF logs and the schema that comes with it, where
# somebody has installed them (see driver/Inputs/check_sarif.py).
package = os.path.join("node_modules", "@microsoft", "sarif-multitool-linux")
for name, file in (("SARIF_MULTITOOL", "Sarif.Multitool"),
                   ("SARIF_SCHEMA", "sarif-2.1.0.json")):
    places = [os.environ.get(name, "")] + [
        os.path.join(folder, "npm", package, file)
        for folder in (config.threadhop_build, os.path.join(source, "build"))]
    for place in filter(os.path.exists, places):
        config.environment.setdefault(name, place)
# What opens the HTML report as a reader does.
if shutil.which("chromium") and shutil.which("chromedriver"):
    config.available_features.add("chromium")
else:
    lit_config.note("skipped: the HTML report in a browser, for there is no "
                    "chromium with its chromedriver")
if os.path.exists(clangd):
    config.available_features.add("clangd")
config.available_features.add("llvm-" + config.llvm_version)
