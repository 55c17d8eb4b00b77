//===--- SinkModelsTest.cpp - confined types, errors and sinks ----------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelSection.h"
#include "ParsedSnippet.h"
#include "analysis/ModelIndex.h"
#include "models/Loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

/// A sink with the fields that every one needs, and others.
std::string sink(const std::string &Fields) {
  return R"("sinks": [ { "function": "f", "task": "all", "hops": "always", )" +
         Fields + " } ]";
}

//===----------------------------------------------------------------------===//
// What a file says
//===----------------------------------------------------------------------===//

TEST(ConfinedRows, AllFields) {
  Models Rows = loadedSection(R"("confined_types": [ { "type": "a::b",
    "confinement": "isolate", "handle": "pointer", "move_ok": true,
    "reason": "why", "when_argument": { "index": 1, "type": "a::c" },
    "unless_safe_argument": 0, "evidence": "src", "source": "s" } ])");
  ASSERT_EQ(Rows.ConfinedTypes.size(), 1u);
  const ConfinedTypeModel &Row = Rows.ConfinedTypes[0];
  EXPECT_EQ(Row.Type, "a::b");
  EXPECT_EQ(Row.Domain, Confinement::Isolate);
  EXPECT_TRUE(Row.ByPointer);
  EXPECT_TRUE(Row.MoveOk);
  EXPECT_FALSE(Row.Safe);
  EXPECT_EQ(Row.Reason, "why");
  ASSERT_TRUE(Row.When);
  EXPECT_EQ(Row.When->Index, 1u);
  EXPECT_EQ(Row.When->Type, "a::c");
  EXPECT_EQ(Row.UnlessSafeArgument, 0u);
  EXPECT_EQ(Row.From.Source, "s");
}

TEST(ConfinedRows, Defaults) {
  Models Rows = loadedSection(R"("confined_types": [
    { "type": "a", "confinement": "thread", "reason": "r" } ])");
  EXPECT_FALSE(Rows.ConfinedTypes[0].ByPointer);
  EXPECT_FALSE(Rows.ConfinedTypes[0].MoveOk);
  EXPECT_FALSE(Rows.ConfinedTypes[0].When);
}

TEST(ConfinedRows, DomainsRoundTrip) {
  for (auto [Name, Domain] : {std::pair("thread", Confinement::Thread),
                              std::pair("sequence", Confinement::Sequence),
                              std::pair("apartment", Confinement::Apartment),
                              std::pair("gil", Confinement::Gil),
                              std::pair("isolate", Confinement::Isolate),
                              std::pair("loop", Confinement::Loop),
                              std::pair("shard", Confinement::Shard)}) {
    Models Rows = loadedSection(
        R"("confined_types": [ { "type": "a", "reason": "r",
           "confinement": ")" +
        std::string(Name) + "\" } ]");
    EXPECT_EQ(Rows.ConfinedTypes[0].Domain, Domain) << Name;
  }
}

TEST(ConfinedRows, SafeNeedsNothingElse) {
  Models Rows =
      loadedSection(R"("confined_types": [ { "type": "a", "safe": true } ])");
  EXPECT_TRUE(Rows.ConfinedTypes[0].Safe);
}

TEST(ErrorRows, AllFields) {
  Models Rows = loadedSection(R"("error_types": [ { "type": "a::error",
    "verdict": "conditional", "reason": "why", "version_rule": "before 2",
    "if_member": { "name": "old_", "verdict": "unsafe", "reason": "older" }
    } ])");
  const ErrorTypeModel &Row = Rows.ErrorTypes[0];
  EXPECT_EQ(Row.Verdict, ErrorVerdict::Conditional);
  EXPECT_EQ(Row.Reason, "why");
  EXPECT_EQ(Row.VersionRule, "before 2");
  EXPECT_EQ(Row.IfMember.Name, "old_");
  EXPECT_EQ(Row.IfMember.Verdict, ErrorVerdict::Unsafe);
  EXPECT_EQ(Row.IfMember.Reason, "older");
}

TEST(ErrorRows, SafeAndCarriersNeedNoReason) {
  Models Rows = loadedSection(R"("error_types": [
    { "type": "a", "verdict": "safe" }, { "type": "b", "verdict": "contents" }
    ])");
  EXPECT_EQ(Rows.ErrorTypes[0].Verdict, ErrorVerdict::Safe);
  EXPECT_EQ(Rows.ErrorTypes[1].Verdict, ErrorVerdict::Contents);
}

