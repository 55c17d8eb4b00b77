//===--- Channels.cpp - channels and their operations -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Channels.h"
#include "analysis/Names.h"
#include "analysis/ObjectPath.h"
#include "analysis/Session.h"
#include "analysis/Syntax.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"
#include <functional>

using namespace clang;

namespace threadhop {

Channels &Channels::of(Session &Unit) {
  if (!Unit.Messages)
    Unit.Messages = std::make_shared<Channels>(Unit);
  return *Unit.Messages;
}

Channels::Channels(Session &Unit)
    : Code(Unit.Code), Context(Unit.Context), Index(Unit.Index),
      Locks(Unit.Locks) {
  for (const ChannelModel &Row : Index.Rows.Channels) {
    Types.add(Row.Type, &Row, Context);
    for (const std::string &Name : Row.SendFunctions)
      SendFunctions.add(Name, &Row, Context);
    for (const std::string &Name : Row.ReceiveFunctions)
      ReceiveFunctions.add(Name, &Row, Context);
    for (const ChannelFactory &Factory : Row.MadeBy)
      Factories.add(Factory.Function, &Row, Context);
  }
}

void visitWithLambdas(const Stmt *S,
                      llvm::function_ref<bool(const Stmt *)> Visit) {
  visitEvaluated(S, [&](const Stmt *Inner) {
    if (!Visit(Inner))
      return false;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(Inner))
      if (const Stmt *Body = visibleBody(Lambda->getCallOperator()))
        visitWithLambdas(Body, Visit);
    return true;
  });
}

const FieldDecl *ownMember(const Expr *E) {
  auto Path = resolveObject(E);
  if (!Path || Path->Root || Path->Fields.size() != 1 || Path->Within)
    return nullptr;
  return Path->Fields.front();
}

const CXXRecordDecl *classOf(QualType Type) {
  if (Type.isNull())
    return nullptr;
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  const auto *Special =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
  if (Special && isInStd(Special) &&
      isOneOf(Special->getName(),
              {"shared_ptr", "unique_ptr", "weak_ptr", "reference_wrapper",
               "optional", "__shared_ptr"})) {
    const TemplateArgumentList &Args = Special->getTemplateArgs();
    if (Args.size() && Args[0].getKind() == TemplateArgument::Type)
      return classOf(Args[0].getAsType());
  }
  return Record;
}

const ChannelModel *Channels::model(QualType Type) const {
  return Types.find(classOf(Type), /*Bases=*/true);
}

bool Channels::isChannel(QualType Type) {
  if (model(Type))
    return true;
  const CXXRecordDecl *Record = classOf(Type);
  if (!Record || !Record->hasDefinition() || isInStd(Record))
    return false;
  return llvm::any_of(
      Record->getDefinition()->methods(), [&](const CXXMethodDecl *Method) {
        ChannelAction Does = ownMethod(Method).Action;
        return Does == ChannelAction::Send || Does == ChannelAction::TrySend;
      });
}

static ChannelAction actionOf(const ChannelModel &Model, llvm::StringRef Name) {
  auto Has = [&](const std::vector<std::string> &Names) {
    return llvm::is_contained(Names, Name);
  };
  if (Has(Model.Send))
    return ChannelAction::Send;
  if (Has(Model.TrySend))
    return ChannelAction::TrySend;
  if (Has(Model.Receive))
    return ChannelAction::Receive;
  if (Has(Model.TryReceive))
    return ChannelAction::TryReceive;
  if (Has(Model.Close))
    return ChannelAction::Close;
  return ChannelAction::None;
}

/// The number of a message's parts, where the channel's type has them as a
/// function's signature.
static std::optional<unsigned> signatureSize(const CXXRecordDecl *Record) {
  const auto *Special =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
  if (!Special)
    return std::nullopt;
  auto of = [](const TemplateArgument &Arg) -> std::optional<unsigned> {
    if (Arg.getKind() == TemplateArgument::Type)
      if (const auto *Type = Arg.getAsType()->getAs<FunctionProtoType>())
        return Type->getNumParams();
    return std::nullopt;
  };
  for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray()) {
    if (auto Size = of(Arg))
      return Size;
    if (Arg.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &One : Arg.pack_elements())
        if (auto Size = of(One))
          return Size;
  }
  return std::nullopt;
}

