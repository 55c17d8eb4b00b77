//===--- Loader.cpp - reads model files -----------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reader is strict: an unknown key or a wrong value is an error, for a
// typing mistake in a model would otherwise be silence.
//
//===----------------------------------------------------------------------===//

#include "models/Loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>

namespace threadhop {
namespace {

using nlohmann::json;

/// Thrown inside this file only; loadModelText turns it into an llvm::Error.
struct ModelError {
  std::string Message;
};

/// One JSON value and where it stands in its file.
class Cursor {
public:
  Cursor(const json &Value, std::string File, std::string Pointer)
      : Value(Value), File(std::move(File)), Pointer(std::move(Pointer)) {}

  [[noreturn]] void fail(const std::string &Why) const {
    throw ModelError{File + ": " + (Pointer.empty() ? "/" : Pointer) + ": " +
                     Why};
  }

  [[noreturn]] void expected(const std::string &What) const {
    std::string Found = Value.dump();
    if (Found.size() > 60)
      Found = Found.substr(0, 57) + "...";
    fail("expected " + What + ", found " + Found);
  }

  std::string text() const {
    if (!Value.is_string() || Value.get_ref<const std::string &>().empty())
      expected("a non-empty string");
    return Value.get<std::string>();
  }

  bool flag() const {
    if (!Value.is_boolean())
      expected("true or false");
    return Value.get<bool>();
  }

  unsigned index() const {
    if (!Value.is_number_unsigned() || Value.get<uint64_t>() > 63)
      expected("an argument's index (0 to 63)");
    return Value.get<unsigned>();
  }

  std::vector<unsigned> indices() const {
    std::vector<unsigned> Indices;
    forEach([&](const Cursor &Item) { Indices.push_back(Item.index()); });
    return Indices;
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> Texts;
    forEach([&](const Cursor &Item) { Texts.push_back(Item.text()); });
    return Texts;
  }

  template <typename Enum>
  Enum
  oneOf(std::initializer_list<std::pair<const char *, Enum>> Choices) const {
    std::string Names;
    for (const auto &[Name, Result] : Choices) {
      if (Value.is_string() && Value.get_ref<const std::string &>() == Name)
        return Result;
      Names += (Names.empty() ? "\"" : ", \"") + std::string(Name) + "\"";
    }
    expected("one of " + Names);
  }

  template <typename Visit> void forEach(Visit Visitor) const {
    if (!Value.is_array())
      expected("an array");
    for (size_t I = 0; I != Value.size(); ++I)
      Visitor(Cursor(Value[I], File, Pointer + "/" + std::to_string(I)));
  }

  Cursor member(const std::string &Key) const {
    return Cursor(Value.at(Key), File, Pointer + "/" + Key);
  }
  bool has(const char *Key) const {
    return Value.is_object() && Value.contains(Key);
  }
  bool isArray() const { return Value.is_array(); }
  bool isText() const { return Value.is_string(); }
  Cursor required(const char *Key) const {
    if (!has(Key))
      fail(std::string("the key \"") + Key + "\" is missing");
    return member(Key);
  }

  /// Fails at the first key that is not one of \p Known.
  void onlyKeys(llvm::ArrayRef<llvm::StringRef> Known) const {
    if (!Value.is_object())
      expected("an object");
    for (const auto &[Key, Ignored] : Value.items()) {
      if (llvm::is_contained(Known, Key))
        continue;
      llvm::StringRef Best;
      unsigned BestDistance = 3;
      for (llvm::StringRef Candidate : Known) {
        unsigned Distance =
            Candidate.edit_distance(Key, /*AllowReplacements=*/true, 3);
        if (Distance < BestDistance) {
          Best = Candidate;
          BestDistance = Distance;
        }
      }
      std::string Hint = Best.empty()
                             ? "; known keys are " + llvm::join(Known, ", ")
                             : "; did you mean \"" + Best.str() + "\"?";
      fail("unknown key \"" + Key + "\"" + Hint);
    }
  }

private:
  const json &Value;
  std::string File;
  std::string Pointer;
};

/// Reads one row's members into a struct, each under its own key.
class Row {
public:
  Row(const Cursor &At, llvm::StringRef Library,
      std::initializer_list<llvm::StringRef> Keys)
      : At(At), Library(Library) {
    llvm::SmallVector<llvm::StringRef> Known(Keys);
    Known.append({"evidence", "source", "note"});
    At.onlyKeys(Known);
  }

