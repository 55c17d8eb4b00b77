#ifndef GUARDED_H
#define GUARDED_H

#include "coro.h"
#include <mutex>

inline std::mutex header_mutex;

inline lazy<> found_in_a_header() {
  std::lock_guard g(header_mutex);
  co_await tick();
}

template <class M> lazy<> template_in_a_header(M &mutex) {
  std::lock_guard lk(mutex);
  co_await tick();
}

inline lazy<> silent_in_a_header() {
  {
    std::lock_guard g(header_mutex);
  }
  co_await tick();
}

#endif // GUARDED_H