ChannelOp Channels::operation(const Expr *E, const FunctionDecl *In) {
  ChannelOp Op;
  const auto *Call = dyn_cast_or_null<CallExpr>(E ? stripWrapping(E) : nullptr);
  if (!Call || !Call->getDirectCallee())
    return Op;
  Op.Call = Call;
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  if (!Member) {
    if (Call->getNumArgs() == 0)
      return Op;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
      if (Operator->getNumArgs() != 2)
        return Op;
      std::string Name = std::string("operator") +
                         getOperatorSpelling(Operator->getOperator());
      if (const ChannelModel *Row = model(Operator->getArg(0)->getType())) {
        Op.Action = actionOf(*Row, Name);
        Op.Model = Row;
        Op.Channel = Operator->getArg(0);
        if (Op.sends())
          Op.Message.push_back(Operator->getArg(1));
      }
      if (!Op)
        if (const auto *Method =
                dyn_cast<CXXMethodDecl>(Call->getDirectCallee())) {
          OwnMethod Own = ownMethod(Method);
          if (Own.Action == ChannelAction::Send ||
              Own.Action == ChannelAction::Receive) {
            Op.Action = Own.Action;
            Op.Channel = Operator->getArg(0);
            if (Op.sends())
              Op.Message.push_back(Operator->getArg(1));
          }
        }
      return Op;
    }
    const ChannelModel *Sends = SendFunctions.find(Call);
    const ChannelModel *Row = Sends ? Sends : ReceiveFunctions.find(Call);
    if (!Row)
      return Op;
    Op.Action = Sends ? ChannelAction::Send : ChannelAction::Receive;
    Op.Model = Row;
    Op.Channel = Call->getArg(0);
    if (Sends)
      Op.Message.append(Call->arg_begin() + 1, Call->arg_end());
    return Op;
  }
  const CXXMethodDecl *Method = Member->getMethodDecl();
  if (!Method)
    return Op;
  Op.Channel = Member->getImplicitObjectArgument();
  QualType Written = Op.Channel->IgnoreParenImpCasts()->getType();
  if (const ChannelModel *Row = model(Written)) {
    // A method of the smart pointer itself is none of the channel's.
    if (Method->getDeclName().isIdentifier() && !isInStd(Method->getParent())) {
      Op.Model = Row;
      Op.Action = actionOf(*Row, Method->getName());
    }
  } else {
    OwnMethod Own = ownMethod(Method);
    Op.Action = Own.Action;
    if (!Op)
      return byHand(Call, In);
  }
  if (Op.sends()) {
    Op.Message.append(Call->arg_begin(), Call->arg_end());
    // What follows the arguments of a signature is a completion token.
    if (auto Count = signatureSize(classOf(Written)))
      if (*Count < Op.Message.size())
        Op.Message.resize(*Count);
  }
  return Op;
}

const ValueDecl *Channels::declaration(const Expr *Channel) {
  auto Path = Channel ? resolveObject(Channel) : std::nullopt;
  if (!Path)
    return nullptr;
  if (!Path->Fields.empty())
    return cast<ValueDecl>(Path->Fields.back()->getCanonicalDecl());
  return dyn_cast_or_null<ValueDecl>(Path->Root);
}

std::vector<QualType> messageTypes(const ChannelOp &Op) {
  std::vector<QualType> Types;
  const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      classOf(Op.Channel->IgnoreParenImpCasts()->getType()));
  if (!Special)
    return Types;
  bool Signature = false;
  std::function<void(const TemplateArgument &)> look =
      [&](const TemplateArgument &Arg) {
        if (Arg.getKind() == TemplateArgument::Pack) {
          for (const TemplateArgument &One : Arg.pack_elements())
            look(One);
          return;
        }
        if (Arg.getKind() != TemplateArgument::Type)
          return;
        if (const auto *Function =
                Arg.getAsType()->getAs<FunctionProtoType>()) {
          Signature = true;
          Types.assign(Function->param_type_begin(),
                       Function->param_type_end());
        } else if (!Signature && Types.empty()) {
          Types.push_back(Arg.getAsType());
        }
      };
  for (const TemplateArgument &Arg : Special->getTemplateArgs().asArray())
    look(Arg);
  return Types;
}

