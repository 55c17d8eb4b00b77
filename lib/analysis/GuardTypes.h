//===--- GuardTypes.h - which types are thread-bound guards -----*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells whether an object of a type is, or contains, a guard that belongs to
// the thread that made it. In this order: the annotation thread_bound, the
// models, clang's attribute scoped_lockable, a destructor that unlocks a
// mutex, a thread_local scope inferred from bodies (ThreadLocalScope.h), and
// then what bases, members, wrappers and containers contain.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_GUARDTYPES_H
#define THREADHOP_ANALYSIS_GUARDTYPES_H

#include "analysis/ModelIndex.h"
#include "analysis/Mutexes.h"
#include "analysis/ThreadLocalScope.h"
#include "llvm/ADT/ArrayRef.h"
#include <map>
#include <memory>

namespace clang {
class FieldDecl;
} // namespace clang

namespace threadhop {

/// What a guard class is.
struct GuardInfo {
  GuardKind Kind = GuardKind::Context;
  clang::QualType Type;
  /// Why it is bound to its thread: a lower-case clause. Empty for locks, which
  /// are all alike.
  std::string Effect;
  const GuardModel *Model = nullptr;
  std::optional<ThreadLocalScope> Scope;
  /// Where the evidence stands, for a guard inferred from a destructor that
  /// unlocks.
  clang::SourceLocation UnlockLoc;
};

/// One guard in an object: itself, or a part of it.
struct GuardLeaf {
  std::shared_ptr<const GuardInfo> Info;
  /// The members that lead to it, as far as they are known exactly.
  llvm::SmallVector<const clang::FieldDecl *, 2> Fields;
  /// It lies in a wrapper or container at the end of Fields.
  bool InWrapper = false;
  /// The wrapper can be empty.
  bool WrapperMayBeEmpty = false;
  /// It lies behind a pointer, in a member that can be empty: nothing is known
  /// of it but what is seen.
  bool Hidden = false;
  /// Bases, members and wrappers on the way, as a clause for the message:
  /// "member 'scope' is 'std::optional<span_scope>'". Empty for the object.
  std::string Path;
};

/// The guards of types; memoised.
class GuardTypes {
public:
  GuardTypes(const clang::ASTContext &Context, const ModelIndex &Index,
             const Mutexes &Locks)
      : Context(Context), Index(Index), Locks(Locks) {}

  /// The guards that an object of the type is or contains; none for references
  /// and pointers, whose object is somebody else's.
  llvm::ArrayRef<GuardLeaf> guardsIn(clang::QualType Type) const;

  /// The guard that the class itself is, or null.
  std::shared_ptr<const GuardInfo>
  guardClass(const clang::CXXRecordDecl *Record) const;

  /// The guard that the result of \p Factory is because the factory opens what
  /// the class's destructor closes; else null.
  std::shared_ptr<const GuardInfo>
  guardFromFactory(const clang::FunctionDecl *Factory) const;

  const clang::ASTContext &context() const { return Context; }

private:
  void collect(clang::QualType Type, unsigned Depth,
               llvm::SmallVectorImpl<GuardLeaf> &Into) const;
  std::shared_ptr<GuardInfo>
  decideClass(const clang::CXXRecordDecl *Record) const;

  const clang::ASTContext &Context;
  const ModelIndex &Index;
  const Mutexes &Locks;
  mutable std::map<const clang::CXXRecordDecl *,
                   std::shared_ptr<const GuardInfo>>
      Classes;
  mutable std::map<const clang::Type *, std::vector<GuardLeaf>> Types;
};

/// True if an object of the guard's class always holds something: it can be
/// neither made empty nor moved from.
bool alwaysHolds(const GuardLeaf &Leaf);

/// What a wrapper type holds: the elements' types, and whether it may be
/// empty. Wrappers are the standard (and Boost's, Abseil's, folly's) optional,
/// smart pointers, tuple, variant, array and containers.
struct WrapperInfo {
  llvm::SmallVector<clang::QualType, 2> Elements;
  bool MayBeEmpty = false;
  bool IsPointer = false;
};
std::optional<WrapperInfo> wrapperOf(clang::QualType Type);

} // namespace threadhop

#endif
