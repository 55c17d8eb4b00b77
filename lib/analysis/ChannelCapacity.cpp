//===--- ChannelCapacity.cpp - how much a channel holds -----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Channels.h"
#include "analysis/Names.h"
#include "analysis/Syntax.h"
#include "support/Compat.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace threadhop {

static constexpr unsigned MaxDepth = 8;

std::string Capacity::describe() const {
  switch (Kind) {
  case Buffering::Unknown:
    return "has an unknown capacity";
  case Buffering::Rendezvous:
    return "is a rendezvous";
  case Buffering::Unbounded:
    return "is unbounded";
  case Buffering::Buffered:
    break;
  }
  if (!Value)
    return "is buffered";
  return "holds " + std::to_string(*Value) +
         (*Value == 1 ? " message" : " messages");
}

/// How an object is made, as far as it can be seen.
struct Channels::Made {
  bool Known = false;
  llvm::ArrayRef<const Expr *> Args;
  const CXXConstructorDecl *Constructor = nullptr; ///< Null: forwarded to it.
  const ChannelFactory *Factory = nullptr;
  SourceLocation Loc;
  std::string Where; ///< "the member initializer".
};

/// A number and where it was written.
struct Channels::Number {
  std::optional<uint64_t> Value;
  SourceLocation Loc;
  std::string What; ///< "the default argument", "the constant 'depth'".
};

Channels::Made Channels::madeBy(const Expr *E, unsigned Depth) {
  Made How;
  if (!E || !Depth)
    return How;
  E = stripForwarding(E);
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
    return madeBy(Default->getExpr(), Depth - 1);
  if (const auto *New = dyn_cast<CXXNewExpr>(E)) {
    if (New->getConstructExpr())
      return madeBy(New->getConstructExpr(), Depth - 1);
    return How;
  }
  if (const auto *List = dyn_cast<InitListExpr>(E)) {
    if (List->getNumInits() == 1)
      return madeBy(List->getInit(0), Depth - 1);
    return How;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    const CXXRecordDecl *Record = Constructor->getParent();
    // A copy, or a smart pointer around it.
    if (Construct->getNumArgs() >= 1 &&
        (Constructor->isCopyOrMoveConstructor() ||
         (isInStd(Record) && classOf(recordType(Context, Record)) != Record)))
      return madeBy(Construct->getArg(0), Depth - 1);
    How.Known = true;
    How.Args = {Construct->getArgs(), Construct->getNumArgs()};
    How.Constructor = Constructor;
    How.Loc = Construct->getBeginLoc();
    return How;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return madeAs(Ref->getDecl(), Depth - 1);
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return madeAs(Member->getMemberDecl(), Depth - 1);
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return How;
  if (isStdCall(Call, "make_shared") || isStdCall(Call, "make_unique")) {
    How.Known = true;
    How.Args = {Call->getArgs(), Call->getNumArgs()};
    How.Loc = Call->getBeginLoc();
    return How;
  }
  if (const ChannelModel *Row = Factories.find(Call)) {
    for (const ChannelFactory &Factory : Row->MadeBy)
      if (llvm::StringRef(Factory.Function).ends_with(calleeName(Call)))
        How.Factory = &Factory;
    How.Known = How.Factory;
    How.Args = {Call->getArgs(), Call->getNumArgs()};
    How.Loc = Call->getBeginLoc();
    return How;
  }
  // A factory whose body has one return.
  const Stmt *Body = visibleBody(Call->getDirectCallee());
  const Expr *Result = nullptr;
  unsigned Returns = 0;
  visitEvaluated(Body, [&](const Stmt *S) {
    if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      ++Returns;
      Result = Return->getRetValue();
    }
    return true;
  });
  return Returns == 1 ? madeBy(Result, Depth - 1) : How;
}

