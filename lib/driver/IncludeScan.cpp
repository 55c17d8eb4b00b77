//===--- IncludeScan.cpp - which units a changed file concerns ------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/IncludeScan.h"
#include "driver/SourceText.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <atomic>

using namespace clang;

namespace threadhop::driver {
namespace {

/// What a unit tells of itself while it is preprocessed.
struct Scan {
  const Unit &What;
  llvm::function_ref<bool(llvm::StringRef)> Changed;
  bool Reads = false;
  bool Unknown = false;
};

class Watcher : public PPCallbacks {
public:
  Watcher(Scan &To, const SourceManager &SM) : To(To), SM(SM) {}

  void FileChanged(SourceLocation Loc, FileChangeReason Reason,
                   SrcMgr::CharacteristicKind, FileID) override {
    if (Reason != EnterFile || To.Reads)
      return;
    if (auto File = SM.getFileEntryRefForID(SM.getFileID(Loc)))
      To.Reads = To.Changed(normalisedPath(File->getName(), To.What.Directory));
  }
  void moduleImport(SourceLocation, ModuleIdPath, const Module *) override {
    To.Unknown = true;
  }

private:
  Scan &To;
  const SourceManager &SM;
};

class ScanAction : public PreprocessOnlyAction {
public:
  explicit ScanAction(Scan &To) : To(To) {}

protected:
  bool BeginSourceFileAction(CompilerInstance &CI) override {
    CI.getPreprocessor().addPPCallbacks(
        std::make_unique<Watcher>(To, CI.getSourceManager()));
    return PreprocessOnlyAction::BeginSourceFileAction(CI);
  }

private:
  Scan &To;
};

} // namespace

// Files that come into a unit without an #include.
static bool readsUnseen(const Unit &What) {
  return llvm::any_of(What.Command, [](llvm::StringRef Arg) {
    return Arg.starts_with("-fmodule") || Arg.starts_with("-include-pch") ||
           Arg == "-fprebuilt-module-path";
  });
}

static bool preprocess(Scan &To) {
  auto FS = llvm::vfs::createPhysicalFileSystem();
  if (FS->setCurrentWorkingDirectory(To.What.Directory))
    return false;
  auto Files = llvm::IntrusiveRefCntPtr<FileManager>(
      new FileManager(FileSystemOptions(), std::move(FS)));
  std::vector<std::string> Args = To.What.Command;
  for (const tooling::ArgumentsAdjuster &Adjust :
       {tooling::getClangStripOutputAdjuster(),
        tooling::getClangStripDependencyFileAdjuster(),
        tooling::getClangSyntaxOnlyAdjuster()})
    Args = Adjust(Args, To.What.File);
  tooling::ToolInvocation Invocation(Args, std::make_unique<ScanAction>(To),
                                     Files.get());
  // Counts errors, and prints none.
  DiagnosticConsumer Silent;
  Invocation.setDiagnosticConsumer(&Silent);
  return Invocation.run() && Silent.getNumErrors() == 0;
}

std::vector<bool>
unitsThatRead(llvm::ArrayRef<Unit> Units, unsigned Jobs,
              llvm::function_ref<bool(llvm::StringRef)> Changed) {
  // Not a vector<bool>: threads write side by side.
  std::vector<char> Answers(Units.size(), true);
  llvm::CrashRecoveryContext::Enable();
  {
    llvm::DefaultThreadPool Pool(llvm::hardware_concurrency(Jobs));
    for (size_t I = 0; I != Units.size(); ++I) {
      const Unit &What = Units[I];
      if (readsUnseen(What) || Changed(What.File))
        continue;
      Pool.async([&Answers, &What, Changed, I] {
        Scan To{What, Changed};
        bool Done = false;
        llvm::CrashRecoveryContext Guard;
        bool Survived = Guard.RunSafelyOnThread([&] { Done = preprocess(To); },
                                                /*RequestedStackSize=*/8 << 20);
        Answers[I] = !Survived || !Done || To.Reads || To.Unknown;
      });
    }
  }
  llvm::CrashRecoveryContext::Disable();
  return std::vector<bool>(Answers.begin(), Answers.end());
}

} // namespace threadhop::driver
