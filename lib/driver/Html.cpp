//===--- Html.cpp - results as one HTML page ------------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/Html.h"
#include "driver/Diagram.h"
#include "driver/FailureSummary.h"
#include "driver/HtmlAssets.h"
#include "driver/HtmlProse.h"
#include "driver/HtmlSource.h"
#include "driver/HtmlText.h"
#include "driver/Messages.h"
#include "driver/Sarif.h"
#include "findings/Rules.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <set>

using namespace llvm;

namespace threadhop::driver {

// With more findings than this, what is inside of each is text to the browser
// until somebody opens it.
static constexpr size_t MostAtOnce = 300;
static constexpr size_t PartSize = 100;

namespace {

/// Writes the page from top to bottom.
class HtmlWriter {
public:
  HtmlWriter(const Report &R, StringRef Root, SourceCache &Sources);

  std::string page();

private:
  void head();
  void facts();
  void failures();
  void compilerErrors();
  void summary();
  void filter();
  void group(StringRef Check, ArrayRef<const Result *> Found);
  void others(StringRef Title, StringRef About, ArrayRef<const Result *> Found);
  void findings(ArrayRef<const Result *> Found);
  void finding(const Result &F);
  void body(const Result &F, StringRef Id);
  void steps(const Result &F);
  void footer();

  std::string where(const Place &At) const;
  std::string idOf(const Result &F);
  size_t checkIndex(StringRef Check) { return Checks[Check.str()]; }
  size_t fileIndex(StringRef File) { return Files[File.str()]; }

