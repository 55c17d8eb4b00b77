//===--- Worker.cpp - the process that analyses units ---------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Worker.h"
#include "driver/Analysis.h"
#include "driver/Config.h"
#include "driver/Messages.h"
#include "driver/Protocol.h"
#include "driver/ResultCache.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/TargetSelect.h"
#include <csignal>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace threadhop::driver {

static void limitMemory(unsigned Megabytes) {
  if (Megabytes == 0)
    return;
  rlimit Limit;
  Limit.rlim_cur = Limit.rlim_max = rlim_t(Megabytes) << 20;
  ::setrlimit(RLIMIT_AS, &Limit);
}

// Keeps what another run need not find out again.
static void keep(const Unit &What, InputRecorder &Inputs, UnitReport &Report,
                 ResultCache &Cache) {
  if (!Report.isWorthKeeping())
    return;
  if (auto Answers = Inputs.finish())
    if (llvm::Error Wrong = Cache.store(What, *Answers, Report))
      Report.CacheProblem =
          "cannot keep the report of '" + What.File +
          "' in the cache: " + llvm::toString(std::move(Wrong));
}

int workerMain() {
  // What a library prints must not come between the answers.
  int Answers = ::dup(STDOUT_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  // Ctrl-C reaches every process of the terminal; the driver ends its workers
  // itself, so that they do not look as if they had crashed.
  ::signal(SIGINT, SIG_IGN);
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  // A crash that leaves a core file for each bad unit fills the disk.
  rlimit NoCore = {0, 0};
  ::setrlimit(RLIMIT_CORE, &NoCore);
  llvm::setBugReportMsg("");

  auto Session = receiveMessage(STDIN_FILENO);
  if (!Session)
    return 0;
  auto Opts = Session->get<AnalysisOptions>();
  limitMemory(Opts.MemoryLimit);
  if (llvm::Error Wrong = loadPlugins(Opts)) {
    error(llvm::toString(std::move(Wrong)));
    return 1;
  }
  // Inline assembly is parsed for its target.
  llvm::InitializeAllTargetInfos();
  llvm::InitializeAllTargetMCs();
  llvm::InitializeAllAsmParsers();

  WantedBodies Wanted(Opts.HeaderFolder.empty() ? Opts.CacheFolder
                                                : Opts.HeaderFolder);
  SharedHeaders Headers(Opts.HeaderFolder);
  std::optional<ResultCache> Cache;
  if (!Opts.CacheFolder.empty())
    Cache.emplace(Opts);
  while (auto Message = receiveMessage(STDIN_FILENO)) {
    auto Asked = Message->get<Request>();
    const Unit &What = Asked.What;
    llvm::PrettyStackTraceString Where(What.File.c_str());
    if (Asked.Make) {
      MakeAnswer Made{makeHeaders(What, Asked.Includes, Opts, Wanted, Headers)};
      if (!sendMessage(Answers, Made))
        return 0;
      continue;
    }
    auto Inputs = llvm::makeIntrusiveRefCnt<InputRecorder>(
        llvm::vfs::getRealFileSystem());
    UnitReport Report =
        analyse(What, Asked.Includes, Opts, *Inputs, Wanted, Headers);
    if (Cache)
      keep(What, *Inputs, Report, *Cache);
    if (!sendMessage(Answers, Report))
      return 0;
  }
  return 0;
}

} // namespace threadhop::driver
