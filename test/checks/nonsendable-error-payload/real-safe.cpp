// REQUIRES: grpc, poco, tbb, qt6
// RUN: %check_threadhop %s threadhop-nonsendable-error-payload -- \
// RUN:   -std=c++20 -fPIC -DQT_NO_KEYWORDS -isystem %qt6_include \
// RUN:   -isystem %qt6_include/QtCore

// Errors of gRPC, Poco and Qt from their own headers: they own what they hold,
// and may be handed to other threads.

#include <Poco/Exception.h>
#include <QtCore/QException>
#include <exception>
#include <future>
#include <grpcpp/grpcpp.h>
#include <tbb/task_group.h>
#include <thread>

int compute();

void silent_poco(std::promise<int> &answer) {
  try {
    answer.set_value(compute());
  } catch (const Poco::Exception &) {
    answer.set_exception(std::current_exception());
  }
}

struct failure : Poco::Exception {
  failure() : Poco::Exception("failure") {}
};

std::future<int> silent_derived_from_pocos() {
  return std::async(std::launch::async, []() -> int { throw failure(); });
}

void silent_qt(std::promise<int> &answer) {
  try {
    answer.set_value(compute());
  } catch (const QException &) {
    answer.set_exception(std::current_exception());
  }
}

void silent_grpc_status(std::promise<grpc::Status> &answer) {
  answer.set_value(grpc::Status(grpc::StatusCode::ABORTED, "aborted"));
}

void silent_out_of_a_tbb_task(tbb::task_group &group) {
  group.run([] { throw Poco::Exception("failed"); });
}
