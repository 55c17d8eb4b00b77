// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// Arrays that are filled at one end and emptied at the other.
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <semaphore>

struct order {
  int Number;
};

template <typename T, std::size_t N> class counted_ring {
  std::array<T, N> Places{};
  std::size_t In = 0, Out = 0;
  std::counting_semaphore<N> Free{N}, Used{0};

public:
  void push(T Value) {
    Free.acquire();
    Places[In++ % N] = Value;
    Used.release();
  }
  T pop() {
    Used.acquire();
    T Value = Places[Out++ % N];
    Free.release();
    return Value;
  }
};

struct semaphores {
  counted_ring<const order *, 4> Orders;
  void add() {
    order One{1};
    Orders.push(&One);
// CHECK: :[[@LINE-1]]:12: warning: 'Orders' holds 4 messages{{.*}}points to 'One'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-17]]:22: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:11: note: 'One' is declared here
// CHECK: :[[@LINE+1]]:3: note: 'One' ends here
  }
  const order *next() { return Orders.pop(); }
};

class lock_free {
  const order *Places[8];
  std::atomic<std::size_t> Head{0}, Tail{0};

public:
  bool offer(const order *Value) {
    std::size_t Here = Head.load(std::memory_order_relaxed);
    std::size_t Next = (Here + 1) % 8;
    if (Next == Tail.load(std::memory_order_acquire))
      return false;
    Places[Here] = Value;
    Head.store(Next, std::memory_order_release);
    return true;
  }
  bool poll(const order *&Value) {
    std::size_t Here = Tail.load(std::memory_order_relaxed);
    if (Here == Head.load(std::memory_order_acquire))
      return false;
    Value = Places[Here];
    Tail.store((Here + 1) % 8, std::memory_order_release);
    return true;
  }
};

void oneFree(lock_free &Orders) {
  order One{1};
  Orders.offer(&One);
// CHECK: :[[@LINE-1]]:10: warning: 'Orders' holds 7 messages{{.*}}points to 'One'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-18]]:18: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:9: note: 'One' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'One' ends here
}

// A box whose first message goes out, and its end that nobody may lose.
class box {
  int Places[2];
  std::size_t Count = 0;
  std::mutex Lock;
  std::condition_variable Changed;

public:
  bool offer(int Value) {
    std::lock_guard<std::mutex> Guard(Lock);
    if (Count == 2)
      return false;
    Places[Count++] = Value;
    Changed.notify_one();
    return true;
  }
  int take() {
    std::unique_lock<std::mutex> Guard(Lock);
    Changed.wait(Guard, [&] { return Count > 0; });
    int Value = Places[0];
    Places[0] = Places[1];
    --Count;
    return Value;
  }
};

constexpr int Last = -1;
struct stage {
  box Numbers;
  void finish() { Numbers.offer(Last); }
// CHECK: :[[@LINE-1]]:27: warning: 'Numbers' holds 2 messages{{.*}}waits for a certain one{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-19]]:21: note: a send returns once the message is stored here
// CHECK: :[[@LINE+5]]:27: note: received here
// CHECK: :[[@LINE+5]]:11: note: the receiver depends on it here
  long sum() {
    long Sum = 0;
    for (;;) {
      int Value = Numbers.take();
      if (Value == Last)
        return Sum;
      Sum += Value;
    }
  }
};

// An alias that promises more than the box behind it.
template <typename T> using rendezvous = counted_ring<T, 1>;
rendezvous<int> Handoff;
// CHECK: :[[@LINE-1]]:17: warning: 'Handoff' holds 1 message, but its type 'rendezvous' says{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :{{[0-9]+}}:22: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:23: note: said here
void hand() { Handoff.push(1); }
int handed() { return Handoff.pop(); }
