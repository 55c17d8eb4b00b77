//===--- Channels.h - channels, their operations and capacities -*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells of an expression whether it sends to a channel, receives from one,
// closes or empties it; and of a channel how much it holds here, and where
// that was said. Channels are known from models, from the annotation
// threadhop::rendezvous, and from their bodies: a class that stores what its
// push is given behind a lock, and gives it out by another function. Such a
// push that waits after it has stored is a rendezvous; one that returns then is
// buffered, whatever its capacity. A standard container that a class fills and
// empties under a mutex by hand is a channel too.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_ANALYSIS_CHANNELS_H
#define THREADHOP_ANALYSIS_CHANNELS_H

#include "analysis/ModelIndex.h"
#include "analysis/Mutexes.h"
#include "analysis/UserFunctions.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/DenseMap.h"
#include <string>
#include <vector>

namespace clang {
class CallExpr;
class CXXConstructExpr;
class CXXMethodDecl;
class FieldDecl;
class Stmt;
class ValueDecl;
} // namespace clang

namespace threadhop {

class Session;

/// What a completed send means.
enum class Buffering {
  Unknown,
  Rendezvous, ///< The receiver has taken the message.
  Buffered,   ///< There was room.
  Unbounded,  ///< Nothing.
};

/// How much a channel holds at one use, and how that is known.
struct Capacity {
  Buffering Kind = Buffering::Unknown;
  std::optional<uint64_t> Value; ///< Where it is known.
  clang::SourceLocation Loc;     ///< Where it was given.
  std::string Why;               ///< A note for that place.

  bool buffers() const {
    return Kind == Buffering::Buffered || Kind == Buffering::Unbounded;
  }
  /// "holds 4 messages", "is unbounded".
  std::string describe() const;
};

enum class ChannelAction {
  None,
  Send,
  TrySend, ///< Gives up if there is no room, at once or after a time.
  Receive,
  TryReceive,
  Close,
  Clear, ///< Throws away what is in it.
};

/// One operation on a channel.
struct ChannelOp {
  ChannelAction Action = ChannelAction::None;
  const clang::CallExpr *Call = nullptr;
  const clang::Expr *Channel = nullptr; ///< The object, as written.
  llvm::SmallVector<const clang::Expr *, 3> Message; ///< Of a send.
  const ChannelModel *Model = nullptr;
  /// A container that is locked by hand.
  bool ByHand = false;

  explicit operator bool() const { return Action != ChannelAction::None; }
  bool sends() const {
    return Action == ChannelAction::Send || Action == ChannelAction::TrySend;
  }
  bool receives() const {
    return Action == ChannelAction::Receive ||
           Action == ChannelAction::TryReceive;
  }
};

/// What a method of a project's own channel does.
struct OwnMethod {
  ChannelAction Action = ChannelAction::None;
  Buffering Kind = Buffering::Unknown;     ///< Of a send.
  const clang::FieldDecl *Store = nullptr; ///< What keeps the messages.
  const clang::FieldDecl *Limit = nullptr; ///< Compared with its size.
  std::optional<uint64_t> Size;            ///< Where that is a constant.
  clang::SourceLocation Stored;            ///< Where a send puts it.
  clang::SourceLocation Waits;             ///< Where it then waits.
};

class Channels {
public:
  /// Those of the session, made when first asked for.
  static Channels &of(Session &Unit);
  explicit Channels(Session &Unit);

  /// The operation that \p E is; \p In is the function it stands in.
  ChannelOp operation(const clang::Expr *E, const clang::FunctionDecl *In);

  /// How much the channel of \p Op holds.
  Capacity capacity(const ChannelOp &Op);
  /// The same for a variable or member; Unknown if it is no channel.
  Capacity capacity(const clang::ValueDecl *Channel);

  /// What stands for the channel in the unit: its member or variable. Null if
  /// that cannot be told (what a function returned).
  static const clang::ValueDecl *declaration(const clang::Expr *Channel);

  /// The model of a type that is a channel, or points to one.
  const ChannelModel *model(clang::QualType Type) const;
  /// Whether the type is a channel at all.
  bool isChannel(clang::QualType Type);

  OwnMethod ownMethod(const clang::CXXMethodDecl *Method);

  const UserCode &Code;
  clang::ASTContext &Context;

private:
  OwnMethod readMethod(const clang::CXXMethodDecl *Method);
  ChannelOp byHand(const clang::CallExpr *Call, const clang::FunctionDecl *In);
  bool isSharedByHand(const clang::FieldDecl *Field);

  struct Made; // An object's construction.
  Made madeBy(const clang::Expr *E, unsigned Depth);
  Made madeAs(const clang::ValueDecl *D, unsigned Depth);
  /// How the base that is the channel is made.
  static Made
  atBase(Made How,
         llvm::function_ref<bool(const clang::CXXRecordDecl *)> IsChannel);
  Capacity modelled(const ChannelModel &Model, const Made &How,
                    clang::QualType Type);
  Capacity ofObject(const clang::Expr *Channel, const clang::ValueDecl *D,
                    clang::QualType Type, const OwnMethod *Own);
  struct Number;
  Number evaluate(const clang::Expr *E, unsigned Depth);
  Number ownLimit(const OwnMethod &Own, const Made &How);
  std::optional<Capacity> set(const ChannelModel &Model,
                              const clang::ValueDecl *D);

  const ModelIndex &Index;
  const Mutexes &Locks;
  TypeTable<ChannelModel> Types;
  FunctionTable<ChannelModel> SendFunctions, ReceiveFunctions, Factories;
  llvm::DenseMap<const clang::CXXMethodDecl *, OwnMethod> Methods;
  llvm::DenseMap<const clang::FieldDecl *, bool> ByHandFields;
};

/// Visits \p S with the bodies of the lambdas in it.
void visitWithLambdas(const clang::Stmt *S,
                      llvm::function_ref<bool(const clang::Stmt *)> Visit);

/// The types of what the channel carries; empty if that is not known.
std::vector<clang::QualType> messageTypes(const ChannelOp &Op);

/// The member of *this that \p E names, or null.
const clang::FieldDecl *ownMember(const clang::Expr *E);

/// The class of an object, of what a pointer, a reference or a smart pointer
/// points to; null if it is none.
const clang::CXXRecordDecl *classOf(clang::QualType Type);

} // namespace threadhop

#endif