TEST(SinkRows, AllFields) {
  Models Rows = loadedSection(R"("sinks": [ { "function": "a::pool::post",
    "first_parameter_type": "a::tag", "arguments": [2, 3], "task": [1],
    "hops": "executor", "executor": { "object": true },
    "policy": { "argument": 2 }, "runs_inline": "may", "payload": "value",
    "result": "future", "transports_errors": true, "blocks": true,
    "concurrent": true, "evidence": "hdr", "source": "p.h" } ])");
  const SinkModel &Row = Rows.Sinks[0];
  EXPECT_EQ(Row.Function, "a::pool::post");
  EXPECT_EQ(Row.Coroutine, "");
  EXPECT_EQ(Row.FirstParameterType, "a::tag");
  EXPECT_EQ(Row.Arguments, (std::vector<unsigned>{2, 3}));
  EXPECT_EQ(Row.Task.Kind, SinkTask::Indices);
  EXPECT_EQ(Row.Task.Arguments, std::vector<unsigned>{1});
  EXPECT_EQ(Row.Hops, Hopping::Executor);
  ASSERT_TRUE(Row.Executor);
  EXPECT_TRUE(Row.Executor->IsObject);
  EXPECT_EQ(Row.Policy, 2u);
  EXPECT_EQ(Row.RunsInline, InlineRun::May);
  EXPECT_EQ(Row.Payload, SinkPayload::Value);
  EXPECT_EQ(Row.Result, SinkResult::Future);
  EXPECT_TRUE(Row.TransportsErrors);
  EXPECT_TRUE(Row.Blocks);
  EXPECT_TRUE(Row.Concurrent);
  EXPECT_EQ(Row.From.Evidence, "hdr");
}

TEST(SinkRows, Defaults) {
  Models Rows = loadedSection(
      R"("sinks": [ { "function": "f", "task": [0], "hops": "always" } ])");
  const SinkModel &Row = Rows.Sinks[0];
  EXPECT_TRUE(Row.Arguments.empty());
  EXPECT_FALSE(Row.Executor);
  EXPECT_FALSE(Row.Policy);
  EXPECT_EQ(Row.RunsInline, InlineRun::Never);
  EXPECT_EQ(Row.Payload, SinkPayload::Callable);
  EXPECT_EQ(Row.Result, SinkResult::None);
  EXPECT_FALSE(Row.TransportsErrors || Row.Blocks || Row.Concurrent);
}

SinkTask taskOf(const std::string &Task) {
  return loadedSection(R"("sinks": [ { "function": "f", "hops": "never",
    "task": )" + Task + " } ]")
      .Sinks[0]
      .Task;
}

TEST(SinkRows, Tasks) {
  EXPECT_EQ(taskOf("[0, 2]").Arguments, (std::vector<unsigned>{0, 2}));
  EXPECT_TRUE(taskOf("[]").Arguments.empty());
  EXPECT_EQ(taskOf("\"all\"").Kind, SinkTask::From);
  EXPECT_EQ(taskOf("\"all\"").First, 0u);
  EXPECT_EQ(taskOf("\"from:2\"").Kind, SinkTask::From);
  EXPECT_EQ(taskOf("\"from:2\"").First, 2u);
  EXPECT_EQ(taskOf("\"last\"").Kind, SinkTask::Last);
  EXPECT_EQ(taskOf("\"callable\"").Kind, SinkTask::FromCallable);
  EXPECT_EQ(taskOf("\"object\"").Kind, SinkTask::Object);
  EXPECT_EQ(taskOf("\"body\"").Kind, SinkTask::Body);
}

TEST(SinkRows, CoroutineRunsItsBody) {
  Models Rows = loadedSection(
      R"("sinks": [ { "coroutine": "a::thread", "hops": "always" } ])");
  EXPECT_EQ(Rows.Sinks[0].Coroutine, "a::thread");
  EXPECT_EQ(Rows.Sinks[0].Task.Kind, SinkTask::Body);
}

TEST(SinkRows, ExecutorArgument) {
  Models Rows = loadedSection(R"("sinks": [ { "function": "f", "task": [1],
    "hops": "executor", "executor": { "argument": 0 } } ])");
  EXPECT_FALSE(Rows.Sinks[0].Executor->IsObject);
  EXPECT_EQ(Rows.Sinks[0].Executor->Argument, 0u);
}

