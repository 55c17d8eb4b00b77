// REQUIRES: poco, boost
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20

// Poco's own headers: what runs a task, and counts that are atomic.

#include <Poco/AutoPtr.h>
#include <Poco/RefCountedObject.h>
#include <Poco/Runnable.h>
#include <Poco/SharedPtr.h>
#include <Poco/Thread.h>
#include <Poco/ThreadPool.h>
#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <boost/smart_ptr/make_local_shared.hpp>

using counted = boost::local_shared_ptr<int>;

void look(int value);

void a_thread_of_poco(Poco::Thread &thread, const counted &value) {
  thread.startFunc([value] { look(*value); });
  // CHECK: :[[@LINE-1]]:21: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

class element : public Poco::RefCountedObject {};

void silent_atomic_counts(Poco::Thread &thread,
                          const Poco::SharedPtr<int> &shared,
                          const Poco::AutoPtr<element> &automatic) {
  thread.startFunc([shared] { look(*shared); });
  thread.startFunc([automatic] { look(automatic->referenceCount()); });
}

void silent_made_in_the_task(Poco::Thread &thread) {
  thread.startFunc([] {
    counted own = boost::make_local_shared<int>(1);
    look(*own);
  });
}

class silent_keeps_to_its_own : public Poco::Runnable {
public:
  void run() override {
    counted own = boost::make_local_shared<int>(number);
    look(*own);
  }
  void start(Poco::ThreadPool &pool) { pool.start(*this); }

private:
  int number = 0;
};

void silent_joined_before_it_is_touched() {
  counted value = boost::make_local_shared<int>(1);
  Poco::Thread thread;
  thread.startFunc([&value] { look(*value); });
  thread.join();
  look(*value);
}
