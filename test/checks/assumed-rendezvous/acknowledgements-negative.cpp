// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// Acknowledgements that come, or whose wait has another way out.
#include "channels.h"
#include <atomic>
#include <chrono>
#include <future>
#include <queue>
#include <semaphore>
#include <thread>

bool stop();
bool step();

struct request {
  int Value = 0;
  bool Last = false;
  std::promise<int> Result;
};

struct rendezvous {
  meeting<request> Requests;
  void run() {
    while (!stop())
      if (auto Request = Requests.take())
        Request->Result.set_value(1);
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.hand(std::move(Request));
    return Result.get();
  }
};

struct deadline {
  bounded<request> Requests{4};
  void run() {
    while (!stop())
      if (auto Request = Requests.pop())
        Request->Result.set_value(1);
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    if (Result.wait_for(std::chrono::seconds(1)) != std::future_status::ready)
      return -1;
    return Result.get();
  }
};

struct closesAndClears {
  bounded<request> Requests{4};
  void run() {
    while (!stop())
      if (auto Request = Requests.pop())
        Request->Result.set_value(1);
    Requests.close();
    Requests.clear();
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    return Result.get();
  }
};

struct clearedByTheOwner {
  bounded<request> Requests{4};
  std::jthread Worker;
  void run() {
    while (!stop())
      if (auto Request = Requests.pop())
        Request->Result.set_value(1);
  }
  void shutdown() {
    Worker.join();
    Requests.clear();
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    return Result.get();
  }
};

struct leavesWhenClosed {
  bounded<request> Requests{4};
  void run() {
    while (auto Request = Requests.pop())
      Request->Result.set_value(1);
  }
  void checked() {
    for (;;) {
      auto Request = Requests.pop();
      if (!Request)
        return;
      Request->Result.set_value(1);
    }
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    return Result.get();
  }
};

struct drainsFirst {
  std::mutex Mutex;
  std::condition_variable Changed;
  std::queue<request> Requests;
  bool Stop = false;
  void worker() {
    for (;;) {
      std::unique_lock<std::mutex> Lock(Mutex);
      Changed.wait(Lock, [this] { return Stop || !Requests.empty(); });
      if (Stop && Requests.empty())
        return;
      request Request = std::move(Requests.front());
      Requests.pop();
      Lock.unlock();
      Request.Result.set_value(1);
    }
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Requests.push(std::move(Request));
    }
    Changed.notify_one();
    return Result.get();
  }
};

struct lastMessage {
  bounded<request> Requests{4};
  void run() {
    while (auto Request = Requests.pop()) {
      Request->Result.set_value(1);
      if (Request->Last)
        return;
    }
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    return Result.get();
  }
};

struct startedAgain {
  bounded<request> Requests{4};
  void some() {
    for (;;) {
      auto Request = Requests.pop();
      Request->Result.set_value(1);
      if (step())
        return;
    }
  }
  void forEver() {
    for (;;)
      some();
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    return Result.get();
  }
};

struct nobodyWaits {
  bounded<request> Requests{4};
  void run() {
    while (!stop())
      if (auto Request = Requests.pop())
        Request->Result.set_value(1);
  }
  void call() {
    request Request;
    Requests.push(std::move(Request));
  }
};

struct receiverUnknown {
  bounded<request> Requests{4};
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    return Result.get();
  }
};

struct anotherReceiver {
  bounded<request> Requests{4};
  void some() {
    while (!stop())
      if (auto Request = Requests.pop())
        Request->Result.set_value(1);
  }
  void all() {
    while (auto Request = Requests.pop())
      Request->Result.set_value(2);
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    return Result.get();
  }
};

struct closedWhereItIsCalled {
  bounded<request> Requests{4};
  void some() {
    while (!stop())
      if (auto Request = Requests.pop())
        Request->Result.set_value(1);
  }
  void main() {
    some();
    Requests.close();
    Requests.clear();
  }
  int call() {
    request Request;
    auto Result = Request.Result.get_future();
    Requests.push(std::move(Request));
    return Result.get();
  }
};
