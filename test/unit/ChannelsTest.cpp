//===--- ChannelsTest.cpp - channels, operations, capacities
//----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/Channels.h"
#include "ParsedSnippet.h"
#include "analysis/Syntax.h"
#include "models/Loader.h"
#include "clang/AST/ExprCXX.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace threadhop;

namespace {

const std::string Parts = R"(
namespace std {
template <class T> struct deque {
  void push_back(T); void pop_front(); T &front(); bool empty() const;
  unsigned size() const; void clear();
};
}
struct my_mutex { void lock(); void unlock(); };
struct my_lock { my_lock(my_mutex &); ~my_lock(); };
struct my_condition {
  template <class P> void wait(my_lock &, P); void notify_all();
};
#define LOCK my_lock L(M)
)";

/// The first operation in the function 'f'.
struct Seen {
  explicit Seen(const std::string &Code)
      : S(Parts + Code), Unit(S.context(), llvm::cantFail(loadModels(""))),
        All(Unit) {
    const FunctionDecl *F = S.function("f");
    visitEvaluated(visibleBody(F), [&](const Stmt *Inner) {
      if (const auto *Call = dyn_cast<CallExpr>(Inner); Call && !Op)
        Op = All.operation(Call, F);
      return true;
    });
    if (Op)
      Holds = All.capacity(Op);
  }
  ParsedSnippet S;
  Session Unit;
  Channels All;
  ChannelOp Op;
  Capacity Holds;
};

const std::string Bounded = R"(
template <class T> struct chan {
  explicit chan(unsigned n = 7) : Max(n) {}
  void push(T v) { LOCK; C.wait(L, [&] { return Q.size() < Max; }); Q.push_back(v); }
  bool try_push(T v) { LOCK; if (Q.size() >= Max) return false; Q.push_back(v); return true; }
  T pop() { LOCK; C.wait(L, [&] { return !Q.empty(); }); T v = Q.front(); Q.pop_front(); return v; }
  void close() { LOCK; Done = true; }
  void clear() { LOCK; Q.clear(); }
  my_mutex M; my_condition C; std::deque<T> Q; unsigned Max; bool Done = false;
};
)";

TEST(OwnChannels, Operations) {
  auto does = [](const char *Call) {
    return Seen(Bounded + "void f(chan<int> &c) { " + Call + "; }").Op.Action;
  };
  EXPECT_EQ(does("c.push(1)"), ChannelAction::Send);
  EXPECT_EQ(does("c.try_push(1)"), ChannelAction::TrySend);
  EXPECT_EQ(does("c.pop()"), ChannelAction::Receive);
  EXPECT_EQ(does("c.close()"), ChannelAction::Close);
  EXPECT_EQ(does("c.clear()"), ChannelAction::Clear);
}

TEST(OwnChannels, BufferedWhateverItsCapacity) {
  Seen S(Bounded + "void f(chan<int> &c) { c.push(1); }");
  EXPECT_EQ(S.Holds.Kind, Buffering::Buffered);
  EXPECT_FALSE(S.Holds.Value);
  EXPECT_TRUE(S.Holds.Loc.isValid());
}

TEST(OwnChannels, CapacityOfALocal) {
  EXPECT_EQ(
      Seen(Bounded + "void f() { chan<int> c(3); c.push(1); }").Holds.Value,
      3u);
}

TEST(OwnChannels, DefaultArgument) {
  EXPECT_EQ(Seen(Bounded + "void f() { chan<int> c; c.push(1); }").Holds.Value,
            7u);
}

TEST(OwnChannels, MemberInitializerAndConstant) {
  Seen S(Bounded + "constexpr unsigned Depth = 5;"
                   "struct s { chan<int> c{Depth}; };"
                   "void f(s &x) { x.c.push(1); }");
  EXPECT_EQ(S.Holds.Value, 5u);
  EXPECT_NE(S.Holds.Why.find("'Depth'"), std::string::npos) << S.Holds.Why;
}

TEST(OwnChannels, ArgumentOfTheOuterConstructor) {
  const std::string Outer =
      Bounded + "struct s { explicit s(unsigned n) : c(n) {} chan<int> c; };"
                "void f(s &x) { x.c.push(1); }";
  EXPECT_FALSE(Seen(Outer).Holds.Value);
  EXPECT_EQ(Seen(Outer + "s one(2);").Holds.Value, 2u);
  EXPECT_FALSE(Seen(Outer + "s one(2), two(3);").Holds.Value);
}

TEST(OwnChannels, Unbounded) {
  Seen S("struct chan { void put(int v) { LOCK; Q.push_back(v); }"
         "  int take() { LOCK; int v = Q.front(); Q.pop_front(); return v; }"
         "  my_mutex M; std::deque<int> Q; };"
         "void f(chan &c) { c.put(1); }");
  EXPECT_EQ(S.Op.Action, ChannelAction::Send);
  EXPECT_EQ(S.Holds.Kind, Buffering::Unbounded);
}

