// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Guards that were released on every path before the suspension.

#include "coro.h"
#include "scopes.h"
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

std::mutex m, other;
std::shared_mutex rw;
bool ready;
int n;

bool more();
template <class F> void post(F f) { f(); }
void finish(std::unique_lock<std::mutex>);
void finish_all(std::vector<std::unique_lock<std::mutex>>);
lazy<> finish_later(std::unique_lock<std::mutex>);

void done_with(std::unique_lock<std::mutex> &lk) { lk.unlock(); }
void done_with_all(std::unique_lock<std::mutex> &a,
                   std::unique_lock<std::mutex> &b) {
  done_with(b);
  done_with(a);
}
void unlock_if_held(std::unique_lock<std::mutex> &lk) {
  if (lk.owns_lock())
    lk.unlock();
}
void drop(std::unique_lock<std::mutex> &&lk) {
  auto own = std::move(lk);
  ++n;
}
void end_by_pointer(std::unique_lock<std::mutex> *lk) { lk->unlock(); }
template <class Lock> void end(Lock &lk) { lk.unlock(); }

lazy<> unlocked_before() {
  std::unique_lock lk(m);
  ++n;
  lk.unlock();
  co_await tick();
}

lazy<> unlocked_and_locked_again_after() {
  std::unique_lock lk(m);
  lk.unlock();
  co_await tick();
  lk.lock();
  ++n;
}

lazy<> unlocked_for_each_of_two_awaits() {
  std::unique_lock lk(m);
  lk.unlock();
  co_await tick();
  lk.lock();
  lk.unlock();
  co_await tock();
}

lazy<> reader_unlocked_before() {
  std::shared_lock reading(rw);
  reading.unlock();
  co_await tick();
}

lazy<> unlocked_on_every_branch() {
  std::unique_lock lk(m);
  if (ready) {
    ++n;
    lk.unlock();
  } else {
    lk.unlock();
  }
  co_await tick();
}

lazy<> unlocked_on_the_branch_that_awaits() {
  std::unique_lock lk(m);
  if (ready) {
    lk.unlock();
    co_await tick();
  }
}

lazy<> unlocked_or_left() {
  std::unique_lock lk(m);
  if (!ready)
    co_return;
  lk.unlock();
  co_await tick();
}

lazy<> deferred_locked_and_unlocked() {
  std::unique_lock lk(m, std::defer_lock);
  lk.lock();
  ++n;
  lk.unlock();
  co_await tick();
}

lazy<> released_and_unlocked() {
  std::unique_lock lk(m);
  lk.release()->unlock();
  co_await tick();
}

lazy<> released_into_a_pointer_and_unlocked() {
  std::unique_lock lk(m);
  std::mutex *held = lk.release();
  held->unlock();
  co_await tick();
}

lazy<> moved_into_a_function() {
  std::unique_lock lk(m);
  finish(std::move(lk));
  co_await tick();
}

lazy<> moved_into_the_awaited_function() {
  std::unique_lock lk(m);
  co_await finish_later(std::move(lk));
}

lazy<> moved_into_a_function_that_drops_it() {
  std::unique_lock lk(m);
  drop(std::move(lk));
  co_await tick();
}

lazy<> moved_into_a_closed_scope() {
  std::unique_lock lk(m);
  {
    auto last = std::move(lk);
    ++n;
  }
  co_await tick();
}

lazy<> moved_into_a_temporary() {
  std::unique_lock lk(m);
  std::unique_lock<std::mutex>(std::move(lk)).owns_lock();
  co_await tick();
}

lazy<> moved_into_a_closure() {
  std::unique_lock lk(m);
  post([lk = std::move(lk)] { ++n; });
  co_await tick();
}

lazy<> moved_into_a_container_that_is_handed_on() {
  std::unique_lock lk(m);
  std::vector<std::unique_lock<std::mutex>> locks;
  locks.push_back(std::move(lk));
  finish_all(std::move(locks));
  co_await tick();
}