  void text(const char *Key, std::string &Into) const {
    if (At.has(Key))
      Into = At.member(Key).text();
  }
  void requiredText(const char *Key, std::string &Into) const {
    Into = At.required(Key).text();
  }
  /// A qualified name, as people write it: without template arguments.
  void name(const char *Key, std::string &Into) const {
    Into = nameAt(At.required(Key));
  }
  void optionalName(const char *Key, std::string &Into) const {
    if (At.has(Key))
      name(Key, Into);
  }
  static std::string nameAt(const Cursor &Value) {
    std::string Text = Value.text();
    llvm::StringRef Name = Text;
    auto IsPart = [](llvm::StringRef Part) {
      return !Part.empty() && !llvm::isDigit(Part[0]) &&
             llvm::all_of(Part, [](char C) {
               return llvm::isAlnum(C) || C == '_' || C == '~';
             });
    };
    llvm::SmallVector<llvm::StringRef> Parts;
    Name.split(Parts, "::");
    bool IsOperator = Parts.back().starts_with("operator");
    if (!llvm::all_of(llvm::ArrayRef(Parts).drop_back(IsOperator), IsPart))
      Value.expected("a qualified name without template arguments "
                     "(such as \"ns::type\")");
    return Text;
  }
  void names(const char *Key, std::vector<std::string> &Into) const {
    if (At.has(Key))
      At.member(Key).forEach(
          [&](const Cursor &Item) { Into.push_back(nameAt(Item)); });
  }
  /// The name of a member function, without its class; operators too.
  static std::string methodAt(const Cursor &Value) {
    std::string Name = nameAt(Value);
    if (Name.find("::") != std::string::npos)
      Value.expected("the name of a member function, without its class");
    return Name;
  }
  void methods(const char *Key, std::vector<std::string> &Into) const {
    if (At.has(Key))
      At.member(Key).forEach(
          [&](const Cursor &Item) { Into.push_back(methodAt(Item)); });
  }
  /// A clause that messages end with.
  void clause(const char *Key, std::string &Into) const {
    if (!At.has(Key))
      return;
    Into = At.member(Key).text();
    if (llvm::StringRef(Into).ends_with("."))
      At.member(Key).expected("a clause without a final period");
  }
  void texts(const char *Key, std::vector<std::string> &Into) const {
    if (At.has(Key))
      Into = At.member(Key).texts();
  }
  void flag(const char *Key, bool &Into) const {
    if (At.has(Key))
      Into = At.member(Key).flag();
  }
  void index(const char *Key, std::optional<unsigned> &Into) const {
    if (At.has(Key))
      Into = At.member(Key).index();
  }
  void kind(GuardKind &Into, bool Required) const {
    if (Required || At.has("kind"))
      Into =
          At.required("kind").oneOf<GuardKind>({{"context", GuardKind::Context},
                                                {"lock", GuardKind::Lock},
                                                {"owner", GuardKind::Owner}});
  }
  Provenance provenance() const {
    Provenance From;
    From.Library = Library;
    if (!At.has("evidence"))
      return From; // The tests see to it that our own rows have it.
    At.member("evidence")
        .oneOf<int>({{"run", 0},
                     {"deb", 0},
                     {"hdr", 0},
                     {"src", 0},
                     {"pub", 0},
                     {"iss", 0}});
    text("evidence", From.Evidence);
    text("source", From.Source);
    return From;
  }

