//===--- VersionControl.cpp - which revision was analysed -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/VersionControl.h"
#include "driver/Git.h"
#include "driver/Sarif.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace threadhop::driver {

std::string repositoryUri(StringRef Remote) {
  if (Remote.starts_with("/"))
    return "file://" + uriEncoded(Remote);
  auto [Scheme, Rest] = Remote.split("://");
  if (Rest.empty()) {
    // "host:path", with or without a user.
    auto [Host, Path] = Remote.split(':');
    if (Path.empty() || Host.contains('/'))
      return "";
    return "ssh://" + uriEncoded(Host) + "/" + uriEncoded(Path.ltrim('/'));
  }
  if (!all_of(Scheme, [](char C) { return isAlnum(C) || C == '+'; }))
    return "";
  auto [Host, Path] = Rest.split('/');
  // A port stays as it is; what is before '@' may be a secret, except the user
  // of ssh, who never is one.
  if (size_t At = Host.rfind('@'); At != StringRef::npos) {
    StringRef User = Host.take_front(At);
    Host = Scheme == "ssh" && !User.contains(':') ? Host : Host.substr(At + 1);
  }
  std::string Name;
  for (StringRef Part : split(Host, ':'))
    Name += (Name.empty() ? "" : ":") + uriEncoded(Part);
  std::string Uri = (Scheme + "://" + Name + "/").str();
  // It may be encoded already.
  for (StringRef Part : split(Path, '%'))
    Uri += (Part.data() == Path.data() ? "" : "%") + uriEncoded(Part);
  return Uri;
}

std::optional<VersionControl> versionControlOf(StringRef Root) {
  SmallString<256> Git(Root);
  sys::path::append(Git, ".git");
  if (!sys::fs::exists(Git))
    return std::nullopt;
  auto Ask = [&](std::initializer_list<StringRef> Words) {
    auto Answer = runGit(Root, Words);
    if (!Answer) {
      consumeError(Answer.takeError());
      return std::string();
    }
    return StringRef(*Answer).trim().str();
  };
  VersionControl State;
  State.Revision = Ask({"rev-parse", "--verify", "--quiet", "HEAD"});
  if (State.Revision.empty())
    return std::nullopt;
  State.Branch = Ask({"symbolic-ref", "--quiet", "--short", "HEAD"});
  State.RepositoryUri = repositoryUri(Ask({"remote", "get-url", "origin"}));
  // SARIF wants one; a repository without a remote is where it is.
  if (State.RepositoryUri.empty())
    State.RepositoryUri = repositoryUri(Root);
  return State;
}

} // namespace threadhop::driver