lazy<> moved_away_on_every_branch() {
  std::unique_lock lk(m);
  if (ready)
    finish(std::move(lk));
  else
    drop(std::move(lk));
  co_await tick();
}

lazy<> assigned_an_empty_lock() {
  std::unique_lock lk(m);
  lk = {};
  co_await tick();
}

lazy<> assigned_a_default_constructed_lock() {
  std::unique_lock lk(m);
  lk = std::unique_lock<std::mutex>();
  co_await tick();
}

lazy<> exchanged_for_an_empty_lock() {
  std::unique_lock lk(m);
  std::exchange(lk, {});
  co_await tick();
}

lazy<> swapped_away_into_a_closed_scope() {
  std::unique_lock lk(m);
  {
    std::unique_lock<std::mutex> last;
    lk.swap(last);
  }
  co_await tick();
}

lazy<> swapped_and_unlocked() {
  std::unique_lock a(m);
  std::unique_lock<std::mutex> b;
  std::swap(a, b);
  b.unlock();
  co_await tick();
}

lazy<> unlocked_by_a_helper() {
  std::unique_lock lk(m);
  done_with(lk);
  co_await tick();
}

lazy<> unlocked_by_the_helper_of_a_helper() {
  std::unique_lock a(m), b(other);
  done_with_all(a, b);
  co_await tick();
}

lazy<> unlocked_by_a_helper_if_held() {
  std::unique_lock lk(m, std::try_to_lock);
  unlock_if_held(lk);
  co_await tick();
}

lazy<> unlocked_by_a_helper_through_a_pointer() {
  std::unique_lock lk(m);
  end_by_pointer(&lk);
  co_await tick();
}

lazy<> unlocked_by_a_function_template() {
  std::unique_lock lk(m);
  end(lk);
  co_await tick();
}

lazy<> unlocked_by_a_lambda() {
  std::unique_lock lk(m);
  auto done = [](std::unique_lock<std::mutex> &held) { held.unlock(); };
  done(lk);
  co_await tick();
}

lazy<> unlocked_by_a_lambda_that_captures_it() {
  std::unique_lock lk(m);
  auto done = [&] { lk.unlock(); };
  done();
  co_await tick();
}

lazy<> unlocked_by_a_lambda_called_in_place() {
  std::unique_lock lk(m);
  [&lk] { lk.unlock(); }();
  co_await tick();
}

lazy<> unlocked_if_owned() {
  std::unique_lock lk(m, std::try_to_lock);
  if (lk.owns_lock())
    lk.unlock();
  co_await tick();
}

lazy<> branch_that_does_not_own_the_lock() {
  std::unique_lock lk(m, std::try_to_lock);
  if (!lk.owns_lock()) {
    co_await tick();
    co_return;
  }
  ++n;
}

lazy<> branch_that_does_not_own_the_lock_by_its_conversion() {
  std::unique_lock lk(m, std::try_to_lock);
  if (lk)
    ++n;
  else
    co_await tick();
}

lazy<> waits_until_it_owns_the_lock() {
  std::unique_lock lk(m, std::try_to_lock);
  while (!lk.owns_lock()) {
    co_await tick();
    lk.try_lock();
  }
  ++n;
}

lazy<> failed_to_lock() {
  std::unique_lock lk(m, std::defer_lock);
  if (!lk.try_lock())
    co_await tick();
}

// Unlocks for as long as it lives.
class unlocked {
public:
  explicit unlocked(std::unique_lock<std::mutex> &lk) : lk_(lk) {
    lk_.unlock();
  }
  ~unlocked() { lk_.lock(); }

private:
  std::unique_lock<std::mutex> &lk_;
};

lazy<> unlocked_for_a_while() {
  std::unique_lock lk(m);
  {
    unlocked u(lk);
    co_await tick();
  }
  ++n;
}
