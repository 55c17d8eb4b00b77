//===--- Model.h - what threadhop knows of libraries ------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rows of the model files as plain data; docs/models.md explains each
// field. Names are public qualified C++ names ("boost::asio::thread_pool",
// "cppcoro::static_thread_pool::schedule"); analysis/ModelIndex resolves them
// in a translation unit.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_MODELS_MODEL_H
#define THREADHOP_MODELS_MODEL_H

#include <optional>
#include <string>
#include <vector>

namespace threadhop {

/// What a guard is bound to; decides which suspensions are wrong.
enum class GuardKind {
  Context, ///< State of the thread that other work inherits: any suspension.
  Lock,    ///< A lock that its thread must release: any suspension.
  Owner,   ///< Thread state (GIL, GL context): unless resumed on this thread.
};

/// Where a coroutine goes on after an await.
enum class Resumption {
  NeverSuspends, ///< The await is a plain call.
  SameThread,    ///< On the thread that awaited.
  SameExecutor,  ///< On the executor it ran on, perhaps another thread of it.
  Elsewhere,     ///< On another thread.
  Unknown,
};

/// Which thread an executor runs its work on.
enum class Pinning { Thread, Sequence, None, Caller, Unknown };

/// By coroutine return type: where awaits of unknown things come back.
enum class CoroutineHome { SameThread, SameExecutor, CompletingThread };

/// Where a row comes from: its file and the mark that tells how it was proved.
struct Provenance {
  std::string Library;
  std::string Evidence;
  std::string Source;
};

struct GuardModel {
  std::string Type;
  GuardKind Kind = GuardKind::Context;
  std::string Effect;
  std::vector<std::string> Ends;
  std::vector<std::string> DeferredBy;
  bool EmptyWhenDefault = false;
  bool MutexIsArgument = false;
  bool Safe = false;
  Provenance From;
};

struct GuardMacroModel {
  std::string Macro;
  GuardKind Kind = GuardKind::Context;
  std::string Effect;
  bool Safe = false;
  Provenance From;
};

struct PairedCallsModel {
  std::string Begin;
  std::string End;
  GuardKind Kind = GuardKind::Owner;
  std::string Effect;
  /// The argument that names the object opened and closed; none: the thread.
  std::optional<unsigned> ObjectArgument;
  Provenance From;
};

struct MutexModel {
  std::string Type;
  bool ThreadOwned = true;
  std::vector<std::string> Lock;
  std::vector<std::string> Unlock;
  std::vector<std::string> TryLock;
  Provenance From;
};

struct AwaitableModel {
  std::string Function; ///< This or Type is set.
  std::string Type;
  Resumption Resumes = Resumption::Unknown;
  std::optional<unsigned> ViaArgument;
  /// What it speaks of is not awaited itself; it is the last argument of the
  /// call that is.
  bool IsCompletionToken = false;
  Provenance From;
};

struct SuspendingCallModel {
  std::string Function;
  Provenance From;
};

struct SuspendingArgumentModel {
  std::string Type;
  Provenance From;
};

struct ExecutorModel {
  std::string Type;
  Pinning Pins = Pinning::Unknown;
  Provenance From;
};

struct CoroutineModel {
  std::string Type;
  CoroutineHome Resumes = CoroutineHome::CompletingThread;
  std::vector<std::string> Saves; ///< Guard types it saves and restores.
  Provenance From;
};

/// The rows of all loaded files. A later row for the same name wins.
struct Models {
  std::vector<GuardModel> Guards;
  std::vector<GuardMacroModel> GuardMacros;
  std::vector<PairedCallsModel> PairedCalls;
  std::vector<MutexModel> Mutexes;
  std::vector<AwaitableModel> Awaitables;
  std::vector<SuspendingCallModel> SuspendingCalls;
  std::vector<SuspendingArgumentModel> SuspendingArguments;
  std::vector<ExecutorModel> Executors;
  std::vector<CoroutineModel> Coroutines;
};

} // namespace threadhop

#endif
