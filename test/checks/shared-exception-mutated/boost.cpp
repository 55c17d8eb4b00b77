// REQUIRES: boost
// RUN: %check_threadhop %s threadhop-shared-exception-mutated -- -std=c++20

#include <boost/exception/all.hpp>
#include <exception>
#include <future>
#include <string>

struct db_error : virtual std::exception, virtual boost::exception {};
using query_info = boost::error_info<struct query_tag, std::string>;

int information_added(std::shared_future<int> f, const std::string &query) {
  try {
    return f.get();
  } catch (boost::exception &e) {
    e << query_info(query);
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-7]]:47: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:7: note: changed
    // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
int information_added_to_const(std::shared_future<int> f,
                               const std::string &query) {
  try {
    return f.get();
  } catch (const db_error &e) {
    e << query_info(query);
    // CHECK: :[[@LINE-1]]:7: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
    // CHECK: :[[@LINE-4]]:14: note: the shared exception is thrown again
    // CHECK: :[[@LINE-8]]:56: note: every copy of shared future 'f' rethrows it
    // CHECK: :[[@LINE-5]]:5: note: the handler has the object itself
    // CHECK: :[[@LINE-5]]:7: note: changed
    // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}
int caught_by_value(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (db_error e) {
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'db_error'{{.*}} [threadhop-shared-exception-mutated]
  // CHECK: :[[@LINE-3]]:14: note: the shared exception is thrown again
  // CHECK: :[[@LINE-6]]:45: note: every copy of shared future 'f' rethrows it
    return 1;
  }
}
int information_changed(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (db_error &e) {
    if (auto *query = boost::get_error_info<query_info>(e))
      *query += ";";
      // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'e'{{.*}} [threadhop-shared-exception-mutated]
      // CHECK: :[[@LINE-5]]:14: note: the shared exception is thrown again
      // CHECK: :[[@LINE-8]]:49: note: every copy of shared future 'f' rethrows it
      // CHECK: :[[@LINE-6]]:5: note: the handler has the object itself
      // CHECK: :[[@LINE-5]]:14: note: changed
      // CHECK: :[[@LINE+1]]:5: note: and thrown on
    throw;
  }
}

int only_read(std::shared_future<int> f) {
  try {
    return f.get();
  } catch (const db_error &e) {
    return boost::get_error_info<query_info>(e) != nullptr;
  }
}
int one_consumer(std::future<int> f) {
  try {
    return f.get();
  } catch (db_error e) {
    e << query_info("q");
    throw e;
  }
}
int of_its_own() {
  try {
    throw db_error();
  } catch (db_error &e) {
    e << query_info("q");
    throw;
  }
}