TEST(SinkRows, OverloadsAreSeveralRows) {
  Models Rows = loadedSection(R"("sinks": [
    { "function": "f", "task": [0], "hops": "maybe", "arguments": [1] },
    { "function": "f", "task": [1], "hops": "always", "arguments": [2] },
    { "function": "f", "task": [1], "hops": "always",
      "first_parameter_type": "t" },
    { "function": "f", "task": [0], "hops": "always" } ])");
  EXPECT_EQ(Rows.Sinks.size(), 4u);
}

TEST(SinkRows, LaterFileReplacesAllRowsOfAFunction) {
  Models Rows = loadedSection(R"("sinks": [
    { "function": "f", "task": [0], "hops": "maybe", "arguments": [1] },
    { "function": "g", "task": [0], "hops": "maybe" },
    { "function": "f", "task": [1], "hops": "always", "arguments": [2] } ])");
  EXPECT_EQ(llvm::toString(loadModelText(R"({ "library": "other", "sinks": [
      { "function": "f", "task": "all", "hops": "never" } ] })",
                                         "b.json", Rows)),
            "");
  ASSERT_EQ(Rows.Sinks.size(), 2u);
  EXPECT_EQ(Rows.Sinks[0].Function, "g");
  EXPECT_EQ(Rows.Sinks[1].Hops, Hopping::Never);
}

TEST(ExecutorRows, FunctionInsteadOfType) {
  Models Rows = loadedSection(
      R"("executors": [ { "function": "a::pool", "pins": "none" } ])");
  EXPECT_EQ(Rows.Executors[0].Function, "a::pool");
  EXPECT_EQ(Rows.Executors[0].Type, "");
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

TEST(ConfinedRowErrors, ConfinementIsMissing) {
  EXPECT_EQ(errorIn(R"("confined_types": [ { "type": "a", "reason": "r" } ])"),
            "m.json: /confined_types/0: the key \"confinement\" is missing");
}

TEST(ConfinedRowErrors, ReasonIsMissing) {
  EXPECT_EQ(errorIn(R"("confined_types": [ { "type": "a",
                       "confinement": "gil" } ])"),
            "m.json: /confined_types/0: the key \"reason\" is missing");
}

TEST(ConfinedRowErrors, ReasonIsASentence) {
  EXPECT_EQ(errorIn(R"("confined_types": [ { "type": "a",
                       "confinement": "gil", "reason": "It is." } ])"),
            "m.json: /confined_types/0/reason: expected a clause without a "
            "final period, found \"It is.\"");
}

TEST(ConfinedRowErrors, UnknownConfinement) {
  EXPECT_EQ(errorIn(R"("confined_types": [ { "type": "a",
                       "confinement": "strand", "reason": "r" } ])"),
            "m.json: /confined_types/0/confinement: expected one of "
            "\"thread\", \"sequence\", \"apartment\", \"gil\", \"isolate\", "
            "\"loop\", \"shard\", found \"strand\"");
}

TEST(ConfinedRowErrors, UnknownHandle) {
  EXPECT_EQ(errorIn(R"("confined_types": [ { "type": "a", "safe": true,
                       "handle": "reference" } ])"),
            "m.json: /confined_types/0/handle: expected one of \"value\", "
            "\"pointer\", found \"reference\"");
}

TEST(ConfinedRowErrors, ArgumentWithTypeAndValue) {
  EXPECT_EQ(errorIn(R"("confined_types": [ { "type": "a", "safe": true,
                       "when_argument": { "index": 0, "type": "b",
                                          "value": "c" } } ])"),
            "m.json: /confined_types/0/when_argument: expected exactly one of "
            "the keys \"type\" and \"value\"");
}

TEST(ConfinedRowErrors, ArgumentWithoutIndex) {
  EXPECT_EQ(errorIn(R"("confined_types": [ { "type": "a", "safe": true,
                       "when_argument": { "type": "b" } } ])"),
            "m.json: /confined_types/0/when_argument: the key \"index\" is "
            "missing");
}

TEST(ConfinedRowErrors, ArgumentIsAName) {
  EXPECT_NE(errorIn(R"("confined_types": [ { "type": "a", "safe": true,
                       "when_argument": { "index": 0, "type": "b<c>" } } ])")
                .find("/when_argument/type: expected a qualified name"),
            std::string::npos);
}

