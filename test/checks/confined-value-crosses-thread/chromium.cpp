// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%stubs

// Chromium's base: an object that is counted without atomics keeps to its
// sequence; a weak pointer may be carried anywhere.

#include "chromium.h"
#include <utility>

class tab : public base::RefCounted<tab> {
public:
  int number() const;
};
class shared_tab : public base::RefCountedThreadSafe<shared_tab> {
public:
  int number() const;
};

void look(int number);
void show(base::WeakPtr<tab> where);

void posted_to_the_pool(const scoped_refptr<tab> &t) {
  base::ThreadPool::PostTask(FROM_HERE,
                             base::BindOnce([t] { look(t->number()); }));
  // CHECK: :[[@LINE-1]]:46: warning: {{.*}}'t'{{.*}} [threadhop-confined-value-crosses-thread]
}

void bound_to_a_function(const scoped_refptr<tab> &t) {
  base::ThreadPool::PostTask(
      FROM_HERE,
      base::BindOnce([](scoped_refptr<tab> t) { look(t->number()); }, t));
  // CHECK: :[[@LINE-1]]:71: warning: {{.*}}'t'{{.*}} [threadhop-confined-value-crosses-thread]
}

void silent_counted_atomically(const scoped_refptr<shared_tab> &t) {
  base::ThreadPool::PostTask(FROM_HERE,
                             base::BindOnce([t] { look(t->number()); }));
}

void silent_moved_away(scoped_refptr<tab> t) {
  base::ThreadPool::PostTask(
      FROM_HERE, base::BindOnce([t = std::move(t)] { look(t->number()); }));
}

void silent_a_weak_pointer_that_is_carried(
    const scoped_refptr<base::SequencedTaskRunner> &home,
    const base::WeakPtr<tab> &weak) {
  base::ThreadPool::PostTask(FROM_HERE, base::BindOnce([home, weak] {
    home->PostTask(FROM_HERE, base::BindOnce(&show, weak));
  }));
}

class silent_posted_to_its_own_sequence {
public:
  void update() {
    runner->PostTask(FROM_HERE,
                     base::BindOnce([t = current] { look(t->number()); }));
    runner->PostTask(FROM_HERE,
                     base::BindOnce([this] { look(current->number()); }));
  }

private:
  scoped_refptr<base::SequencedTaskRunner> runner =
      base::SequencedTaskRunner::GetCurrentDefault();
  scoped_refptr<tab> current;
};

void silent_made_in_the_task() {
  base::ThreadPool::PostTask(FROM_HERE, base::BindOnce([] {
    scoped_refptr<tab> own = base::MakeRefCounted<tab>();
    look(own->number());
  }));
}
