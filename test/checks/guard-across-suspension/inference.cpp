// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Context guards without a model: what the constructor does to a thread_local
// the destructor undoes.

#include "coro.h"
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

int n;

thread_local std::vector<const char *> names;

class pushes_and_pops {
public:
  explicit pushes_and_pops(const char *name) { names.push_back(name); }
  ~pushes_and_pops() { names.pop_back(); }
};

lazy<> pushed_and_popped() {
  pushes_and_pops scope("request");
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class emplaces_and_pops {
public:
  explicit emplaces_and_pops(const char *name) { names.emplace_back(name); }
  ~emplaces_and_pops() {
    if (!names.empty())
      names.pop_back();
  }
};

lazy<> emplaced_and_popped() {
  emplaces_and_pops scope("request");
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

thread_local int level = 0;

class sets_and_restores {
public:
  explicit sets_and_restores(int to) : before_(level) { level = to; }
  ~sets_and_restores() { level = before_; }

private:
  int before_;
};

lazy<> set_and_restored() {
  sets_and_restores scope(3);
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class exchanges {
public:
  explicit exchanges(int to) : before_(std::exchange(level, to)) {}
  ~exchanges() { level = before_; }

private:
  int before_;
};

lazy<> exchanged_and_restored() {
  exchanges scope(3);
  // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

thread_local std::string prefix;

class swaps {
public:
  explicit swaps(std::string to) : mine_(std::move(to)) {
    std::swap(prefix, mine_);
  }
  ~swaps() { std::swap(prefix, mine_); }

private:
  std::string mine_;
};

lazy<> swapped_in_and_out() {
  swaps scope("request: ");
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class swaps_by_member {
public:
  explicit swaps_by_member(std::string to) : mine_(std::move(to)) {
    prefix.swap(mine_);
  }
  ~swaps_by_member() { prefix.swap(mine_); }

private:
  std::string mine_;
};

lazy<> swapped_by_a_member_function() {
  swaps_by_member scope("request: ");
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

thread_local unsigned depth;

class counts_depth {
public:
  counts_depth() { ++depth; }
  ~counts_depth() { --depth; }
};

lazy<> depth_up_and_down() {
  counts_depth scope;
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class adds_depth {
public:
  explicit adds_depth(unsigned by) : by_(by) { depth += by_; }
  ~adds_depth() { depth -= by_; }

private:
  unsigned by_;
};

lazy<> depth_added_and_subtracted() {
  adds_depth scope(2);
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class frame {
public:
  explicit frame(const char *name) : name_(name), prev_(current) {
    current = this;
  }
  frame(const frame &) = delete;
  ~frame() { current = prev_; }

private:
  static thread_local frame *current;
  const char *name_;
  frame *prev_;
};
thread_local frame *frame::current = nullptr;

lazy<> pointer_to_itself() {
  frame f("request");
  // CHECK: :[[@LINE-1]]:9: warning: {{.*}}'f'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'f'
}

class context {
public:
  int id = 0;
};
thread_local context *active = nullptr;

class sets_and_clears {
public:
  explicit sets_and_clears(context &c) { active = &c; }
  ~sets_and_clears() { active = nullptr; }
};

lazy<> set_and_cleared(context &c) {
  sets_and_clears scope(c);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

thread_local bool tracing = false;

class turns_on_and_off {
public:
  turns_on_and_off() { tracing = true; }
  ~turns_on_and_off() { tracing = false; }
};

lazy<> flag_on_and_off() {
  turns_on_and_off scope;
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

std::vector<context *> &stack_of_this_thread() {
  thread_local std::vector<context *> stack;
  return stack;
}

class pushes_through_an_accessor {
public:
  explicit pushes_through_an_accessor(context &c) {
    stack_of_this_thread().push_back(&c);
  }
  ~pushes_through_an_accessor() { stack_of_this_thread().pop_back(); }
};

lazy<> pushed_through_an_accessor(context &c) {
  pushes_through_an_accessor scope(c);
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class pushes_through_a_reference {
public:
  explicit pushes_through_a_reference(context &c) {
    auto &stack = stack_of_this_thread();
    stack.push_back(&c);
  }
  ~pushes_through_a_reference() {
    auto &stack = stack_of_this_thread();
    stack.pop_back();
  }
};

lazy<> pushed_through_a_local_reference(context &c) {
  pushes_through_a_reference scope(c);
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

struct thread_state {
  int depth = 0;
  std::map<std::string_view, int> fields;
};
thread_local thread_state state;

class changes_a_member {
public:
  changes_a_member() { state.depth++; }
  ~changes_a_member() { state.depth--; }
};

lazy<> member_of_a_thread_local() {
  changes_a_member scope;
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class inserts_and_erases {
public:
  inserts_and_erases(std::string_view key, int value) : key_(key) {
    state.fields.insert({key, value});
  }
  ~inserts_and_erases() { state.fields.erase(key_); }

private:
  std::string_view key_;
};

lazy<> inserted_and_erased() {
  inserts_and_erases scope("user", 1);
  // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class writes_by_key {
public:
  explicit writes_by_key(std::string_view key) : key_(key) {
    state.fields[key] = 1;
  }
  ~writes_by_key() { state.fields.erase(key_); }

private:
  std::string_view key_;
};

lazy<> written_by_key_and_erased() {
  writes_by_key scope("user");
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

void enter(context *c) { active = c; }
void leave() { active = nullptr; }

class calls_functions {
public:
  explicit calls_functions(context &c) { enter(&c); }
  ~calls_functions() { leave(); }
};

lazy<> changed_by_called_functions(context &c) {
  calls_functions scope(c);
  // CHECK: :[[@LINE-1]]:19: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class calls_its_own_functions {
public:
  calls_its_own_functions() { open(); }
  ~calls_its_own_functions() { close(); }

private:
  void open() { names.push_back("own"); }
  void close() { names.pop_back(); }
};

lazy<> changed_by_its_own_member_functions() {
  calls_its_own_functions scope;
  // CHECK: :[[@LINE-1]]:27: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class entered {
public:
  entered(entered &&other) noexcept
      : before_(other.before_), on_(std::exchange(other.on_, false)) {}
  ~entered() {
    if (on_)
      active = before_;
  }

private:
  friend entered enter_scope(context &);
  explicit entered(context *before) : before_(before) {}
  context *before_;
  bool on_ = true;
};

entered enter_scope(context &c) {
  context *before = active;
  active = &c;
  return entered(before);
}

lazy<> set_by_the_factory(context &c) {
  auto scope = enter_scope(c);
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class span {
public:
  class scope {
  public:
    ~scope() { names.pop_back(); }

  private:
    friend class span;
    scope() = default;
  };
  scope activate() const {
    names.push_back(name);
    return scope();
  }
  const char *name = "";
};

lazy<> set_by_a_member_factory(span s) {
  auto scope = s.activate();
  // CHECK: :[[@LINE-1]]:8: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class registry {
public:
  int open(const char *name);
  void close(int id);
};
thread_local registry *current_registry = nullptr;

// Opens in the registry that it is given, closes in the one of the thread.
class asymmetric {
public:
  asymmetric(registry &r, const char *name) : id_(r.open(name)) {}
  ~asymmetric() { current_registry->close(id_); }

private:
  int id_;
};

lazy<> opened_here_and_closed_on_the_thread(registry &r) {
  asymmetric scope(r, "request");
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

registry &registry_of_this_thread() {
  thread_local registry r;
  return r;
}

class asymmetric_by_accessor {
public:
  asymmetric_by_accessor(registry *r, const char *name)
      : registry_(r), id_(r->open(name)) {}
  ~asymmetric_by_accessor() {
    if (registry_)
      registry_of_this_thread().close(id_);
  }

private:
  registry *registry_;
  int id_;
};

lazy<> closed_through_an_accessor(registry &r) {
  asymmetric_by_accessor scope(&r, "request");
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

template <class T> class scoped_value {
public:
  scoped_value(T &slot, T value);
  explicit scoped_value(T value) : before_(slot_) { slot_ = value; }
  ~scoped_value() { slot_ = before_; }

private:
  static inline thread_local T slot_{};
  T before_;
};

lazy<> class_template() {
  scoped_value<int> scope(1);
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class derived : public counts_depth {
public:
  int extra = 0;
};

lazy<> derived_from_an_inferred_guard() {
  derived scope;
  // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

__thread int gnu_level;

class sets_a_gnu_thread_variable {
public:
  explicit sets_a_gnu_thread_variable(int to) : before_(gnu_level) {
    gnu_level = to;
  }
  ~sets_a_gnu_thread_variable() { gnu_level = before_; }

private:
  int before_;
};

lazy<> gnu_thread_variable() {
  sets_a_gnu_thread_variable scope(1);
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

thread_local std::shared_ptr<context> shared_context;

class keeps_a_shared_context {
public:
  explicit keeps_a_shared_context(std::shared_ptr<context> c)
      : before_(std::move(shared_context)) {
    shared_context = std::move(c);
  }
  ~keeps_a_shared_context() { shared_context = std::move(before_); }

private:
  std::shared_ptr<context> before_;
};

lazy<> smart_pointer_of_the_thread(std::shared_ptr<context> &c) {
  keeps_a_shared_context scope(c);
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class out_of_line {
public:
  explicit out_of_line(const char *name);
  ~out_of_line();
};
out_of_line::out_of_line(const char *name) { names.push_back(name); }
out_of_line::~out_of_line() { names.pop_back(); }

lazy<> bodies_out_of_line() {
  out_of_line scope("request");
  // CHECK: :[[@LINE-1]]:15: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}

class one_constructor_of_two {
public:
  one_constructor_of_two() : on_(false) {}
  explicit one_constructor_of_two(const char *name) : on_(true) {
    names.push_back(name);
  }
  ~one_constructor_of_two() {
    if (on_)
      names.pop_back();
  }

private:
  bool on_;
};

lazy<> constructor_that_enters() {
  one_constructor_of_two scope("request");
  // CHECK: :[[@LINE-1]]:26: warning: {{.*}}'scope'{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here{{.*}}'scope'
}
