// Channels as projects write them; nothing here is annotated.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

// push() returns as soon as there is room.
template <typename T> class bounded {
public:
  explicit bounded(std::size_t Room = 4) : Room(Room) {}
  bool push(T Value) {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Closed || Items.size() < Room; });
    if (Closed)
      return false;
    Items.push_back(std::move(Value));
    Changed.notify_all();
    return true;
  }
  bool try_push(T Value) {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (Closed || Items.size() >= Room)
      return false;
    Items.push_back(std::move(Value));
    Changed.notify_all();
    return true;
  }
  std::optional<T> pop() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Closed || !Items.empty(); });
    if (Items.empty())
      return std::nullopt;
    std::optional<T> Value(std::move(Items.front()));
    Items.pop_front();
    Changed.notify_all();
    return Value;
  }
  void close() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Closed = true;
    Changed.notify_all();
  }
  void clear() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Items.clear();
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  std::deque<T> Items;
  std::size_t Room;
  bool Closed = false;
};

// No room is too small.
template <typename T> class unbounded {
public:
  void send(T Value) {
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Items.push_back(std::move(Value));
    }
    Changed.notify_one();
  }
  T receive() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return !Items.empty(); });
    T Value = std::move(Items.front());
    Items.pop_front();
    return Value;
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  std::deque<T> Items;
};

// hand() returns after take() has the value.
template <typename T> class meeting {
public:
  bool hand(T Value) {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Closed || !Slot; });
    if (Closed)
      return false;
    Slot.emplace(std::move(Value));
    Changed.notify_all();
    Changed.wait(Lock, [this] { return Closed || !Slot; });
    return !Slot;
  }
  std::optional<T> take() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Closed || Slot; });
    std::optional<T> Value = std::exchange(Slot, std::nullopt);
    Changed.notify_all();
    return Value;
  }
  void close() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Closed = true;
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  std::optional<T> Slot;
  bool Closed = false;
};
