//===--- ModelsTest.cpp - model files -----------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelSection.h"
#include "models/Loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace threadhop;

namespace {

/// The message of the error that the text gives; empty if it is right.
std::string errorOf(llvm::StringRef Text) {
  Models Rows;
  return llvm::toString(loadModelText(Text, "m.json", Rows));
}

Models loaded(llvm::StringRef Text) {
  Models Rows;
  std::string Error = llvm::toString(loadModelText(Text, "m.json", Rows));
  EXPECT_EQ(Error, "");
  return Rows;
}

/// A file that is removed at the end of the test.
class TemporaryFile {
public:
  explicit TemporaryFile(llvm::StringRef Text) {
    int File = -1;
    EXPECT_FALSE(
        llvm::sys::fs::createTemporaryFile("model", "json", File, Path));
    llvm::raw_fd_ostream(File, /*shouldClose=*/true) << Text;
  }
  ~TemporaryFile() { llvm::sys::fs::remove(Path); }
  std::string path() const { return std::string(Path); }

private:
  llvm::SmallString<64> Path;
};

//===----------------------------------------------------------------------===//
// What a file says
//===----------------------------------------------------------------------===//

TEST(Models, LibraryAloneIsEnough) {
  Models Rows = loaded(R"({ "library": "l" })");
  EXPECT_TRUE(Rows.Guards.empty());
  EXPECT_TRUE(Rows.Awaitables.empty());
}

TEST(Models, SchemaAndAboutAreAllowed) {
  loaded(R"({ "$schema": "x", "library": "l", "about": "a" })");
}

TEST(Models, CommentsAreAllowed) {
  Models Rows = loaded("// of the library\n{ \"library\": \"l\", /* a guard */ "
                       "\"guards\": [ // one\n { \"type\": \"a::b\", \"safe\": "
                       "true } ] }");
  ASSERT_EQ(Rows.Guards.size(), 1u);
}

TEST(Models, GuardHasAllItsFields) {
  Models Rows = loadedSection(R"("guards": [ {
    "type": "ns::scope", "kind": "owner", "effect": "why", "ends": ["End", "x"],
    "deferred_by": ["ns::later"], "empty_when_default": true,
    "mutex": "argument", "evidence": "src", "source": "scope.hpp",
    "note": "n" } ])");
  ASSERT_EQ(Rows.Guards.size(), 1u);
  const GuardModel &Guard = Rows.Guards[0];
  EXPECT_EQ(Guard.Type, "ns::scope");
  EXPECT_EQ(Guard.Kind, GuardKind::Owner);
  EXPECT_EQ(Guard.Effect, "why");
  EXPECT_EQ(Guard.Ends, (std::vector<std::string>{"End", "x"}));
  EXPECT_EQ(Guard.DeferredBy, std::vector<std::string>{"ns::later"});
  EXPECT_TRUE(Guard.EmptyWhenDefault);
  EXPECT_TRUE(Guard.MutexIsArgument);
  EXPECT_FALSE(Guard.Safe);
  EXPECT_EQ(Guard.From.Library, "l");
  EXPECT_EQ(Guard.From.Evidence, "src");
  EXPECT_EQ(Guard.From.Source, "scope.hpp");
}

TEST(Models, EvidenceMayBeLeftOut) {
  Models Rows = loadedSection(
      R"("guards": [ { "type": "a", "kind": "context", "effect": "e" } ])");
  EXPECT_EQ(Rows.Guards[0].From.Evidence, "");
  EXPECT_EQ(Rows.Guards[0].From.Library, "l");
}

TEST(Models, GuardKindsRoundTrip) {
  for (auto [Name, Kind] : {std::pair("context", GuardKind::Context),
                            std::pair("lock", GuardKind::Lock),
                            std::pair("owner", GuardKind::Owner)}) {
    Models Rows = loadedSection(R"("guards": [ { "type": "a", "effect": "e",
      "kind": ")" + std::string(Name) +
                                "\" } ]");
    EXPECT_EQ(Rows.Guards[0].Kind, Kind) << Name;
  }
}

TEST(Models, EvidenceMarksRoundTrip) {
  for (const char *Mark : {"run", "deb", "hdr", "src", "pub", "iss"}) {
    Models Rows = loadedSection(R"("mutexes": [ { "type": "a", "evidence": ")" +
                                std::string(Mark) + "\" } ]");
    EXPECT_EQ(Rows.Mutexes[0].From.Evidence, Mark);
  }
}

