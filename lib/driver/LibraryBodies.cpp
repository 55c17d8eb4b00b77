//===--- LibraryBodies.cpp - what need not be parsed ----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/LibraryBodies.h"
#include "driver/LibraryInstantiations.h"
#include "driver/ResultCache.h"
#include "driver/ToolIdentity.h"
#include "support/SystemHeaders.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace threadhop::driver {

WantedBodies::WantedBodies(std::string CacheFolder)
    : Folder(std::move(CacheFolder)) {}

std::string WantedBodies::path() const {
  static const Digest Program = digestOf(toolIdentity({}));
  return entryPath(Folder, Program, "-bodies");
}

const WantedBodies::Offsets *WantedBodies::in(llvm::StringRef File) const {
  auto It = Files.find(File);
  return It == Files.end() ? nullptr : &It->second;
}

bool WantedBodies::contains(llvm::StringRef File, unsigned Offset) const {
  const Offsets *Known = in(File);
  return Known && Known->count(Offset);
}

void WantedBodies::add(llvm::StringRef File, unsigned Offset) {
  Changed |= Files[File].insert(Offset).second;
}

// Lines of an offset and a file.
void WantedBodies::refresh() {
  auto Text = Folder.empty() ? std::nullopt : loadEntry(path());
  if (!Text)
    return;
  bool First = !Known;
  Known = true;
  for (llvm::StringRef Line : llvm::split(*Text, '\n')) {
    unsigned Offset = 0;
    if (!Line.consumeInteger(10, Offset) && Line.consume_front(" "))
      Files[Line].insert(Offset);
  }
  if (!First)
    return;
  // How it went in earlier runs.
  int Bad = 0;
  for (const auto &Entry : Files)
    Bad += Entry.second.count(NeedsTemplates) - Entry.second.count(WentWell);
  if (Bad > 1)
    pause(Bad);
}

// The more often it went wrong, the longer the pause before another try.
void WantedBodies::pause(unsigned AfterFailures) {
  Failures = std::min(AfterFailures, 6U);
  Pause = 2U << Failures;
}

void WantedBodies::skipped(llvm::StringRef Unit, bool Well) {
  if (!Well)
    return pause(Failures + 1);
  Failures -= Failures != 0;
  add(Unit, WentWell);
}

Skip WantedBodies::worthSkipping(llvm::StringRef Unit, bool Cheap) {
  // Headers that are to be shared are of libraries, and large.
  if (!Known)
    return Cheap ? Skip::Functions : Skip::Nothing;
  if (needsTemplates(Unit))
    return Skip::Functions;
  if (Cheap || contains(Unit, WentWell))
    return Skip::Bodies;
  Pause -= Pause != 0;
  return Pause == 0 ? Skip::Bodies : Skip::Nothing;
}

void WantedBodies::save() {
  if (Folder.empty() || !Changed)
    return;
  refresh();
  std::string Text;
  for (const auto &Entry : Files)
    for (unsigned Offset : Entry.second)
      Text += std::to_string(Offset) + " " + Entry.first().str() + "\n";
  // What is lost on the way will be found out again.
  llvm::consumeError(saveEntry(path(), Text));
  Changed = false;
}

/// A function by file and offset; false if it has no place in a file.
static bool placeOf(const Decl *D, const SourceManager &SM,
                    llvm::StringRef &File, unsigned &Offset) {
  auto [ID, At] = SM.getDecomposedExpansionLoc(D->getLocation());
  auto Entry = SM.getFileEntryRefForID(ID);
  if (!Entry)
    return false;
  File = Entry->getName();
  Offset = At;
  return true;
}

// One worker works on one unit at a time.
static LibraryBodies *Current = nullptr;

LibraryBodies::LibraryBodies(WantedBodies &Wanted, Skip What)
    : Wanted(Wanted), What(What) {
  Current = this;
  BodyListener::current() = this;
}

LibraryBodies::~LibraryBodies() {
  Current = nullptr;
  BodyListener::current() = nullptr;
}

