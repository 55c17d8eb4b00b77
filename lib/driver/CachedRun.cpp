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
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>

using namespace llvm;

namespace threadhop::driver {
namespace {

/// Counts and names the units as all units are named, not as those that run,
/// and notes what the caches did.
class Renumbered : public PoolListener {
public:
  Renumbered(PoolListener &To, std::vector<unsigned> Indexes,
             ArrayRef<HeaderGroup> Groups)
      : To(To), Indexes(std::move(Indexes)) {
    for (unsigned Number = 0; Number != Groups.size(); ++Number)
      for (unsigned Index : Groups[Number].Units)
        GroupOf[Index] = Number;
  }

  void started(unsigned Index) override { To.started(Indexes[Index]); }
  void finished(unsigned Index, UnitOutcome Outcome) override {
    if (Problem.empty())
      Problem = Outcome.Report.CacheProblem;
    Shared += Outcome.Report.SharedHeaders;
    if (Outcome.Report.SharedHeaders)
      Sharing.insert(GroupOf[Index]);
    To.finished(Indexes[Index], std::move(Outcome));
  }
  void tick() override { To.tick(); }

  std::string Problem; ///< The first one that a worker had with the cache.
  unsigned Shared = 0; ///< Units that took headers from a precompiled one.
  std::set<unsigned> Sharing; ///< Their groups.

private:
  PoolListener &To;
  std::vector<unsigned> Indexes;
  std::map<unsigned, unsigned> GroupOf;
};

/// A folder for this run only.
class TemporaryFolder {
public:
  TemporaryFolder() = default;
  TemporaryFolder(const TemporaryFolder &) = delete;
  ~TemporaryFolder() {
    if (!Path.empty())
      sys::fs::remove_directories(Path);
  }
  // Without a place for it the run does without.
  StringRef make() {
    if (sys::fs::createUniqueDirectory("threadhop", Path))
      Path.clear();
    return Path;
  }

private:
  SmallString<128> Path;
};

} // namespace

// The groups of all units, with the numbers of those that are left.
static std::vector<HeaderGroup> groupsOfRest(ArrayRef<Unit> Units,
                                             ArrayRef<unsigned> Rest) {
  std::vector<HeaderGroup> Groups = groupByHeaders(Units);
  for (HeaderGroup &Group : Groups) {
    std::vector<unsigned> Left;
    for (unsigned I : Group.Units)
      if (auto It = lower_bound(Rest, I); It != Rest.end() && *It == I)
        Left.push_back(It - Rest.begin());
    Group.Units = std::move(Left);
  }
  erase_if(Groups,
           [](const HeaderGroup &Group) { return Group.Units.empty(); });
  // Each takes some twenty megabytes of the disk.
  static constexpr size_t MostGroups = 16;
  if (Groups.size() > MostGroups) {
    sort(Groups, [](const HeaderGroup &A, const HeaderGroup &B) {
      size_t Of[] = {A.Units.size() * A.Includes.size(),
                     B.Units.size() * B.Includes.size()};
      return Of[0] != Of[1] ? Of[0] > Of[1] : A.Units.front() < B.Units.front();
    });
    Groups.resize(MostGroups);
  }
  return Groups;
}

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

  Use.Folder = Folder;
  Pool.Analysis.CacheFolder = Folder;
  std::optional<ResultCache> Known;
  if (!Folder.empty())
    Known.emplace(Pool.Analysis);
  std::vector<Unit> Rest;
  std::vector<unsigned> Indexes;
  for (unsigned I = 0; I != Units.size(); ++I) {
    std::optional<UnitReport> Report =
        Known ? Known->find(Units[I]) : std::nullopt;
    if (!Report || (Cache.RetryFailed && !Report->isClean())) {
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

  TemporaryFolder Temporary;
  if (Cache.ShareHeaders)
    Pool.Groups = groupsOfRest(Units, Indexes);
  if (!Pool.Groups.empty())
    Pool.Analysis.HeaderFolder =
        Folder.empty() ? Temporary.make().str() : Folder;
  Renumbered Others(Listener, std::move(Indexes), Pool.Groups);
  bool Complete = runUnits(Rest, Pool, Others);
  if (!Folder.empty())
    pruneCache(Folder, Cache.MostBytes);
  Use.Problem = Others.Problem;
  Use.SharedHeaders = Others.Shared;
  Use.HeaderGroups = Others.Sharing.size();
  return Complete;
}

} // namespace threadhop::driver
