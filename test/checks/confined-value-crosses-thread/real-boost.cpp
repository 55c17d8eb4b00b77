// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20

// Boost's own headers: plain reference counts, and what runs a task.

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <boost/smart_ptr/make_local_shared.hpp>
#include <boost/smart_ptr/shared_ptr.hpp>
#include <boost/thread/thread.hpp>
#include <memory>
#include <thread>

namespace asio = boost::asio;

using counted = boost::local_shared_ptr<int>;

struct plain_node
    : boost::intrusive_ref_counter<plain_node, boost::thread_unsafe_counter> {
  int value = 0;
};
struct safe_node
    : boost::intrusive_ref_counter<safe_node, boost::thread_safe_counter> {
  int value = 0;
};
struct default_node : boost::intrusive_ref_counter<default_node> {
  int value = 0;
};

// A count of one's own, with a plain integer.
struct page {
  int count = 0;
};
inline void intrusive_ptr_add_ref(page *p) { ++p->count; }
inline void intrusive_ptr_release(page *p) {
  if (--p->count == 0)
    delete p;
}

void look(int value);

void post_to_a_pool(asio::thread_pool &pool, const counted &value) {
  asio::post(pool, [value] { look(*value); });
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

void post_to_a_pools_executor(asio::thread_pool &pool, const counted &value) {
  asio::post(pool.get_executor(), [value] { look(*value); });
  // CHECK: :[[@LINE-1]]:36: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

void dispatch_and_defer(asio::thread_pool &pool, const counted &value) {
  asio::dispatch(pool, [value] { look(*value); });
  // CHECK: :[[@LINE-1]]:25: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
  asio::defer(pool, [value] { look(*value); });
  // CHECK: :[[@LINE-1]]:22: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

void a_policy_that_counts_plainly(
    asio::thread_pool &pool, const boost::intrusive_ptr<plain_node> &node) {
  asio::post(pool, [node] { look(node->value); });
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'node'{{.*}} [threadhop-confined-value-crosses-thread]
}

void a_count_of_ones_own(asio::thread_pool &pool,
                         const boost::intrusive_ptr<page> &shared) {
  asio::post(pool, [shared] { look(shared->count); });
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'shared'{{.*}} [threadhop-confined-value-crosses-thread]
}

class session {
public:
  void start() {
    boost::thread reader([this] { look(*state); });
  // CHECK: :[[@LINE-1]]:27: warning: {{.*}}'state'{{.*}} [threadhop-confined-value-crosses-thread]
    reader.detach();
  }
  void stop() { state.reset(); }

private:
  counted state = boost::make_local_shared<int>(1);
};

void a_timer_of_a_loop_in_another_thread(asio::steady_timer &timer) {
  std::thread([&timer] { timer.cancel(); }).detach();
  // CHECK: :[[@LINE-1]]:17: warning: {{.*}}'timer'{{.*}} [threadhop-confined-value-crosses-thread]
  timer.expires_after(std::chrono::seconds(1));
}

void silent_atomic_counts(asio::thread_pool &pool,
                          const boost::shared_ptr<int> &shared,
                          const std::shared_ptr<int> &standard,
                          const boost::intrusive_ptr<safe_node> &policy,
                          const boost::intrusive_ptr<default_node> &usual) {
  asio::post(pool, [shared] { look(*shared); });
  asio::post(pool, [standard] { look(*standard); });
  asio::post(pool, [policy] { look(policy->value); });
  asio::post(pool, [usual] { look(usual->value); });
}

void silent_made_in_the_task(asio::thread_pool &pool) {
  asio::post(pool, [] {
    counted own = boost::make_local_shared<int>(1);
    look(*own);
  });
}

void silent_a_plain_value_taken_before(asio::thread_pool &pool,
                                       const counted &value) {
  asio::post(pool, [number = *value] { look(number); });
}

void silent_the_sole_owner_moved_in(asio::thread_pool &pool) {
  counted value = boost::make_local_shared<int>(1);
  asio::post(pool, [value = std::move(value)] { look(*value); });
}

class silent_on_its_own_strand {
public:
  explicit silent_on_its_own_strand(asio::thread_pool &pool)
      : strand(asio::make_strand(pool)) {}
  void change() {
    asio::post(strand, [this] { look(*state); });
    asio::dispatch(strand, [copy = state] { look(*copy); });
  }

private:
  asio::strand<asio::thread_pool::executor_type> strand;
  counted state = boost::make_local_shared<int>(1);
};

class silent_on_its_own_loop {
public:
  void change() {
    asio::post(loop, [this] { look(*state); });
    loop.post([copy = state] { look(*copy); });
    timer.async_wait([this](const boost::system::error_code &) {
      look(*state);
    });
  }

private:
  asio::io_context loop;
  asio::steady_timer timer{loop};
  counted state = boost::make_local_shared<int>(1);
};

void silent_the_loops_thread_is_not_known(asio::any_io_executor executor,
                                          const counted &value) {
  asio::post(executor, [value] { look(*value); });
}

void silent_joined_before_it_is_touched_again() {
  counted value = boost::make_local_shared<int>(1);
  asio::thread_pool pool(1);
  asio::post(pool, [&value] { look(*value); });
  pool.join();
  look(*value);
}
