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

/// The domain that a confined object must not leave.
enum class Confinement {
  Thread,    ///< One thread (GUI toolkits, thread-bound interpreters).
  Sequence,  ///< One user at a time, on any thread (plain reference counts).
  Apartment, ///< A COM apartment.
  Gil,       ///< Whoever holds the interpreter lock.
  Isolate,   ///< One script engine's isolate or environment.
  Loop,      ///< The thread of its event loop.
  Shard,     ///< One core of a shard-per-core program.
};

/// Whether an error may be handed to another thread.
enum class ErrorVerdict {
  Unsafe,
  Conditional, ///< It depends on what the type does not say.
  WhenShared,  ///< Fine for one thread at a time; not for several at once.
  Safe,
  Contents, ///< A carrier: what it holds decides.
};

/// Whether a sink takes its task to another thread.
enum class Hopping {
  Always,
  Never,
  Executor, ///< The executor decides.
  Policy,   ///< The launch or execution policy decides.
  Maybe,
};

/// Whether a sink can run its task in the calling thread before it returns.
enum class InlineRun { Never, May, Always };

/// What the task of a sink is.
enum class SinkPayload { Callable, Value, Error };

/// How the other side of a sink is reached through the result of the call.
enum class SinkResult {
  None,
  Future,       ///< Its result and exceptions come back through it.
  Awaitable,    ///< The same by co_await.
  ExceptionPtr, ///< The error, shared.
};

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
  std::string Type;     ///< This or Function is set.
  std::string Function; ///< Its result is the executor.
  Pinning Pins = Pinning::Unknown;
  Provenance From;
};

struct CoroutineModel {
  std::string Type;
  CoroutineHome Resumes = CoroutineHome::CompletingThread;
  std::vector<std::string> Saves; ///< Guard types it saves and restores.
  Provenance From;
};

/// A template argument that a row is about.
struct WhenArgument {
  unsigned Index = 0;
  std::string Type;  ///< The argument is this class, or
  std::string Value; ///< this enumerator or constant.
};

struct ConfinedTypeModel {
  std::string Type;
  Confinement Domain = Confinement::Sequence;
  /// Pointers and references to it are confined like the object itself.
  bool ByPointer = false;
  bool MoveOk = false; ///< A moved-in sole owner may be used there.
  bool CopyOk = false; ///< A copy is an object of its own.
  bool Safe = false;
  std::string Reason;
  std::optional<WhenArgument> When;
  /// The row does not hold where this template argument's type is safe.
  std::optional<unsigned> UnlessSafeArgument;
  Provenance From;
};

struct ErrorTypeModel {
  std::string Type;
  ErrorVerdict Verdict = ErrorVerdict::Unsafe;
  std::string Reason;
  std::string VersionRule; ///< Which releases the verdict speaks of.
  /// Releases whose class has this data member have another verdict.
  struct {
    std::string Name;
    ErrorVerdict Verdict = ErrorVerdict::Unsafe;
    std::string Reason;
  } IfMember;
  Provenance From;
};

/// Which arguments of a call are its task.
struct SinkTask {
  enum { Indices, From, Last, FromCallable, Object, Body } Kind = Indices;
  std::vector<unsigned> Arguments; ///< Indices
  unsigned First = 0;              ///< From; 0: all
};

/// An executor that a call names: an argument, or the object it is made on.
struct SinkExecutor {
  bool IsObject = false;
  unsigned Argument = 0;
};

/// A call whose task runs, or is transported, elsewhere. One function has a
/// row for each of its overloads that differ.
struct SinkModel {
  std::string Function;  ///< This or Coroutine is set.
  std::string Coroutine; ///< Return type of coroutines that run elsewhere.
  std::string FirstParameterType;  ///< Only calls whose first argument is one.
  std::vector<unsigned> Arguments; ///< Only calls with that many.
  SinkTask Task;
  Hopping Hops = Hopping::Maybe;
  std::optional<SinkExecutor> Executor;
  std::optional<unsigned> Policy;
  InlineRun RunsInline = InlineRun::Never;
  SinkPayload Payload = SinkPayload::Callable;
  SinkResult Result = SinkResult::None;
  bool TransportsErrors = false;
  bool Blocks = false;     ///< The call returns after the task has ended.
  bool Concurrent = false; ///< Several threads run the task at once.
  Provenance From;
};

/// How much a channel holds.
struct ChannelCapacity {
  enum {
    Unbounded,
    Rendezvous,
    Fixed,            ///< Value
    Argument,         ///< of the constructor: Index, else Value
    TemplateArgument, ///< Index
    Setter,           ///< A member function is told; unbounded before.
  } Kind = Unbounded;
  unsigned Index = 0;
  std::optional<unsigned> Value;
  std::string Function; ///< Setter
};

/// What a capacity of zero means to a channel.
enum class ZeroCapacity { Rendezvous, Unbounded, Invalid };

/// A function that makes a channel.
struct ChannelFactory {
  std::string Function;
  std::optional<unsigned> Argument; ///< The capacity; none: unbounded.
};

struct ChannelModel {
  std::string Type;
  ChannelCapacity Capacity;
  ZeroCapacity Zero = ZeroCapacity::Invalid;
  unsigned HoldsLess = 0; ///< It holds that many fewer than it is told.
  std::string Trap;       ///< What people get wrong, for a note.
  std::vector<ChannelFactory> MadeBy;
  /// Member functions, or operators ("operator<<").
  std::vector<std::string> Send;
  std::vector<std::string> TrySend;
  std::vector<std::string> Receive;
  std::vector<std::string> TryReceive; ///< Bounded waits too.
  std::vector<std::string> Close;
  /// Free functions; the channel is their first argument.
  std::vector<std::string> SendFunctions;
  std::vector<std::string> ReceiveFunctions;
  Provenance From;
};

/// What becomes of an operation that completes but loses a race.
enum class RaceLoser {
  Dropped,   ///< It is cancelled; what it has already received is thrown away.
  Detached,  ///< It goes on, and nobody looks at what it receives.
  Kept,      ///< The result of the race holds it.
  Untouched, ///< A losing channel operation has no effect (a true select).
};

/// A call that waits for the first of several operations.
struct RaceModel {
  std::string Function;
  RaceLoser Loser = RaceLoser::Dropped;
  bool Deadline = false; ///< One operation against a time.
  bool Ordered = false;  ///< Of several that are ready the first one wins.
  Provenance From;
};

/// An object of a library that keeps one waiter, or one handler, at a time.
struct WaiterSlotModel {
  std::string Type;
  /// For each of its slots the member functions that wait in it; "co_await":
  /// the object itself is awaited.
  std::vector<std::vector<std::string>> Waits;
  /// Member functions that put a handler in, in place of the previous one.
  std::vector<std::string> Stores;
  /// The member function of another class that gives the slot out.
  std::string LentBy;
  /// Classes of completion tokens that were bound to the slot: an operation
  /// that is given one puts its handler in.
  std::vector<std::string> Binders;
  std::string Second; ///< What a second one causes.
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
  std::vector<ConfinedTypeModel> ConfinedTypes;
  std::vector<ErrorTypeModel> ErrorTypes;
  std::vector<SinkModel> Sinks;
  std::vector<ChannelModel> Channels;
  std::vector<RaceModel> Races;
  std::vector<WaiterSlotModel> WaiterSlots;
};

} // namespace threadhop

#endif
