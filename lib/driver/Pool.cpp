//===--- Pool.cpp - runs units in worker processes ------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Pool.h"
#include "driver/Messages.h"
#include "driver/Protocol.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/Signals.h"
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

using namespace llvm;

namespace threadhop::driver {

PoolListener::~PoolListener() = default;

using Clock = std::chrono::steady_clock;

// Often enough for a live line and for deadlines in seconds.
static constexpr int TickMilliseconds = 100;

namespace {

/// A file descriptor that closes itself.
class Descriptor {
public:
  Descriptor() = default;
  explicit Descriptor(int Number) : Number(Number) {}
  Descriptor(Descriptor &&Other) : Number(std::exchange(Other.Number, -1)) {}
  Descriptor &operator=(Descriptor &&Other) {
    close();
    Number = std::exchange(Other.Number, -1);
    return *this;
  }
  ~Descriptor() { close(); }
  int get() const { return Number; }
  bool isOpen() const { return Number >= 0; }
  void close() {
    if (Number >= 0)
      ::close(Number);
    Number = -1;
  }

private:
  int Number = -1;
};

struct Pipe {
  Descriptor Read, Write;
  // Closed in workers: a pipe held open by a sibling never ends.
  bool open() {
    int Ends[2];
    if (::pipe2(Ends, O_CLOEXEC) != 0)
      return false;
    Read = Descriptor(Ends[0]);
    Write = Descriptor(Ends[1]);
    return true;
  }
};

class Worker {
public:
  static constexpr unsigned Idle = ~0U;
  static constexpr unsigned None = ~0U;

  ~Worker() { kill(); }

  /// Returns what went wrong, or an empty string.
  std::string start(const PoolOptions &Opts);
  bool running() const { return Pid > 0; }
  bool isFree() const { return Current == Idle && Group == None; }
  bool makes() const { return Current == Idle && Group != None; }
  void kill();
  /// Waits for its end and gives the status of waitpid().
  int reap();

  /// Reads what has come without waiting; false at the end of the stream.
  bool readAnswers();
  void readPrinted();

  pid_t Pid = -1;
  Descriptor Requests, Answers, Printed;
  MessageBuffer Incoming;
  std::string Text;
  unsigned Current = Idle;
  unsigned Group = None; ///< That it makes a header for, or learns for.
  bool UsesHeaders = false;
  Clock::time_point Deadline;
};

/// Units that share headers, and how far these are.
struct Sharing {
  enum class State {
    Fresh,  ///< Nobody has asked for them.
    Busy,   ///< They are being made, or what they need to have is found out.
    Ready,  ///< They are there, or not worth making any more.
    Dropped ///< They cannot be made, or a worker died of them.
  };
  ArrayRef<std::string> Includes;
  State Now = State::Fresh;
  unsigned Waiting = 0; ///< Units that were not started.
  bool Learned = false;
};

/// One run over the units.
class Run {
public:
  Run(ArrayRef<Unit> Units, const PoolOptions &Opts, PoolListener &Listener)
      : Units(Units), Opts(Opts), Listener(Listener),
        Started(Units.size(), false), GroupOf(Units.size(), Worker::None) {
    for (const HeaderGroup &Group : Opts.Groups) {
      for (unsigned I : Group.Units)
        GroupOf[I] = Groups.size();
      Groups.push_back({Group.Includes});
      Groups.back().Waiting = Group.Units.size();
    }
  }

  bool run();

private:
  void assign(Worker &W);
  unsigned next(Worker &W);
  bool send(Worker &W, unsigned Index, bool Make);
  void start(Worker &W, unsigned Index);
  void made(Worker &W, SharedHeaders::Making How);
  unsigned firstWaiting(unsigned Group) const;
  bool diedOfHeaders(Worker &W);
  void serve(Worker &W, bool AnswersReady, bool PrintedReady);
  void lost(Worker &W);
  void timedOut(Worker &W);
  void finish(Worker &W, UnitOutcome Outcome);
  void fail(Worker &W, FailureKind Kind, std::string Text);

