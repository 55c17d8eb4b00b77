//===--- Preamble.cpp - the bodies of functions in headers ----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd does not parse the bodies of functions in included headers. Our checks
// read them: what a guard's destructor does, whether an awaiter suspends. So
// those of the user's headers are parsed, once for each version of the headers.
//
// Libraries are known from models, and all of their bodies would triple the
// time from an edit to its diagnostics (measured with Boost.Asio), most of it
// for the instantiation of templates. Of system headers only the few functions
// are parsed that decide about a suspension or a lock in the user's own code.
//
//===----------------------------------------------------------------------===//

#include "Clangd.h"
#include "support/Compat.h"
#include "clang/AST/Decl.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/PrecompiledPreamble.h"
#include "clang/Lex/PPCallbacks.h"
#include "llvm/ADT/StringSet.h"

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

/// True for functions whose bodies are read even in libraries.
static bool isRead(const FunctionDecl *Function) {
  if (!Function)
    return false;
  if (Function->getOverloadedOperator() == OO_Coawait)
    return true;
  static const StringSet<> Names = {
      "await_ready", "await_suspend", "await_resume", "await_transform",
      "initial_suspend", "final_suspend", "yield_value", "lock", "lock_shared",
      "unlock", "unlock_shared",
      // Whether a reference count is atomic.
      "intrusive_ptr_add_ref", "intrusive_ptr_release", "increment",
      "decrement", "add_ref", "AddRef", "release", "Release", "ref", "unref"};
  const IdentifierInfo *Name = Function->getIdentifier();
  return Name && Names.contains(Name->getName());
}

namespace {

class WithBodies : public PreambleCallbacks {
public:
  explicit WithBodies(PreambleCallbacks &Inner) : Inner(Inner) {}

  bool shouldSkipFunctionBody(Decl *D) override {
    return Inner.shouldSkipFunctionBody(D) &&
           SM->isInSystemHeader(SM->getExpansionLoc(D->getLocation())) &&
           !isRead(D->getAsFunction());
  }

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
  // The templates that these bodies use are instantiated here, too, and not at
  // the end of the file after every edit.
  CompilerInvocation Once(Invocation);
  Once.getLangOpts().PCHInstantiateTemplates = true;
  return realBuild(Once, MainFile, Bounds,
                   std::forward<threadhop::PreambleDiagnostics>(Diagnostics),
                   std::move(Files), std::move(Containers), StoreInMemory,
                   StoragePath, Ours);
}