TEST(ConfinedRowErrors, UnknownKey) {
  EXPECT_EQ(
      errorIn(R"("confined_types": [ { "type": "a", "movable": true } ])"),
      "m.json: /confined_types/0: unknown key \"movable\"; known keys "
      "are type, confinement, handle, move_ok, copy_ok, reason, safe, "
      "when_argument, unless_safe_argument, evidence, source, note");
}

TEST(ConfinedRowErrors, TwoRowsForOneType) {
  EXPECT_EQ(errorIn(R"("confined_types": [ { "type": "a", "safe": true },
                                           { "type": "a", "safe": true } ])"),
            "m.json: /confined_types/1: 'a' has two rows in this section");
}

TEST(ErrorRowErrors, VerdictIsMissing) {
  EXPECT_EQ(errorIn(R"("error_types": [ { "type": "a", "reason": "r" } ])"),
            "m.json: /error_types/0: the key \"verdict\" is missing");
}

TEST(ErrorRowErrors, UnknownVerdict) {
  EXPECT_EQ(errorIn(R"("error_types": [ { "type": "a", "verdict": "bad" } ])"),
            "m.json: /error_types/0/verdict: expected one of \"unsafe\", "
            "\"conditional\", \"when_shared\", \"safe\", \"contents\", found "
            "\"bad\"");
}

TEST(ErrorRowErrors, ReasonIsMissing) {
  for (const char *Verdict : {"unsafe", "conditional"})
    EXPECT_EQ(errorIn(R"("error_types": [ { "type": "a", "verdict": ")" +
                      std::string(Verdict) + "\" } ]"),
              "m.json: /error_types/0: the key \"reason\" is missing");
}

TEST(ErrorRowErrors, MemberWithoutVerdict) {
  EXPECT_EQ(errorIn(R"("error_types": [ { "type": "a", "verdict": "safe",
                       "if_member": { "name": "m", "reason": "r" } } ])"),
            "m.json: /error_types/0/if_member: the key \"verdict\" is missing");
}

TEST(ErrorRowErrors, UnknownKeyOfTheMember) {
  EXPECT_EQ(errorIn(R"("error_types": [ { "type": "a", "verdict": "safe",
                       "if_member": { "nam": "m" } } ])"),
            "m.json: /error_types/0/if_member: unknown key \"nam\"; did you "
            "mean \"name\"?");
}

TEST(SinkRowErrors, FunctionAndCoroutine) {
  for (const char *Names : {R"("function": "f", "coroutine": "t", )", ""})
    EXPECT_EQ(errorIn(R"("sinks": [ { )" + std::string(Names) +
                      R"("task": "all", "hops": "never" } ])"),
              "m.json: /sinks/0: expected exactly one of the keys "
              "\"function\" and \"coroutine\"");
}

TEST(SinkRowErrors, TaskIsMissing) {
  EXPECT_EQ(errorIn(R"("sinks": [ { "function": "f", "hops": "never" } ])"),
            "m.json: /sinks/0: the key \"task\" is missing");
}

TEST(SinkRowErrors, CoroutineHasNoTask) {
  EXPECT_EQ(errorIn(R"("sinks": [ { "coroutine": "t", "task": "all",
                       "hops": "never" } ])"),
            "m.json: /sinks/0/task: a coroutine's task is its body");
}

TEST(SinkRowErrors, UnknownTask) {
  for (const char *Task : {"\"first\"", "\"from:\"", "\"from:x\"",
                           "\"from:64\"", "\"from:-1\"", "1"})
    EXPECT_EQ(errorIn(R"("sinks": [ { "function": "f", "hops": "never",
                         "task": )" +
                      std::string(Task) + " } ]"),
              "m.json: /sinks/0/task: expected an array of arguments' indices, "
              "\"all\", \"last\", \"from:N\", \"callable\", \"object\" or "
              "\"body\", found " +
                  std::string(Task));
}

TEST(SinkRowErrors, TaskIndex) {
  EXPECT_EQ(errorIn(R"("sinks": [ { "function": "f", "hops": "never",
                       "task": [0, "x"] } ])"),
            "m.json: /sinks/0/task/1: expected an argument's index (0 to 63), "
            "found \"x\"");
}

TEST(SinkRowErrors, UnknownHops) {
  EXPECT_EQ(errorIn(R"("sinks": [ { "function": "f", "task": "all",
                       "hops": "depends" } ])"),
            "m.json: /sinks/0/hops: expected one of \"always\", \"never\", "
            "\"executor\", \"policy\", \"maybe\", found \"depends\"");
}

