#ifndef GUARD_MACROS_H
#define GUARD_MACROS_H

#include <mutex>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define LOCKED(which) std::lock_guard<std::mutex> JOIN(locked_, __LINE__)(which)
#define NAMED_LOCK(name, which) std::unique_lock<std::mutex> name(which)
#define TRACED(text) trace_scope traced_scope_(text)
#define AWAIT(operand) (co_await (operand))
#define LOCKED_BLOCK(which) if (std::lock_guard JOIN(g, __LINE__)(which); true)

#endif // GUARD_MACROS_H
