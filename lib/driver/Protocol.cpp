//===--- Protocol.cpp - how driver and workers talk -----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Protocol.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Errno.h"
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace threadhop::driver {

static constexpr size_t HeaderSize = 8;
// A length above this is no length: something else wrote into the pipe.
static constexpr uint64_t MaxSize = uint64_t(1) << 32;

void to_json(Json &J, const Request &R) {
  J = Json{{"unit", R.What}, {"includes", R.Includes}, {"make", R.Make}};
}

void from_json(const Json &J, Request &R) {
  J.at("unit").get_to(R.What);
  J.at("includes").get_to(R.Includes);
  J.at("make").get_to(R.Make);
}

void to_json(Json &J, const MakeAnswer &A) { J = Json{{"made", int(A.How)}}; }

void from_json(const Json &J, MakeAnswer &A) {
  A.How = SharedHeaders::Making(J.at("made").get<int>());
}

static bool writeAll(int Descriptor, const char *Data, size_t Size) {
  while (Size != 0) {
    ssize_t Written =
        llvm::sys::RetryAfterSignal(-1, ::write, Descriptor, Data, Size);
    if (Written <= 0)
      return false;
    Data += Written;
    Size -= Written;
  }
  return true;
}

static bool readAll(int Descriptor, char *Data, size_t Size) {
  while (Size != 0) {
    ssize_t Read =
        llvm::sys::RetryAfterSignal(-1, ::read, Descriptor, Data, Size);
    if (Read <= 0)
      return false;
    Data += Read;
    Size -= Read;
  }
  return true;
}

static std::optional<Json> decode(llvm::ArrayRef<char> Bytes) {
  Json Message = Json::from_cbor(Bytes.begin(), Bytes.end(), /*strict=*/true,
                                 /*allow_exceptions=*/false);
  if (Message.is_discarded())
    return std::nullopt;
  return Message;
}

bool sendMessage(int Descriptor, const Json &Message) {
  std::vector<uint8_t> Bytes(HeaderSize);
  Json::to_cbor(Message, Bytes);
  llvm::support::endian::write64le(Bytes.data(), Bytes.size() - HeaderSize);
  return writeAll(Descriptor, reinterpret_cast<const char *>(Bytes.data()),
                  Bytes.size());
}

std::optional<Json> receiveMessage(int Descriptor) {
  char Header[HeaderSize];
  if (!readAll(Descriptor, Header, HeaderSize))
    return std::nullopt;
  uint64_t Size = llvm::support::endian::read64le(Header);
  if (Size > MaxSize)
    return std::nullopt;
  std::vector<char> Bytes(Size);
  if (!readAll(Descriptor, Bytes.data(), Size))
    return std::nullopt;
  return decode(Bytes);
}

std::optional<Json> MessageBuffer::next(bool &Broken) {
  Broken = false;
  if (Data.size() < HeaderSize)
    return std::nullopt;
  uint64_t Size = llvm::support::endian::read64le(Data.data());
  if (Size > MaxSize) {
    Broken = true;
    return std::nullopt;
  }
  if (Data.size() < HeaderSize + Size)
    return std::nullopt;
  auto Message = decode(llvm::ArrayRef(Data.data() + HeaderSize, Size));
  Broken = !Message;
  Data.erase(0, HeaderSize + Size);
  return Message;
}

} // namespace threadhop::driver