TEST(Models, GuardMacro) {
  Models Rows = loadedSection(R"("guard_macros": [
    { "macro": "ZONE", "kind": "context", "effect": "e" },
    { "macro": "PLAIN", "safe": true } ])");
  ASSERT_EQ(Rows.GuardMacros.size(), 2u);
  EXPECT_EQ(Rows.GuardMacros[0].Macro, "ZONE");
  EXPECT_EQ(Rows.GuardMacros[0].Effect, "e");
  EXPECT_FALSE(Rows.GuardMacros[0].Safe);
  EXPECT_TRUE(Rows.GuardMacros[1].Safe);
}

TEST(Models, PairedCalls) {
  Models Rows = loadedSection(R"("paired_calls": [ { "begin": "a::open",
    "end": "a::close", "kind": "owner", "effect": "e",
    "object_argument": 1 } ])");
  ASSERT_EQ(Rows.PairedCalls.size(), 1u);
  EXPECT_EQ(Rows.PairedCalls[0].Begin, "a::open");
  EXPECT_EQ(Rows.PairedCalls[0].End, "a::close");
  EXPECT_EQ(Rows.PairedCalls[0].ObjectArgument, 1u);
}

TEST(Models, PairedCallsWithoutObject) {
  Models Rows = loadedSection(R"("paired_calls": [ { "begin": "a", "end": "b",
    "kind": "owner", "effect": "e" } ])");
  EXPECT_FALSE(Rows.PairedCalls[0].ObjectArgument);
}

TEST(Models, PairsThatShareAFunctionAreSeveralRows) {
  Models Rows = loadedSection(R"("paired_calls": [
    { "begin": "rdlock", "end": "unlock", "kind": "lock", "effect": "e" },
    { "begin": "wrlock", "end": "unlock", "kind": "lock", "effect": "e" },
    { "begin": "wrlock", "end": "abort", "kind": "lock", "effect": "e" } ])");
  EXPECT_EQ(Rows.PairedCalls.size(), 3u);
}

TEST(Models, Mutex) {
  Models Rows = loadedSection(R"("mutexes": [
    { "type": "a::m" },
    { "type": "a::coro_mutex", "thread_owned": false, "lock": ["take"],
      "unlock": ["give"], "try_lock": ["attempt"] } ])");
  EXPECT_TRUE(Rows.Mutexes[0].ThreadOwned);
  EXPECT_FALSE(Rows.Mutexes[1].ThreadOwned);
  EXPECT_EQ(Rows.Mutexes[1].Lock, std::vector<std::string>{"take"});
  EXPECT_EQ(Rows.Mutexes[1].Unlock, std::vector<std::string>{"give"});
  EXPECT_EQ(Rows.Mutexes[1].TryLock, std::vector<std::string>{"attempt"});
}

TEST(Models, ResumptionsRoundTrip) {
  for (auto [Name, Where] :
       {std::pair("never_suspends", Resumption::NeverSuspends),
        std::pair("same_thread", Resumption::SameThread),
        std::pair("same_executor", Resumption::SameExecutor),
        std::pair("elsewhere", Resumption::Elsewhere),
        std::pair("unknown", Resumption::Unknown)}) {
    Models Rows =
        loadedSection(R"("awaitables": [ { "type": "a", "resumes": ")" +
                      std::string(Name) + "\" } ]");
    EXPECT_EQ(Rows.Awaitables[0].Resumes, Where) << Name;
    EXPECT_EQ(Rows.Awaitables[0].Type, "a");
    EXPECT_EQ(Rows.Awaitables[0].Function, "");
  }
}

TEST(Models, AwaitableFunction) {
  Models Rows = loadedSection(R"("awaitables": [ { "function": "a::f",
    "resumes": "elsewhere", "via_argument": 2, "completion_token": true } ])");
  EXPECT_EQ(Rows.Awaitables[0].Function, "a::f");
  EXPECT_EQ(Rows.Awaitables[0].Type, "");
  EXPECT_EQ(Rows.Awaitables[0].ViaArgument, 2u);
  EXPECT_TRUE(Rows.Awaitables[0].IsCompletionToken);
}