  ArrayRef<Unit> Units;
  const PoolOptions &Opts;
  PoolListener &Listener;
  std::vector<Sharing> Groups;
  std::vector<bool> Started;
  std::vector<unsigned> GroupOf; ///< By unit, or None.
  unsigned FirstWaiting = 0;
  unsigned Finished = 0;
};

} // namespace

static int InterruptPipe = -1;

static void interrupted() {
  char Byte = 0;
  [[maybe_unused]] ssize_t Ignored = ::write(InterruptPipe, &Byte, 1);
}

std::string Worker::start(const PoolOptions &Opts) {
  Pipe In, Out, Err;
  if (!In.open() || !Out.open() || !Err.open())
    return "cannot make a pipe: " + sys::StrError();
  posix_spawn_file_actions_t Actions;
  posix_spawn_file_actions_init(&Actions);
  posix_spawn_file_actions_adddup2(&Actions, In.Read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&Actions, Out.Write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&Actions, Err.Write.get(), STDERR_FILENO);
  const char *Args[] = {Opts.Program.c_str(), WorkerArgument, nullptr};
  // Symbolizing a crash takes longer than a unit, and tells users nothing.
  std::vector<char *> Environment;
  for (char **Variable = environ; *Variable; ++Variable)
    Environment.push_back(*Variable);
  static char NoSymbols[] = "LLVM_DISABLE_SYMBOLIZATION=1";
  Environment.push_back(NoSymbols);
  Environment.push_back(nullptr);
  int Wrong =
      ::posix_spawn(&Pid, Opts.Program.c_str(), &Actions, nullptr,
                    const_cast<char *const *>(Args), Environment.data());
  posix_spawn_file_actions_destroy(&Actions);
  if (Wrong) {
    Pid = -1;
    return "cannot start a worker: " + sys::StrError(Wrong);
  }
  Requests = std::move(In.Write);
  Answers = std::move(Out.Read);
  Printed = std::move(Err.Read);
  for (int Number : {Answers.get(), Printed.get()})
    ::fcntl(Number, F_SETFL, O_NONBLOCK);
  Incoming = MessageBuffer();
  Text.clear();
  // A worker that is already gone shows when its answer does not come.
  sendMessage(Requests.get(), Json(Opts.Analysis));
  return "";
}

void Worker::kill() {
  if (!running())
    return;
  ::kill(Pid, SIGKILL);
  reap();
}

int Worker::reap() {
  int Status = 0;
  sys::RetryAfterSignal(-1, ::waitpid, Pid, &Status, 0);
  Pid = -1;
  Requests.close();
  Answers.close();
  Printed.close();
  return Status;
}

bool Worker::readAnswers() {
  char Bytes[65536];
  while (true) {
    ssize_t Count = sys::RetryAfterSignal(-1, ::read, Answers.get(), &Bytes[0],
                                          sizeof(Bytes));
    if (Count > 0)
      Incoming.append(ArrayRef(Bytes, Count));
    else
      return Count < 0 && errno == EAGAIN;
  }
}

void Worker::readPrinted() {
  // Enough of both ends of what a check that prints in a loop can produce.
  static constexpr size_t Most = 1 << 16;
  char Bytes[4096];
  while (Printed.isOpen()) {
    ssize_t Count = sys::RetryAfterSignal(-1, ::read, Printed.get(), &Bytes[0],
                                          sizeof(Bytes));
    if (Count <= 0) {
      if (Count == 0)
        Printed.close();
      return;
    }
    Text.append(Bytes, Count);
    if (Text.size() > 2 * Most)
      Text.erase(Most / 2, Text.size() - Most);
  }
}

// A worker's last words without stack frames and advice to LLVM's developers.
static std::string lastWords(StringRef Printed) {
  static const Regex Noise("^(#[0-9]+ |[0-9]+ +[^ ]+ +0x|PLEASE submit|"
                           "Stack dump|[0-9]+\\.?[\t ]+Program arguments|"
                           "Error while processing )");
  static constexpr unsigned MostLines = 20;
  std::string Result;
  unsigned Lines = 0;
  for (StringRef Line : split(Printed, '\n')) {
    Line = Line.trim();
    if (Line.empty() || Noise.match(Line))
      continue;
    Result += ("  " + Line + "\n").str();
    if (++Lines == MostLines)
      break;
  }
  return Result;
}

void Run::finish(Worker &W, UnitOutcome Outcome) {
  W.readPrinted();
  Outcome.Printed = std::move(W.Text);
  W.Text.clear();
  if (!Outcome.Done)
    Outcome.Failure.Details = lastWords(Outcome.Printed);
  ++Finished;
  if (W.Group != Worker::None)
    Groups[std::exchange(W.Group, Worker::None)].Now = Sharing::State::Fresh;
  Listener.finished(std::exchange(W.Current, Worker::Idle), std::move(Outcome));
}

void Run::fail(Worker &W, FailureKind Kind, std::string Text) {
  UnitOutcome Outcome;
  Outcome.Failure.Kind = Kind;
  Outcome.Failure.Text = std::move(Text);
  finish(W, std::move(Outcome));
}

// Making a header takes half as long as a unit; for two it is not worth it.
static constexpr unsigned FewestToMakeFor = 3;

// The next unit that may start, or Idle. If a header has to be made first, the
// worker makes it.
unsigned Run::next(Worker &W) {
  while (FirstWaiting < Units.size() && Started[FirstWaiting])
    ++FirstWaiting;
  for (unsigned I = FirstWaiting; I < Units.size(); ++I) {
    if (Started[I])
      continue;
    if (GroupOf[I] == Worker::None)
      return I;
    Sharing &G = Groups[GroupOf[I]];
    if (G.Now == Sharing::State::Fresh) {
      if (G.Waiting < FewestToMakeFor) {
        G.Now = Sharing::State::Ready;
        return I;
      }
      if (!send(W, I, /*Make=*/true)) {
        G.Now = Sharing::State::Dropped;
        return I;
      }
      G.Now = Sharing::State::Busy;
      W.Group = GroupOf[I];
      return Worker::Idle;
    }
    if (G.Now != Sharing::State::Busy)
      return I;
  }
  return Worker::Idle;
}

bool Run::send(Worker &W, unsigned Index, bool Make) {
  if (!W.running())
    if (std::string Wrong = W.start(Opts); !Wrong.empty()) {
      if (!Make)
        fail(W, FailureKind::Crash, Wrong);
      return false;
    }
  Request Asked{Units[Index], {}, Make};
  W.UsesHeaders = false;
  if (GroupOf[Index] != Worker::None) {
    const Sharing &G = Groups[GroupOf[Index]];
    W.UsesHeaders = !Make && G.Now == Sharing::State::Ready;
    // The one that learns for them is told too.
    if (Make || W.UsesHeaders || W.Group == GroupOf[Index])
      Asked.Includes = G.Includes;
  }
  W.Deadline = Clock::now() + std::chrono::seconds(Opts.Timeout);
  // If this fails the worker is gone, and its pipe tells so.
  sendMessage(W.Requests.get(), Json(Asked));
  return true;
}

void Run::assign(Worker &W) {
  while (W.isFree()) {
    unsigned Index = next(W);
    if (Index == Worker::Idle)
      return;
    start(W, Index);
  }
}

void Run::start(Worker &W, unsigned Index) {
  W.Current = Index;
  Started[Index] = true;
  if (GroupOf[Index] != Worker::None)
    --Groups[GroupOf[Index]].Waiting;
  Listener.started(Index);
  send(W, Index, /*Make=*/false);
}

// Of a header that a worker was to make.
void Run::made(Worker &W, SharedHeaders::Making How) {
  unsigned Index = W.Group;
  Sharing &G = Groups[Index];
  if (How == SharedHeaders::Making::TooEarly && !G.Learned) {
    // Its first unit will tell; W.Group stays until it has.
    G.Learned = true;
    start(W, firstWaiting(Index));
    return;
  }
  W.Group = Worker::None;
  G.Now = How == SharedHeaders::Making::Done ? Sharing::State::Ready
                                             : Sharing::State::Dropped;
}

unsigned Run::firstWaiting(unsigned Group) const {
  unsigned I = FirstWaiting;
  while (Started[I] || GroupOf[I] != Group)
    ++I;
  return I;
}

// A worker that died may have died of a header that it made or used. Returns
// true if nothing else is lost.
bool Run::diedOfHeaders(Worker &W) {
  if (W.Current == Worker::Idle) {
    if (W.Group != Worker::None)
      made(W, SharedHeaders::Making::Impossible);
    return true;
  }
  if (!W.UsesHeaders)
    return false;
  Groups[GroupOf[W.Current]].Now = Sharing::State::Dropped;
  W.Text.clear();
  send(W, W.Current, /*Make=*/false);
  return true;
}

void Run::lost(Worker &W) {
  W.readPrinted();
  int Status = W.reap();
  if (diedOfHeaders(W))
    return;
  StringRef Text = W.Text;
  if (Text.contains("out of memory") || Text.contains("std::bad_alloc") ||
      Text.contains("Allocation failed"))
    fail(W, FailureKind::Memory, "the worker ran out of memory");
  else if (WIFSIGNALED(Status) && WTERMSIG(Status) == SIGKILL)
    fail(W, FailureKind::Crash,
         "the worker was killed (SIGKILL), perhaps for want of memory");
  else if (WIFSIGNALED(Status))
    fail(W, FailureKind::Crash,
         std::string("the worker crashed (") + ::strsignal(WTERMSIG(Status)) +
             ")");
  else
    fail(W, FailureKind::Crash,
         "the worker ended with status " + std::to_string(WEXITSTATUS(Status)));
}

void Run::timedOut(Worker &W) {
  W.readPrinted();
  W.kill();
  if (W.Current == Worker::Idle) {
    made(W, SharedHeaders::Making::Impossible);
    return;
  }
  fail(W, FailureKind::Timeout,
       "it took longer than " + counted(Opts.Timeout, "second"));
}

void Run::serve(Worker &W, bool AnswersReady, bool PrintedReady) {
  if (PrintedReady)
    W.readPrinted();
  if (!AnswersReady)
    return;
  bool Open = W.readAnswers();
  bool Broken = false;
  if (auto Answer = W.Incoming.next(Broken); Answer && W.makes()) {
    made(W, Answer->get<MakeAnswer>().How);
  } else if (Answer) {
    UnitOutcome Outcome;
    Outcome.Done = true;
    Outcome.Report = Answer->get<UnitReport>();
    finish(W, std::move(Outcome));
  }
  if (Broken) {
    W.kill();
    if (W.makes())
      made(W, SharedHeaders::Making::Impossible);
    else
      fail(W, FailureKind::Crash, "the worker's answer makes no sense");
  } else if (!Open) {
    lost(W);
  }
}

bool Run::run() {
  Pipe Interrupts;
  if (!Interrupts.open()) {
    error("cannot make a pipe: " + sys::StrError());
    return false;
  }
  InterruptPipe = Interrupts.Write.get();
  sys::SetInterruptFunction(interrupted);

  std::vector<Worker> Workers(std::min<size_t>(Opts.Jobs, Units.size()));
  bool Stopped = false;
  while (!Stopped && Finished < Units.size()) {
    for (Worker &W : Workers)
      assign(W);
    std::vector<pollfd> Waits = {{Interrupts.Read.get(), POLLIN, 0}};
    // A closed descriptor is -1, which poll() passes over.
    for (Worker &W : Workers) {
      Waits.push_back({W.Answers.get(), POLLIN, 0});
      Waits.push_back({W.Printed.get(), POLLIN, 0});
    }
    if (::poll(Waits.data(), Waits.size(), TickMilliseconds) < 0 &&
        errno != EINTR) {
      error("cannot wait for the workers: " + sys::StrError());
      Stopped = true;
    }
    Stopped |= Waits[0].revents != 0;
    for (size_t I = 0; I != Workers.size() && !Stopped; ++I) {
      Worker &W = Workers[I];
      serve(W, Waits[2 * I + 1].revents != 0, Waits[2 * I + 2].revents != 0);
      if (Opts.Timeout && !W.isFree() && W.running() &&
          Clock::now() >= W.Deadline)
        timedOut(W);
    }
    Listener.tick();
  }
  Workers.clear();
  sys::SetInterruptFunction(nullptr);
  InterruptPipe = -1;
  return !Stopped;
}

bool runUnits(ArrayRef<Unit> Units, const PoolOptions &Opts,
              PoolListener &Listener) {
  return Run(Units, Opts, Listener).run();
}

} // namespace threadhop::driver
