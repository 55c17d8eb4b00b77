# Configuration of the lit tests; lit.site.cfg.py, made by CMake, comes first.
import os
import shutil
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

config.environment.update({
    "PATH": tools + ":" + config.environment["PATH"],
    "CLANG_TIDY": os.path.join(tools, "clang-tidy"),
    "FILECHECK": os.path.join(tools, "FileCheck"),
    "PLUGIN": plugin,
    "DRIVER": driver if os.path.exists(driver) else "",
    "PYTHONDONTWRITEBYTECODE": "1",
})
config.substitutions += [
    ("%check_threadhop", "%s %s/check_threadhop.py"
     % (config.python, config.test_source_root)),
    ("%threadhop_clangd", clangd),
    ("%threadhop", driver),
    ("%plugin", plugin),
    ("%stubs", os.path.join(config.test_source_root, "Inputs", "stubs")),
    ("%inputs", os.path.join(config.test_source_root, "Inputs")),
    ("%source", source),
    ("%python", config.python),
    ("%llvm_version", config.llvm_version),
    ("%build", config.threadhop_build),
]

for feature, header in {"boost": "boost/asio/awaitable.hpp",
                        "boost-fiber": "boost/fiber/all.hpp",
                        "tbb": "oneapi/tbb/concurrent_queue.h",
                        "asio": "asio.hpp"}.items():
    if os.path.exists(os.path.join("/usr/include", header)):
        config.available_features.add(feature)
for feature, program in {"gcc": "g++", "clang": "clang++"}.items():
    if shutil.which(program, path=tools + ":" + os.environ["PATH"]):
        config.available_features.add(feature)
if os.path.exists(clangd):
    config.available_features.add("clangd")
config.available_features.add("llvm-" + config.llvm_version)