Channels::Made Channels::madeAs(const ValueDecl *D, unsigned Depth) {
  Made How;
  if (const auto *Binding = dyn_cast_or_null<BindingDecl>(D))
    return Binding->getBinding() ? madeBy(Binding->getBinding(), Depth) : How;
  if (const auto *Var = dyn_cast_or_null<VarDecl>(D)) {
    if (isa<ParmVarDecl>(Var))
      return How;
    if (const Expr *Init = Var->getAnyInitializer())
      return madeBy(Init, Depth);
    return How;
  }
  const auto *Field = dyn_cast_or_null<FieldDecl>(D);
  if (!Field)
    return How;
  Field = Field->getCanonicalDecl();
  const auto *Record = dyn_cast<CXXRecordDecl>(Field->getParent());
  if (!Record)
    return How;
  unsigned Number = 0;
  for (const CXXConstructorDecl *Constructor : Record->ctors()) {
    if (Constructor->isImplicit() || Constructor->isDeleted() ||
        Constructor->isCopyOrMoveConstructor())
      continue;
    const auto *Definition =
        dyn_cast_or_null<CXXConstructorDecl>(Constructor->getDefinition());
    if (!Definition)
      return Constructor->isDefaulted() ? How : Made();
    if (Definition->isDelegatingConstructor())
      continue;
    for (const CXXCtorInitializer *Init : Definition->inits())
      if (Init->getMember() && Init->getMember()->getCanonicalDecl() == Field) {
        Made One = madeBy(Init->getInit(), Depth);
        if (++Number > 1 && One.Known) {
          // Two constructors that differ say nothing; the larger one of equal
          // meaning is not worth more work.
          How = One.Args.size() == How.Args.size() ? How : Made();
          continue;
        }
        How = One;
        How.Where = Init->isWritten() ? "" : "the member's initializer";
      }
  }
  if (Number)
    return How;
  if (Field->hasInClassInitializer())
    return madeBy(Field->getInClassInitializer(), Depth);
  // Nothing is said anywhere: its default constructor makes it.
  const CXXRecordDecl *Type = Field->getType()->getAsCXXRecordDecl();
  if (!Type || !Type->hasDefinition())
    return How;
  for (const CXXConstructorDecl *Constructor : Type->getDefinition()->ctors())
    if (Constructor->isDefaultConstructor()) {
      How.Known = true;
      How.Constructor = Constructor;
      How.Loc = Field->getLocation();
    }
  return How;
}

