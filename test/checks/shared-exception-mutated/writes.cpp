// RUN: %check_threadhop %s threadhop-shared-exception-mutated -- -std=c++20

// What counts as a change of the exception.

#include <exception>
#include <future>
#include <map>
#include <string>
#include <utility>
#include <vector>

struct note {
  std::string text;
};
struct load_error : std::exception {
  void add(std::string text) { notes.push_back(std::move(text)); }
  void out_of_sight(int);
  std::vector<std::string> &all() { return notes; }
  load_error &operator+=(int n) {
    attempts += n;
    return *this;
  }
  std::vector<std::string> notes;
  std::map<std::string, int> counts;
  note last;
  int attempts = 0;
};

void annotate(load_error &e, int n) { e.attempts = n; }
void annotate(load_error *e) { e->attempts = 1; }
void pass_on(load_error &e) { annotate(e, 2); }
void keep(std::vector<std::string>);

int member_of_a_member(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e.last.text = "x";
    // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:48: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:17: note: changed
  }
  return 0;
}
int increment(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    ++e.attempts;
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:39: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:5: note: changed
  }
  return 0;
}
int library_member_function(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e.notes.push_back("x");
    // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:53: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:13: note: changed
  }
  return 0;
}
int own_member_function(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e.add("x");
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:49: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-66]]:38: note: changed
  }
  return 0;
}
int own_operator(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e += 2;
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:42: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-75]]:14: note: changed
  }
  return 0;
}
int member_function_out_of_sight(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e.out_of_sight(2);
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:58: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:7: note: changed
  }
  return 0;
}
int through_an_accessor(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e.all().push_back("x");
    // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:49: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:13: note: changed
  }
  return 0;
}
int element(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    e.notes[0] = "x";
    // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:37: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:16: note: changed
  }
  return 0;
}
int inserted_by_subscript(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    return e.counts["x"];
    // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:51: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:12: note: changed
  }
  return 0;
}
int elements_in_a_loop(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    for (auto &text : e.notes)
      text += "x";
      // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-5]]:14: note: the shared exception is thrown again
      // CHECK: :[[@LINE-8]]:48: note: every copy of shared future 'f' rethrows it
      // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:12: note: changed
  }
  return 0;
}
int through_an_alias(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    auto &notes = e.notes;
    notes.clear();
    // CHECK: :[[@LINE-1]]:11: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-5]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-8]]:46: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:11: note: changed
  }
  return 0;
}
int moved_out(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    keep(std::move(e.notes));
    // CHECK: :[[@LINE-1]]:10: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:39: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:10: note: changed
  }
  return 0;
}
int by_a_function(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    annotate(e, 2);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:43: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-172]]:50: note: changed
  }
  return 0;
}
int by_a_function_of_a_function(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    pass_on(e);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:57: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-183]]:31: note: changed
  }
  return 0;
}
int by_a_pointer(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    annotate(&e);
    // CHECK: :[[@LINE-1]]:5: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:42: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-197]]:44: note: changed
  }
  return 0;
}
int of_the_derived_class(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (std::exception &e) {
    if (auto *mine = dynamic_cast<load_error *>(&e))
      mine->attempts = 1;
      // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-5]]:14: note: the shared exception is thrown again
      // CHECK: :[[@LINE-8]]:50: note: every copy of shared future 'f' rethrows it
      // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:22: note: changed
      // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
int by_a_lambda(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (load_error &e) {
    auto set = [&](int n) {
      e.attempts = n;
      // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-5]]:14: note: the shared exception is thrown again
      // CHECK: :[[@LINE-8]]:41: note: every copy of shared future 'f' rethrows it
      // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:18: note: changed
    };
    set(1);
  }
  return 0;
}
int const_cast_away(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (const load_error &e) {
    const_cast<load_error &>(e).attempts = 1;
    // CHECK: :[[@LINE-1]]:42: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:45: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:42: note: changed
  }
  return 0;
}
int a_plain_number(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (int &number) {
    number = 1;
    // CHECK: :[[@LINE-1]]:12: warning: {{.*}}'number'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:44: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:12: note: changed
    // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
