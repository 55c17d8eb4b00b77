// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20

// Boost's own headers: errors that carry a plain reference count, and those
// that may be handed to other threads.

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/exception/all.hpp>
#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <boost/smart_ptr/shared_ptr.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <future>
#include <stdexcept>

struct position {
  int line;
};

struct parse_error : std::runtime_error {
  parse_error(const boost::local_shared_ptr<position> &where)
      : std::runtime_error("parse error"), where(where) {}
  boost::local_shared_ptr<position> where;
};

struct safe_error : std::runtime_error {
  safe_error(const boost::shared_ptr<position> &where)
      : std::runtime_error("parse error"), where(where) {}
  boost::shared_ptr<position> where;
};

class parser {
public:
  void fail(std::promise<int> &answer) {
    answer.set_exception(std::make_exception_ptr(parse_error(here)));
  // CHECK: :[[@LINE-1]]:50: warning: {{.*}}'parse_error'{{.*}}here{{.*}} [threadhop-nonsendable-error-payload]
  }
  std::future<int> parse() {
    return std::async(std::launch::async, [this]() -> int {
      throw parse_error(here);
  // CHECK: :[[@LINE-1]]:13: warning: {{.*}}'parse_error'{{.*}}here{{.*}} [threadhop-nonsendable-error-payload]
    });
  }
  void silent_atomic_count(std::promise<int> &answer) {
    answer.set_exception(std::make_exception_ptr(safe_error(shared)));
  }
  void silent_converted_before(std::promise<int> &answer) {
    answer.set_exception(std::make_exception_ptr(
        std::runtime_error("line " + std::to_string(here->line))));
  }
  int silent_thrown_to_the_caller() { throw parse_error(here); }

private:
  boost::local_shared_ptr<position> here;
  boost::shared_ptr<position> shared;
};

int compute();

void silent_boost_system_error(std::promise<int> &answer) {
  try {
    answer.set_value(compute());
  } catch (const boost::system::system_error &) {
    answer.set_exception(std::current_exception());
  }
}

using tag = boost::error_info<struct tag_name, int>;

void silent_for_one_receiver(std::promise<int> &answer) {
  try {
    answer.set_value(compute());
  } catch (boost::exception &e) {
    e << tag(1);
    answer.set_exception(std::current_exception());
  }
}

void silent_caught_inside(boost::asio::thread_pool &pool,
                          const boost::local_shared_ptr<position> &where) {
  int line = where->line;
  boost::asio::post(pool, [line] {
    try {
      boost::local_shared_ptr<position> own(new position{line});
      throw parse_error(own);
    } catch (const parse_error &) {
    }
  });
}