  const Cursor &At;
  std::string Library;
};

GuardModel readGuard(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library,
        {"type", "kind", "effect", "ends", "empty_when_default", "mutex",
         "deferred_by", "safe"});
  GuardModel Guard;
  R.name("type", Guard.Type);
  R.flag("safe", Guard.Safe);
  R.kind(Guard.Kind, !Guard.Safe);
  R.text("effect", Guard.Effect);
  if (!Guard.Safe && Guard.Kind != GuardKind::Lock && Guard.Effect.empty())
    At.required("effect");
  R.texts("ends", Guard.Ends);
  R.texts("deferred_by", Guard.DeferredBy);
  R.flag("empty_when_default", Guard.EmptyWhenDefault);
  if (At.has("mutex"))
    Guard.MutexIsArgument =
        At.member("mutex").oneOf<bool>({{"argument", true}});
  Guard.From = R.provenance();
  return Guard;
}

GuardMacroModel readGuardMacro(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library, {"macro", "kind", "effect", "safe"});
  GuardMacroModel Macro;
  R.name("macro", Macro.Macro);
  R.flag("safe", Macro.Safe);
  R.kind(Macro.Kind, !Macro.Safe);
  if (Macro.Safe)
    R.text("effect", Macro.Effect);
  else
    R.requiredText("effect", Macro.Effect);
  Macro.From = R.provenance();
  return Macro;
}

PairedCallsModel readPairedCalls(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library, {"begin", "end", "kind", "effect", "object_argument"});
  PairedCallsModel Pair;
  R.name("begin", Pair.Begin);
  R.name("end", Pair.End);
  R.kind(Pair.Kind, true);
  R.requiredText("effect", Pair.Effect);
  R.index("object_argument", Pair.ObjectArgument);
  Pair.From = R.provenance();
  return Pair;
}

MutexModel readMutex(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library, {"type", "thread_owned", "lock", "unlock", "try_lock"});
  MutexModel Mutex;
  R.name("type", Mutex.Type);
  R.flag("thread_owned", Mutex.ThreadOwned);
  R.texts("lock", Mutex.Lock);
  R.texts("unlock", Mutex.Unlock);
  R.texts("try_lock", Mutex.TryLock);
  Mutex.From = R.provenance();
  return Mutex;
}

AwaitableModel readAwaitable(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library,
        {"function", "type", "resumes", "via_argument", "completion_token"});
  AwaitableModel Awaitable;
  if (At.has("function") == At.has("type"))
    At.fail("expected exactly one of the keys \"function\" and \"type\"");
  if (At.has("function"))
    R.name("function", Awaitable.Function);
  else
    R.name("type", Awaitable.Type);
  Awaitable.Resumes = At.required("resumes").oneOf<Resumption>(
      {{"never_suspends", Resumption::NeverSuspends},
       {"same_thread", Resumption::SameThread},
       {"same_executor", Resumption::SameExecutor},
       {"elsewhere", Resumption::Elsewhere},
       {"unknown", Resumption::Unknown}});
  R.index("via_argument", Awaitable.ViaArgument);
  R.flag("completion_token", Awaitable.IsCompletionToken);
  Awaitable.From = R.provenance();
  return Awaitable;
}

SuspendingCallModel readSuspendingCall(const Cursor &At,
                                       llvm::StringRef Library) {
  Row R(At, Library, {"function"});
  SuspendingCallModel Call;
  R.name("function", Call.Function);
  Call.From = R.provenance();
  return Call;
}

SuspendingArgumentModel readSuspendingArgument(const Cursor &At,
                                               llvm::StringRef Library) {
  Row R(At, Library, {"type"});
  SuspendingArgumentModel Argument;
  R.name("type", Argument.Type);
  Argument.From = R.provenance();
  return Argument;
}

ExecutorModel readExecutor(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library, {"type", "function", "pins"});
  ExecutorModel Executor;
  if (At.has("function") == At.has("type"))
    At.fail("expected exactly one of the keys \"function\" and \"type\"");
  if (At.has("function"))
    R.name("function", Executor.Function);
  else
    R.name("type", Executor.Type);
  Executor.Pins =
      At.required("pins").oneOf<Pinning>({{"thread", Pinning::Thread},
                                          {"sequence", Pinning::Sequence},
                                          {"none", Pinning::None},
                                          {"caller", Pinning::Caller},
                                          {"unknown", Pinning::Unknown}});
  Executor.From = R.provenance();
  return Executor;
}

