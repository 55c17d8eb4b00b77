//===--- SingleWaiter.cpp - contracts that allow one waiter ---------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/SingleWaiter.h"
#include "analysis/Annotations.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"

using namespace clang;

namespace threadhop {

bool isAnnotatedSingleWaiter(const NamedDecl *D) {
  for (const Decl *Here = D; Here;) {
    if (findAnnotation(Here, Annotation::SingleWaiter))
      return true;
    if (isa<FieldDecl, VarDecl>(Here))
      if (findAnnotation(cast<ValueDecl>(Here)->getType(),
                         Annotation::SingleWaiter))
        return true;
    Here = dyn_cast_or_null<CXXRecordDecl>(Here->getDeclContext());
  }
  return false;
}

bool isSingleWaiterName(llvm::StringRef Name) {
  std::string Lower = Name.lower();
  for (const char *Part :
       {"single", "spsc", "mpsc", "oneshot", "one_shot", "sole_"})
    if (Lower.find(Part) != std::string::npos)
      return true;
  return false;
}

bool saysSingleWaiter(llvm::StringRef Comment) {
  // Line breaks and comment marks do not part a phrase.
  std::string Text;
  for (char C : Comment)
    Text += (C == '\n' || C == '*' || C == '/' || C == '\t') ? ' '
                                                             : llvm::toLower(C);
  std::string Words;
  for (char C : Text)
    if (C != ' ' || Words.empty() || Words.back() != ' ')
      Words += C;
  static const char *const Patterns[] = {
      "(one|single|sole|1|only) (concurrent |active |pending |outstanding |"
      "async |possible )?(waiter|awaiter|consumer|reader|receiver|listener|"
      "subscriber|poller|coroutine|task|caller|thread|fiber|await|wait|"
      "continuation|owner)($|[^s])",
      "at most (one|a single|1) ",
      "single[- ](waiter|awaiter|consumer|reader|receiver|use|producer)",
      "(not|never|cannot|can't|must not|may not|isn't|don't) [a-z ]{0,40}"
      "concurrently",
      "no (concurrent|two|second|other) (wait|await|consumer|reader|call|"
      "poll|read|receive)",
      "(await|wait|call|poll|use|read|resume)(ed|d|s)? (only |at most |exactly "
      ")"
      "?once",
      "(not|never) (be )?(await|wait|call|poll)(ed)? "
      "(twice|again|more than once|simultaneously)",
      "one at a time",
      "only one [a-z ]{1,40}(at a time|in progress|outstanding|in flight)",
      "exactly one ",
      "only (be )?(await|wait|call|poll|consum)(ed)? (by|from) (one|a single)"};
  for (const char *Pattern : Patterns)
    if (llvm::Regex(Pattern).match(Words))
      return true;
  return false;
}

/// The comments above the declaration, and those on the line that it starts
/// on.
static std::string commentsAt(const NamedDecl *D, const SourceManager &SM) {
  SourceLocation Loc = SM.getExpansionLoc(D->getBeginLoc());
  if (Loc.isInvalid())
    return "";
  auto [File, Offset] = SM.getDecomposedLoc(Loc);
  bool Invalid = false;
  llvm::StringRef Text = SM.getBufferData(File, &Invalid);
  if (Invalid)
    return "";
  // To the end of the line of the name: 'struct event { // one waiter'.
  auto [NameFile, NameOffset] =
      SM.getDecomposedLoc(SM.getExpansionLoc(D->getLocation()));
  std::string Found;
  size_t From = NameFile == File ? NameOffset : Offset;
  llvm::StringRef Line =
      Text.substr(From).take_until([](char C) { return C == '\n'; });
  for (const char *Mark : {"//", "/*"})
    if (size_t At = Line.find(Mark); At != llvm::StringRef::npos)
      Found += Line.substr(At).str() + "\n";
  size_t LineStart = Text.rfind('\n', Offset);
  if (LineStart == llvm::StringRef::npos)
    return Found;
  llvm::StringRef Above = Text.take_front(LineStart);
  bool InBlock = false;
  for (unsigned Lines = 0; Lines != 60 && !Above.empty(); ++Lines) {
    size_t Start = Above.rfind('\n');
    llvm::StringRef Last =
        Start == llvm::StringRef::npos ? Above : Above.substr(Start + 1);
    Above = Start == llvm::StringRef::npos ? "" : Above.take_front(Start);
    llvm::StringRef Trimmed = Last.trim();
    if (Trimmed.ends_with("*/"))
      InBlock = true;
    bool Comment = InBlock || Trimmed.starts_with("//");
    // Attributes and template heads stand between a comment and its class.
    bool Between = Trimmed.starts_with("template") ||
                   Trimmed.starts_with("[[") || Trimmed.starts_with("requires");
    if (!Comment && !Between)
      break;
    if (Comment)
      Found = Last.str() + "\n" + Found;
    if (Trimmed.starts_with("/*"))
      InBlock = false;
  }
  return Found;
}

bool statesSingleWaiter(llvm::ArrayRef<const NamedDecl *> Decls,
                        const ASTContext &Context) {
  const SourceManager &SM = Context.getSourceManager();
  for (const NamedDecl *D : Decls) {
    for (const NamedDecl *Here = D; Here;) {
      if (isAnnotatedSingleWaiter(Here))
        return true;
      const NamedDecl *Written = Here;
      if (const auto *Record = dyn_cast<CXXRecordDecl>(Here))
        Written = patternOf(Record)->getDefinition()
                      ? patternOf(Record)->getDefinition()
                      : patternOf(Record);
      else if (const auto *Function = dyn_cast<FunctionDecl>(Here))
        Written = patternOf(Function);
      if (Written->getIdentifier() &&
          isa<CXXRecordDecl, FieldDecl, VarDecl>(Written) &&
          isSingleWaiterName(Written->getName()))
        return true;
      if (saysSingleWaiter(commentsAt(Written, SM)))
        return true;
      if (const auto *Function = dyn_cast<FunctionDecl>(Written))
        for (const FunctionDecl *Redecl : Function->redecls())
          if (saysSingleWaiter(commentsAt(Redecl, SM)))
            return true;
      Here = dyn_cast_or_null<CXXRecordDecl>(Here->getDeclContext());
    }
  }
  return false;
}

} // namespace threadhop