TEST(Models, SuspendingCallsAndArguments) {
  Models Rows = loadedSection(R"("suspending_calls": [ { "function": "f" } ],
    "suspending_arguments": [ { "type": "a::token" } ])");
  EXPECT_EQ(Rows.SuspendingCalls[0].Function, "f");
  EXPECT_EQ(Rows.SuspendingArguments[0].Type, "a::token");
}

TEST(Models, PinningsRoundTrip) {
  for (auto [Name, Pins] :
       {std::pair("thread", Pinning::Thread),
        std::pair("sequence", Pinning::Sequence),
        std::pair("none", Pinning::None), std::pair("caller", Pinning::Caller),
        std::pair("unknown", Pinning::Unknown)}) {
    Models Rows = loadedSection(R"("executors": [ { "type": "a", "pins": ")" +
                                std::string(Name) + "\" } ]");
    EXPECT_EQ(Rows.Executors[0].Pins, Pins) << Name;
  }
}

TEST(Models, CoroutineHomesRoundTrip) {
  for (auto [Name, Home] :
       {std::pair("same_thread", CoroutineHome::SameThread),
        std::pair("same_executor", CoroutineHome::SameExecutor),
        std::pair("completing_thread", CoroutineHome::CompletingThread)}) {
    Models Rows = loadedSection(R"("coroutines": [ { "type": "a",
      "saves": ["b::c"], "resumes": ")" +
                                std::string(Name) + "\" } ]");
    EXPECT_EQ(Rows.Coroutines[0].Resumes, Home) << Name;
    EXPECT_EQ(Rows.Coroutines[0].Saves, std::vector<std::string>{"b::c"});
  }
}

TEST(Models, SafeGuardNeedsNeitherKindNorEffect) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a", "safe": true } ])"), "");
}

TEST(Models, LockNeedsNoEffect) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a", "kind": "lock" } ])"), "");
}

TEST(Models, NamesMayHaveDestructorsAndOperators) {
  EXPECT_EQ(errorIn(R"json("suspending_calls": [
    { "function": "a::b::~b" }, { "function": "a::b::operator()" },
    { "function": "a::operator<<" } ])json"),
            "");
}

//===----------------------------------------------------------------------===//
// Later rows win
//===----------------------------------------------------------------------===//

TEST(Models, LaterFileReplacesTheWholeRow) {
  Models Rows = loadedSection(
      R"("guards": [ { "type": "a", "kind": "owner", "effect": "old",
                       "ends": ["End"] } ])");
  EXPECT_EQ(llvm::toString(loadModelText(
                R"({ "library": "other", "guards": [
                     { "type": "a", "kind": "context", "effect": "new" } ] })",
                "b.json", Rows)),
            "");
  ASSERT_EQ(Rows.Guards.size(), 1u);
  EXPECT_EQ(Rows.Guards[0].Kind, GuardKind::Context);
  EXPECT_EQ(Rows.Guards[0].Effect, "new");
  EXPECT_TRUE(Rows.Guards[0].Ends.empty());
  EXPECT_EQ(Rows.Guards[0].From.Library, "other");
}

TEST(Models, LaterFileReplacesInItsSectionOnly) {
  Models Rows = loadedSection(R"("guards": [ { "type": "a", "safe": true } ],
                                 "mutexes": [ { "type": "a" } ])");
  EXPECT_EQ(llvm::toString(loadModelText(
                R"({ "library": "other", "mutexes": [
                     { "type": "a", "thread_owned": false } ] })",
                "b.json", Rows)),
            "");
  EXPECT_TRUE(Rows.Guards[0].Safe);
  EXPECT_FALSE(Rows.Mutexes[0].ThreadOwned);
}

TEST(Models, FunctionAndTypeOfOneNameAreTwoRows) {
  Models Rows = loadedSection(R"("awaitables": [
    { "function": "a::f", "resumes": "elsewhere" },
    { "type": "a::g", "resumes": "unknown" } ])");
  EXPECT_EQ(Rows.Awaitables.size(), 2u);
}

TEST(Models, WrongFileChangesNothing) {
  Models Rows = loadedSection(R"("guards": [ { "type": "a", "safe": true } ])");
  llvm::Error Err = loadModelText(
      R"({ "library": "x", "guards": [ { "type": "b", "safe": true },
                                       { "type": "c" } ] })",
      "b.json", Rows);
  EXPECT_NE(llvm::toString(std::move(Err)), "");
  ASSERT_EQ(Rows.Guards.size(), 1u);
  EXPECT_EQ(Rows.Guards[0].Type, "a");
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

