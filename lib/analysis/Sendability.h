//===--- Sendability.h - what may not cross threads -------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells whether an object of a type may be used on another thread than the one
// that made it: a structural answer with the path to what decides it. In this
// order: annotations, models, guards that belong to their thread, reference
// counts inferred to be plain integers, and then what bases, members,
// captures, elements and pointees are. A class with private state and a mutex
// of its own is trusted to guard it.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_SENDABILITY_H
#define THREADHOP_ANALYSIS_SENDABILITY_H

#include "analysis/GuardTypes.h"
#include "analysis/ModelIndex.h"
#include <string>
#include <vector>

namespace clang {
class FieldDecl;
} // namespace clang

namespace threadhop {

/// One step from a type towards the part that decides its verdict.
struct SendStep {
  enum Kind { Base, Member, Capture, Element, Pointee } K;
  const clang::FieldDecl *Field = nullptr; ///< Member, Capture.
  clang::QualType Type;                    ///< Of the part.
  std::string Name;                        ///< Of a member or capture.
};

struct SendVerdict {
  enum Kind {
    Safe,
    Unknown,  ///< Erased or opaque: what it holds cannot be seen.
    Confined, ///< Its domain must not be left.
  };
  Kind K = Safe;
  Confinement Domain = Confinement::Sequence;
  /// Giving the only owner away is fine; sharing is not.
  bool MoveOk = false;
  /// A copy of it is an object of its own, for whoever gets it.
  bool CopyOk = false;
  /// It is a live guard, that must end on the thread which made it.
  bool IsGuard = false;
  /// Copying or destroying it is what races: its reference count is plain.
  bool IsCount = false;
  /// The part that decides, and where something proves it in the source.
  clang::QualType Witness;
  clang::SourceLocation Loc;
  /// "its reference count is not atomic": a clause without period.
  std::string Reason;
  llvm::SmallVector<SendStep, 2> Steps;

  bool isConfined() const { return K == Confined; }
};

class Sendability {
public:
  Sendability(const clang::ASTContext &Context, const ModelIndex &Index,
              const GuardTypes &Guards)
      : Context(Context), Index(Index), Guards(Guards) {}

  /// The verdict on an object of the type; on a pointer or reference, whether
  /// it is a handle that confines as the object does. Memoised; the cost is
  /// linear in the number of distinct types.
  const SendVerdict &of(clang::QualType Type) const;

  /// As of(), but what a raw pointer or reference leads to is looked into.
  const SendVerdict &ofPointee(clang::QualType Type) const;

  /// The steps as a clause: "member 'error_' is 'parse_error'; its base class
  /// 'context' has ..."; empty where the type itself decides.
  std::string path(const SendVerdict &Verdict) const;

  /// Path and reason as one sentence: "member 'vm' is 'rc<vm>', whose
  /// reference count is not atomic".
  std::string explain(clang::QualType Type, const SendVerdict &Verdict) const;

  const clang::ASTContext &context() const { return Context; }

private:
  SendVerdict decide(clang::QualType Type, unsigned &Low) const;
  SendVerdict decideRecord(clang::QualType Type,
                           const clang::CXXRecordDecl *Record,
                           unsigned &Low) const;
  const SendVerdict &lookUp(clang::QualType Type, unsigned &Low) const;

  const clang::ASTContext &Context;
  const ModelIndex &Index;
  const GuardTypes &Guards;
  /// By the type without qualifiers, as written: typedefs carry annotations.
  mutable std::map<const clang::Type *, std::unique_ptr<SendVerdict>> Known;
  mutable std::map<const clang::Type *, unsigned> InProgress;
};

/// A class that locks for itself: it has a mutex of its own, and state that
/// only its own functions reach.
bool locksForItself(const clang::CXXRecordDecl *Record);

/// What a smart pointer class points to: the class template's operator->
/// returns a pointer to it. Null for other types.
clang::QualType smartPointee(clang::QualType Type);

/// "thread", "event loop", "isolate": how a message names the domain.
llvm::StringRef domainName(Confinement Domain);

} // namespace threadhop

#endif