/// True if the function holds a lock somewhere.
static bool locks(const FunctionDecl *Function) {
  bool Found = false;
  visitWithLambdas(visibleBody(Function), [&](const Stmt *S) {
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      const CXXRecordDecl *Record = Construct->getConstructor()->getParent();
      if (Record->getIdentifier() &&
          (Record->getName().contains_insensitive("lock") ||
           Record->getName().contains_insensitive("guard")))
        Found = true;
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      if (isOneOf(calleeName(Call), {"lock", "Lock", "scoped_lock"}))
        Found = true;
    }
    return !Found;
  });
  return Found;
}

static ChannelAction containerAction(llvm::StringRef Name) {
  if (isOneOf(Name, {"push", "push_back", "emplace", "emplace_back",
                     "push_front", "emplace_front"}))
    return ChannelAction::Send;
  if (isOneOf(Name, {"pop", "pop_front", "pop_back"}))
    return ChannelAction::Receive;
  if (isOneOf(Name, {"clear", "swap", "operator="}))
    return ChannelAction::Clear;
  return ChannelAction::None;
}

bool Channels::isSharedByHand(const FieldDecl *Field) {
  Field = Field->getCanonicalDecl();
  if (auto It = ByHandFields.find(Field); It != ByHandFields.end())
    return It->second;
  // Filled and emptied by two functions that both lock.
  bool Filled = false, Emptied = false;
  for (const FunctionDecl *Function : Code.Functions) {
    bool Fills = false, Empties = false;
    visitWithLambdas(visibleBody(Function), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
      if (!Call || declaration(Call->getImplicitObjectArgument()) != Field)
        return true;
      ChannelAction Does = containerAction(calleeName(Call));
      Fills |= Does == ChannelAction::Send;
      Empties |= Does == ChannelAction::Receive;
      return true;
    });
    if ((Fills || Empties) && !locks(Function))
      continue;
    // One function that does both is an internal list.
    Filled |= Fills && !Empties;
    Emptied |= Empties && !Fills;
  }
  bool Shared = Filled && Emptied;
  ByHandFields[Field] = Shared;
  return Shared;
}

ChannelOp Channels::byHand(const CallExpr *Call, const FunctionDecl *In) {
  ChannelOp Op;
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  if (!Member || !In)
    return Op;
  const CXXMethodDecl *Method = Member->getMethodDecl();
  const CXXRecordDecl *Record = Method->getParent();
  if (!isInStd(Record) || !Record->getIdentifier() ||
      !isOneOf(Record->getName(), {"queue", "deque", "list", "vector",
                                   "priority_queue", "forward_list"}))
    return Op;
  ChannelAction Does = containerAction(calleeName(Call));
  if (Does == ChannelAction::None)
    return Op;
  const auto *Field = dyn_cast_or_null<FieldDecl>(
      declaration(Member->getImplicitObjectArgument()));
  if (!Field || !isSharedByHand(Field))
    return Op;
  // The container inside a channel class is that class's matter.
  if (const auto *Owner = dyn_cast<CXXRecordDecl>(Field->getParent()))
    for (const CXXMethodDecl *Other : Owner->methods())
      if (OwnMethod Own = ownMethod(Other); Own.Store)
        return Op;
  Op.Action = Does;
  Op.Call = Call;
  Op.Channel = Member->getImplicitObjectArgument();
  Op.ByHand = true;
  if (Op.sends())
    Op.Message.append(Call->arg_begin(), Call->arg_end());
  return Op;
}

} // namespace threadhop
