// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// Two sends, and something that does wait, lock or need neither.
#include "channels.h"
#include <atomic>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

struct waits {
  std::vector<int> Out;
  std::binary_semaphore Fence{0};
  bounded<int> Channel{16};
  void run() {
    while (auto Value = Channel.pop())
      if (*Value >= 0)
        Out.push_back(*Value);
      else
        Fence.release();
  }
  std::size_t count(int Value) {
    Channel.push(Value);
    Channel.push(-1);
    Fence.acquire();
    return Out.size();
  }
};

struct locks {
  std::mutex Mutex;
  std::vector<int> Out;
  bounded<int> Channel{16};
  void run() {
    while (auto Value = Channel.pop()) {
      std::lock_guard<std::mutex> Lock(Mutex);
      Out.push_back(*Value);
    }
  }
  std::size_t count(int Value) {
    Channel.push(Value);
    Channel.push(-1);
    std::lock_guard<std::mutex> Lock(Mutex);
    return Out.size();
  }
};

struct counts {
  std::atomic<int> Seen = 0;
  bounded<int> Channel{16};
  void run() {
    while (Channel.pop())
      ++Seen;
  }
  int count() {
    Channel.push(1);
    Channel.push(2);
    return Seen;
  }
};

struct rendezvous {
  std::vector<int> Out;
  meeting<int> Channel;
  void run() {
    while (auto Value = Channel.take())
      Out.push_back(*Value);
  }
  std::size_t count(int Value) {
    Channel.hand(Value);
    Channel.hand(-1);
    return Out.size();
  }
};

struct joins {
  std::vector<int> Out;
  bounded<int> Channel{16};
  std::thread Worker{[this] {
    while (auto Value = Channel.pop())
      Out.push_back(*Value);
  }};
  std::size_t count() {
    Channel.push(1);
    Channel.push(2);
    Channel.close();
    Worker.join();
    return Out.size();
  }
};