CoroutineModel readCoroutine(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library, {"type", "resumes", "saves"});
  CoroutineModel Coroutine;
  R.name("type", Coroutine.Type);
  Coroutine.Resumes = At.required("resumes").oneOf<CoroutineHome>(
      {{"same_thread", CoroutineHome::SameThread},
       {"same_executor", CoroutineHome::SameExecutor},
       {"completing_thread", CoroutineHome::CompletingThread}});
  R.texts("saves", Coroutine.Saves);
  Coroutine.From = R.provenance();
  return Coroutine;
}

WhenArgument readWhenArgument(const Cursor &At) {
  At.onlyKeys({"index", "type", "value"});
  WhenArgument When;
  When.Index = At.required("index").index();
  if (At.has("type") == At.has("value"))
    At.fail("expected exactly one of the keys \"type\" and \"value\"");
  if (At.has("type"))
    When.Type = Row::nameAt(At.member("type"));
  else
    When.Value = Row::nameAt(At.member("value"));
  return When;
}

ConfinedTypeModel readConfinedType(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library,
        {"type", "confinement", "handle", "move_ok", "copy_ok", "reason",
         "safe", "when_argument", "unless_safe_argument"});
  ConfinedTypeModel Confined;
  R.name("type", Confined.Type);
  R.flag("safe", Confined.Safe);
  if (!Confined.Safe || At.has("confinement"))
    Confined.Domain =
        At.required("confinement")
            .oneOf<Confinement>({{"thread", Confinement::Thread},
                                 {"sequence", Confinement::Sequence},
                                 {"apartment", Confinement::Apartment},
                                 {"gil", Confinement::Gil},
                                 {"isolate", Confinement::Isolate},
                                 {"loop", Confinement::Loop},
                                 {"shard", Confinement::Shard}});
  if (At.has("handle"))
    Confined.ByPointer =
        At.member("handle").oneOf<bool>({{"value", false}, {"pointer", true}});
  R.flag("move_ok", Confined.MoveOk);
  R.flag("copy_ok", Confined.CopyOk);
  R.clause("reason", Confined.Reason);
  if (!Confined.Safe)
    At.required("reason");
  if (At.has("when_argument"))
    Confined.When = readWhenArgument(At.member("when_argument"));
  R.index("unless_safe_argument", Confined.UnlessSafeArgument);
  Confined.From = R.provenance();
  return Confined;
}

ErrorVerdict readVerdict(const Cursor &At) {
  return At.required("verdict").oneOf<ErrorVerdict>(
      {{"unsafe", ErrorVerdict::Unsafe},
       {"conditional", ErrorVerdict::Conditional},
       {"when_shared", ErrorVerdict::WhenShared},
       {"safe", ErrorVerdict::Safe},
       {"contents", ErrorVerdict::Contents}});
}

ErrorTypeModel readErrorType(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library,
        {"type", "verdict", "reason", "version_rule", "if_member"});
  ErrorTypeModel Error;
  R.name("type", Error.Type);
  Error.Verdict = readVerdict(At);
  R.clause("reason", Error.Reason);
  if (Error.Verdict == ErrorVerdict::Unsafe ||
      Error.Verdict == ErrorVerdict::Conditional ||
      Error.Verdict == ErrorVerdict::WhenShared)
    At.required("reason");
  R.text("version_rule", Error.VersionRule);
  if (At.has("if_member")) {
    Cursor Older = At.member("if_member");
    Older.onlyKeys({"name", "verdict", "reason"});
    Error.IfMember.Name = Row::nameAt(Older.required("name"));
    Error.IfMember.Verdict = readVerdict(Older);
    Error.IfMember.Reason = Older.required("reason").text();
  }
  Error.From = R.provenance();
  return Error;
}

SinkTask readTask(const Cursor &At) {
  SinkTask Task;
  if (At.isArray()) {
    Task.Arguments = At.indices();
    return Task;
  }
  llvm::StringRef Text;
  std::string Words;
  if (At.isText()) {
    Words = At.text();
    Text = Words;
  }
  if (Text == "last")
    Task.Kind = SinkTask::Last;
  else if (Text == "callable")
    Task.Kind = SinkTask::FromCallable;
  else if (Text == "object")
    Task.Kind = SinkTask::Object;
  else if (Text == "body")
    Task.Kind = SinkTask::Body;
  else if (Text == "all" ||
           (Text.consume_front("from:") && !Text.getAsInteger(10, Task.First) &&
            Task.First < 64))
    Task.Kind = SinkTask::From;
  else
    At.expected(
        "an array of arguments' indices, \"all\", \"last\", \"from:N\", "
        "\"callable\", \"object\" or \"body\"");
  return Task;
}