TEST(ModelErrors, LibraryIsMissing) {
  EXPECT_EQ(errorOf("{}"), "m.json: /: the key \"library\" is missing");
}

TEST(ModelErrors, RootIsNoObject) {
  EXPECT_EQ(errorOf("[]"), "m.json: /: expected an object, found []");
}

TEST(ModelErrors, UnknownSectionWithSuggestion) {
  EXPECT_EQ(errorIn(R"("guard": [])"),
            "m.json: /: unknown key \"guard\"; did you mean \"guards\"?");
}

TEST(ModelErrors, UnknownKeyWithSuggestion) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a", "efect": "e" } ])"),
            "m.json: /guards/0: unknown key \"efect\"; did you mean "
            "\"effect\"?");
}

TEST(ModelErrors, UnknownKeyWithoutSuggestionListsTheKnown) {
  EXPECT_EQ(errorIn(R"("executors": [ { "type": "a", "threads": 1 } ])"),
            "m.json: /executors/0: unknown key \"threads\"; known keys are "
            "type, function, pins, evidence, source, note");
}

TEST(ModelErrors, WrongEnumListsTheChoices) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a", "kind": "contxt" } ])"),
            "m.json: /guards/0/kind: expected one of \"context\", \"lock\", "
            "\"owner\", found \"contxt\"");
}

TEST(ModelErrors, PointerCountsFromZero) {
  EXPECT_EQ(errorIn(R"("executors": [ { "type": "a", "pins": "none" },
                                      { "type": "b", "pins": 3 } ])"),
            "m.json: /executors/1/pins: expected one of \"thread\", "
            "\"sequence\", \"none\", \"caller\", \"unknown\", found 3");
}

TEST(ModelErrors, SectionIsNoArray) {
  EXPECT_EQ(errorIn(R"("guards": {})"),
            "m.json: /guards: expected an array, found {}");
}

TEST(ModelErrors, RowIsNoObject) {
  EXPECT_EQ(errorIn(R"("guards": [ "std::mutex" ])"),
            "m.json: /guards/0: expected an object, found \"std::mutex\"");
}

TEST(ModelErrors, EmptyText) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "" } ])"),
            "m.json: /guards/0/type: expected a non-empty string, found \"\"");
}

TEST(ModelErrors, NoText) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": 1 } ])"),
            "m.json: /guards/0/type: expected a non-empty string, found 1");
}

TEST(ModelErrors, NoFlag) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a", "safe": "yes" } ])"),
            "m.json: /guards/0/safe: expected true or false, found \"yes\"");
}

TEST(ModelErrors, TextsAreAnArray) {
  EXPECT_EQ(errorIn(R"("mutexes": [ { "type": "a", "lock": "take" } ])"),
            "m.json: /mutexes/0/lock: expected an array, found \"take\"");
}

TEST(ModelErrors, TextInTexts) {
  EXPECT_EQ(errorIn(R"("mutexes": [ { "type": "a", "lock": ["x", 2] } ])"),
            "m.json: /mutexes/0/lock/1: expected a non-empty string, found 2");
}

TEST(ModelErrors, NegativeIndex) {
  EXPECT_EQ(errorIn(R"("awaitables": [ { "function": "f", "resumes": "unknown",
                       "via_argument": -1 } ])"),
            "m.json: /awaitables/0/via_argument: expected an argument's index "
            "(0 to 63), found -1");
}

TEST(ModelErrors, HugeIndex) {
  EXPECT_EQ(errorIn(R"("awaitables": [ { "function": "f", "resumes": "unknown",
                       "via_argument": 64 } ])"),
            "m.json: /awaitables/0/via_argument: expected an argument's index "
            "(0 to 63), found 64");
}

TEST(ModelErrors, TypeIsMissing) {
  EXPECT_EQ(errorIn(R"("guards": [ { "safe": true } ])"),
            "m.json: /guards/0: the key \"type\" is missing");
}

TEST(ModelErrors, KindIsMissing) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a", "effect": "e" } ])"),
            "m.json: /guards/0: the key \"kind\" is missing");
}

TEST(ModelErrors, EffectOfAContextIsMissing) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a", "kind": "context" } ])"),
            "m.json: /guards/0: the key \"effect\" is missing");
}

TEST(ModelErrors, EffectOfAMacroIsMissing) {
  EXPECT_EQ(errorIn(R"("guard_macros": [ { "macro": "M", "kind": "lock" } ])"),
            "m.json: /guard_macros/0: the key \"effect\" is missing");
}