TEST(SinkRowErrors, ExecutorIsMissing) {
  EXPECT_EQ(errorIn(R"("sinks": [ { "function": "f", "task": "all",
                       "hops": "executor" } ])"),
            "m.json: /sinks/0: the key \"executor\" is missing");
}

TEST(SinkRowErrors, PolicyIsMissing) {
  EXPECT_EQ(errorIn(R"("sinks": [ { "function": "f", "task": "all",
                       "hops": "policy" } ])"),
            "m.json: /sinks/0: the key \"policy\" is missing");
}

TEST(SinkRowErrors, ExecutorOfBothKinds) {
  EXPECT_EQ(errorIn(sink(R"("executor": { "argument": 0, "object": true })")),
            "m.json: /sinks/0/executor: expected exactly one of the keys "
            "\"argument\" and \"object\"");
  EXPECT_EQ(errorIn(sink(R"("executor": {})")),
            "m.json: /sinks/0/executor: expected exactly one of the keys "
            "\"argument\" and \"object\"");
}

TEST(SinkRowErrors, ExecutorObjectIsTrue) {
  EXPECT_EQ(errorIn(sink(R"("executor": { "object": false })")),
            "m.json: /sinks/0/executor/object: expected true, found false");
}

TEST(SinkRowErrors, PolicyIsAnArgument) {
  EXPECT_EQ(errorIn(sink(R"("policy": 0)")),
            "m.json: /sinks/0/policy: expected an object, found 0");
  EXPECT_EQ(errorIn(sink(R"("policy": {})")),
            "m.json: /sinks/0/policy: the key \"argument\" is missing");
}

TEST(SinkRowErrors, UnknownInlineResultAndPayload) {
  EXPECT_EQ(errorIn(sink(R"("runs_inline": "no")")),
            "m.json: /sinks/0/runs_inline: expected one of \"never\", "
            "\"may\", \"always\", found \"no\"");
  EXPECT_EQ(errorIn(sink(R"("result": "int")")),
            "m.json: /sinks/0/result: expected one of \"future\", "
            "\"awaitable\", \"exception_ptr\", found \"int\"");
  EXPECT_EQ(errorIn(sink(R"("payload": "task")")),
            "m.json: /sinks/0/payload: expected one of \"callable\", "
            "\"value\", \"error\", found \"task\"");
}

TEST(SinkRowErrors, ArgumentsAreNumbers) {
  EXPECT_EQ(errorIn(sink(R"("arguments": 2)")),
            "m.json: /sinks/0/arguments: expected an array, found 2");
}

TEST(SinkRowErrors, SameOverloadTwice) {
  EXPECT_EQ(errorIn(R"("sinks": [
              { "function": "f", "task": [0], "hops": "never" },
              { "function": "f", "task": [1], "hops": "never" } ])"),
            "m.json: /sinks/1: 'f' has two rows in this section");
  EXPECT_EQ(errorIn(R"("sinks": [
              { "function": "f", "task": [0], "hops": "never",
                "arguments": [1, 2] },
              { "function": "f", "task": [1], "hops": "never",
                "arguments": [2] } ])"),
            "m.json: /sinks/1: 'f' with 2 arguments has two rows in this "
            "section");
  EXPECT_EQ(errorIn(R"("sinks": [
              { "function": "f", "task": [0], "hops": "never",
                "first_parameter_type": "t" },
              { "function": "f", "task": [1], "hops": "never",
                "first_parameter_type": "t" } ])"),
            "m.json: /sinks/1: 'f' with a first 't' has two rows in this "
            "section");
}

TEST(ExecutorRowErrors, FunctionAndType) {
  EXPECT_EQ(errorIn(R"("executors": [ { "type": "a", "function": "f",
                       "pins": "none" } ])"),
            "m.json: /executors/0: expected exactly one of the keys "
            "\"function\" and \"type\"");
}

//===----------------------------------------------------------------------===//
// In a translation unit
//===----------------------------------------------------------------------===//

const ConfinedTypeModel *confinedOf(const std::string &Code,
                                    const std::string &Rows) {
  AnalyzedSnippet S(Code, "\"confined_types\": [ " + Rows + " ]");
  // The rows outlive the snippet only as its session does; tell by the flag.
  static ConfinedTypeModel Found;
  const ConfinedTypeModel *Row = S.index().ConfinedTypes.find(S.type("v"));
  if (!Row)
    return nullptr;
  Found = *Row;
  return &Found;
}

