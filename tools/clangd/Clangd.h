//===--- Clangd.h - the parts of clangd that we name ------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's packages carry clangd as archives without headers. These declarations
// repeat the little that threadhop-clangd uses; they have been the same since
// LLVM 15. What they name must be the same in the archives: functions are
// checked by the linker, the order of Transport's functions by the tests.
//
// A hook stands in for a function of clangd: the linker's --wrap sends the calls
// from clangd's other objects to __wrap_NAME and calls of __real_NAME to clangd.
// CMakeLists.txt lists the names. A name that clangd no longer has is an error
// of the linker.
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

  class MessageHandler;
  virtual llvm::Error loop(MessageHandler &Handler) = 0;
};

enum JSONStreamStyle { Standard, Delimited };

} // namespace clang::clangd

/// Names for the two sides of a hook on the function of that mangled name.
#define THREADHOP_REAL(Mangled) __asm__("__real_" Mangled)
#define THREADHOP_HOOK(Mangled) __asm__("__wrap_" Mangled)

#endif
