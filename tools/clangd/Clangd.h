//===--- Clangd.h - the parts of clangd that we name ------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's packages carry clangd as archives without headers. These declarations
// repeat the little that threadhop-clangd uses. The linker checks the names of
// functions, the tests check the order of the virtual ones.
//
// A hook stands in for a function that clangd calls: the linker's --wrap sends
// the calls to the definition marked THREADHOP_HOOK, and a declaration marked
// THREADHOP_REAL is the function itself. CMakeLists.txt has the symbols. If
// LLVM changes one of them, the program does not link.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_TOOLS_CLANGD_H
#define THREADHOP_TOOLS_CLANGD_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace clang::clangd {

/// The whole server. Returns the program's exit status.
int clangdMain(int Argc, char *Argv[]);

/// The connection to the editor, message by message.
class Transport {
public:
  virtual ~Transport() = default;

  virtual void notify(llvm::StringRef Method, llvm::json::Value Params) = 0;
  virtual void call(llvm::StringRef Method, llvm::json::Value Params,
                    llvm::json::Value ID) = 0;
  virtual void reply(llvm::json::Value ID,
                     llvm::Expected<llvm::json::Value> Result) = 0;

  /// Takes what the editor sends. False ends the loop.
  class MessageHandler {
  public:
    virtual ~MessageHandler() = default;
    virtual bool onNotify(llvm::StringRef Method, llvm::json::Value Params) = 0;
    virtual bool onCall(llvm::StringRef Method, llvm::json::Value Params,
                        llvm::json::Value ID) = 0;
    virtual bool onReply(llvm::json::Value ID,
                         llvm::Expected<llvm::json::Value> Result) = 0;
  };
  virtual llvm::Error loop(MessageHandler &Handler) = 0;
};

enum JSONStreamStyle { Standard, Delimited };

} // namespace clang::clangd

#define THREADHOP_REAL(Name) __asm__("__real_" THREADHOP_SYMBOL_##Name)
#define THREADHOP_HOOK(Name) __asm__("__wrap_" THREADHOP_SYMBOL_##Name)

#endif