SinkExecutor readSinkExecutor(const Cursor &At) {
  At.onlyKeys({"argument", "object"});
  if (At.has("argument") == At.has("object"))
    At.fail("expected exactly one of the keys \"argument\" and \"object\"");
  SinkExecutor Executor;
  if (At.has("argument"))
    Executor.Argument = At.member("argument").index();
  else if (!(Executor.IsObject = At.member("object").flag()))
    At.member("object").expected("true");
  return Executor;
}

SinkModel readSink(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library,
        {"function", "coroutine", "first_parameter_type", "arguments", "task",
         "hops", "executor", "policy", "runs_inline", "payload", "result",
         "transports_errors", "blocks", "concurrent"});
  SinkModel Sink;
  if (At.has("function") == At.has("coroutine"))
    At.fail("expected exactly one of the keys \"function\" and \"coroutine\"");
  R.optionalName("function", Sink.Function);
  R.optionalName("coroutine", Sink.Coroutine);
  R.optionalName("first_parameter_type", Sink.FirstParameterType);
  if (At.has("arguments"))
    Sink.Arguments = At.member("arguments").indices();
  if (!Sink.Coroutine.empty()) {
    if (At.has("task"))
      At.member("task").fail("a coroutine's task is its body");
    Sink.Task.Kind = SinkTask::Body;
  } else
    Sink.Task = readTask(At.required("task"));
  Sink.Hops =
      At.required("hops").oneOf<Hopping>({{"always", Hopping::Always},
                                          {"never", Hopping::Never},
                                          {"executor", Hopping::Executor},
                                          {"policy", Hopping::Policy},
                                          {"maybe", Hopping::Maybe}});
  if (At.has("executor"))
    Sink.Executor = readSinkExecutor(At.member("executor"));
  if (Sink.Hops == Hopping::Executor)
    At.required("executor");
  if (At.has("policy")) {
    At.member("policy").onlyKeys({"argument"});
    Sink.Policy = At.member("policy").required("argument").index();
  }
  if (Sink.Hops == Hopping::Policy)
    At.required("policy");
  if (At.has("runs_inline"))
    Sink.RunsInline = At.member("runs_inline")
                          .oneOf<InlineRun>({{"never", InlineRun::Never},
                                             {"may", InlineRun::May},
                                             {"always", InlineRun::Always}});
  if (At.has("payload"))
    Sink.Payload = At.member("payload").oneOf<SinkPayload>(
        {{"callable", SinkPayload::Callable},
         {"value", SinkPayload::Value},
         {"error", SinkPayload::Error}});
  if (At.has("result"))
    Sink.Result = At.member("result").oneOf<SinkResult>(
        {{"future", SinkResult::Future},
         {"awaitable", SinkResult::Awaitable},
         {"exception_ptr", SinkResult::ExceptionPtr}});
  R.flag("transports_errors", Sink.TransportsErrors);
  R.flag("blocks", Sink.Blocks);
  R.flag("concurrent", Sink.Concurrent);
  Sink.From = R.provenance();
  return Sink;
}

ChannelCapacity readCapacity(const Cursor &At) {
  ChannelCapacity Capacity;
  if (At.isText()) {
    Capacity.Kind = At.oneOf<bool>({{"unbounded", false}, {"rendezvous", true}})
                        ? ChannelCapacity::Rendezvous
                        : ChannelCapacity::Unbounded;
    return Capacity;
  }
  At.onlyKeys({"fixed", "argument", "default", "template_argument", "setter"});
  unsigned Kinds = At.has("fixed") + At.has("argument") +
                   At.has("template_argument") + At.has("setter");
  if (Kinds != 1)
    At.fail("expected exactly one of the keys \"fixed\", \"argument\", "
            "\"template_argument\" and \"setter\"");
  if (At.has("fixed")) {
    Capacity.Kind = ChannelCapacity::Fixed;
    Capacity.Value = At.member("fixed").index();
  } else if (At.has("argument")) {
    Capacity.Kind = ChannelCapacity::Argument;
    Capacity.Index = At.member("argument").index();
  } else if (At.has("template_argument")) {
    Capacity.Kind = ChannelCapacity::TemplateArgument;
    Capacity.Index = At.member("template_argument").index();
  } else {
    Capacity.Kind = ChannelCapacity::Setter;
    Capacity.Function = Row::methodAt(At.member("setter"));
  }
  if (At.has("default")) {
    if (Capacity.Kind != ChannelCapacity::Argument)
      At.member("default").fail("only an \"argument\" has a default");
    Capacity.Value = At.member("default").index();
  }
  return Capacity;
}