  const Report &R;
  StringRef Root;
  SourceCache &Sources;
  std::vector<const Result *> Shown, Hidden, Known, Errors;
  /// By name: the numbers that the markup uses, and how many are shown.
  std::map<std::string, size_t> Checks, Files;
  std::map<std::string, unsigned> ByCheck, ByFile;
  std::set<std::string> Ids;
  size_t Order = 0;
  bool Lazy = false;
  std::string Out;
  raw_string_ostream OS{Out};
};

} // namespace

static std::string hashOf(StringRef Text) {
  auto Hash = SHA256::hash(arrayRefFromStringRef(Text));
  return "'sha256-" + encodeBase64(Hash) + "'";
}

HtmlWriter::HtmlWriter(const Report &R, StringRef Root, SourceCache &Sources)
    : R(R), Root(Root), Sources(Sources) {
  for (const Result &F : R.Results) {
    if (F.isCompilerError()) {
      Errors.push_back(&F);
      continue;
    }
    (F.counts() ? Shown : F.HiddenBy ? Hidden : Known).push_back(&F);
    // All of them have a number, those that count a place in the summary.
    Checks[F.Check];
    Files[F.At.File];
    if (F.counts()) {
      ++ByCheck[F.Check];
      ++ByFile[F.At.File];
    }
  }
  size_t Next = 0;
  for (auto &[Name, Number] : Checks)
    Number = Next++;
  Next = 0;
  for (auto &[Name, Number] : Files)
    Number = Next++;
  Lazy = Shown.size() + Hidden.size() + Known.size() > MostAtOnce;
}

std::string HtmlWriter::where(const Place &At) const {
  if (!At.isValid())
    return "the command line";
  return (relativeTo(Root, At.File) + ":" + Twine(At.Line) + ":" +
          Twine(At.Column))
      .str();
}

// A name for links that stays as long as the finding does.
std::string HtmlWriter::idOf(const Result &F) {
  std::string Id = "f-";
  for (char C : F.Fingerprint)
    Id += isAlnum(C) ? C : '-';
  std::string Base = Id;
  for (unsigned N = 2; !Ids.insert(Id).second; ++N)
    Id = Base + "-" + std::to_string(N);
  return Id;
}

void HtmlWriter::head() {
  std::string Project = sys::path::filename(Root.rtrim('/')).str();
  std::string Title = (R.findings() ? counted(R.findings(), "finding")
                                    : std::string("No findings")) +
                      (Project.empty() ? "" : " in " + Project) +
                      " \xC2\xB7 threadhop";
  OS << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
        "charset=\"utf-8\">\n"
     << "<meta http-equiv=\"Content-Security-Policy\" content=\""
     << "default-src 'none'; style-src " << hashOf(ReportCss) << "; script-src "
     << hashOf(ReportJs) << "; base-uri 'none'; form-action 'none'\">\n"
     << "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
     << "<meta name=\"color-scheme\" content=\"light dark\">\n"
     << "<meta name=\"referrer\" content=\"no-referrer\">\n"
     << "<meta name=\"generator\" content=\"threadhop " THREADHOP_VERSION
        "\">\n"
     << "<title>" << htmlEscaped(Title) << "</title>\n<style>" << ReportCss
     << "</style>\n</head>\n<body>\n"
     << "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n"
     << "<header>\n<p class=\"brand\">threadhop <span>" THREADHOP_VERSION
        "</span></p>\n<h1>";
  if (R.findings() == 0)
    OS << (R.exitStatus() == 2 ? "No findings, but the run is not complete"
                               : "No findings");
  else
    OS << counted(R.findings(), "finding") << " <span>in "
       << counted(ByFile.size(), "file") << "</span>";
  OS << "</h1>\n";
  if (!Project.empty())
    OS << "<p class=\"project\">" << htmlEscaped(Project) << "</p>\n";
  facts();
  OS << "</header>\n";
}

void HtmlWriter::facts() {
  OS << "<dl class=\"facts\">";
  auto Fact = [&](uint64_t Number, StringRef What, StringRef Class = "") {
    OS << "<div" << (Class.empty() ? "" : " class=\"" + Class.str() + "\"")
       << "><dt>" << What << "</dt><dd>" << Number << "</dd></div>";
  };
  auto Some = [&](uint64_t Number, StringRef What, StringRef Class = "") {
    if (Number)
      Fact(Number, What, Class);
  };
  if (!R.Shard.empty())
    OS << "<div><dt>shard</dt><dd>" << htmlEscaped(R.Shard) << "</dd></div>";
  Fact(R.Analysed, R.Analysed == 1 ? "unit analysed" : "units analysed");
  Some(R.failedUnits(), R.failedUnits() == 1 ? "unit failed" : "units failed",
       "bad");
  Some(R.Muted, "muted by .clang-tidy files");
  Some(R.Skipped - R.Muted, "without a check that is on");
  Some(R.Unchanged, "that read no changed file");
  Some(R.OnUnchangedLines, "on unchanged lines");
  Some(R.suppressed(), "hidden by comments");
  Some(R.inBaseline(), "known from the baseline");
  Some(R.Gone, "of the baseline are gone");
  OS << "</dl>\n";
}

void HtmlWriter::failures() {
  if (R.Failures.empty() && !R.Interrupted)
    return;
  OS << "<section class=\"bad\" id=\"failures\" aria-labelledby=\"h-bad\">\n"
     << "<h2 id=\"h-bad\">This run cannot be trusted</h2>\n";
  if (R.Interrupted)
    OS << "<p>It was interrupted before all units were analysed.</p>\n";
  OS << "<ul>\n";
  for (const FailureGroup &Group : groupFailures(R.Failures)) {
    const UnitFailure &F = Group.first();
    bool Several = Group.Members.size() > 1;
    OS << "<li>";
    if (!F.File.empty() && !Several)
      OS << "<code>" << htmlEscaped(relativeTo(Root, F.File)) << "</code> "
         << F.lead();
    OS << htmlEscaped(Several ? Group.sentence(/*MostNames=*/0) : F.Text)
       << ".";
    if (Several) {
      OS << "<details><summary>Which</summary><ul>\n";
      for (const UnitFailure *Of : Group.Members)
        OS << "<li><code>" << htmlEscaped(relativeTo(Root, Of->File))
           << "</code></li>\n";
      OS << "</ul></details>";
    }
    if (!F.Details.empty()) {
      OS << "<pre>";
      for (StringRef Line : split(StringRef(F.Details).rtrim('\n'), '\n'))
        OS << htmlEscaped(Line) << '\n';
      OS << "</pre>";
    }
    if (F.isReproducible())
      OS << "<p>To see it again: <code>" << htmlEscaped(F.Command)
         << "</code></p>";
    OS << "</li>\n";
  }
  OS << "</ul>\n";
  compilerErrors();
  OS << "</section>\n";
}

void HtmlWriter::compilerErrors() {
  if (Errors.empty())
    return;
  OS << "<h3>What the compiler says</h3>\n<ul class=\"errors\">\n";
  std::set<StringRef> Said;
  for (const Result *E : Errors) {
    StringRef Reason = commonReason(*E);
    if (!Reason.empty() && !Said.insert(Reason).second)
      continue;
    OS << "<li><p><code>" << htmlEscaped(where(E->At)) << "</code> "
       << htmlEscaped(E->Message) << "</p>" << excerptsOf(*E, Root, Sources)
       << "</li>\n";
  }
  OS << "</ul>\n";
}

void HtmlWriter::summary() {
  if (Shown.empty())
    return;
  unsigned Most = 1;
  for (const auto &[Name, Count] : ByCheck)
    Most = std::max(Most, Count);
  for (const auto &[Name, Count] : ByFile)
    Most = std::max(Most, Count);
  auto Row = [&](char Kind, size_t Number, StringRef Name, StringRef Title,
                 StringRef Link, unsigned Count) {
    OS << "<tr><th scope=\"row\"><a data-" << Kind << "=\"" << Number
       << "\" href=\"" << Link << "\" title=\"" << htmlEscaped(Title) << "\">"
       << htmlEscaped(Name) << "</a></th><td class=\"bar\"><meter max=\""
       << Most << "\" value=\"" << Count
       << "\" aria-hidden=\"true\"></meter></td><td>" << Count
       << "</td></tr>\n";
  };
  OS << "<section class=\"sum\" aria-label=\"Summary\">\n"
     << "<table><caption>By check</caption><tbody>\n";
  for (const auto &[Name, Count] : ByCheck) {
    const Rule *Known = findRule(Name);
    Row('c', Checks[Name], Name, Known ? sentence(Known->Summary) : Name,
        "#c" + std::to_string(Checks[Name]), Count);
  }
  OS << "</tbody></table>\n"
     << "<div class=\"files\"><table><caption>By file</caption><tbody>\n";
  for (const auto &[Name, Count] : ByFile) {
    StringRef Short = relativeTo(Root, Name);
    Row('p', Files[Name], Name.empty() ? "the command line" : Short,
        Name.empty() ? "the command line" : Short, "#findings", Count);
  }
  OS << "</tbody></table></div>\n</section>\n";
}

void HtmlWriter::filter() {
  if (Shown.empty() && Hidden.empty() && Known.empty())
    return;
  OS << "<form class=\"filter\" role=\"search\" hidden>\n"
     << "<label><span>Filter</span> <input type=\"search\" id=\"q\" "
        "autocomplete=\"off\" spellcheck=\"false\" placeholder=\"words in the "
        "message, file, check or function\"><kbd>/</kbd></label>\n"
     << "<label><span>Check</span> <select id=\"c\"><option value=\"\">all "
        "checks</option>";
  for (const auto &[Name, Number] : Checks)
    OS << "<option value=\"" << Number << "\">" << htmlEscaped(Name)
       << "</option>";
  OS << "</select></label>\n<label><span>File</span> <select id=\"p\"><option "
        "value=\"\">all files</option>";
  for (const auto &[Name, Number] : Files)
    OS << "<option value=\"" << Number << "\">"
       << (Name.empty() ? "the command line"
                        : htmlEscaped(relativeTo(Root, Name)))
       << "</option>";
  OS << "</select></label>\n<label><span>Group by</span> <select "
        "id=\"g\"><option value=\"c\">check</option><option "
        "value=\"p\">file</option></select></label>\n"
     << "<p class=\"tools\"><button type=\"button\" "
        "id=\"open\">Expand all</button> <button type=\"button\" "
        "id=\"close\">Collapse all</button> <button type=\"button\" "
        "id=\"help\" aria-haspopup=\"dialog\">Keys <kbd>?</kbd></button> "
        "<output id=\"n\" aria-live=\"polite\"></output></p>\n</form>\n";
}

// Where clang-tidy tells of its own checks.
static std::string pageOf(StringRef Check) {
  if (const Rule *Known = findRule(Check))
    return Known->url();
  auto [Module, Name] = Check.split('-');
  if (Module == "clang" || Module == "threadhop" || Name.empty() ||
      !all_of(Check, [](char C) { return isAlnum(C) || C == '-' || C == '.'; }))
    return "";
  return clangTidyPage(Check);
}

void HtmlWriter::group(StringRef Check, ArrayRef<const Result *> Found) {
  size_t Number = checkIndex(Check);
  const Rule *Known = findRule(Check);
  OS << "<section class=\"g\" id=\"c" << Number << "\" data-c=\"" << Number
     << "\" aria-labelledby=\"hc" << Number << "\">\n<h2 id=\"hc" << Number
     << "\"><span class=\"k\">" << htmlEscaped(Check)
     << "</span> <span class=\"num\">" << Found.size() << "</span></h2>\n"
     << "<div class=\"about\">";
  std::string Url = pageOf(Check);
  std::string Link = Url.empty() ? ""
                                 : " <a href=\"" + htmlEscaped(Url) +
                                       "\" target=\"_blank\" rel=\"noopener "
                                       "noreferrer\">Documentation</a>";
  if (Known) {
    OS << "<p>" << htmlEscaped(sentence(Known->Summary)) << Link << "</p>";
    std::string What = proseOf(Known->Help, "What it finds");
    std::string Why = proseOf(Known->Help, "Why it matters");
    std::string Instead = proseOf(Known->Help, "Use instead");
    if (!What.empty() || !Why.empty()) {
      OS << "<details class=\"why\"><summary>Why it matters, and what to do"
         << "</summary>" << What << Why;
      if (!Instead.empty())
        OS << "<h3>Use instead</h3>" << Instead;
      OS << "</details>";
    }
  } else if (!Link.empty()) {
    OS << "<p>A check of clang-tidy." << Link << "</p>";
  }
  OS << "</div>\n";
  findings(Found);
  OS << "</section>\n";
}

void HtmlWriter::others(StringRef Title, StringRef About,
                        ArrayRef<const Result *> Found) {
  if (Found.empty())
    return;
  OS << "<section class=\"others\">\n<details><summary><h2>" << Title
     << " <span class=\"num\">" << Found.size() << "</span></h2></summary>\n<p>"
     << About << "</p>\n";
  findings(Found);
  OS << "</details>\n</section>\n";
}

// Many are put into parts, which a browser lays out when they are scrolled to.
void HtmlWriter::findings(ArrayRef<const Result *> Found) {
  for (size_t I = 0; I < Found.size(); ++I) {
    if (Lazy && I % PartSize == 0)
      OS << (I ? "</div>\n" : "") << "<div class=\"part\">\n";
    finding(*Found[I]);
  }
  if (Lazy && !Found.empty())
    OS << "</div>\n";
}

void HtmlWriter::finding(const Result &F) {
  std::string Id = idOf(F);
  OS << "<details class=\"f" << (F.Level == "error" ? " e" : "") << "\" id=\""
     << Id << "\" data-c=\"" << checkIndex(F.Check) << "\" data-p=\""
     << fileIndex(F.At.File) << "\" data-i=\"" << Order++
     << "\"><summary><span class=\"m\">" << htmlEscaped(sentence(F.Message))
     << "</span> <span class=\"at\"><code>" << htmlEscaped(where(F.At))
     << "</code>";
  if (!F.Function.empty())
    OS << " <span class=\"fn\">in "
       << htmlEscaped(shortFunctionName(F.Function, 60)) << "</span>";
  OS << " <span class=\"k\">" << htmlEscaped(F.Check) << "</span></span>"
     << "</summary>";
  OS << (Lazy ? "<noscript>" : "") << "<div class=\"body\">";
  body(F, Id);
  OS << "</div>" << (Lazy ? "</noscript>" : "") << "</details>\n";
}

void HtmlWriter::body(const Result &F, StringRef Id) {
  if (F.HiddenBy) {
    OS << "<p class=\"why-hidden\">Hidden by the comment at <code>"
       << htmlEscaped(where(F.HiddenBy->At)) << "</code>";
    if (!F.HiddenBy->Reason.empty())
      OS << ": " << htmlEscaped(F.HiddenBy->Reason);
    OS << "</p>";
  }
  Diagram D = diagramOf(F);
  bool Both = !D.empty() && !F.Steps.empty();
  if (Both)
    OS << "<div class=\"two\">";
  if (!F.Steps.empty())
    steps(F);
  if (!D.empty())
    OS << "<figure class=\"pic\">" << svgOf(D, "p" + std::to_string(Order))
       << "</figure>";
  if (Both)
    OS << "</div>";
  OS << excerptsOf(F, Root, Sources)
     << fixOf(F.Fixes, "Suggested change", Root, Sources);
  for (const ResultStep &S : F.Steps)
    OS << fixOf(S.Fixes, "Suggested change: " + S.Message, Root, Sources);
  OS << "<p class=\"foot\"><a class=\"self\" href=\"#" << Id
     << "\">Link to this finding</a>";
  if (std::string Url = pageOf(F.Check); !Url.empty())
    OS << " <a href=\"" << htmlEscaped(Url)
       << "\" target=\"_blank\" rel=\"noopener noreferrer\">About "
       << htmlEscaped(F.Check) << "</a>";
  OS << "</p>";
}

void HtmlWriter::steps(const Result &F) {
  OS << "<ol class=\"steps\">";
  // The finding's own place is where it stands among them.
  for (const ResultStep &S : F.Steps) {
    OS << "<li class=\"k-" << htmlEscaped(S.Kind) << "\">"
       << htmlEscaped(sentence(S.Message));
    if (!S.Lane.empty())
      OS << " <span class=\"lane\">" << htmlEscaped(S.Lane) << "</span>";
    if (S.At.isValid())
      OS << " <code>" << htmlEscaped(where(S.At)) << "</code>";
    OS << "</li>";
  }
  OS << "</ol>";
}

void HtmlWriter::footer() {
  OS << "<footer>\n<details id=\"legend\"><summary>How to read the "
        "pictures</summary>\n"
        "<p>Time goes from top to bottom; each lane is a thread or a "
        "coroutine, as far as the code tells. A line that is dashed waits. An "
        "arrow goes from a suspension or a hand-over to whoever goes on. The "
        "numbers are those of the steps and of the marks in the source; "
        "<b class=\"o\">!</b> is the finding's own place. A sign with a "
        "dashed edge stands for what follows, though no line of the source "
        "says it.</p>\n<ul class=\"legend\">";
  static const std::pair<StringRef, StringRef> Kinds[] = {
      {"create", "comes to be"},
      {"suspend", "may be suspended"},
      {"hand-over", "is handed over"},
      {"use", "is used"},
      {"destroy", "ends"},
      {"explain", "what else is to know"},
  };
  for (auto [Kind, Text] : Kinds)
    OS << "<li><svg class=\"dia\" width=\"22\" height=\"22\" "
          "aria-hidden=\"true\"><g class=\"ev k-"
       << Kind << "\">" << iconOf(Kind, 11, 11) << "</g></svg> " << Text
       << "</li>";
  OS << "</ul></details>\n<p>Made by threadhop " THREADHOP_VERSION
        ". This page is one file and loads nothing.</p>\n</footer>\n"
        "<dialog id=\"keys\" aria-labelledby=\"h-keys\"><h2 "
        "id=\"h-keys\">Keys</h2><dl>"
        "<dt><kbd>/</kbd></dt><dd>filter by text</dd>"
        "<dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next, previous finding</dd>"
        "<dt><kbd>Enter</kbd> or <kbd>o</kbd></dt><dd>open or close it</dd>"
        "<dt><kbd>e</kbd> <kbd>c</kbd></dt><dd>expand, collapse all that are "
        "shown</dd>"
        "<dt><kbd>g</kbd></dt><dd>group by check or by file</dd>"
        "<dt><kbd>Esc</kbd></dt><dd>leave the filter; again: clear it</dd>"
        "<dt><kbd>?</kbd></dt><dd>this list</dd></dl>"
        "<form method=\"dialog\"><button>Close</button></form></dialog>\n";
}

std::string HtmlWriter::page() {
  head();
  failures();
  summary();
  filter();
  OS << "<main id=\"findings\" tabindex=\"-1\">\n";
  if (Shown.empty())
    OS << "<p class=\"none\">"
       << (R.exitStatus() == 2 ? "What could be analysed gave no finding."
                               : "Nothing was found in what was analysed.")
       << "</p>\n";
  OS << "<div id=\"groups\">\n";
  std::map<std::string, std::vector<const Result *>> Groups;
  for (const Result *F : Shown)
    Groups[F->Check].push_back(F);
  for (const auto &[Check, Found] : Groups)
    group(Check, Found);
  OS << "</div>\n<p class=\"none\" id=\"nothing\" hidden>No finding fits the "
        "filter.</p>\n";
  others("Known from the baseline",
         "An earlier run had these already; they do not count.", Known);
  others("Hidden by comments",
         "A <code>NOLINT</code> comment hides these; they do not count.",
         Hidden);
  OS << "</main>\n";
  footer();
  OS << "<script>" << ReportJs << "</script>\n</body>\n</html>\n";
  return std::move(Out);
}

std::string htmlReport(const Report &R, StringRef SourceRoot,
                       SourceCache &Sources) {
  return HtmlWriter(R, SourceRoot, Sources).page();
}

} // namespace threadhop::driver