TEST(ModelErrors, PairWithoutEnd) {
  EXPECT_EQ(errorIn(R"("paired_calls": [ { "begin": "a", "kind": "lock",
                       "effect": "e" } ])"),
            "m.json: /paired_calls/0: the key \"end\" is missing");
}

TEST(ModelErrors, AwaitableWithFunctionAndType) {
  EXPECT_EQ(errorIn(R"("awaitables": [ { "function": "f", "type": "t",
                       "resumes": "unknown" } ])"),
            "m.json: /awaitables/0: expected exactly one of the keys "
            "\"function\" and \"type\"");
}

TEST(ModelErrors, AwaitableWithNeither) {
  EXPECT_EQ(errorIn(R"("awaitables": [ { "resumes": "unknown" } ])"),
            "m.json: /awaitables/0: expected exactly one of the keys "
            "\"function\" and \"type\"");
}

TEST(ModelErrors, AwaitableWithoutResumes) {
  EXPECT_EQ(errorIn(R"("awaitables": [ { "type": "a" } ])"),
            "m.json: /awaitables/0: the key \"resumes\" is missing");
}

TEST(ModelErrors, UnknownEvidence) {
  EXPECT_EQ(errorIn(R"("mutexes": [ { "type": "a", "evidence": "mem" } ])"),
            "m.json: /mutexes/0/evidence: expected one of \"run\", \"deb\", "
            "\"hdr\", \"src\", \"pub\", \"iss\", found \"mem\"");
}

TEST(ModelErrors, NameWithTemplateArguments) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a::b<int>", "safe": true } ])"),
            "m.json: /guards/0/type: expected a qualified name without "
            "template arguments (such as \"ns::type\"), found \"a::b<int>\"");
}

TEST(ModelErrors, NameWithLeadingColons) {
  EXPECT_NE(errorIn(R"("guards": [ { "type": "::a", "safe": true } ])")
                .find("expected a qualified name"),
            std::string::npos);
}

TEST(ModelErrors, NameWithSpaces) {
  EXPECT_NE(errorIn(R"("guards": [ { "type": "class a", "safe": true } ])")
                .find("expected a qualified name"),
            std::string::npos);
}

TEST(ModelErrors, ScopeOfAnOperatorIsANameToo) {
  EXPECT_NE(errorIn(R"json("suspending_calls": [
                       { "function": "a<b>::operator()" } ])json")
                .find("expected a qualified name"),
            std::string::npos);
}

TEST(ModelErrors, LongValuesAreCut) {
  std::string Error = errorIn("\"guards\": [ { \"type\": \"" +
                              std::string(200, '<') + "\" } ]");
  EXPECT_EQ(Error.find(std::string(60, '<')), std::string::npos);
  EXPECT_NE(Error.find("..."), std::string::npos);
}

TEST(ModelErrors, TwoRowsForOneType) {
  EXPECT_EQ(errorIn(R"("guards": [ { "type": "a", "safe": true },
                                   { "type": "a", "safe": true } ])"),
            "m.json: /guards/1: 'a' has two rows in this section");
}

TEST(ModelErrors, TwoRowsForOneFunction) {
  EXPECT_EQ(errorIn(R"("awaitables": [
                { "function": "f", "resumes": "unknown" },
                { "function": "f", "resumes": "elsewhere" } ])"),
            "m.json: /awaitables/1: 'f' has two rows in this section");
}

TEST(ModelErrors, TwoRowsForOnePair) {
  EXPECT_EQ(errorIn(R"("paired_calls": [
                { "begin": "f", "end": "g", "kind": "lock", "effect": "e" },
                { "begin": "f", "end": "g", "kind": "lock", "effect": "e" } ])"),
            "m.json: /paired_calls/1: 'f/g' has two rows in this section");
}

TEST(ModelErrors, SectionTwice) {
  EXPECT_EQ(errorIn(R"("guards": [], "guards": [])"),
            "m.json: /: the key \"guards\" occurs twice");
}

TEST(ModelErrors, KeyTwiceInARow) {
  EXPECT_EQ(errorIn(R"("mutexes": [ { "type": "x", "lock": ["a", "b"] },
                                    { "type": "a", "type": "b" } ])"),
            "m.json: /mutexes/1: the key \"type\" occurs twice");
}

