//===--- Protocol.h - how driver and workers talk ---------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Over a pair of pipes: the driver sends the options once and then one unit
// after the other, the worker answers each unit with its report. A message is
// a length in eight bytes and that many bytes of JSON in its binary form CBOR,
// which, other than the text form, carries file names that are no UTF-8.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_PROTOCOL_H
#define THREADHOP_DRIVER_PROTOCOL_H

#include "driver/Results.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>
#include <string>

namespace threadhop::driver {

/// The hidden first argument that makes this program a worker.
inline constexpr char WorkerArgument[] = "--threadhop-worker";

/// Writes a message whole; false when the other side is gone.
bool sendMessage(int Descriptor, const Json &Message);

/// Waits for the next message; nothing at the end of the stream or if what
/// came is no message.
std::optional<Json> receiveMessage(int Descriptor);

/// Puts messages together from the pieces that a pipe gives.
class MessageBuffer {
public:
  void append(llvm::ArrayRef<char> Bytes) {
    Data.append(Bytes.begin(), Bytes.end());
  }
  /// The next whole message. Sets \p Broken if what came cannot be one.
  std::optional<Json> next(bool &Broken);

private:
  std::string Data;
};

} // namespace threadhop::driver

#endif