Channels::Number Channels::evaluate(const Expr *E, unsigned Depth) {
  Number Result;
  if (!E || !Depth)
    return Result;
  Result.Loc = E->getExprLoc();
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E)) {
    Result = evaluate(Default->getExpr(), Depth - 1);
    Result.Loc = Default->getParam()->getLocation();
    Result.What = "the default argument";
    return Result;
  }
  if (E->isValueDependent())
    return Result;
  const Expr *Inner = stripForwarding(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Inner))
    if (isa<VarDecl, EnumConstantDecl>(Ref->getDecl()) &&
        !isa<ParmVarDecl>(Ref->getDecl()))
      Result.What = "the constant '" + Ref->getDecl()->getNameAsString() + "'";
  Expr::EvalResult Constant;
  if (E->getType()->isIntegralOrEnumerationType() &&
      E->EvaluateAsInt(Constant, Context)) {
    Result.Value = Constant.Val.getInt().getLimitedValue();
    return Result;
  }
  Result.What.clear();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Inner)) {
    if (const auto *Param = dyn_cast<ParmVarDecl>(Ref->getDecl())) {
      // What the constructor around it is given, where all visible uses agree.
      const auto *Constructor =
          dyn_cast<CXXConstructorDecl>(Param->getDeclContext());
      if (!Constructor)
        return Result;
      unsigned Index = Param->getFunctionScopeIndex();
      std::optional<Number> Agreed;
      bool Differ = false;
      auto consider = [&](const Stmt *S) {
        const auto *Construct = dyn_cast<CXXConstructExpr>(S);
        if (!Construct || Construct->getConstructor()->getCanonicalDecl() !=
                              Constructor->getCanonicalDecl())
          return true;
        Number One = Index < Construct->getNumArgs()
                         ? evaluate(Construct->getArg(Index), Depth - 1)
                         : Number();
        if (!One.Value || (Agreed && Agreed->Value != One.Value))
          Differ = true;
        else if (!Agreed)
          Agreed = One;
        return true;
      };
      for (const FunctionDecl *Function : Code.Functions) {
        visitEvaluated(visibleBody(Function), consider);
        if (const auto *Other = dyn_cast<CXXConstructorDecl>(Function))
          for (const CXXCtorInitializer *Init : Other->inits())
            visitEvaluated(Init->getInit(), consider);
      }
      for (const FieldDecl *Field : Code.Fields)
        if (Field->hasInClassInitializer())
          visitEvaluated(Field->getInClassInitializer(), consider);
      for (const VarDecl *Var : Code.Variables)
        if (!Var->isLocalVarDecl())
          visitEvaluated(Var->getInit(), consider);
      if (Differ)
        return Result;
      if (Agreed)
        return *Agreed;
      if (Param->hasDefaultArg() && !Param->hasUnparsedDefaultArg() &&
          !Param->hasUninstantiatedDefaultArg()) {
        Result = evaluate(Param->getDefaultArg(), Depth - 1);
        Result.Loc = Param->getLocation();
        Result.What = "the default argument";
      }
      return Result;
    }
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
      if (Var->hasInit() && Var->getType().isConstQualified())
        return evaluate(Var->getInit(), Depth - 1);
  }
  if (const auto *Member = dyn_cast<MemberExpr>(Inner))
    if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
      if (Field->hasInClassInitializer() && Field->getType().isConstQualified())
        return evaluate(Field->getInClassInitializer(), Depth - 1);
  return Result;
}

std::optional<Capacity> Channels::set(const ChannelModel &Model,
                                      const ValueDecl *D) {
  std::optional<Capacity> Result;
  if (!D)
    return Result;
  for (const FunctionDecl *Function : Code.Functions)
    visitEvaluated(visibleBody(Function), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
      if (!Call || calleeName(Call) != Model.Capacity.Function ||
          Call->getNumArgs() != 1 ||
          declaration(Call->getImplicitObjectArgument()) !=
              D->getCanonicalDecl())
        return true;
      Capacity Given;
      Number N = evaluate(Call->getArg(0), MaxDepth);
      Given.Kind = Buffering::Buffered;
      if (N.Value && *N.Value < (uint64_t(1) << 32))
        Given.Value = N.Value;
      else if (N.Value)
        Given.Kind = Buffering::Unbounded;
      Given.Loc = Call->getArg(0)->getExprLoc();
      Given.Why = "the capacity is set here";
      Result = Given;
      return true;
    });
  return Result;
}

Channels::Made
Channels::atBase(Made How,
                 llvm::function_ref<bool(const CXXRecordDecl *)> IsChannel) {
  for (unsigned Depth = 0; How.Constructor && Depth != 4; ++Depth) {
    const CXXRecordDecl *Record = How.Constructor->getParent();
    if (IsChannel(Record))
      return How;
    const auto *Definition =
        dyn_cast_or_null<CXXConstructorDecl>(How.Constructor->getDefinition());
    const CXXConstructExpr *Base = nullptr;
    if (Definition)
      for (const CXXCtorInitializer *Init : Definition->inits())
        if (Init->isBaseInitializer())
          if (const auto *E =
                  dyn_cast<CXXConstructExpr>(stripForwarding(Init->getInit())))
            if (!Base)
              Base = E;
    if (!Base)
      return Made();
    How.Args = {Base->getArgs(), Base->getNumArgs()};
    How.Constructor = Base->getConstructor();
  }
  return How;
}

