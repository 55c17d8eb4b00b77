//===--- ModelIndex.h - the models' names in one unit -----------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Resolves the names of the model rows to declarations, once for a translation
// unit; afterwards every question is a hash look-up.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_MODELINDEX_H
#define THREADHOP_ANALYSIS_MODELINDEX_H

#include "models/Model.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace clang {
class ASTContext;
class CXXRecordDecl;
class Decl;
class Expr;
class FunctionDecl;
class NamedDecl;
} // namespace clang

namespace threadhop {

/// Rows found by a type's name.
template <typename Row> class TypeTable {
public:
  void add(llvm::StringRef Name, const Row *R,
           const clang::ASTContext &Context);

  /// The row of the class, or of one of its bases where \p Bases.
  const Row *find(const clang::CXXRecordDecl *Record, bool Bases) const;
  /// The row of the type: of a typedef it is written with, else of its class.
  const Row *find(clang::QualType Type, bool Bases) const;
  bool empty() const { return Rows.empty(); }

private:
  llvm::DenseMap<const clang::Decl *, const Row *> Rows;
};

/// Rows found by a function's name: free functions, function objects, and
/// methods by the type of the object they are called on (or a base of it).
template <typename Row> class FunctionTable {
public:
  void add(llvm::StringRef Name, const Row *R,
           const clang::ASTContext &Context);

  using Found = llvm::SmallVector<const Row *, 2>;

  /// The row of what the expression calls (a call, or an operand that is a
  /// call after parentheses, casts and temporaries), or null. Of several rows
  /// it is the last: a later file overrides.
  const Row *find(const clang::Expr *Call) const {
    Found Rows = findAll(Call);
    return Rows.empty() ? nullptr : Rows.back();
  }
  /// All rows of it, in the order of the files: one function can open or close
  /// scopes of several kinds.
  Found findAll(const clang::Expr *Call) const;
  /// All rows of the function itself, or of what it overrides.
  Found findAll(const clang::FunctionDecl *Function) const;
  bool empty() const { return Free.empty() && Methods.empty(); }

private:
  using ClassRow = std::pair<const clang::Decl *, const Row *>;
  /// The rows of the class, or of its nearest base that has any.
  static Found nearest(llvm::ArrayRef<ClassRow> Rows,
                       const clang::CXXRecordDecl *Record, bool Bases);

  llvm::DenseMap<const clang::Decl *, Found> Free;
  llvm::StringMap<llvm::SmallVector<ClassRow, 1>> Methods;
};

/// The rows of confined types.
class ConfinedTable {
public:
  void add(const ConfinedTypeModel *R, const clang::ASTContext &Context);

  /// The row of an object of the type, or of one of its bases; of a pointer or
  /// reference, that of what it points to, if a pointer is enough of a handle.
  /// Safe rows are found too; they speak of the class itself, not of what
  /// derives from it.
  const ConfinedTypeModel *find(clang::QualType Type) const;
  /// The row that makes a pointer to the type a handle: also for what a smart
  /// pointer points to.
  const ConfinedTypeModel *findPointee(clang::QualType Pointee) const {
    return Pointee.isNull() ? nullptr : ofType(Pointees, Pointee);
  }
  bool empty() const { return Objects.empty() && Pointees.empty(); }

private:
  using Map = llvm::DenseMap<const clang::Decl *,
                             llvm::SmallVector<const ConfinedTypeModel *, 1>>;
  const ConfinedTypeModel *ofRecord(const Map &Rows,
                                    const clang::CXXRecordDecl *Record,
                                    bool IsBase) const;
  const ConfinedTypeModel *ofType(const Map &Rows, clang::QualType Type) const;
  bool holds(const ConfinedTypeModel *R,
             const clang::CXXRecordDecl *Record) const;
  bool isSafe(const clang::CXXRecordDecl *Record) const;

  Map Objects;
  Map Pointees; ///< By the class that a handle points to.
  /// What the argument that a row wants is in this unit.
  llvm::DenseMap<const ConfinedTypeModel *,
                 llvm::SmallVector<const clang::NamedDecl *, 2>>
      Wanted;
};

/// The verdict that the row gives for the class it was found for, and why.
std::pair<ErrorVerdict, llvm::StringRef>
verdictOf(const ErrorTypeModel &Row, const clang::CXXRecordDecl *Error);

/// The models of a translation unit.
class ModelIndex {
public:
  /// Both must outlive the index; \p Context must be parsed to its end.
  ModelIndex(const Models &Rows, const clang::ASTContext &Context);

  TypeTable<GuardModel> Guards;
  TypeTable<MutexModel> Mutexes;
  TypeTable<AwaitableModel> AwaitableTypes;
  TypeTable<ExecutorModel> Executors;
  FunctionTable<ExecutorModel> ExecutorFunctions;
  TypeTable<CoroutineModel> Coroutines;
  ConfinedTable ConfinedTypes;
  TypeTable<ErrorTypeModel> ErrorTypes; ///< See error().
  /// A function has a row for each kind of overload; see sink().
  FunctionTable<SinkModel> Sinks;
  TypeTable<SinkModel> SinkCoroutines;
  TypeTable<SuspendingArgumentModel> SuspendingArguments;
  FunctionTable<AwaitableModel> AwaitableFunctions;
  FunctionTable<SuspendingCallModel> SuspendingCalls;
  /// A pair has the same row in both tables.
  FunctionTable<PairedCallsModel> PairBegins;
  FunctionTable<PairedCallsModel> PairEnds;
  TypeTable<WaiterSlotModel> WaiterSlots;
  FunctionTable<WaiterSlotModel> WaiterSlotLenders;
  TypeTable<WaiterSlotModel> WaiterSlotBinders;
  const Models &Rows;

  /// The row of the sink that the call or construction is, or null: of several
  /// rows the first whose arguments fit, those with a first type before others.
  const SinkModel *sink(const clang::Expr *Call) const;

  /// The row of the error class, else the worst of its bases' rows that are not
  /// safe: what a safe row says of a base does not hold for what derives from
  /// it.
  const ErrorTypeModel *error(const clang::CXXRecordDecl *Error) const;

private:
  bool fits(const SinkModel &Row,
            llvm::ArrayRef<const clang::Expr *> Args) const;

  /// The types that sinks ask of their first argument.
  llvm::StringMap<llvm::SmallVector<const clang::NamedDecl *, 2>> FirstTypes;
};

} // namespace threadhop

#endif