TEST(OwnChannels, RendezvousWaitsAfterItHasStored) {
  Seen S("struct chan {"
         "  void put(int v) { LOCK; S.emplace(v); C.notify_all();"
         "    C.wait(L, [&] { return !S; }); }"
         "  int take() { LOCK; int v = *S; S.reset(); return v; }"
         "  my_mutex M; my_condition C; std::optional<int> S; };"
         "void f(chan &c) { c.put(1); }");
  EXPECT_EQ(S.Op.Action, ChannelAction::Send);
  EXPECT_EQ(S.Holds.Kind, Buffering::Rendezvous);
}

TEST(OwnChannels, NoLockNoChannel) {
  EXPECT_FALSE(
      Seen("struct chan { void put(int v) { Q.push_back(v); }"
           "  int take() { int v = Q.front(); Q.pop_front(); return v; }"
           "  std::deque<int> Q; };"
           "void f(chan &c) { c.put(1); }")
          .Op);
}

TEST(OwnChannels, NobodyTakesNoChannel) {
  EXPECT_FALSE(Seen("struct log { void put(int v) { LOCK; Q.push_back(v); }"
                    "  unsigned size() { LOCK; return Q.size(); }"
                    "  my_mutex M; std::deque<int> Q; };"
                    "void f(log &c) { c.put(1); }")
                   .Op);
}

TEST(OwnChannels, ASettingIsNoChannel) {
  EXPECT_FALSE(Seen("struct box { void set(int v) { LOCK; V = v; }"
                    "  int get() { LOCK; return V; } my_mutex M; int V = 0; };"
                    "void f(box &c) { c.set(1); }")
                   .Op);
}

const std::string Library = R"(
namespace boost { namespace fibers {
template <class T> struct buffered_channel {
  explicit buffered_channel(unsigned n); int push(T); int pop(T &); };
template <class T> struct unbuffered_channel { int push(T); int pop(T &); };
} }
namespace co { template <class T> struct chan {
  explicit chan(unsigned cap = 1); chan &operator<<(T); chan &operator>>(T &); }; }
namespace co { template <class T> struct Channel {
  explicit Channel(unsigned cap = 0); Channel &operator<<(T); }; }
namespace coro { template <class T, unsigned long N> struct ring_buffer {
  int produce(T); int consume(); }; }
namespace msd { template <class T> struct channel {
  channel(); explicit channel(unsigned); void write(T); };
template <class T> channel<T> &operator<<(channel<T> &, T); }
namespace tbb { template <class T> struct concurrent_bounded_queue {
  void push(T); void pop(T &); void set_capacity(long); }; }
)";

Capacity modelled(const std::string &Code) {
  return Seen(Library + Code).Holds;
}

TEST(ModelledChannels, HoldsLess) {
  Capacity C = modelled(
      "void f() { boost::fibers::buffered_channel<int> c(4); c.push(1); }");
  EXPECT_EQ(C.Kind, Buffering::Buffered);
  EXPECT_EQ(C.Value, 3u);
}

TEST(ModelledChannels, Rendezvous) {
  EXPECT_EQ(modelled("void f(boost::fibers::unbuffered_channel<int> &c) "
                     "{ c.push(1); }")
                .Kind,
            Buffering::Rendezvous);
}

TEST(ModelledChannels, OperatorAndBufferedDefault) {
  Capacity C = modelled("void f() { co::chan<int> c; c << 1; }");
  EXPECT_EQ(C.Kind, Buffering::Buffered);
  EXPECT_EQ(C.Value, 1u);
}

TEST(ModelledChannels, DefaultIsUnbounded) {
  EXPECT_EQ(modelled("void f() { msd::channel<int> c; c << 1; }").Kind,
            Buffering::Unbounded);
  EXPECT_EQ(modelled("void f() { msd::channel<int> c(2); c << 1; }").Value, 2u);
}

TEST(ModelledChannels, TemplateArgumentThroughAnAlias) {
  EXPECT_EQ(modelled("using ring = coro::ring_buffer<int, 16>;"
                     "void f(ring &c) { c.produce(1); }")
                .Value,
            16u);
}

TEST(ModelledChannels, Setter) {
  EXPECT_EQ(modelled("struct s { tbb::concurrent_bounded_queue<int> q;"
                     "  s() { q.set_capacity(2); } };"
                     "void f(s &x) { x.q.push(1); }")
                .Value,
            2u);
  EXPECT_EQ(modelled("struct s { tbb::concurrent_bounded_queue<int> q; };"
                     "void f(s &x) { x.q.push(1); }")
                .Kind,
            Buffering::Unbounded);
}

TEST(ModelledChannels, UnknownIsUnknownWhereZeroIsARendezvous) {
  EXPECT_EQ(modelled("void f(co::Channel<int> &c) { c << 1; }").Kind,
            Buffering::Unknown);
}

TEST(ModelledChannels, UnknownIsBufferedWhereThereIsNoRendezvous) {
  Capacity C = modelled("void f(co::chan<int> &c) { c << 1; }");
  EXPECT_EQ(C.Kind, Buffering::Buffered);
  EXPECT_EQ(C.Value, std::nullopt);
}

} // namespace
