//===--- CachedRun.cpp - runs the units that changed ----------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/CachedRun.h"
#include "driver/Messages.h"
#include "driver/ResultCache.h"
#include "driver/SourceText.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace threadhop::driver {
namespace {

/// Counts and names the units as all units are named, not as those that run.
class Renumbered : public PoolListener {
public:
  Renumbered(PoolListener &To, std::vector<unsigned> Indexes)
      : To(To), Indexes(std::move(Indexes)) {}

  void started(unsigned Index) override { To.started(Indexes[Index]); }
  void finished(unsigned Index, UnitOutcome Outcome) override {
    if (Problem.empty())
      Problem = Outcome.Report.CacheProblem;
    To.finished(Indexes[Index], std::move(Outcome));
  }
  void tick() override { To.tick(); }

  std::string Problem; ///< The first one that a worker had with the cache.

private:
  PoolListener &To;
  std::vector<unsigned> Indexes;
};

} // namespace

// Returns an empty text where there is no place for a cache.
static std::string folderOf(const CacheOptions &Cache) {
  if (!Cache.Folder.empty())
    return normalisedPath(Cache.Folder);
  SmallString<256> Folder;
  if (!sys::path::cache_directory(Folder))
    return "";
  sys::path::append(Folder, "threadhop");
  return normalisedPath(Folder);
}

bool runUnitsCached(ArrayRef<Unit> Units, PoolOptions Pool,
                    const CacheOptions &Cache, PoolListener &Listener,
                    CacheUse &Use) {
  // A profile of work that was not done would be none.
  std::string Folder =
      Cache.Off || Pool.Analysis.Profile ? "" : folderOf(Cache);
  if (!Folder.empty())
    if (Error Wrong = makeCacheFolder(Folder)) {
      warning(toString(std::move(Wrong)) + "; every unit is analysed anew");
      Folder.clear();
    }
  if (Folder.empty())
    return runUnits(Units, Pool, Listener);

  Use.Folder = Folder;
  Pool.Analysis.CacheFolder = Folder;
  ResultCache Known(Pool.Analysis);
  std::vector<Unit> Rest;
  std::vector<unsigned> Indexes;
  for (unsigned I = 0; I != Units.size(); ++I) {
    std::optional<UnitReport> Report = Known.find(Units[I]);
    if (!Report) {
      Rest.push_back(Units[I]);
      Indexes.push_back(I);
      continue;
    }
    ++Use.Hits;
    UnitOutcome Outcome;
    Outcome.Done = true;
    Outcome.Report = std::move(*Report);
    Outcome.Report.Seconds = 0;
    Listener.started(I);
    Listener.finished(I, std::move(Outcome));
  }
  Use.Misses = Rest.size();
  if (Rest.empty())
    return true;

  Renumbered Others(Listener, std::move(Indexes));
  bool Complete = runUnits(Rest, Pool, Others);
  pruneCache(Folder, Cache.MostBytes);
  Use.Problem = Others.Problem;
  return Complete;
}

} // namespace threadhop::driver