TEST(ModelErrors, SyntaxErrorHasLineAndColumn) {
  std::string Error = errorOf("{\n  \"library\": \"l\" \"guards\": []\n}");
  EXPECT_TRUE(llvm::StringRef(Error).starts_with("m.json:2:")) << Error;
  EXPECT_NE(Error.find(": not valid JSON: "), std::string::npos) << Error;
  EXPECT_EQ(Error.find("[json.exception"), std::string::npos) << Error;
}

TEST(ModelErrors, SyntaxErrorInTheFirstLine) {
  std::string Error = errorOf("{ library: 1 }");
  EXPECT_TRUE(llvm::StringRef(Error).starts_with("m.json:1:3: ")) << Error;
}

TEST(ModelErrors, EmptyFile) {
  std::string Error = errorOf("");
  EXPECT_TRUE(llvm::StringRef(Error).starts_with("m.json:1:1: not valid JSON"))
      << Error;
}

TEST(ModelErrors, TruncatedFile) {
  std::string Error = errorOf("{ \"library\": \"l\",\n\"guards\": [");
  EXPECT_TRUE(llvm::StringRef(Error).starts_with("m.json:2:")) << Error;
}

TEST(ModelErrors, InvalidUtf8) {
  std::string Error = errorOf("{ \"library\": \"\xff\" }");
  EXPECT_NE(Error.find("not valid JSON"), std::string::npos) << Error;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

TEST(ModelFiles, UnreadableFileIsNamed) {
  Models Rows;
  EXPECT_EQ(llvm::toString(loadModelFile("/no/such/model.json", Rows)),
            "cannot read the model file '/no/such/model.json': No such file or "
            "directory");
}

TEST(ModelFiles, FolderIsNoFile) {
  Models Rows;
  std::string Error = llvm::toString(loadModelFile("/", Rows));
  EXPECT_TRUE(
      llvm::StringRef(Error).starts_with("cannot read the model file '/': "))
      << Error;
}

TEST(ModelFiles, ErrorNamesTheFile) {
  TemporaryFile File("{}");
  Models Rows;
  EXPECT_EQ(llvm::toString(loadModelFile(File.path(), Rows)),
            File.path() + ": /: the key \"library\" is missing");
}

TEST(ModelFiles, FilesComeAfterTheBuiltInModels) {
  TemporaryFile File(R"({ "library": "mine", "guards": [
    { "type": "std::lock_guard", "safe": true },
    { "type": "mine::scope", "kind": "context", "effect": "e" } ] })");
  auto Loaded = loadModels(File.path());
  ASSERT_TRUE(bool(Loaded)) << llvm::toString(Loaded.takeError());
  bool Overridden = false, Added = false;
  for (const GuardModel &Guard : (*Loaded)->Guards) {
    Overridden |= Guard.Type == "std::lock_guard" && Guard.Safe;
    Added |= Guard.Type == "mine::scope";
  }
  EXPECT_TRUE(Overridden);
  EXPECT_TRUE(Added);
}

TEST(ModelFiles, LastFileWins) {
  TemporaryFile First(R"({ "library": "one", "mutexes": [
    { "type": "m", "thread_owned": true } ] })");
  TemporaryFile Second(R"({ "library": "two", "mutexes": [
    { "type": "m", "thread_owned": false } ] })");
  auto Loaded = loadModels(First.path() + "; " + Second.path() + ";");
  ASSERT_TRUE(bool(Loaded)) << llvm::toString(Loaded.takeError());
  auto It = llvm::find_if((*Loaded)->Mutexes, [](const MutexModel &Row) {
    return Row.Type == "m";
  });
  ASSERT_NE(It, (*Loaded)->Mutexes.end());
  EXPECT_EQ(It->From.Library, "two");
}

TEST(ModelFiles, OneWrongFileIsAnError) {
  TemporaryFile Right(R"({ "library": "one" })");
  auto Loaded = loadModels(Right.path() + ";/no/such/model.json");
  ASSERT_FALSE(bool(Loaded));
  EXPECT_NE(llvm::toString(Loaded.takeError()).find("/no/such/model.json"),
            std::string::npos);
}

TEST(ModelFiles, SameListIsLoadedOnce) {
  auto One = loadModels(""), Two = loadModels("");
  ASSERT_TRUE(One && Two);
  EXPECT_EQ(One->get(), Two->get());
}