/// What an option among the template arguments says: 'capacity<64>'.
static std::optional<uint64_t> capacityOption(QualType Type) {
  std::optional<uint64_t> Found;
  auto look = [&](const TemplateArgument &Arg) {
    if (Arg.getKind() != TemplateArgument::Type)
      return;
    const auto *Option = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Arg.getAsType()->getAsCXXRecordDecl());
    if (Option && Option->getName() == "capacity" &&
        Option->getTemplateArgs().size() == 1 &&
        Option->getTemplateArgs()[0].getKind() == TemplateArgument::Integral)
      Found = Option->getTemplateArgs()[0].getAsIntegral().getLimitedValue();
  };
  if (const auto *Special =
          dyn_cast_or_null<ClassTemplateSpecializationDecl>(classOf(Type)))
    for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray()) {
      if (Arg.getKind() == TemplateArgument::Pack)
        for (const TemplateArgument &One : Arg.pack_elements())
          look(One);
      else
        look(Arg);
    }
  return Found;
}

Capacity Channels::modelled(const ChannelModel &Model, const Made &How,
                            QualType Type) {
  Capacity Result;
  const ChannelCapacity &Rule = Model.Capacity;
  std::string Trap = Model.Trap.empty() ? "" : ": " + Model.Trap;
  Result.Loc = How.Loc;
  auto finish = [&](std::optional<uint64_t> Value, const std::string &Why) {
    if (!Value)
      return;
    if (*Value == 0) {
      // No message fits: a rendezvous, or a channel that is never used so.
      if (Model.Zero == ZeroCapacity::Unbounded)
        Result.Kind = Buffering::Unbounded;
      else if (Model.Zero == ZeroCapacity::Rendezvous)
        Result.Kind = Buffering::Rendezvous;
      Result.Value = 0;
    } else {
      Result.Kind = Buffering::Buffered;
      Result.Value = *Value > Model.HoldsLess ? *Value - Model.HoldsLess : 1;
    }
    Result.Why = Why + Trap;
  };
  auto given = [&](const Number &N) {
    if (!N.Value)
      return;
    Result.Loc = N.Loc;
    std::string What = N.What.empty() ? "" : " by " + N.What;
    finish(N.Value, "the capacity " + std::to_string(*N.Value) +
                        " is given here" + What);
  };
  switch (Rule.Kind) {
  case ChannelCapacity::Rendezvous:
    Result.Kind = Buffering::Rendezvous;
    return Result;
  case ChannelCapacity::Unbounded:
    if (auto Option = capacityOption(Type)) {
      finish(Option, "the template argument 'capacity' of its type gives it "
                     "the capacity " +
                         std::to_string(*Option));
      return Result;
    }
    Result.Kind = Buffering::Unbounded;
    Result.Why = "it has no capacity to be told: it is always unbounded" + Trap;
    return Result;
  case ChannelCapacity::Setter:
    Result.Kind = Buffering::Unbounded;
    Result.Why = "no capacity is set: it is unbounded" + Trap;
    return Result;
  case ChannelCapacity::Fixed:
    finish(Rule.Value, "its type has room for " + std::to_string(*Rule.Value));
    return Result;
  case ChannelCapacity::TemplateArgument: {
    const CXXRecordDecl *Record = classOf(Type);
    // The argument belongs to the modelled class, which may be a base.
    while (Record && Types.find(Record, /*Bases=*/false) != &Model) {
      const CXXRecordDecl *Definition = Record->getDefinition();
      Record = Definition && Definition->getNumBases()
                   ? Definition->bases_begin()->getType()->getAsCXXRecordDecl()
                   : nullptr;
    }
    const auto *Special =
        dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
    if (Special && Rule.Index < Special->getTemplateArgs().size() &&
        Special->getTemplateArgs()[Rule.Index].getKind() ==
            TemplateArgument::Integral) {
      uint64_t Value = Special->getTemplateArgs()[Rule.Index]
                           .getAsIntegral()
                           .getLimitedValue();
      finish(Value, "the template argument of its type gives it the capacity " +
                        std::to_string(Value));
    }
    return Result;
  }
  case ChannelCapacity::Argument:
    break;
  }
  if (auto Option = capacityOption(Type)) {
    finish(Option, "the template argument 'capacity' of its type gives it the "
                   "capacity " +
                       std::to_string(*Option));
    return Result;
  }
  // Whatever its capacity is, it buffers.
  if (Model.Zero != ZeroCapacity::Rendezvous) {
    Result.Kind = Buffering::Buffered;
    Result.Why = "it buffers, whatever capacity it is made with" + Trap;
  }
  if (!How.Known)
    return Result;
  if (How.Factory) {
    if (!How.Factory->Argument) {
      Result.Kind = Buffering::Unbounded;
      Result.Why = "it is made here, unbounded" + Trap;
    } else if (*How.Factory->Argument < How.Args.size()) {
      given(evaluate(How.Args[*How.Factory->Argument], MaxDepth));
    }
    return Result;
  }
  // A class that derives from the channel hands the capacity on.
  Made Inner = atBase(How, [&](const CXXRecordDecl *Record) {
    return Types.find(Record, /*Bases=*/false) == &Model;
  });
  if (!Inner.Known)
    return Result;
  llvm::ArrayRef<const Expr *> Args = Inner.Args;
  if (Rule.Index < Args.size() &&
      !(isa<CXXDefaultArgExpr>(Args[Rule.Index]) && Rule.Value)) {
    const Expr *Given = Args[Rule.Index];
    if (Given->getType()->isIntegralOrEnumerationType())
      given(evaluate(Given, MaxDepth));
    return Result;
  }
  if (Rule.Value)
    finish(Rule.Value, "it is made here without a capacity, which means " +
                           std::to_string(*Rule.Value));
  return Result;
}

