//===--- Protocol.h - how driver and workers talk ---------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Over a pair of pipes: the driver sends the options once and then one request
// after the other, the worker answers each of them. A message is
// a length in eight bytes and that many bytes of JSON in its binary form CBOR,
// which, other than the text form, carries file names that are no UTF-8.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_DRIVER_PROTOCOL_H
#define THREADHOP_DRIVER_PROTOCOL_H

#include "driver/Database.h"
#include "driver/Results.h"
#include "driver/SharedHeaders.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>
#include <string>

namespace threadhop::driver {

/// The hidden first argument that makes this program a worker.
inline constexpr char WorkerArgument[] = "--threadhop-worker";

/// What a worker is asked: the report of a unit, or a precompiled header for
/// units like it.
struct Request {
  Unit What;
  std::vector<std::string> Includes; ///< To take from a precompiled header.
  bool Make = false;
};
void to_json(Json &J, const Request &R);
void from_json(const Json &J, Request &R);

/// The answer to the latter.
struct MakeAnswer {
  SharedHeaders::Making How = SharedHeaders::Making::Impossible;
};
void to_json(Json &J, const MakeAnswer &A);
void from_json(const Json &J, MakeAnswer &A);

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