const char *const ValueRow =
    R"({ "type": "lib::t", "confinement": "sequence", "reason": "r" })";
const char *const PointerRow =
    R"({ "type": "lib::t", "confinement": "sequence", "reason": "r",
         "handle": "pointer" })";

TEST(ConfinedTable, ValueAndItsReference) {
  EXPECT_TRUE(confinedOf("namespace lib { struct t {}; } lib::t v;", ValueRow));
  EXPECT_TRUE(
      confinedOf("namespace lib { struct t {}; } extern lib::t &v;", ValueRow));
  EXPECT_FALSE(
      confinedOf("namespace lib { struct t {}; } lib::t *v;", ValueRow));
}

TEST(ConfinedTable, PointerHandle) {
  EXPECT_TRUE(confinedOf("namespace lib { struct t; } lib::t *v;", PointerRow));
  EXPECT_TRUE(confinedOf(
      "namespace lib { struct t; } const lib::t *const v = 0;", PointerRow));
  EXPECT_FALSE(
      confinedOf("namespace lib { struct t; } lib::t **v;", PointerRow));
}

TEST(ConfinedTable, TypedefOfVoid) {
  const char *Row = R"({ "type": "CURL", "confinement": "sequence",
                         "reason": "r", "handle": "pointer" })";
  EXPECT_TRUE(confinedOf("typedef void CURL; CURL *v;", Row));
  EXPECT_FALSE(confinedOf("typedef void CURL; void *v;", Row));
}

TEST(ConfinedTable, TypedefOfAPointer) {
  const char *Row = R"({ "type": "env_t", "confinement": "isolate",
                         "reason": "r" })";
  EXPECT_TRUE(confinedOf("typedef struct env__ *env_t; env_t v;", Row));
  EXPECT_TRUE(confinedOf("typedef struct env__ *env_t; env__ *v;", Row));
  EXPECT_FALSE(confinedOf("typedef struct env__ *env_t; env_t *v;", Row));
}

TEST(ConfinedTable, DerivedClassUnlessTheRowIsSafe) {
  EXPECT_TRUE(confinedOf("namespace lib { struct t {}; }"
                         "struct d : lib::t {} v;",
                         ValueRow));
  const char *Safe = R"({ "type": "lib::t", "safe": true })";
  EXPECT_TRUE(confinedOf("namespace lib { struct t {}; } lib::t v;", Safe));
  EXPECT_FALSE(confinedOf("namespace lib { struct t {}; } struct d : lib::t {} "
                          "v;",
                          Safe));
}

TEST(ConfinedTable, TypeArgument) {
  const char *Row = R"({ "type": "lib::counted", "confinement": "sequence",
    "reason": "r", "when_argument": { "index": 1, "type": "lib::plain" } })";
  std::string Code = "namespace lib { struct plain {}; struct atomic {};"
                     "template <class T, class C = atomic> struct counted {}; }"
                     "struct a : lib::counted<a, lib::plain> {};"
                     "struct b : lib::counted<b> {};";
  EXPECT_TRUE(confinedOf(Code + "a v;", Row));
  EXPECT_FALSE(confinedOf(Code + "b v;", Row));
}

TEST(ConfinedTable, EnumeratorArgument) {
  const char *Row = R"({ "type": "lib::ptr", "confinement": "sequence",
    "reason": "r", "when_argument": { "index": 1, "value": "lib::single" } })";
  std::string Code = "namespace lib { enum policy { single, multi };"
                     "template <class T, policy P> struct ptr {}; }";
  EXPECT_TRUE(confinedOf(Code + "lib::ptr<int, lib::single> v;", Row));
  EXPECT_FALSE(confinedOf(Code + "lib::ptr<int, lib::multi> v;", Row));
}

TEST(ConfinedTable, UnlessTheArgumentIsSafe) {
  const char *Rows = R"({ "type": "lib::ptr", "confinement": "apartment",
    "reason": "r", "unless_safe_argument": 0 },
    { "type": "lib::agile", "safe": true })";
  std::string Code = "namespace lib { struct agile {}; struct plain {};"
                     "template <class T> struct ptr {}; }"
                     "struct mine : lib::agile {};";
  EXPECT_TRUE(confinedOf(Code + "lib::ptr<lib::plain> v;", Rows));
  EXPECT_FALSE(confinedOf(Code + "lib::ptr<lib::agile> v;", Rows));
  EXPECT_FALSE(confinedOf(Code + "lib::ptr<mine> v;", Rows));
}

