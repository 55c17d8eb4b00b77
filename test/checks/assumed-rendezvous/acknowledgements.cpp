// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// A wait for an acknowledgement that may stay in the buffer for ever.
#include "channels.h"
#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <semaphore>
#include <thread>
#include <queue>

bool step();

namespace lastResult {
struct request {
  std::promise<void> Done;
};
struct connection {
  bounded<request> Requests{1};
  void run() {
    for (;;) {
      auto Request = Requests.pop();
      bool Last = step();
      Request->Done.set_value();
      if (Last)
        return;
    }
  }
  void offer() {
    request Request;
    auto Done = Request.Done.get_future();
    Requests.push(std::move(Request));
// CHECK: :[[@LINE-1]]:14: warning: 'Requests' holds 1 message{{.*}}acknowledgement{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-15]]:29: note: the capacity 1 is given here
// CHECK: :[[@LINE+3]]:5: note: waited for here, without a deadline
// CHECK: :[[@LINE-14]]:31: note: the only receiver is here
// CHECK: :[[@LINE-11]]:9: note: it leaves here without closing the channel or emptying it
    Done.wait();
  }
};
} // namespace lastResult

namespace flag {
struct request {
  std::binary_semaphore *Done;
};
struct pump {
  bounded<request> Requests{1};
  std::atomic<bool> Stop = false;
  void run() {
    while (!Stop)
      if (auto Request = Requests.pop())
        Request->Done->release();
  }
  void call() {
    std::binary_semaphore Done(0);
    Requests.push({&Done});
// CHECK: :[[@LINE-1]]:14: warning: 'Requests' holds 1 message{{.*}}acknowledgement{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-11]]:29: note: the capacity 1 is given here
// CHECK: :[[@LINE+3]]:5: note: waited for here, without a deadline
// CHECK: :[[@LINE-9]]:35: note: the only receiver is here
// CHECK: :[[@LINE-11]]:12: note: it leaves here without closing the channel or emptying it
    Done.acquire();
  }
};
} // namespace flag

namespace stopToken {
struct request {
  int Value;
  std::promise<int> Result;
};
class service {
  unbounded<request> Requests;
  std::jthread Worker{[this](std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      request Request = Requests.receive();
      Request.Result.set_value(Request.Value);
    }
  }};

public:
  std::future<int> submit(int Value) {
    request Request{Value, {}};
    auto Result = Request.Result.get_future();
    Requests.send(std::move(Request));
// CHECK: :[[@LINE-1]]:14: warning: 'Requests' is unbounded{{.*}}acknowledgement{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE+6]]:42: note: waited for here, without a deadline
// CHECK: :[[@LINE-13]]:34: note: the only receiver is here
// CHECK: :[[@LINE-15]]:12: note: it leaves here without closing the channel or emptying it
    return Result;
  }
};
int elsewhere(service &Service) { return Service.submit(1).get(); }
} // namespace stopToken

namespace byHand {
struct engine {
  struct request {
    int Value;
    std::promise<int> Result;
  };
  std::mutex Mutex;
  std::condition_variable Changed;
  std::queue<request> Requests;
  bool Stop = false;
  void worker() {
    for (;;) {
      std::unique_lock<std::mutex> Lock(Mutex);
      Changed.wait(Lock, [this] { return Stop || !Requests.empty(); });
      if (Stop)
        return;
      request Request = std::move(Requests.front());
      Requests.pop();
      Lock.unlock();
      Request.Result.set_value(Request.Value);
    }
  }
  int call(int Value) {
    request Request{Value, {}};
    auto Result = Request.Result.get_future();
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Requests.push(std::move(Request));
// CHECK: :[[@LINE-1]]:16: warning: 'Requests' is unbounded{{.*}}acknowledgement{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-21]]:23: note: the message only goes into a container here
// CHECK: :[[@LINE+5]]:12: note: waited for here, without a deadline
// CHECK: :[[@LINE-14]]:16: note: the only receiver is here
// CHECK: :[[@LINE-17]]:9: note: it leaves here without closing the channel or emptying it
    }
    Changed.notify_one();
    return Result.get();
  }
};
} // namespace byHand

namespace sharedLatch {
struct request {
  std::shared_ptr<std::latch> Done;
};
struct pump {
  bounded<request> Requests{4};
  bool Running = true;
  void run() {
    while (auto Request = Requests.pop()) {
      Request->Done->count_down();
      if (!Running)
        break;
    }
  }
  void call() {
    auto Done = std::make_shared<std::latch>(1);
    Requests.push({Done});
// CHECK: :[[@LINE-1]]:14: warning: 'Requests' holds 4 messages{{.*}}acknowledgement{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-13]]:29: note: the capacity 4 is given here
// CHECK: :[[@LINE+3]]:5: note: waited for here, without a deadline
// CHECK: :[[@LINE-12]]:36: note: the only receiver is here
// CHECK: :[[@LINE-10]]:9: note: it leaves here without closing the channel or emptying it
    Done->wait();
  }
};
} // namespace sharedLatch

namespace freeFunctions {
struct request {
  std::promise<int> Result;
};
bool handle(request &Request);
void run(bounded<request> &Requests) {
  while (auto Request = Requests.pop())
    if (handle(*Request))
      return;
}
int call(bounded<request> &Requests) {
  request Request;
  auto Result = Request.Result.get_future();
  Requests.push(std::move(Request));
// CHECK: :[[@LINE-1]]:12: warning: 'Requests' is buffered{{.*}}acknowledgement{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE+3]]:10: note: waited for here, without a deadline
// CHECK: :[[@LINE-11]]:34: note: the only receiver is here
// CHECK: :[[@LINE-10]]:7: note: it leaves here without closing the channel or emptying it
  return Result.get();
}
} // namespace freeFunctions
