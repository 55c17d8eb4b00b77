//===--- annotations.h - tell threadhop what it cannot see ------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Macros for what threadhop (https://github.com/threadhop/threadhop) cannot see
// in the code. Each stands where an attribute stands:
//
//   class THREADHOP_THREAD_BOUND gl_scope { ... };
//   void post(THREADHOP_HOPS std::function<void()> work);
//   THREADHOP_RESUMES_ELSEWHERE awaiter schedule();
//
// and has a second form with the reason, which is printed with a finding:
//
//   class THREADHOP_THREAD_BOUND_BECAUSE("the frame is the renderer's") frame;
//
// They change nothing in the program, need C++11 or later, and are nothing at
// all with compilers that do not have clang's attribute. docs/annotations.md has
// an example for each.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANNOTATIONS_H
#define THREADHOP_ANNOTATIONS_H

#if defined(__cplusplus) && defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::annotate)
#define THREADHOP_ANNOTATE_(...) [[clang::annotate(__VA_ARGS__)]]
#endif
#endif
#ifndef THREADHOP_ANNOTATE_
#define THREADHOP_ANNOTATE_(...)
#endif

/// On a type: a guard that acts on the current thread. It must end on the
/// thread that made it, and must not be alive over a suspension.
#define THREADHOP_THREAD_BOUND THREADHOP_ANNOTATE_("threadhop::thread_bound")
#define THREADHOP_THREAD_BOUND_BECAUSE(Reason)                                 \
  THREADHOP_ANNOTATE_("threadhop::thread_bound", Reason)

/// On a type: usable from one thread only.
#define THREADHOP_THREAD_CONFINED                                              \
  THREADHOP_ANNOTATE_("threadhop::thread_confined")
#define THREADHOP_THREAD_CONFINED_BECAUSE(Reason)                              \
  THREADHOP_ANNOTATE_("threadhop::thread_confined", Reason)

/// On a type: usable from one strand or sequence at a time, whatever thread
/// runs it.
#define THREADHOP_SEQUENCE_CONFINED                                            \
  THREADHOP_ANNOTATE_("threadhop::sequence_confined")
#define THREADHOP_SEQUENCE_CONFINED_BECAUSE(Reason)                            \
  THREADHOP_ANNOTATE_("threadhop::sequence_confined", Reason)

/// On a type: trusted to be safe on another thread. It wins over what the
/// members say.
#define THREADHOP_SENDABLE THREADHOP_ANNOTATE_("threadhop::sendable")
#define THREADHOP_SENDABLE_BECAUSE(Reason)                                     \
  THREADHOP_ANNOTATE_("threadhop::sendable", Reason)

/// On a function or parameter: the callable that is passed runs on another
/// thread.
#define THREADHOP_HOPS THREADHOP_ANNOTATE_("threadhop::hops")
#define THREADHOP_HOPS_BECAUSE(Reason)                                         \
  THREADHOP_ANNOTATE_("threadhop::hops", Reason)

/// On a function or parameter: the callable that is passed runs on the calling
/// thread.
#define THREADHOP_STAYS THREADHOP_ANNOTATE_("threadhop::stays")
#define THREADHOP_STAYS_BECAUSE(Reason)                                        \
  THREADHOP_ANNOTATE_("threadhop::stays", Reason)

/// On an awaitable type, or a function that returns one: co_await comes back on
/// the thread that awaits.
#define THREADHOP_RESUMES_HERE THREADHOP_ANNOTATE_("threadhop::resumes_here")
#define THREADHOP_RESUMES_HERE_BECAUSE(Reason)                                 \
  THREADHOP_ANNOTATE_("threadhop::resumes_here", Reason)

/// On an awaitable type, or a function that returns one: co_await comes back on
/// another thread.
#define THREADHOP_RESUMES_ELSEWHERE                                            \
  THREADHOP_ANNOTATE_("threadhop::resumes_elsewhere")
#define THREADHOP_RESUMES_ELSEWHERE_BECAUSE(Reason)                            \
  THREADHOP_ANNOTATE_("threadhop::resumes_elsewhere", Reason)

/// On a type: a handle that must reach somebody who will wake the waiter.
#define THREADHOP_WAKER THREADHOP_ANNOTATE_("threadhop::waker")
#define THREADHOP_WAKER_BECAUSE(Reason)                                        \
  THREADHOP_ANNOTATE_("threadhop::waker", Reason)

/// On a type or member: at most one waiter by contract.
#define THREADHOP_SINGLE_WAITER THREADHOP_ANNOTATE_("threadhop::single_waiter")
#define THREADHOP_SINGLE_WAITER_BECAUSE(Reason)                                \
  THREADHOP_ANNOTATE_("threadhop::single_waiter", Reason)

/// On a channel type, variable or member: it must have capacity 0.
#define THREADHOP_RENDEZVOUS THREADHOP_ANNOTATE_("threadhop::rendezvous")
#define THREADHOP_RENDEZVOUS_BECAUSE(Reason)                                   \
  THREADHOP_ANNOTATE_("threadhop::rendezvous", Reason)

#endif // THREADHOP_ANNOTATIONS_H
