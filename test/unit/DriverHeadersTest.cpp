//===--- DriverHeadersTest.cpp - headers that units share -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Inputs.h"
#include "driver/LeadingIncludes.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace threadhop::driver;
using namespace llvm;

using Names = std::vector<std::string>;

static Names namesIn(StringRef Text) { return leadingIncludes(Text).Names; }

TEST(LeadingIncludes, LinesWithCommentsBetweenThem) {
  EXPECT_EQ(namesIn(""), Names());
  EXPECT_EQ(namesIn("#include <a>\n"), Names{"a"});
  EXPECT_EQ(namesIn("\xEF\xBB\xBF// one\r\n#include <a>\r\n/* two\n */ # "
                    "include\t<b/c.h> // three\n\n  #include <d> /* four */\n"),
            (Names{"a", "b/c.h", "d"}));
}

TEST(LeadingIncludes, EndBehindTheLine) {
  StringRef Text = "#include <a> // one\n\n#include <b>\nint x;\n";
  LeadingIncludes Found = leadingIncludes(Text);
  ASSERT_EQ(Found.Ends.size(), 2U);
  EXPECT_EQ(Text.drop_front(Found.Ends[0]), "\n#include <b>\nint x;\n");
  EXPECT_EQ(Text.drop_front(Found.Ends[1]), "int x;\n");
}

TEST(LeadingIncludes, AnythingElseEndsThem) {
  for (StringRef Line : {"#define X",
                         "#include \"own.h\"",
                         "#include NAME",
                         "#include_next <b>",
                         "#import <b>",
                         "#pragma once",
                         "#if X",
                         "int x;",
                         "?" "?=include <b>",
                         "%:include <b>",
                         "#include <b",
                         "\f",
                         "// goes on \\",
                         "/* no end",
                         "#include <b> int x;",
                         "#include <b> \\",
                         "#include <b> /* two\n */",
                         "// one\r#define X",
                         "#include <b\\c>",
                         "#include <b>\r#define X"})
    EXPECT_EQ(namesIn(("#include <a>\n" + Line + "\n#include <c>\n").str()),
              Names{"a"})
        << Line.str();
  // Without an end of the line more might come.
  EXPECT_EQ(namesIn("#include <a>"), Names());
}

TEST(LeadingIncludes, ACommandForTheLines) {
  Unit What{"/src/a.cpp",
            "/src/build",
            {"clang++", "-std=c++20", "-MD", "-MF", "a.d", "-c", "../a.cpp",
             "-o", "a.o"}};
  auto Args = commandFor(What, "/x.cpp");
  ASSERT_TRUE(Args);
  EXPECT_EQ(count(*Args, "/x.cpp"), 1);
  EXPECT_EQ(
      count(*Args, "../a.cpp") + count(*Args, "a.o") + count(*Args, "a.d"), 0);
  for (StringRef Strange :
       {"-include", "-imacros", "-Xclang", "-xc", "-fmodules", "../a.cpp"}) {
    Unit Other = What;
    Other.Command.insert(Other.Command.begin() + 1, Strange.str());
    EXPECT_FALSE(commandFor(Other, "/x.cpp")) << Strange.str();
  }
  What.File = "/src/a.c";
  What.Command[6] = "../a.c";
  EXPECT_FALSE(commandFor(What, "/x.c"));
}

namespace {

class HeaderGroups : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("threadhop", Folder));
  }
  void TearDown() override { sys::fs::remove_directories(Folder); }

  std::string write(StringRef Name, StringRef Text) {
    SmallString<128> Path(Folder);
    sys::path::append(Path, Name);
    std::error_code EC;
    raw_fd_ostream(Path, EC) << Text;
    EXPECT_FALSE(EC);
    return std::string(Path);
  }
  void unit(ArrayRef<StringRef> Includes, StringRef Flag = "-O0") {
    std::string Text;
    for (StringRef Name : Includes)
      Text += ("#include <" + Name + ">\n").str();
    std::string File =
        write(std::to_string(Units.size()) + ".cpp", Text + "int x;\n");
    Units.push_back(
        {File, std::string(Folder), {"clang++", Flag.str(), "-c", File}});
  }

  SmallString<128> Folder;
  std::vector<Unit> Units;
};

} // namespace

TEST_F(HeaderGroups, AreMadeOfUnitsThatBeginAlike) {
  unit({"a", "b", "c"});
  unit({"a", "b"});
  unit({"a", "b", "d"});
  unit({"b", "a"});
  unit({});
  std::vector<HeaderGroup> Groups = groupByHeaders(Units);
  ASSERT_EQ(Groups.size(), 1U);
  EXPECT_EQ(Groups[0].Includes, (Names{"a", "b"}));
  EXPECT_EQ(Groups[0].Units, (std::vector<unsigned>{0, 1, 2}));
}

TEST_F(HeaderGroups, HaveTheSameArguments) {
  unit({"a"});
  unit({"a"}, "-O1");
  unit({"a"});
  EXPECT_TRUE(groupByHeaders(Units).empty());
  unit({"a"});
  std::vector<HeaderGroup> Groups = groupByHeaders(Units);
  ASSERT_EQ(Groups.size(), 1U);
  EXPECT_EQ(Groups[0].Units, (std::vector<unsigned>{0, 2, 3}));
}

TEST_F(HeaderGroups, GoDeeperWhereItPays) {
  for (int I = 0; I != 5; ++I)
    unit({"a", "b", "c", "d", "e"});
  for (int I = 0; I != 3; ++I)
    unit({"a"});
  std::vector<HeaderGroup> Groups = groupByHeaders(Units);
  ASSERT_EQ(Groups.size(), 2U);
  EXPECT_EQ(Groups[0].Includes.size() + Groups[1].Includes.size(), 6U);
  EXPECT_EQ(Groups[0].Units.size() + Groups[1].Units.size(), 8U);
}

TEST_F(HeaderGroups, InputsFromBeforeAreTakenOverIfTheyAreTheSame) {
  std::string File = write("a.h", "one"), Missing = File + ".none";
  auto FS = vfs::getRealFileSystem();
  std::vector<InputRecorder::Known> Before = {
      {{File, false}, digestOf("one"), *FS->status(File)},
      {{Missing, false}, digestOf("?"), std::nullopt}};
  auto Recorder = [&] { return makeIntrusiveRefCnt<InputRecorder>(FS); };
  auto First = Recorder();
  EXPECT_TRUE(First->adopt(Before));
  auto Answers = First->finish();
  ASSERT_TRUE(Answers);
  EXPECT_EQ(Answers->size(), 2U);
  EXPECT_EQ((*Answers)[Input{File}], digestOf("one"));
  // Something is there now that was not.
  write("a.h.none", "");
  EXPECT_FALSE(Recorder()->adopt(Before));
  sys::fs::remove(Missing);
  EXPECT_TRUE(Recorder()->adopt(Before));
  write("a.h", "three");
  EXPECT_FALSE(Recorder()->adopt(Before));
  sys::fs::remove(File);
  EXPECT_FALSE(Recorder()->adopt(Before));
}
