//===--- Preamble.cpp - the bodies of functions in headers ----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd does not parse the bodies of functions in included headers. Our checks
// read them: what a guard's destructor does, where an awaiter hands the
// coroutine to. So those of the user's headers are parsed, once for each version
// of the headers. The libraries in system headers are known from models.
//
//===----------------------------------------------------------------------===//

#include "Clangd.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringSwitch.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/PrecompiledPreamble.h"
#include "clang/Lex/PPCallbacks.h"
#include "support/Compat.h"

using namespace clang;
using namespace llvm;

ErrorOr<PrecompiledPreamble>
realBuild(const CompilerInvocation &Invocation, const MemoryBuffer *MainFile,
          PreambleBounds Bounds, threadhop::PreambleDiagnostics Diagnostics,
          IntrusiveRefCntPtr<vfs::FileSystem> Files,
          std::shared_ptr<PCHContainerOperations> Containers,
          bool StoreInMemory, StringRef StoragePath,
          PreambleCallbacks &Callbacks) THREADHOP_REAL(PREAMBLE);
ErrorOr<PrecompiledPreamble>
hookedBuild(const CompilerInvocation &Invocation, const MemoryBuffer *MainFile,
            PreambleBounds Bounds, threadhop::PreambleDiagnostics Diagnostics,
            IntrusiveRefCntPtr<vfs::FileSystem> Files,
            std::shared_ptr<PCHContainerOperations> Containers,
            bool StoreInMemory, StringRef StoragePath,
            PreambleCallbacks &Callbacks) THREADHOP_HOOK(PREAMBLE);

namespace {

class WithBodies : public PreambleCallbacks {
public:
  explicit WithBodies(PreambleCallbacks &Inner) : Inner(Inner) {}

  bool shouldSkipFunctionBody(Decl *D) override {
    if (!Inner.shouldSkipFunctionBody(D) ||
           !SM->isInSystemHeader(SM->getExpansionLoc(D->getLocation()))) return false;
    static int Mode = getenv("TH_MODE") ? atoi(getenv("TH_MODE")) : 0;
    const FunctionDecl *F = D->getAsFunction();
    if (!F) return true;
    if (Mode & 1) {
      if (F->getOverloadedOperator() == OO_Coawait) return false;
      if (const IdentifierInfo *II = F->getIdentifier())
        if (StringSwitch<bool>(II->getName()).Cases({"await_ready", "await_suspend", "await_resume","await_transform", "initial_suspend","final_suspend","yield_value"},true).Default(false)) return false;
    }
    if (isInStd(F)) return true;
    if ((Mode & 2) && isa<CXXDestructorDecl>(F)) return false;
    if ((Mode & 4) && isa<CXXConstructorDecl>(F)) return false;
    if (!F->isDependentContext()) {
    if ((Mode & 8) && isa<CXXDestructorDecl>(F)) return false;
    if ((Mode & 16) && isa<CXXConstructorDecl>(F)) return false;
    if ((Mode & 32)) return false;
    }
    return true;
  }
  static bool isInStd(const FunctionDecl *F) { return F->isInStdNamespace(); }

  void BeforeExecute(CompilerInstance &CI) override {
    SM = &CI.getSourceManager();
    Inner.BeforeExecute(CI);
  }
  void AfterExecute(CompilerInstance &CI) override { Inner.AfterExecute(CI); }
  void AfterPCHEmitted(ASTWriter &Writer) override {
    Inner.AfterPCHEmitted(Writer);
  }
  void HandleTopLevelDecl(DeclGroupRef Group) override {
    Inner.HandleTopLevelDecl(Group);
  }
  std::unique_ptr<PPCallbacks> createPPCallbacks() override {
    return Inner.createPPCallbacks();
  }
  CommentHandler *getCommentHandler() override {
    return Inner.getCommentHandler();
  }

private:
  PreambleCallbacks &Inner;
  const SourceManager *SM = nullptr;
};

} // namespace

ErrorOr<PrecompiledPreamble>
hookedBuild(const CompilerInvocation &Invocation, const MemoryBuffer *MainFile,
            PreambleBounds Bounds, threadhop::PreambleDiagnostics Diagnostics,
            IntrusiveRefCntPtr<vfs::FileSystem> Files,
            std::shared_ptr<PCHContainerOperations> Containers,
            bool StoreInMemory, StringRef StoragePath,
            PreambleCallbacks &Callbacks) {
  WithBodies Ours(Callbacks);
  return realBuild(Invocation, MainFile, Bounds,
                   std::forward<threadhop::PreambleDiagnostics>(Diagnostics),
                   std::move(Files), std::move(Containers), StoreInMemory,
                   StoragePath, Ours);
}