void LibraryBodies::asked(const FunctionDecl *Definition, bool Skipped) {
  Missed |= Skipped;
  // While bodies are skipped there are too few to learn from.
  if (What == Skip::Bodies || !Seen.insert(Definition).second)
    return;
  const FunctionDecl *Pattern = Definition->getTemplateInstantiationPattern();
  if (!Pattern)
    Pattern = Definition;
  const SourceManager &SM = Definition->getASTContext().getSourceManager();
  if (!isInSystemHeader(Pattern, SM))
    return;
  llvm::StringRef File;
  unsigned Offset = 0;
  if (placeOf(Pattern, SM, File, Offset))
    Wanted.add(File, Offset);
}

namespace {

class Skipper : public ASTConsumer {
public:
  void Initialize(ASTContext &Context) override {
    Sources = &Context.getSourceManager();
  }
  bool shouldSkipFunctionBody(Decl *D) override;
  void HandleTranslationUnit(ASTContext &Context) override {
    if (!Current || Current->skips() != Skip::Bodies ||
        !libraryMayInstantiate(Context))
      return;
    Current->doubt();
    // Nobody will look at what the checks would find.
    Context.setTraversalScope({});
  }

private:
  bool isWanted(const Decl *D);
  bool isShort(const FunctionDecl *Function) const;

  const SourceManager *Sources = nullptr;
  llvm::DenseMap<FileID, const WantedBodies::Offsets *> Files;
};

} // namespace

bool Skipper::isWanted(const Decl *D) {
  auto [ID, Offset] = Sources->getDecomposedExpansionLoc(D->getLocation());
  auto [It, New] = Files.try_emplace(ID);
  if (New)
    if (auto Entry = Sources->getFileEntryRefForID(ID))
      It->second = Current->Wanted.in(Entry->getName());
  return It->second && It->second->count(Offset);
}

// Whether a body is sooner parsed than missed; its end need not be found
// exactly. Of the standard library there are few others.
bool Skipper::isShort(const FunctionDecl *Function) const {
  static constexpr size_t MostCharacters = 200;
  if (Function->isInStdNamespace() || Function->getLocation().isMacroID())
    return true;
  auto [ID, Offset] = Sources->getDecomposedLoc(Function->getLocation());
  unsigned Depth = 0;
  for (char C : Sources->getBufferData(ID).substr(Offset, MostCharacters)) {
    Depth += C == '{';
    if (C == '}' && Depth-- <= 1)
      return true;
  }
  return false;
}

// The functions that a coroutine's machinery calls: of promises and awaiters.
static bool isCoroutineProtocol(const FunctionDecl *Function) {
  static constexpr llvm::StringLiteral Names[] = {
      "await_ready",     "await_suspend",       "await_resume",
      "await_transform", "get_return_object",   "initial_suspend",
      "final_suspend",   "unhandled_exception", "return_void",
      "return_value",    "yield_value"};
  return Function->getOverloadedOperator() == OO_Coawait ||
         (Function->getIdentifier() &&
          llvm::is_contained(Names, Function->getName()));
}

bool Skipper::shouldSkipFunctionBody(Decl *D) {
  if (!Current || !isInSystemHeader(D, *Sources))
    return false;
  const FunctionDecl *Function = D->getAsFunction();
  if (!Function)
    return false;
  // What is no template was written before the user's types, and instantiates
  // nothing with them.
  if (Current->skips() != Skip::Bodies &&
      (Function->isTemplated() || isShort(Function)))
    return false;
  // Whether a library's type is a guard is asked of every one that is used;
  // those of the standard library are known.
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(Function) &&
      !Function->isInStdNamespace())
    return false;
  return !isCoroutineProtocol(Function) && !isWanted(Function);
}

namespace {

/// clang adds the consumers of registered actions to any other's.
class SkippingAction : public PluginASTAction {
public:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler,
                                                 llvm::StringRef) override {
    Compiler.getFrontendOpts().SkipFunctionBodies = true;
    return std::make_unique<Skipper>();
  }
  bool ParseArgs(const CompilerInstance &,
                 const std::vector<std::string> &) override {
    return Current && Current->skips() != Skip::Nothing;
  }
  ActionType getActionType() override { return AddBeforeMainAction; }
};

FrontendPluginRegistry::Add<SkippingAction>
    Registration("threadhop-skip-library-bodies",
                 "skips the bodies of library functions");

} // namespace
} // namespace threadhop::driver
