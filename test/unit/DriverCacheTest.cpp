//===--- DriverCacheTest.cpp - what is kept between runs ------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/LibraryBodies.h"
#include "driver/ResultCache.h"
#include "driver/ToolIdentity.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

using namespace threadhop::driver;
using namespace llvm;

namespace {

class DriverCache : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("threadhop", Folder));
    Opts.CacheFolder = at("cache");
    ASSERT_FALSE(errorToBool(makeCacheFolder(Opts.CacheFolder)));
    What = {at("a.cpp"), std::string(Folder), {"clang++", "a.cpp"}};
  }
  void TearDown() override { sys::fs::remove_directories(Folder); }

  std::string at(StringRef Name) {
    SmallString<128> Path(Folder);
    sys::path::append(Path, Name);
    return std::string(Path);
  }
  void write(StringRef Name, StringRef Text) {
    std::error_code EC;
    raw_fd_ostream(at(Name), EC) << Text;
    ASSERT_FALSE(EC);
  }
  IntrusiveRefCntPtr<InputRecorder> recorder() {
    // One whose current folder is its own.
    return makeIntrusiveRefCnt<InputRecorder>(
        IntrusiveRefCntPtr<vfs::FileSystem>(vfs::createPhysicalFileSystem()));
  }
  std::string read(InputRecorder &From, StringRef Name) {
    auto Buffer = From.getBufferForFile(at(Name));
    return Buffer ? (*Buffer)->getBuffer().str() : "";
  }
  std::optional<UnitReport> find() { return ResultCache(Opts).find(What); }

  SmallString<128> Folder;
  AnalysisOptions Opts;
  Unit What;
};

} // namespace

TEST_F(DriverCache, FindsWhatHasTheSameAnswers) {
  write("a.cpp", "one");
  auto Files = recorder();
  EXPECT_EQ(read(*Files, "a.cpp"), "one");
  EXPECT_FALSE(Files->exists(at("absent.h")));
  auto Answers = Files->finish();
  ASSERT_TRUE(Answers);
  UnitReport Report;
  Report.Results.emplace_back();
  Report.Results[0].Message = "hello";
  EXPECT_FALSE(find());
  ASSERT_FALSE(errorToBool(ResultCache(Opts).store(What, *Answers, Report)));
  ASSERT_TRUE(find());
  EXPECT_EQ(find()->Results[0].Message, "hello");

  write("a.cpp", "two");
  EXPECT_FALSE(find());
  write("a.cpp", "one");
  EXPECT_TRUE(find());
  write("absent.h", "");
  EXPECT_FALSE(find());
  sys::fs::remove(at("absent.h"));
  EXPECT_TRUE(find());
  What.Command.push_back("-DX");
  EXPECT_FALSE(find());
  What.Command.pop_back();
  Opts.Checks = "x";
  EXPECT_FALSE(find());
}

TEST_F(DriverCache, KeepsSeveralLists) {
  UnitReport Report;
  for (const char *Text : {"1", "2", "3"}) {
    write(Text, Text);
    auto Files = recorder();
    read(*Files, Text);
    ASSERT_FALSE(
        errorToBool(ResultCache(Opts).store(What, *Files->finish(), Report)));
  }
  // Any one of them will do.
  write("2", "changed");
  write("3", "changed");
  EXPECT_TRUE(find());
  write("1", "changed");
  EXPECT_FALSE(find());
}

TEST_F(DriverCache, AFileThatChangesMeanwhileHasNoAnswer) {
  write("a.cpp", "one");
  auto Files = recorder();
  read(*Files, "a.cpp");
  write("a.cpp", "longer");
  EXPECT_FALSE(Files->finish());

  Files = recorder();
  EXPECT_FALSE(Files->exists(at("new.h")));
  write("new.h", "");
  EXPECT_TRUE(Files->exists(at("new.h")));
  EXPECT_FALSE(Files->finish());
}

TEST_F(DriverCache, AnswersAreWhatWasRead) {
  write("a.cpp", "one");
  auto Files = recorder();
  Files->setCurrentWorkingDirectory(Folder);
  read(*Files, "a.cpp");
  Files->status(at("only-asked.cpp"));
  Files->status("relative");
  std::error_code EC;
  Files->dir_begin(Folder, EC);
  auto Answers = Files->finish();
  ASSERT_TRUE(Answers);
  InputStates Today;
  for (const auto &[Question, Answer] : *Answers)
    EXPECT_EQ(hexOf(Answer), hexOf(Today.get(Question))) << Question.Path;
  EXPECT_EQ(Answers->count({at("a.cpp"), false}), 1U);
  EXPECT_EQ(Answers->count({at("relative"), false}), 1U);
  EXPECT_EQ(Answers->count({std::string(Folder), true}), 1U);
  write("another", "");
  InputStates Later;
  EXPECT_NE(Answers->at({std::string(Folder), true}),
            Later.get({std::string(Folder), true}));
}

