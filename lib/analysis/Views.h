//===--- Views.h - what a value looks at ------------------------*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells for the value of an expression which storage it views: through
// pointers, references, string views, spans, reference wrappers, iterators,
// closures that capture by reference, and anything that has such a member. The
// members of a value are followed through aggregate initialisation, visible
// constructors, assignments member by member, containers, builders and
// functions that return the value.
//
// A function is looked at once; what it returns, or does to its parameters, is
// kept in terms of the parameters, and put in place at each call. Where a body
// is not visible nothing is viewed.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_VIEWS_H
#define THREADHOP_ANALYSIS_VIEWS_H

#include "analysis/Functions.h"
#include "clang/AST/Type.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>

namespace clang {
class CXXRecordDecl;
class FieldDecl;
class MemberExpr;
class Stmt;
class ValueDecl;
class VarDecl;
} // namespace clang

namespace threadhop {

/// Members, outermost first.
using MemberPath = llvm::SmallVector<const clang::FieldDecl *, 2>;

/// A place that a view can look at.
struct Storage {
  enum KindOfStorage {
    Variable,  ///< The automatic variable or by-value parameter Var.
    Temporary, ///< The temporary that Temp makes.
    Referred,  ///< The object that the parameter Var refers to.
    Viewed,    ///< What the value of the parameter Var views, at Fields.
  } Kind = Variable;
  const clang::VarDecl *Var = nullptr;
  const clang::Expr *Temp = nullptr;
  /// Referred and Viewed without Var: of *this of that function.
  const clang::FunctionDecl *Function = nullptr;
  MemberPath Fields = {};

  bool operator==(const Storage &Other) const {
    return Kind == Other.Kind && Var == Other.Var && Temp == Other.Temp &&
           Function == Other.Function && Fields == Other.Fields;
  }
};

/// A value's member (or all of it) that looks at a storage.
struct View {
  MemberPath Members;
  Storage Of;
  clang::SourceLocation Loc; ///< What bound it.
};

using Views = llvm::SmallVector<View, 2>;
using Storages = llvm::SmallVector<Storage, 2>;

class ViewAnalysis {
public:
  ViewAnalysis();
  ~ViewAnalysis();

  /// True if a value of the type can look at something else's storage.
  bool mayHoldViews(clang::QualType Type);

  /// What the value of the expression views; \p In is the function that it is
  /// written in.
  Views viewsOf(const clang::Expr *E, const clang::FunctionDecl *In);

  /// The storage that the glvalue lies in, or the temporary it makes.
  Storages storageOf(const clang::Expr *E, const clang::FunctionDecl *In);

  /// \p V, said of the parameters of what is called, as said in the caller.
  Views inCaller(const View &V, const Invocation &Call,
                 const clang::FunctionDecl *Caller);

private:
  class Body;
  struct Change;

  Views variable(const clang::VarDecl *Var, const clang::Expr *Use,
                 const clang::FunctionDecl *In);
  Views findVariable(const clang::VarDecl *Var, const clang::Expr *Use,
                     const clang::FunctionDecl *In);
  Views findViews(const clang::Expr *E, const clang::FunctionDecl *In);
  Storages findStorage(const clang::Expr *E, const clang::FunctionDecl *In);
  Views memberViews(const clang::MemberExpr *Member,
                    const clang::FieldDecl *Field,
                    const clang::FunctionDecl *In);
  Views contents(const Storage &S, const clang::FunctionDecl *In);
  Views construction(const clang::Expr *E, const clang::FunctionDecl *In);
  Views call(const clang::Expr *E, const clang::FunctionDecl *In);
  Views libraryCall(const clang::Expr *E, const Invocation &Call,
                    const clang::FunctionDecl *In);
  Views libraryObject(const clang::Expr *E, const Invocation &Call,
                      const clang::FunctionDecl *In);
  Storages callStorage(const clang::Expr *E, const clang::FunctionDecl *In);
  Views changed(const Change &C, const clang::FunctionDecl *In);
  Views initialised(const clang::FieldDecl *Field, const clang::Expr *Init,
                    const clang::FunctionDecl *In);
  /// As a view type's constructor takes it: an owner is viewed, the views of
  /// anything else are copied.
  Views taken(const clang::Expr *Arg, bool IsOwnerViewed,
              const clang::FunctionDecl *In);
  Views viewing(const clang::Expr *Object, const clang::FunctionDecl *In);

  const Views &returnedViews(const clang::FunctionDecl *Function);
  const Storages &returnedStorage(const clang::FunctionDecl *Function);
  const Views &constructedViews(const clang::FunctionDecl *Constructor);
  /// What a call leaves in *this (\p Param null) or in what a parameter refers
  /// to.
  const Views &effectOn(const clang::FunctionDecl *Function,
                        const clang::VarDecl *Param);
  const Body *bodyOf(const clang::FunctionDecl *Function);

  unsigned Depth = 0;
  llvm::DenseMap<const clang::Type *, bool> Holds;
  llvm::DenseMap<const clang::Expr *, Views> KnownViews;
  llvm::DenseMap<const clang::Expr *, Storages> KnownPlaces;
  llvm::DenseMap<std::pair<const clang::VarDecl *, const clang::Expr *>, Views>
      KnownVariables;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Body>> Bodies;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Views>> Returned;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Storages>>
      ReturnedPlaces;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Views>> Made;
  llvm::DenseMap<std::pair<const clang::FunctionDecl *, const clang::VarDecl *>,
                 std::unique_ptr<Views>>
      Effects;
};

/// True for what the standard library declares, inside std or beside it.
bool isStandard(const clang::Decl *D);

/// True for std::string, containers, arrays, optional, unique_ptr: objects that
/// own what their accessors give views of.
bool ownsContents(clang::QualType Type);

/// True for std::string_view, span, reference_wrapper, iterators and what is
/// annotated [[gsl::Pointer]].
bool isViewClass(clang::QualType Type);

} // namespace threadhop

#endif
