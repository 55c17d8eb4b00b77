// A counted pointer for objects of one thread: its count is a plain integer,
// which costs nothing and which two threads must not change at once.
#pragma once

#include <utility>

namespace quotes {

template <typename T> class local_ptr {
public:
  explicit local_ptr(T *object) : object(object), count(new long(1)) {}
  local_ptr(const local_ptr &other) : object(other.object), count(other.count) {
    ++*count;
  }
  local_ptr &operator=(local_ptr other) noexcept {
    std::swap(object, other.object);
    std::swap(count, other.count);
    return *this;
  }
  ~local_ptr() {
    if (--*count == 0) {
      delete object;
      delete count;
    }
  }
  T *operator->() const { return object; }

private:
  T *object;
  long *count;
};

} // namespace quotes
