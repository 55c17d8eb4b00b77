// Request tracing: a span says what is being done; the current span of a thread
// is what its log lines are attributed to.
#pragma once

#include <string>
#include <utility>

namespace quotes {

/// One piece of work. It may live over suspensions and travel between threads.
class span {
public:
  explicit span(std::string name) : name_(std::move(name)) {}
  const std::string &name() const { return name_; }

private:
  std::string name_;
};

/// Makes a span the current one of this thread until the end of the scope.
class trace_scope {
public:
  explicit trace_scope(const span &entered)
      : previous(std::exchange(current_, &entered)) {}
  ~trace_scope() { current_ = previous; }
  trace_scope(const trace_scope &) = delete;
  trace_scope &operator=(const trace_scope &) = delete;

  static const span *current() { return current_; }

private:
  static thread_local const span *current_;
  const span *previous;
};

} // namespace quotes
