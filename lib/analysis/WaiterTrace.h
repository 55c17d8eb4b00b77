//===--- WaiterTrace.h - which object a waiter waits on ------- -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes the places where something waits, one after the other; follows the
// object that each waits on to the function that has it, and the waiter to the
// function that starts it; tells whether two waiters of one object can be seen.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_WAITERTRACE_H
#define THREADHOP_ANALYSIS_WAITERTRACE_H

#include "analysis/WaiterUnit.h"
#include <functional>

namespace clang {
class CallExpr;
class CXXRecordDecl;
class VarDecl;
} // namespace clang

namespace threadhop {

/// Where a waiter comes from.
struct WaiterNote {
  clang::SourceLocation Loc;
  std::string Message;  ///< A lower-case clause without a period.
  bool Waits = false;   ///< It is the wait itself, not what leads to it.
  bool IsOther = false; ///< Of the second waiter.
};

/// What the unit shows of the waiters of a slot.
struct WaiterEvidence {
  /// Two waiters of one object, and where they come from.
  bool Two = false;
  /// One function starts both, in a loop or one after the other, or starts one
  /// and then waits itself.
  bool StartedTogether = false;
  /// Where the later of the two waits.
  const clang::FunctionDecl *In = nullptr;
  const clang::Expr *Second = nullptr;
  std::vector<WaiterNote> Notes;
  /// Some place awaits the object or registers with it.
  bool AnySite = false;
  /// Some object comes from, or some waiter is started by, code that is not
  /// to be seen.
  bool Open = false;
};

class WaiterTrace {
public:
  /// The objects are awaited if \p Awaits, else registered with. \p Wakes tells
  /// the calls that wake who waits on any of them.
  WaiterTrace(WaiterUnit &Unit, bool Awaits,
              std::function<bool(const clang::CallExpr *)> Wakes)
      : Unit(Unit), Awaits(Awaits), Wakes(std::move(Wakes)) {}

  /// \p In waits at \p Site on the object that \p Object names; null: on one
  /// that is not to be seen.
  void wait(const clang::FunctionDecl *In, const clang::Expr *Object,
            const clang::Expr *Site);
  /// The same, on the one variable.
  void waitOnVariable(const clang::FunctionDecl *In,
                      const clang::ValueDecl *Variable,
                      const clang::Expr *Site);
  /// \p Which registers at \p Site with what it was given as \p Given, for
  /// itself.
  void registerFor(const void *Which, const clang::FunctionDecl *In,
                   const clang::Expr *Given, const clang::Expr *Site);

  /// What \p Made, a construction or list, gives to the member; null if that is
  /// not to be seen.
  static const clang::Expr *initialiserOf(const clang::Expr *Made,
                                          const clang::FieldDecl *Field);

  /// What is to be seen of the waiters of all objects together: the first two
  /// of one object, if there are any.
  WaiterEvidence finish();
  /// The first two waiters of each object that has two; of those that wait at
  /// the same place only one pair.
  std::vector<WaiterEvidence> finishEach();

private:
  struct Start {
    const clang::Expr *Site;            ///< Where it waits.
    const clang::FunctionDecl *In;      ///< The function that waits.
    const void *Activation;             ///< One waiter for each.
    const clang::FunctionDecl *Starter; ///< Where Begin is; null if it is Site.
    const clang::Expr *Begin; ///< The call that starts it, or the object's.
    bool Repeated;            ///< Begin is in a loop.
    /// Where an object is made that registers for itself.
    const clang::FunctionDecl *Object = nullptr;
  };
  using Key =
      std::pair<const clang::Decl *, llvm::SmallVector<const clang::Decl *, 2>>;
  using FieldList = llvm::ArrayRef<const clang::FieldDecl *>;

  /// \p By starts the waiter, or makes the object that registers.
  static void beginAt(Start &S, const WaiterUnit::Place &By, bool Repeated);
  bool isSequential(const WaiterUnit::Place &Call,
                    const clang::FunctionDecl *Callee);
  static bool isAwaited(const clang::VarDecl *Var,
                        const clang::FunctionDecl *In);
  void record(const clang::Decl *Root, FieldList Fields, Start S);
  void starts(const clang::FunctionDecl *In, const clang::Decl *Root,
              FieldList Fields, Start S, unsigned Depth);
  void trace(const clang::FunctionDecl *In, const clang::Expr *E, Start S,
             unsigned Depth);
  void parameter(const clang::FunctionDecl *In, const clang::ParmVarDecl *Param,
                 FieldList Fields, Start S, unsigned Depth);
  static bool isFixed(const clang::Expr *E);
  void captured(const clang::FunctionDecl *In, const clang::VarDecl *Var,
                FieldList Fields, Start S, unsigned Depth);
  void outer(const clang::FunctionDecl *In, const clang::VarDecl *Var,
             FieldList Fields, Start S, unsigned Depth);
  void objectsOfCallers(const clang::CXXMethodDecl *Method, Start S,
                        unsigned Depth);
  void objectsGiven(const clang::CXXRecordDecl *Holder,
                    const clang::FieldDecl *Field, Start S, unsigned Depth);
  bool isTemporary(const WaiterUnit::Place &Made);
  bool wakes(const clang::Stmt *S) const;
  bool wakesInLoop(const clang::FunctionDecl *In, const clang::Expr *E) const;
  bool wokenBetween(const clang::FunctionDecl *In, const clang::Expr *A,
                    const clang::Expr *B) const;
  bool areTwo(const Start &A, const Start &B);
  bool startsAndWaits(const Start &Started, const Start &Waits) const;
  bool together(const Start &A, const Start &B) const;
  bool reportRepeated(llvm::ArrayRef<Start> Starts, WaiterEvidence &Into) const;
  bool reportPair(llvm::ArrayRef<Start> Starts, bool Together,
                  WaiterEvidence &Into);
  bool isBefore(const clang::Expr *A, const clang::Expr *B) const;

  WaiterUnit &Unit;
  const bool Awaits;
  std::function<bool(const clang::CallExpr *)> Wakes;
  WaiterEvidence Result;
  std::vector<std::pair<Key, std::vector<Start>>> Objects;
};

} // namespace threadhop

#endif
