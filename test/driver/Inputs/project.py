"""Projects that are made for a test."""
import json
import os

# With it a source can have coroutines.
TASK = """#include <coroutine>
#include <mutex>
struct task {
  struct promise_type {
    std::suspend_always initial_suspend();
    std::suspend_always final_suspend() noexcept;
    task get_return_object();
    void return_void();
    void unhandled_exception();
  };
};
"""


def write(folder, sources):
    """Writes sources, by their names, and a compilation database for them."""
    os.makedirs(folder, exist_ok=True)
    entries = []
    for name, text in sources.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as source:
            source.write(text if isinstance(text, bytes) else text.encode())
        entries.append({"directory": folder, "file": path,
                        "arguments": ["c++", "-std=c++20", "-c", path]})
    with open(os.path.join(folder, "compile_commands.json"), "w") as database:
        json.dump(entries, database)