//===----------------------------------------------------------------------===//
// What is built in
//===----------------------------------------------------------------------===//

class BuiltinModelFile : public testing::TestWithParam<BuiltinModel> {};

template <typename Row>
void wantEvidence(const std::vector<Row> &Rows, const char *Section) {
  for (size_t I = 0; I != Rows.size(); ++I)
    EXPECT_NE(Rows[I].From.Evidence, "") << "/" << Section << "/" << I;
}

template <typename Row>
void wantClause(const std::vector<Row> &Rows, const char *Section) {
  for (size_t I = 0; I != Rows.size(); ++I) {
    llvm::StringRef Effect = Rows[I].Effect;
    if (Effect.empty())
      continue;
    EXPECT_FALSE(Effect.ends_with(".")) << "/" << Section << "/" << I;
    EXPECT_FALSE(Effect.starts_with(" ")) << "/" << Section << "/" << I;
  }
}

TEST_P(BuiltinModelFile, LoadsAlone) {
  Models Rows;
  EXPECT_EQ(
      llvm::toString(loadModelText(GetParam().Text, GetParam().Name, Rows)),
      "");
}

TEST_P(BuiltinModelFile, EveryRowHasEvidence) {
  Models Rows;
  llvm::consumeError(loadModelText(GetParam().Text, GetParam().Name, Rows));
  wantEvidence(Rows.Guards, "guards");
  wantEvidence(Rows.GuardMacros, "guard_macros");
  wantEvidence(Rows.PairedCalls, "paired_calls");
  wantEvidence(Rows.Mutexes, "mutexes");
  wantEvidence(Rows.Awaitables, "awaitables");
  wantEvidence(Rows.SuspendingCalls, "suspending_calls");
  wantEvidence(Rows.SuspendingArguments, "suspending_arguments");
  wantEvidence(Rows.Executors, "executors");
  wantEvidence(Rows.Coroutines, "coroutines");
}

TEST_P(BuiltinModelFile, EffectsAreClauses) {
  Models Rows;
  llvm::consumeError(loadModelText(GetParam().Text, GetParam().Name, Rows));
  wantClause(Rows.Guards, "guards");
  wantClause(Rows.GuardMacros, "guard_macros");
  wantClause(Rows.PairedCalls, "paired_calls");
}

TEST_P(BuiltinModelFile, LibraryIsNamedAsTheFile) {
  Models Rows;
  llvm::consumeError(loadModelText(GetParam().Text, GetParam().Name, Rows));
  llvm::StringRef Name = GetParam().Name;
  EXPECT_TRUE(Name.consume_back(".json"));
  if (!Rows.Guards.empty())
    EXPECT_EQ(Rows.Guards[0].From.Library, Name);
}

INSTANTIATE_TEST_SUITE_P(All, BuiltinModelFile,
                         testing::ValuesIn(builtinModels().vec()),
                         [](const testing::TestParamInfo<BuiltinModel> &Info) {
                           std::string Name =
                               Info.param.Name.drop_back(5).str();
                           for (char &C : Name)
                             if (!llvm::isAlnum(C))
                               C = '_';
                           return Name;
                         });

TEST(BuiltinModels, AreManyAndSorted) {
  EXPECT_GE(builtinModels().size(), 50u);
  EXPECT_TRUE(llvm::is_sorted(builtinModels(),
                              [](const BuiltinModel &L, const BuiltinModel &R) {
                                return L.Name < R.Name;
                              }));
}

TEST(BuiltinModels, NoFileOverridesAnother) {
  // Each library's rows survive the loading of all the others.
  size_t Separate = 0;
  for (const BuiltinModel &Builtin : builtinModels()) {
    Models Rows;
    llvm::consumeError(loadModelText(Builtin.Text, Builtin.Name, Rows));
    Separate += Rows.Guards.size() + Rows.Mutexes.size() +
                Rows.Awaitables.size() + Rows.Executors.size() +
                Rows.Coroutines.size() + Rows.PairedCalls.size() +
                Rows.GuardMacros.size();
  }
  auto All = loadModels("");
  ASSERT_TRUE(bool(All));
  const Models &Rows = **All;
  EXPECT_EQ(Separate, Rows.Guards.size() + Rows.Mutexes.size() +
                          Rows.Awaitables.size() + Rows.Executors.size() +
                          Rows.Coroutines.size() + Rows.PairedCalls.size() +
                          Rows.GuardMacros.size());
}

} // namespace