TEST(ErrorTable, MemberOfAnOlderRelease) {
  const char *Rows = R"("error_types": [ { "type": "lib::error",
    "verdict": "safe", "if_member": { "name": "m_what",
    "verdict": "conditional", "reason": "old" } } ])";
  for (bool Old : {false, true}) {
    AnalyzedSnippet S(Old ? "namespace lib { class error { int m_what; }; }"
                            "lib::error v;"
                          : "namespace lib { class error {}; } lib::error v;",
                      Rows);
    const auto *Record = S.type("v")->getAsCXXRecordDecl();
    const ErrorTypeModel *Row = S.index().ErrorTypes.find(Record, true);
    ASSERT_TRUE(Row);
    auto [Verdict, Reason] = verdictOf(*Row, Record);
    EXPECT_EQ(Verdict, Old ? ErrorVerdict::Conditional : ErrorVerdict::Safe);
    EXPECT_EQ(Reason, Old ? "old" : "");
  }
}

TEST(ErrorTable, SafeBaseSaysNothingOfADerivedClass) {
  const char *Rows = R"("error_types": [
    { "type": "lib::error", "verdict": "safe" },
    { "type": "lib::carried", "verdict": "conditional", "reason": "r" },
    { "type": "lib::vm_error", "verdict": "unsafe", "reason": "r" } ])";
  AnalyzedSnippet S("namespace lib { struct error {}; struct carried {};"
                    "struct vm_error {}; }"
                    "lib::error own; struct d : lib::error {} derived;"
                    "struct w : lib::error, lib::carried {} wrapped;"
                    "struct x : w, lib::vm_error {} both;",
                    Rows);
  auto Row = [&](const char *Variable) {
    return S.index().error(S.type(Variable)->getAsCXXRecordDecl());
  };
  ASSERT_TRUE(Row("own"));
  EXPECT_EQ(Row("own")->Verdict, ErrorVerdict::Safe);
  EXPECT_FALSE(Row("derived"));
  ASSERT_TRUE(Row("wrapped"));
  EXPECT_EQ(Row("wrapped")->Type, "lib::carried");
  ASSERT_TRUE(Row("both"));
  EXPECT_EQ(Row("both")->Type, "lib::vm_error");
}

TEST(ConfinedTable, Pointee) {
  AnalyzedSnippet S("namespace lib { struct t {}; struct u {}; }"
                    "lib::t v; lib::u w;",
                    "\"confined_types\": [ " + std::string(PointerRow) + " ]");
  EXPECT_TRUE(S.index().ConfinedTypes.findPointee(S.type("v")));
  EXPECT_FALSE(S.index().ConfinedTypes.findPointee(S.type("w")));
}

/// The index of the task's first argument in what 'call' returns; -1: no row.
int taskOfCall(const std::string &Code, const std::string &Rows) {
  AnalyzedSnippet S(Code, "\"sinks\": [ " + Rows + " ]");
  const SinkModel *Row = S.index().sink(S.returned("call"));
  return Row ? int(Row->Task.Arguments.at(0)) : -1;
}

const char *const Overloads = R"(
  { "function": "lib::post", "arguments": [1], "task": [0], "hops": "maybe" },
  { "function": "lib::post", "arguments": [2], "task": [1], "hops": "maybe" },
  { "function": "lib::post", "first_parameter_type": "lib::pool",
    "task": [2], "hops": "always" })";
const std::string Post =
    "namespace lib { struct pool {}; int post(int); int post(int, int);"
    "int post(pool &, int); int post(int, int, int); int post(pool *, int); }"
    "struct mine : lib::pool {}; lib::pool p; mine m;";

TEST(SinkTable, ByNumberOfArguments) {
  EXPECT_EQ(taskOfCall(Post + "int call() { return lib::post(1); }", Overloads),
            0);
  EXPECT_EQ(
      taskOfCall(Post + "int call() { return lib::post(1, 2); }", Overloads),
      1);
  EXPECT_EQ(
      taskOfCall(Post + "int call() { return lib::post(1, 2, 3); }", Overloads),
      -1);
}