Channels::Number Channels::ownLimit(const OwnMethod &Own, const Made &How) {
  Number Result;
  if (Own.Size) {
    Result.Value = Own.Size;
    Result.Loc = Own.Stored;
    return Result;
  }
  if (!Own.Limit)
    return Result;
  if (!How.Known || !How.Constructor) {
    if (How.Known && How.Args.size() == 1)
      return evaluate(How.Args[0], MaxDepth); // Forwarded by make_shared.
    return Result;
  }
  // A constructor that nothing calls in this unit is only there as a template.
  const auto *Definition =
      dyn_cast_or_null<CXXConstructorDecl>(How.Constructor->getDefinition());
  if (!Definition)
    Definition = dyn_cast_or_null<CXXConstructorDecl>(
        How.Constructor->getTemplateInstantiationPattern());
  if (!Definition)
    return Result;
  for (const CXXCtorInitializer *Init : Definition->inits()) {
    if (!Init->getMember() ||
        Init->getMember()->getName() != Own.Limit->getName())
      continue;
    const Expr *Value = Init->getInit();
    if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(Value))
      return evaluate(Default->getExpr(), MaxDepth);
    const Expr *Inner = stripForwarding(Value);
    for (;;) {
      const Expr *Only = nullptr;
      if (const auto *List = dyn_cast<InitListExpr>(Inner))
        Only = List->getNumInits() == 1 ? List->getInit(0) : nullptr;
      else if (const auto *Paren = dyn_cast<ParenListExpr>(Inner))
        Only = Paren->getNumExprs() == 1 ? Paren->getExpr(0) : nullptr;
      else
        break;
      if (!Only)
        return Result;
      Inner = stripForwarding(Only);
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Inner))
      if (const auto *Param = dyn_cast<ParmVarDecl>(Ref->getDecl()))
        if (llvm::is_contained(Definition->parameters(), Param)) {
          unsigned Index = Param->getFunctionScopeIndex();
          const Expr *Given =
              Index < How.Args.size() ? How.Args[Index] : nullptr;
          if (Given && !isa<CXXDefaultArgExpr>(Given))
            return evaluate(Given, MaxDepth);
          if (!Param->hasDefaultArg() || Param->hasUnparsedDefaultArg() ||
              Param->hasUninstantiatedDefaultArg())
            return Result;
          Result = evaluate(Param->getDefaultArg(), MaxDepth);
          Result.Loc = Param->getLocation();
          Result.What = "the default argument";
          return Result;
        }
    return evaluate(Inner, MaxDepth);
  }
  // Not in the list: its own initializer.
  if (Own.Limit->hasInClassInitializer())
    return evaluate(Own.Limit->getInClassInitializer(), MaxDepth);
  return Result;
}

