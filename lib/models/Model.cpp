//===--- Model.cpp - merging of model rows --------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "models/Loader.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <mutex>

namespace threadhop {

llvm::Error loadModelFile(llvm::StringRef Path, Models &Into) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  if (!Buffer)
    return llvm::createStringError(Buffer.getError(),
                                   "cannot read the model file '" + Path +
                                       "': " + Buffer.getError().message());
  return loadModelText((*Buffer)->getBuffer(), Path, Into);
}

static llvm::Expected<std::shared_ptr<const Models>>
loadUncached(llvm::StringRef Files) {
  auto Loaded = std::make_shared<Models>();
  for (const BuiltinModel &Builtin : builtinModels())
    if (llvm::Error Err = loadModelText(Builtin.Text, Builtin.Name, *Loaded))
      return std::move(Err);
  llvm::SmallVector<llvm::StringRef> Paths;
  Files.split(Paths, ';', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef Path : Paths)
    if (llvm::Error Err = loadModelFile(Path.trim(), *Loaded))
      return std::move(Err);
  return std::shared_ptr<const Models>(std::move(Loaded));
}

llvm::Expected<std::shared_ptr<const Models>>
loadModels(llvm::StringRef Files) {
  static std::mutex Lock;
  static std::map<std::string, std::shared_ptr<const Models>> Cache;
  std::lock_guard<std::mutex> Held(Lock);
  auto It = Cache.find(Files.str());
  if (It != Cache.end())
    return It->second;
  auto Loaded = loadUncached(Files);
  if (Loaded)
    Cache[Files.str()] = *Loaded;
  return Loaded;
}

} // namespace threadhop
