// RUN: %check_threadhop %s threadhop-guard-across-suspension -- \
// RUN:   -std=c++20 -I%S/../../Inputs

// Boost.Log, its own headers: an attribute of the thread has to be taken off by
// that thread, one of a logger by nobody in particular.

// REQUIRES: boost

#include "coro.h"
#include <boost/log/attributes/constant.hpp>
#include <boost/log/attributes/named_scope.hpp>
#include <boost/log/attributes/scoped_attribute.hpp>
#include <boost/log/sources/logger.hpp>

namespace logging = boost::log;

logging::attributes::constant<int> number(1);

lazy<> attribute_of_the_thread() {
  BOOST_LOG_SCOPED_THREAD_ATTR("Request", number);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}{{BOOST_LOG_SCOPED_THREAD_ATTR|scoped_thread_attr}}{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> tag_of_the_thread() {
  BOOST_LOG_SCOPED_THREAD_TAG("Request", 7);
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}{{BOOST_LOG_SCOPED_THREAD_TAG|scoped_thread_attr}}{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> named_scope() {
  BOOST_LOG_NAMED_SCOPE("request");
  // CHECK: :[[@LINE-1]]:3: warning: {{.*}}{{BOOST_LOG_NAMED_SCOPE|named_scope}}{{.*}} [threadhop-guard-across-suspension]
  co_await tick();
  // CHECK: :[[@LINE-1]]:3: note: suspended here
}

lazy<> silent_attribute_of_a_logger(logging::sources::logger &log) {
  BOOST_LOG_SCOPED_LOGGER_ATTR(log, "Request", number);
  co_await tick();
}

lazy<> silent_tag_of_a_logger(logging::sources::logger &log) {
  BOOST_LOG_SCOPED_LOGGER_TAG(log, "Request", 7);
  co_await tick();
}

lazy<> silent_attribute_in_a_closed_scope() {
  {
    BOOST_LOG_SCOPED_THREAD_ATTR("Request", number);
  }
  co_await tick();
}

void silent_plain_function() {
  BOOST_LOG_SCOPED_THREAD_ATTR("Request", number);
  (void)tick();
}
