//===- profilers.h - Guard macros of profilers, in their disabled form ----===//

#ifndef THREADHOP_TEST_STUBS_PROFILERS_H
#define THREADHOP_TEST_STUBS_PROFILERS_H

// Perfetto
#define TRACE_EVENT(category, name, ...)

// Optick
#define OPTICK_EVENT(...)

// easy_profiler
#define EASY_BLOCK(...)
#define EASY_FUNCTION(...)

// NVTX
#define NVTX3_FUNC_RANGE()

#endif // THREADHOP_TEST_STUBS_PROFILERS_H