ChannelModel readChannel(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library,
        {"type", "capacity", "zero_means", "holds_less", "trap", "made_by",
         "send", "try_send", "receive", "try_receive", "close",
         "send_functions", "receive_functions"});
  ChannelModel Channel;
  R.name("type", Channel.Type);
  Channel.Capacity = readCapacity(At.required("capacity"));
  if (At.has("zero_means"))
    Channel.Zero =
        At.member("zero_means")
            .oneOf<ZeroCapacity>({{"rendezvous", ZeroCapacity::Rendezvous},
                                  {"unbounded", ZeroCapacity::Unbounded},
                                  {"invalid", ZeroCapacity::Invalid}});
  if (At.has("holds_less"))
    Channel.HoldsLess = At.member("holds_less").index();
  R.clause("trap", Channel.Trap);
  if (At.has("made_by"))
    At.member("made_by").forEach([&](const Cursor &Item) {
      Item.onlyKeys({"function", "argument"});
      ChannelFactory Factory;
      Factory.Function = Row::nameAt(Item.required("function"));
      if (Item.has("argument"))
        Factory.Argument = Item.member("argument").index();
      Channel.MadeBy.push_back(std::move(Factory));
    });
  R.methods("send", Channel.Send);
  R.methods("try_send", Channel.TrySend);
  R.methods("receive", Channel.Receive);
  R.methods("try_receive", Channel.TryReceive);
  R.methods("close", Channel.Close);
  R.names("send_functions", Channel.SendFunctions);
  R.names("receive_functions", Channel.ReceiveFunctions);
  if (Channel.Send.empty() && Channel.TrySend.empty() &&
      Channel.SendFunctions.empty() && Channel.Receive.empty() &&
      Channel.TryReceive.empty() && Channel.ReceiveFunctions.empty())
    At.fail("a channel needs a way to send or to receive");
  Channel.From = R.provenance();
  return Channel;
}

RaceModel readRace(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library, {"function", "loser", "deadline", "ordered"});
  RaceModel Race;
  R.name("function", Race.Function);
  Race.Loser = At.required("loser").oneOf<RaceLoser>(
      {{"dropped", RaceLoser::Dropped},
       {"detached", RaceLoser::Detached},
       {"kept", RaceLoser::Kept},
       {"untouched", RaceLoser::Untouched}});
  R.flag("deadline", Race.Deadline);
  R.flag("ordered", Race.Ordered);
  Race.From = R.provenance();
  return Race;
}

WaiterSlotModel readWaiterSlot(const Cursor &At, llvm::StringRef Library) {
  Row R(At, Library,
        {"type", "waits", "stores", "lent_by", "binders", "second"});
  WaiterSlotModel Slot;
  R.name("type", Slot.Type);
  if (At.has("waits"))
    At.member("waits").forEach([&](const Cursor &Item) {
      std::vector<std::string> Names;
      Item.forEach(
          [&](const Cursor &Name) { Names.push_back(Row::methodAt(Name)); });
      if (Names.empty())
        Item.expected("the names of the functions that wait in one slot");
      Slot.Waits.push_back(std::move(Names));
    });
  R.methods("stores", Slot.Stores);
  R.optionalName("lent_by", Slot.LentBy);
  R.names("binders", Slot.Binders);
  if (Slot.Waits.empty() && Slot.Stores.empty() && Slot.Binders.empty())
    At.fail("expected one of the keys \"waits\", \"stores\" and \"binders\"");
  At.required("second");
  R.clause("second", Slot.Second);
  Slot.From = R.provenance();
  return Slot;
}