TEST(SinkTable, ByFirstArgument) {
  EXPECT_EQ(
      taskOfCall(Post + "int call() { return lib::post(p, 2); }", Overloads),
      2);
  EXPECT_EQ(
      taskOfCall(Post + "int call() { return lib::post(m, 2); }", Overloads),
      2);
  EXPECT_EQ(
      taskOfCall(Post + "int call() { return lib::post(&m, 2); }", Overloads),
      2);
}

TEST(SinkTable, DefaultArgumentsAreNotCounted) {
  EXPECT_EQ(taskOfCall("namespace lib { int post(int, int = 0); }"
                       "int call() { return lib::post(1); }",
                       Overloads),
            0);
}

TEST(SinkTable, EnumAsFirstArgument) {
  const char *Rows = R"(
    { "function": "lib::run", "first_parameter_type": "lib::launch",
      "task": [1], "hops": "policy", "policy": { "argument": 0 } },
    { "function": "lib::run", "task": [0], "hops": "maybe" })";
  std::string Code = "namespace lib { enum class launch { a };"
                     "template <class F> int run(F); "
                     "template <class F> int run(launch, F); }";
  EXPECT_EQ(taskOfCall(Code + "int call() { return lib::run(1); }", Rows), 0);
  EXPECT_EQ(taskOfCall(Code +
                           "int call() { return lib::run(lib::launch::a, 1); "
                           "}",
                       Rows),
            1);
}

TEST(SinkTable, ConstructorAndMethodOfABase) {
  EXPECT_EQ(taskOfCall("namespace lib { struct thread { thread(int); }; }"
                       "lib::thread call() { return lib::thread(1); }",
                       R"({ "function": "lib::thread::thread", "task": [0],
                            "hops": "always" })"),
            0);
  EXPECT_EQ(taskOfCall("namespace lib { struct ex { int add(int); }; }"
                       "struct mine : lib::ex {} m;"
                       "int call() { return m.add(1); }",
                       R"({ "function": "lib::ex::add", "task": [0],
                            "hops": "always" })"),
            0);
}

TEST(SinkTable, FunctionObject) {
  EXPECT_EQ(
      taskOfCall("namespace lib { struct on_t { template <class T> int "
                 "operator()(int, T) const; }; inline constexpr on_t on{}; "
                 "} int call() { return lib::on(1, 2); }",
                 R"({ "function": "lib::on", "arguments": [2],
                            "task": [1], "hops": "maybe" })"),
      1);
}

//===----------------------------------------------------------------------===//
// What is built in
//===----------------------------------------------------------------------===//

template <typename Row> void wantEvidence(const std::vector<Row> &Rows) {
  for (const Row &R : Rows)
    EXPECT_NE(R.From.Evidence, "") << R.From.Library;
}

TEST(BuiltinSinks, RowsHaveEvidence) {
  auto All = loadModels("");
  ASSERT_TRUE(bool(All)) << llvm::toString(All.takeError());
  wantEvidence((*All)->ConfinedTypes);
  wantEvidence((*All)->ErrorTypes);
  wantEvidence((*All)->Sinks);
  EXPECT_GE((*All)->ConfinedTypes.size(), 150u);
  EXPECT_GE((*All)->ErrorTypes.size(), 80u);
  EXPECT_GE((*All)->Sinks.size(), 250u);
}

TEST(BuiltinSinks, NoFileOverridesAnother) {
  size_t Separate = 0;
  for (const BuiltinModel &Builtin : builtinModels()) {
    Models Rows;
    llvm::consumeError(loadModelText(Builtin.Text, Builtin.Name, Rows));
    Separate +=
        Rows.ConfinedTypes.size() + Rows.ErrorTypes.size() + Rows.Sinks.size();
  }
  auto All = loadModels("");
  ASSERT_TRUE(bool(All));
  EXPECT_EQ(Separate, (*All)->ConfinedTypes.size() + (*All)->ErrorTypes.size() +
                          (*All)->Sinks.size());
}

TEST(BuiltinSinks, ReasonsAreClauses) {
  auto All = loadModels("");
  ASSERT_TRUE(bool(All));
  for (const ConfinedTypeModel &Row : (*All)->ConfinedTypes)
    EXPECT_FALSE(llvm::StringRef(Row.Reason).ends_with(".")) << Row.Type;
  for (const ErrorTypeModel &Row : (*All)->ErrorTypes)
    EXPECT_FALSE(llvm::StringRef(Row.Reason).ends_with(".")) << Row.Type;
}

} // namespace
