// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Constructors and destructors that use a thread_local and undo nothing, or
// undo what belongs to no thread.

#include "coro.h"
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

int n;
void write_line(const std::string &);

// --- logging ---------------------------------------------------------------

thread_local std::string line_buffer;

void log(const char *what, const char *name) {
  line_buffer.clear();
  line_buffer += what;
  line_buffer += name;
  write_line(line_buffer);
}

class logs_both_ends {
public:
  explicit logs_both_ends(const char *name) : name_(name) {
    log("begin ", name_);
  }
  ~logs_both_ends() { log("end ", name_); }

private:
  const char *name_;
};

lazy<> logger_in_both() {
  logs_both_ends logged("request");
  co_await tick();
}

thread_local int verbosity = 0;

class reads_verbosity {
public:
  reads_verbosity() {
    if (verbosity > 0)
      write_line("begin");
  }
  ~reads_verbosity() {
    if (verbosity > 0)
      write_line("end");
  }
};

lazy<> only_read() {
  reads_verbosity r;
  co_await tick();
}

class reads_where_it_began {
public:
  reads_where_it_began() : level_(verbosity) {}
  ~reads_where_it_began() {
    if (level_ > 0)
      write_line("end");
  }

private:
  int level_;
};

lazy<> read_by_the_constructor() {
  reads_where_it_began r;
  co_await tick();
}

thread_local const char *thread_name = "";

class names_its_thread {
public:
  names_its_thread() { write_line(thread_name); }
  ~names_its_thread() { write_line(thread_name); }
};

lazy<> name_of_the_thread_written() {
  names_its_thread r;
  co_await tick();
}

// --- caches ----------------------------------------------------------------

thread_local std::map<int, std::string> cache;

class fills_the_cache {
public:
  explicit fills_the_cache(int key) : key_(key), value_(cache[key]) {}
  ~fills_the_cache() { cache[key_] = value_; }

private:
  int key_;
  std::string value_;
};

lazy<> cache_filled_by_the_destructor() {
  fills_the_cache entry(1);
  co_await tick();
}

thread_local int last_id;

class remembers_the_last {
public:
  explicit remembers_the_last(int id) : id_(id) {}
  ~remembers_the_last() { last_id = id_; }

private:
  int id_;
};

lazy<> last_one_remembered() {
  remembers_the_last r(1);
  co_await tick();
}

class takes_a_number {
public:
  takes_a_number() : id_(++last_id) {}
  ~takes_a_number() { n -= id_; }

private:
  int id_;
};

lazy<> number_taken_by_the_constructor() {
  takes_a_number r;
  co_await tick();
}

thread_local std::mt19937 random_engine;

class draws_a_number {
public:
  draws_a_number() : id_(random_engine()) {}
  ~draws_a_number() { write_line(std::to_string(id_)); }

private:
  unsigned id_;
};

lazy<> number_drawn() {
  draws_a_number r;
  co_await tick();
}

// --- statistics ------------------------------------------------------------

struct counters {
  long started = 0, finished = 0;
  std::chrono::nanoseconds busy{};
};
thread_local counters stats;

class counts_both_ends {
public:
  counts_both_ends() { ++stats.started; }
  ~counts_both_ends() { ++stats.finished; }
};

lazy<> statistics_in_both() {
  counts_both_ends r;
  co_await tick();
}

thread_local long operations;

class counts_up_twice {
public:
  counts_up_twice() { ++operations; }
  ~counts_up_twice() { ++operations; }
};

lazy<> same_counter_up_in_both() {
  counts_up_twice r;
  co_await tick();
}

class measures {
public:
  measures() : start_(std::chrono::steady_clock::now()) {}
  ~measures() { stats.busy += std::chrono::steady_clock::now() - start_; }

private:
  std::chrono::steady_clock::time_point start_;
};

lazy<> time_added_by_the_destructor() {
  measures r;
  co_await tick();
}

// --- free lists ------------------------------------------------------------

thread_local std::vector<std::string> spare;

class borrows_a_buffer {
public:
  borrows_a_buffer() {
    if (spare.empty())
      return;
    buffer_ = std::move(spare.back());
    spare.pop_back();
  }
  ~borrows_a_buffer() { spare.push_back(std::move(buffer_)); }

private:
  std::string buffer_;
};

