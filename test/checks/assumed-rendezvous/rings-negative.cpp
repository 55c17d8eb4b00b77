// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// Arrays that are no queue, rendezvous, and messages that own what they hold.
#include <array>
#include <cstddef>
#include <deque>
#include <mutex>
#include <semaphore>
#include <string>
#include <string_view>

struct order {
  int Number;
};

// A table: what is set stays there until it is set again.
class table {
  const order *Rows[8];
  std::mutex Lock;
  int Reads = 0;

public:
  void set(int Row, const order *Value) {
    std::lock_guard<std::mutex> Guard(Lock);
    Rows[Row] = Value;
  }
  const order *get(int Row) {
    std::lock_guard<std::mutex> Guard(Lock);
    ++Reads;
    return Rows[Row];
  }
};
void inATable(table &Orders) {
  order One{1};
  Orders.set(0, &One);
}

// The last few: nobody takes them out.
class history {
  std::array<const order *, 8> Places;
  std::size_t In = 0;
  std::mutex Lock;

public:
  void add(const order *Value) {
    std::lock_guard<std::mutex> Guard(Lock);
    Places[In++ % 8] = Value;
  }
  const order *last() {
    std::lock_guard<std::mutex> Guard(Lock);
    return Places[(In - 1) % 8];
  }
};
void remembered(history &Orders) {
  order One{1};
  Orders.add(&One);
}

template <typename T> class handshake {
  std::array<T, 1> Place{};
  std::size_t Count = 0;
  std::counting_semaphore<1> Free{1}, Used{0}, Taken{0};

public:
  void push(T Value) {
    Free.acquire();
    Place[Count++] = Value;
    Used.release();
    Taken.acquire();
  }
  T pop() {
    Used.acquire();
    T Value = Place[--Count];
    Taken.release();
    Free.release();
    return Value;
  }
};
template <typename T> using unbuffered = handshake<T>;
struct waits {
  unbuffered<const order *> Orders;
  void add() {
    order One{1};
    Orders.push(&One);
  }
  const order *next() { return Orders.pop(); }
};

template <typename T, std::size_t N> class ring {
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
struct values {
  ring<order, 4> Orders;
  void add() {
    order One{1};
    Orders.push(One);
  }
  order next() { return Orders.pop(); }
};
struct answered {
  ring<const order *, 4> Orders;
  std::binary_semaphore Done{0};
  void add() {
    order One{1};
    Orders.push(&One);
    Done.acquire();
  }
  void work() {
    Orders.pop();
    Done.release();
  }
};

// What the view shows is copied into the queue.
class lines {
  std::mutex Lock;
  std::deque<std::string> Kept;

public:
  void push(std::string_view Line) {
    std::lock_guard<std::mutex> Guard(Lock);
    Kept.emplace_back(Line);
  }
  std::string pop() {
    std::lock_guard<std::mutex> Guard(Lock);
    std::string Line = std::move(Kept.front());
    Kept.pop_front();
    return Line;
  }
};
void copied(lines &Log) {
  std::string Line = "one";
  Log.push(Line);
}