/// Sinks have several rows for a function; those of a later file replace all
/// of the earlier ones'.
void readSinks(const Cursor &Root, llvm::StringRef Library,
               std::vector<SinkModel> &Into) {
  if (!Root.has("sinks"))
    return;
  auto NameOf = [](const SinkModel &Sink) {
    return Sink.Function + Sink.Coroutine;
  };
  std::set<std::string> Names, Seen;
  std::vector<SinkModel> New;
  Root.member("sinks").forEach([&](const Cursor &At) {
    SinkModel Sink = readSink(At, Library);
    std::string Name = NameOf(Sink);
    Names.insert(Name);
    if (!Sink.FirstParameterType.empty())
      Name += " with a first '" + Sink.FirstParameterType + "'";
    // A number of arguments in two rows would make the second one unreachable.
    std::vector<std::string> Overloads;
    for (unsigned Count : Sink.Arguments)
      Overloads.push_back(Name + " with " + std::to_string(Count) +
                          " arguments");
    if (Overloads.empty())
      Overloads.push_back(Name);
    for (const std::string &Overload : Overloads)
      if (!Seen.insert(Overload).second)
        At.fail("'" + NameOf(Sink) + "'" +
                Overload.substr(NameOf(Sink).size()) +
                " has two rows in this section");
    New.push_back(std::move(Sink));
  });
  llvm::erase_if(
      Into, [&](const SinkModel &Old) { return Names.count(NameOf(Old)); });
  Into.insert(Into.end(), std::make_move_iterator(New.begin()),
              std::make_move_iterator(New.end()));
}

/// Reads the section \p Key; a row for a name that an earlier file had
/// replaces that row, and two rows for one name in one file are an error.
template <typename RowT, typename NameOf>
void readSection(const Cursor &Root, const char *Key, llvm::StringRef Library,
                 RowT (*Read)(const Cursor &, llvm::StringRef), NameOf Name,
                 std::vector<RowT> &Into) {
  if (!Root.has(Key))
    return;
  std::set<std::string> Seen;
  Root.member(Key).forEach([&](const Cursor &At) {
    RowT New = Read(At, Library);
    if (!Seen.insert(Name(New)).second)
      At.fail("'" + Name(New) + "' has two rows in this section");
    for (RowT &Old : Into)
      if (Name(Old) == Name(New)) {
        Old = std::move(New);
        return;
      }
    Into.push_back(std::move(New));
  });
}

/// Fails where an object has a key twice: the parser would keep the last one
/// and forget the other without a word.
class RepeatedKeys {
public:
  explicit RepeatedKeys(std::string File) : File(std::move(File)) {}

  bool event(json::parse_event_t Event, const json &Parsed) {
    switch (Event) {
    case json::parse_event_t::object_start:
    case json::parse_event_t::array_start:
      step();
      Open.push_back({Event == json::parse_event_t::array_start, 0, "", {}});
      break;
    case json::parse_event_t::object_end:
    case json::parse_event_t::array_end:
      Open.pop_back();
      break;
    case json::parse_event_t::key: {
      Level &Object = Open.back();
      std::string Key = Parsed.get<std::string>();
      if (!Object.Keys.insert(Key).second)
        throw ModelError{File + ": " + pointer() + ": the key \"" + Key +
                         "\" occurs twice"};
      Object.Key = std::move(Key);
      break;
    }
    case json::parse_event_t::value:
      step();
      break;
    }
    return true;
  }

private:
  struct Level {
    bool IsArray;
    size_t Count;
    std::string Key;
    std::set<std::string> Keys;
  };

  void step() {
    if (!Open.empty())
      ++Open.back().Count;
  }

  /// The object that is being read.
  std::string pointer() const {
    std::string Pointer;
    for (const Level &Outer : llvm::ArrayRef(Open).drop_back())
      Pointer +=
          "/" + (Outer.IsArray ? std::to_string(Outer.Count - 1) : Outer.Key);
    return Pointer.empty() ? "/" : Pointer;
  }

  std::string File;
  std::vector<Level> Open;
};