Capacity Channels::ofObject(const Expr *Channel, const ValueDecl *D,
                            QualType Type, const OwnMethod *Own) {
  Made How = D ? madeAs(D, MaxDepth) : Made();
  if (!How.Known && Channel && !D)
    How = madeBy(Channel, MaxDepth);
  if (How.Loc.isInvalid() && D)
    How.Loc = D->getLocation();
  if (const ChannelModel *Row = model(Type)) {
    if (Row->Capacity.Kind == ChannelCapacity::Setter)
      if (auto Given = set(*Row, D))
        return *Given;
    return modelled(*Row, How, Type);
  }
  Capacity Result;
  if (!Own)
    return Result;
  Result.Kind = Own->Kind;
  Result.Loc = Own->Stored;
  Result.Why = "a send returns once the message is stored here";
  if (Own->Kind == Buffering::Rendezvous) {
    Result.Loc = Own->Waits;
    Result.Why = "a send waits here for the receiver";
  }
  if (Own->Kind == Buffering::Buffered) {
    const DeclContext *Owner = Own->Store->getDeclContext();
    Number Limit = ownLimit(*Own, atBase(How, [&](const CXXRecordDecl *Record) {
      return Record->getCanonicalDecl() ==
             cast<CXXRecordDecl>(Owner)->getCanonicalDecl();
    }));
    if (Limit.Value && *Limit.Value) {
      Result.Value = Limit.Value;
      if (!Own->Size) {
        Result.Loc = Limit.Loc;
        Result.Why = "the capacity " + std::to_string(*Limit.Value) +
                     " is given here" +
                     (Limit.What.empty() ? "" : " by " + Limit.What);
      }
    }
  }
  return Result;
}

Capacity Channels::capacity(const ChannelOp &Op) {
  if (Op.ByHand) {
    Capacity Result;
    Result.Kind = Buffering::Unbounded;
    Result.Loc = Op.Call->getExprLoc();
    Result.Why = "the message only goes into a container here";
    if (const ValueDecl *D = declaration(Op.Channel))
      Result.Loc = D->getLocation();
    return Result;
  }
  OwnMethod Own;
  if (!Op.Model)
    if (const auto *Method =
            dyn_cast_or_null<CXXMethodDecl>(Op.Call->getDirectCallee()))
      Own = ownMethod(Method);
  return ofObject(Op.Channel, declaration(Op.Channel),
                  Op.Channel->IgnoreParenImpCasts()->getType(), &Own);
}

Capacity Channels::capacity(const ValueDecl *Channel) {
  QualType Type = Channel->getType();
  if (model(Type))
    return ofObject(nullptr, Channel, Type, nullptr);
  const CXXRecordDecl *Record = classOf(Type);
  OwnMethod Sends;
  for (unsigned Depth = 0; Record && Record->hasDefinition() &&
                           !isInStd(Record) && !Sends.Store && Depth != 4;
       ++Depth) {
    Record = Record->getDefinition();
    for (const CXXMethodDecl *Method : Record->methods())
      if (OwnMethod Own = ownMethod(Method); Own.Store)
        Sends = Own;
    Record = Record->getNumBases()
                 ? Record->bases_begin()->getType()->getAsCXXRecordDecl()
                 : nullptr;
  }
  if (!Sends.Store)
    return {};
  return ofObject(nullptr, Channel, Type, &Sends);
}

} // namespace threadhop
