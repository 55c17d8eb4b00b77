//===--- WaiterFlow.h - where a waiter goes in a function ----- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows a waiter (a handle, a waker, a completion handler) from the parameter
// it comes in by: through local variables, conversions, address(), wrappers and
// closures; and tells for a place that it is stored in which object that is a
// part of.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_WAITERFLOW_H
#define THREADHOP_ANALYSIS_WAITERFLOW_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace clang {
class CXXRecordDecl;
class Expr;
class FieldDecl;
class FunctionDecl;
class LambdaExpr;
class ParmVarDecl;
class QualType;
class Stmt;
class ValueDecl;
} // namespace clang

namespace threadhop {

/// What holds the waiter inside one function.
class WaiterCarriers {
public:
  WaiterCarriers() = default;
  /// \p Params are the parameters it comes in by. In an await_suspend that
  /// keeps it in the awaiter, a pointer to the awaiter is as good.
  WaiterCarriers(const clang::FunctionDecl *Function,
                 llvm::ArrayRef<const clang::ValueDecl *> Params);

  /// Whether the value of \p E is, or holds, the waiter.
  bool carries(const clang::Expr *E) const { return carries(E, 12); }
  /// Whether the variable or member of the awaiter holds it.
  bool holds(const clang::ValueDecl *D) const { return Set.contains(D); }
  /// What holds it inside the lambda, if it captures it.
  llvm::SmallVector<const clang::ValueDecl *, 4>
  inside(const clang::LambdaExpr *Lambda) const;
  /// The awaiter itself holds it.
  bool inAwaiter() const { return ThisCarries; }

private:
  bool carries(const clang::Expr *E, unsigned Depth) const;

  llvm::SmallPtrSet<const clang::ValueDecl *, 8> Set;
  bool ThisCarries = false;
};

/// A function on the way of the waiter, and the call that it was given by.
struct WaiterFrame {
  const clang::FunctionDecl *Function = nullptr;
  const WaiterFrame *Caller = nullptr;
  /// The call in the caller; null for the lambda's own body.
  const clang::Expr *Call = nullptr;
  WaiterCarriers Carriers;
};

/// A member that something is stored in, and the way to the object it is in.
struct SlotPlace {
  enum RootKind { This, Variable, Promise };
  RootKind Root = This;
  /// The variable or parameter of the outermost frame; null for *this.
  const clang::ValueDecl *RootDecl = nullptr;
  /// The members from the root to the slot.
  llvm::SmallVector<const clang::FieldDecl *, 4> Fields;
  /// The member that the content is in, or the variable, if it is no local one.
  /// Null for other places.
  const clang::ValueDecl *Slot = nullptr;
  /// The class of the object that the slot is in: behind the last pointer or
  /// reference, or of the root. Null if the slot is a variable.
  const clang::CXXRecordDecl *Owner = nullptr;
  /// The way goes through a pointer or reference.
  bool Indirect = false;
  /// One of several owners of the object: a shared_ptr and the like.
  bool Shared = false;
  /// The only owner: a unique_ptr.
  bool Unique = false;
  /// It is an element of a container or array.
  bool Element = false;
};

/// The place that \p E names, seen from the outermost of the frames.
std::optional<SlotPlace> placeOf(const clang::Expr *E,
                                 const WaiterFrame &Frame);

/// The class of the object, or of what the pointer, reference or smart pointer
/// leads to.
const clang::CXXRecordDecl *objectClass(clang::QualType Type);

/// True if one of the classes is the other or derived from it.
bool areRelated(const clang::CXXRecordDecl *A, const clang::CXXRecordDecl *B);

/// How an expression stores the waiter.
struct WaiterStore {
  enum StoreKind {
    None,
    Assign,          ///< The previous content is gone.
    Exchange,        ///< It is returned and looked at.
    CompareExchange, ///< Only if the previous content is as expected.
    Push,            ///< Into a container.
  };
  StoreKind Kind = None;
  const clang::Expr *Target = nullptr;
};

class FunctionPaths;

/// Whether the node stores the waiter, and where.
WaiterStore storeOf(const clang::Stmt *S, const WaiterCarriers &Carriers,
                    const FunctionPaths &Paths);

} // namespace threadhop

#endif