Models readRoot(const Cursor &Root, Models Into) {
  Root.onlyKeys({"$schema", "library", "about", "guards", "guard_macros",
                 "paired_calls", "mutexes", "awaitables", "suspending_calls",
                 "suspending_arguments", "executors", "coroutines",
                 "confined_types", "error_types", "sinks", "channels", "races",
                 "waiter_slots"});
  std::string Library = Root.required("library").text();
  if (Root.has("about"))
    (void)Root.member("about").text();
  readSection(
      Root, "guards", Library, readGuard,
      [](const GuardModel &Row) { return Row.Type; }, Into.Guards);
  readSection(
      Root, "guard_macros", Library, readGuardMacro,
      [](const GuardMacroModel &Row) { return Row.Macro; }, Into.GuardMacros);
  readSection(
      Root, "paired_calls", Library, readPairedCalls,
      [](const PairedCallsModel &Row) { return Row.Begin + "/" + Row.End; },
      Into.PairedCalls);
  readSection(
      Root, "mutexes", Library, readMutex,
      [](const MutexModel &Row) { return Row.Type; }, Into.Mutexes);
  readSection(
      Root, "awaitables", Library, readAwaitable,
      [](const AwaitableModel &Row) { return Row.Function + Row.Type; },
      Into.Awaitables);
  readSection(
      Root, "suspending_calls", Library, readSuspendingCall,
      [](const SuspendingCallModel &Row) { return Row.Function; },
      Into.SuspendingCalls);
  readSection(
      Root, "suspending_arguments", Library, readSuspendingArgument,
      [](const SuspendingArgumentModel &Row) { return Row.Type; },
      Into.SuspendingArguments);
  readSection(
      Root, "executors", Library, readExecutor,
      [](const ExecutorModel &Row) { return Row.Function + Row.Type; },
      Into.Executors);
  readSection(
      Root, "coroutines", Library, readCoroutine,
      [](const CoroutineModel &Row) { return Row.Type; }, Into.Coroutines);
  readSection(
      Root, "confined_types", Library, readConfinedType,
      [](const ConfinedTypeModel &Row) { return Row.Type; },
      Into.ConfinedTypes);
  readSection(
      Root, "error_types", Library, readErrorType,
      [](const ErrorTypeModel &Row) { return Row.Type; }, Into.ErrorTypes);
  readSinks(Root, Library, Into.Sinks);
  readSection(
      Root, "channels", Library, readChannel,
      [](const ChannelModel &Row) { return Row.Type; }, Into.Channels);
  readSection(
      Root, "races", Library, readRace,
      [](const RaceModel &Row) { return Row.Function; }, Into.Races);
  readSection(
      Root, "waiter_slots", Library, readWaiterSlot,
      [](const WaiterSlotModel &Row) { return Row.Type; }, Into.WaiterSlots);
  return Into;
}

} // namespace

llvm::Error loadModelText(llvm::StringRef Text, llvm::StringRef FileName,
                          Models &Into) {
  try {
    RepeatedKeys Repeated(FileName.str());
    json Root = json::parse(
        Text.begin(), Text.end(),
        [&](int, json::parse_event_t Event, json &Parsed) {
          return Repeated.event(Event, Parsed);
        },
        /*allow_exceptions=*/true, /*ignore_comments=*/true);
    Into = readRoot(Cursor(Root, FileName.str(), ""), Into);
    return llvm::Error::success();
  } catch (const json::parse_error &Error) {
    llvm::StringRef Before = Text.take_front(Error.byte ? Error.byte - 1 : 0);
    size_t Line = Before.count('\n') + 1;
    size_t Column = Before.size() - (Before.rfind('\n') + 1) + 1;
    if (Before.rfind('\n') == llvm::StringRef::npos)
      Column = Before.size() + 1;
    std::string Why = Error.what();
    // Keep the parser's reason, drop its error number and position.
    if (size_t At = Why.find(": "); At != std::string::npos)
      Why = Why.substr(At + 2);
    return llvm::createStringError(
        llvm::inconvertibleErrorCode(), "%s:%zu:%zu: not valid JSON: %s",
        FileName.str().c_str(), Line, Column, Why.c_str());
  } catch (const ModelError &Error) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), "%s",
                                   Error.Message.c_str());
  }
}

} // namespace threadhop
