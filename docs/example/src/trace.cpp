#include "trace.h"

namespace quotes {

thread_local const span *trace_scope::current_ = nullptr;

} // namespace quotes