lazy<> buffer_given_back() {
  borrows_a_buffer b;
  co_await tick();
}

class gives_back_only {
public:
  explicit gives_back_only(std::string buffer) : buffer_(std::move(buffer)) {}
  ~gives_back_only() { spare.push_back(std::move(buffer_)); }

private:
  std::string buffer_;
};

lazy<> buffer_given_away() {
  gives_back_only b("text");
  co_await tick();
}

struct node {
  node *next = nullptr;
};
thread_local node *free_nodes = nullptr;

class pooled_node {
public:
  pooled_node() : node_(free_nodes) {
    if (node_)
      free_nodes = node_->next;
    else
      node_ = new node;
  }
  ~pooled_node() {
    node_->next = free_nodes;
    free_nodes = node_;
  }

private:
  node *node_;
};

lazy<> node_put_back_on_the_free_list() {
  pooled_node p;
  co_await tick();
}

// --- no thread -------------------------------------------------------------

std::vector<const char *> global_names;
std::atomic<int> active;
int global_level;

class pushes_globally {
public:
  explicit pushes_globally(const char *name) { global_names.push_back(name); }
  ~pushes_globally() { global_names.pop_back(); }
};

lazy<> stack_of_the_process() {
  pushes_globally scope("request");
  co_await tick();
}

class sets_globally {
public:
  explicit sets_globally(int to) : before_(std::exchange(global_level, to)) {}
  ~sets_globally() { global_level = before_; }

private:
  int before_;
};

lazy<> variable_of_the_process() {
  sets_globally scope(1);
  co_await tick();
}

class counts_atomically {
public:
  counts_atomically() { ++active; }
  ~counts_atomically() { --active; }
};

lazy<> atomic_counter() {
  counts_atomically scope;
  co_await tick();
}

class restores_its_argument {
public:
  restores_its_argument(int &slot, int to)
      : slot_(slot), before_(std::exchange(slot, to)) {}
  ~restores_its_argument() { slot_ = before_; }

private:
  int &slot_;
  int before_;
};

lazy<> variable_that_is_given(int &slot) {
  restores_its_argument scope(slot, 1);
  co_await tick();
}

class own_object_only {
public:
  own_object_only() { names_.push_back("begin"); }
  ~own_object_only() { names_.pop_back(); }

private:
  std::vector<const char *> names_;
};

lazy<> its_own_members() {
  own_object_only scope;
  co_await tick();
}

// Closes where it opened, whatever thread that happens on.
class registry {
public:
  int open(const char *name);
  void close(int id);
};
thread_local registry *current_registry = nullptr;

class symmetric {
public:
  symmetric(registry &r, const char *name) : registry_(r), id_(r.open(name)) {}
  ~symmetric() { registry_.close(id_); }

private:
  registry &registry_;
  int id_;
};

lazy<> closed_where_it_was_opened(registry &r) {
  symmetric scope(r, "request");
  co_await tick();
}

class symmetric_from_the_thread {
public:
  explicit symmetric_from_the_thread(const char *name)
      : registry_(current_registry), id_(registry_->open(name)) {}
  ~symmetric_from_the_thread() { registry_->close(id_); }

private:
  registry *registry_;
  int id_;
};

lazy<> remembers_the_registry_of_its_thread() {
  symmetric_from_the_thread scope("request");
  co_await tick();
}

// --- only one side ----------------------------------------------------------

thread_local bool initialised;

class initialises_once {
public:
  initialises_once() {
    if (!initialised)
      initialised = true;
  }
  ~initialises_once() { --n; }
};

lazy<> set_and_never_restored() {
  initialises_once r;
  co_await tick();
}

class different_variables {
public:
  different_variables() { ++verbosity; }
  ~different_variables() { ++last_id; }
};

lazy<> two_unrelated_variables() {
  different_variables r;
  co_await tick();
}

class undoes_nothing {
public:
  undoes_nothing() {}
  explicit undoes_nothing(int) {}
  ~undoes_nothing() {}
};

lazy<> empty_bodies() {
  undoes_nothing r(1);
  co_await tick();
}
