// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
#include "threads.h"

struct runnable {
  virtual ~runnable();
  virtual void run() = 0;
};
struct runners {
  void start([[clang::annotate("threadhop::hops")]] runnable *Task);
};
struct book {
  std::vector<engine_ptr> all;
};
void show(int);

// The elements are counted where they are, and none is touched.
struct search;
struct search_task : runnable {
  search &of;
  explicit search_task(search &of) : of(of) {}
  void run() override;
};
struct search {
  book &pages;
  int found = 0;
  search(book &pages, runners &r) : pages(pages) {
    r.start(new search_task(*this));
  }
  void run() {
    for ([[maybe_unused]] auto const &page : pages.all)
      show(++found);
  }
};
void search_task::run() { of.run(); }

// The task makes the machine that it works with.
struct request;
struct request_task : runnable {
  request &of;
  explicit request_task(request &of) : of(of) {}
  void run() override;
};
struct request {
  lua_State *machine = nullptr;
  explicit request(runners &r) { r.start(new request_task(*this)); }
  void run() {
    machine = luaL_newstate();
    lua_run(machine);
    lua_close(machine);
  }
};
void request_task::run() { of.run(); }

struct connection {
  std::unique_ptr<engine_ptr> own;
  void start(workers &w) {
    w.submit([this] {
      own = std::make_unique<engine_ptr>();
      engine_ptr copy = *own;
    });
  }
};
