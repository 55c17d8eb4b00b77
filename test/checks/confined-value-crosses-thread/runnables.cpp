// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%S/../../Inputs
// Objects whose virtual function is the task, with what they keep by reference.
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

struct search;
struct search_task : runnable {
  search &of;
  int number;
  search_task(search &of, int number) : of(of), number(number) {}
  void run() override;
};
struct search {
  book &pages;
  search(book &pages, runners &r) : pages(pages) {
    r.start(new search_task(*this, 1));
    // CHECK: :[[@LINE-1]]:29: warning: 'all' ('std::vector<counted<engine>>') is used on another thread through 'this'{{.*}} [threadhop-confined-value-crosses-thread]
    // CHECK: :[[@LINE-2]]:7: note: handed over here: 'start' is annotated hops
    // CHECK: :[[@LINE-19]]:16: note: this is what takes it to another thread
    // CHECK: :[[@LINE+4]]:30: note: 'all' is touched here, by the task
    // CHECK: :[[@LINE-5]]:30: note: member 'all' keeps an owner
  }
  void run() {
    for (auto copied : pages.all)
      copied->run();
  }
};
void search_task::run() { of.run(); }
