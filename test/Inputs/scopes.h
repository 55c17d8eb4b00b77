//===- scopes.h - Context guards of a project, without a model ------------===//
//
// What they do to the thread has to be read from their bodies.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_TEST_INPUTS_SCOPES_H
#define THREADHOP_TEST_INPUTS_SCOPES_H

/// While it lives, everything that this thread logs carries its name.
class trace_scope {
public:
  explicit trace_scope(const char *name) : name_(name), outer_(current_) {
    current_ = this;
  }
  trace_scope(const trace_scope &) = delete;
  trace_scope &operator=(const trace_scope &) = delete;
  ~trace_scope() { current_ = outer_; }

private:
  static inline thread_local trace_scope *current_ = nullptr;
  const char *name_;
  trace_scope *outer_;
};

#endif // THREADHOP_TEST_INPUTS_SCOPES_H
