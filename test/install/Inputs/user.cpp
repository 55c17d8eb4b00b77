#include <threadhop/annotations.h>

struct THREADHOP_THREAD_BOUND scope {
  ~scope();
};