TEST_F(DriverCache, DistinguishesWhatIsThere) {
  write("empty", "");
  sys::fs::create_directory(at("folder"));
  InputStates Today;
  EXPECT_NE(Today.get({at("empty"), false}), Today.get({at("folder"), false}));
  EXPECT_NE(Today.get({at("empty"), false}), Today.get({at("absent"), false}));
  EXPECT_NE(Today.get({at("folder"), false}), Today.get({at("absent"), false}));
  EXPECT_NE(Today.get({at("folder"), true}), Today.get({at("folder"), false}));
  // Below a file there is nothing either.
  EXPECT_EQ(Today.get({at("empty/x"), false}),
            Today.get({at("absent"), false}));
}

TEST_F(DriverCache, PacksQuestions) {
  std::vector<std::vector<Input>> Lists = {
      {{"/a", false}, {"/a", true}, {"/a/b.h", false}, {"/c", false}},
      {},
      {{"/" + std::string(1000, 'x'), true}}};
  std::string Bytes = packed(Lists);
  EXPECT_EQ(unpacked(Bytes), Lists);
  // Broken bytes give what they give, and no crash.
  for (size_t I = 0; I != 40; ++I) {
    unpacked(StringRef(Bytes).take_front(I));
    std::string Changed = Bytes;
    Changed[I % Changed.size()] = '\xff';
    unpacked(Changed);
  }
  EXPECT_TRUE(unpacked("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff").empty());
}

TEST_F(DriverCache, RunsShareWhatTheyLearn) {
  WantedBodies One(Opts.CacheFolder), Other(Opts.CacheFolder);
  EXPECT_EQ(One.worthSkipping("a.cpp"), Skip::Nothing);
  One.add("/lib.h", 7);
  One.needTemplates("b.cpp");
  One.save();
  Other.add("/lib.h", 9);
  Other.save();
  One.refresh();
  EXPECT_TRUE(One.contains("/lib.h", 7));
  EXPECT_TRUE(One.contains("/lib.h", 9));
  EXPECT_FALSE(One.contains("/lib.h", 8));
  EXPECT_FALSE(One.contains("/other.h", 7));
  EXPECT_EQ(Other.worthSkipping("a.cpp"), Skip::Bodies);
  EXPECT_EQ(Other.worthSkipping("b.cpp"), Skip::Functions);
}

TEST(DriverWantedBodies, PausesLongerEachTime) {
  WantedBodies Wanted;
  EXPECT_EQ(Wanted.worthSkipping("a.cpp"), Skip::Nothing);
  EXPECT_EQ(Wanted.worthSkipping("a.cpp", /*Cheap=*/true), Skip::Functions);
  Wanted.learned();
  EXPECT_EQ(Wanted.worthSkipping("a.cpp"), Skip::Bodies);
  unsigned Last = 0;
  for (int Try = 0; Try != 3; ++Try) {
    Wanted.skipped("b.cpp", /*Well=*/false);
    unsigned Pause = 0;
    while (Wanted.worthSkipping("a.cpp") == Skip::Nothing)
      ++Pause;
    EXPECT_EQ(Wanted.worthSkipping("a.cpp", /*Cheap=*/true), Skip::Bodies);
    EXPECT_GT(Pause, Last);
    Last = Pause;
  }
}

TEST_F(DriverCache, RememberHowSkippingWent) {
  WantedBodies One(Opts.CacheFolder);
  One.learned();
  for (const char *Unit : {"a.cpp", "b.cpp", "c.cpp"})
    One.needTemplates(Unit);
  One.skipped("good.cpp", /*Well=*/true);
  One.save();
  // Mostly not well: others have to wait.
  WantedBodies Other(Opts.CacheFolder);
  Other.refresh();
  EXPECT_EQ(Other.worthSkipping("a.cpp"), Skip::Functions);
  EXPECT_EQ(Other.worthSkipping("good.cpp"), Skip::Bodies);
  EXPECT_EQ(Other.worthSkipping("new.cpp"), Skip::Nothing);
  // Now and then there is a try, and after some that go well no wait.
  unsigned Tries = 0;
  for (int I = 0; I != 20; ++I)
    Tries += Other.worthSkipping("new.cpp") == Skip::Bodies;
  EXPECT_GT(Tries, 0U);
  for (const char *Unit : {"d.cpp", "e.cpp", "f.cpp"})
    Other.skipped(Unit, /*Well=*/true);
  Other.save();
  WantedBodies Third(Opts.CacheFolder);
  Third.refresh();
  EXPECT_EQ(Third.worthSkipping("new.cpp"), Skip::Bodies);
}

TEST(DriverToolIdentity, NamesVersionAndBuilds) {
  std::string Identity = toolIdentity({});
  EXPECT_TRUE(StringRef(Identity).starts_with("threadhop "));
  EXPECT_EQ(Identity, toolIdentity({}));
  // This program, clang and LLVM.
  EXPECT_GE(StringRef(Identity).count(' '), 6U);
  EXPECT_EQ(StringRef(Identity).count('?'), 0U);
}
