//===--- ChannelModelsTest.cpp - rows of channels and races
//-----------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelSection.h"
#include "models/Loader.h"
#include "llvm/ADT/StringRef.h"
#include <gtest/gtest.h>

using namespace threadhop;

namespace {

std::string channel(const std::string &Fields) {
  return R"("channels": [ { "type": "a::c", "send": [ "push" ], )" + Fields +
         " } ]";
}

ChannelCapacity capacity(const std::string &Text) {
  return loadedSection(channel("\"capacity\": " + Text)).Channels[0].Capacity;
}

TEST(ChannelRows, AllFields) {
  Models Rows = loadedSection(R"("channels": [ { "type": "a::c",
    "capacity": { "argument": 1, "default": 2 }, "zero_means": "rendezvous",
    "holds_less": 1, "trap": "why",
    "made_by": [ { "function": "a::make", "argument": 3 },
                 { "function": "a::grow" } ],
    "send": [ "push", "operator<<" ], "try_send": [ "try_push" ],
    "receive": [ "pop" ], "try_receive": [ "try_pop" ], "close": [ "end" ],
    "send_functions": [ "a::send" ], "receive_functions": [ "a::get" ],
    "evidence": "hdr", "source": "c.hpp", "note": "n" } ])");
  ASSERT_EQ(Rows.Channels.size(), 1u);
  const ChannelModel &Row = Rows.Channels[0];
  EXPECT_EQ(Row.Type, "a::c");
  EXPECT_EQ(Row.Capacity.Kind, ChannelCapacity::Argument);
  EXPECT_EQ(Row.Capacity.Index, 1u);
  EXPECT_EQ(Row.Capacity.Value, 2u);
  EXPECT_EQ(Row.Zero, ZeroCapacity::Rendezvous);
  EXPECT_EQ(Row.HoldsLess, 1u);
  EXPECT_EQ(Row.Trap, "why");
  ASSERT_EQ(Row.MadeBy.size(), 2u);
  EXPECT_EQ(Row.MadeBy[0].Function, "a::make");
  EXPECT_EQ(Row.MadeBy[0].Argument, 3u);
  EXPECT_FALSE(Row.MadeBy[1].Argument);
  EXPECT_EQ(Row.Send, (std::vector<std::string>{"push", "operator<<"}));
  EXPECT_EQ(Row.TrySend, std::vector<std::string>{"try_push"});
  EXPECT_EQ(Row.Receive, std::vector<std::string>{"pop"});
  EXPECT_EQ(Row.TryReceive, std::vector<std::string>{"try_pop"});
  EXPECT_EQ(Row.Close, std::vector<std::string>{"end"});
  EXPECT_EQ(Row.SendFunctions, std::vector<std::string>{"a::send"});
  EXPECT_EQ(Row.ReceiveFunctions, std::vector<std::string>{"a::get"});
  EXPECT_EQ(Row.From.Library, "l");
  EXPECT_EQ(Row.From.Evidence, "hdr");
}

TEST(ChannelRows, Capacities) {
  EXPECT_EQ(capacity("\"unbounded\"").Kind, ChannelCapacity::Unbounded);
  EXPECT_EQ(capacity("\"rendezvous\"").Kind, ChannelCapacity::Rendezvous);
  EXPECT_EQ(capacity(R"({ "fixed": 1 })").Kind, ChannelCapacity::Fixed);
  EXPECT_EQ(capacity(R"({ "fixed": 1 })").Value, 1u);
  EXPECT_FALSE(capacity(R"({ "argument": 0 })").Value);
  EXPECT_EQ(capacity(R"({ "template_argument": 2 })").Kind,
            ChannelCapacity::TemplateArgument);
  EXPECT_EQ(capacity(R"({ "template_argument": 2 })").Index, 2u);
  EXPECT_EQ(capacity(R"({ "setter": "limit" })").Function, "limit");
}

TEST(ChannelRows, ZeroIsInvalidUnlessSaid) {
  Models Rows = loadedSection(channel(R"("capacity": { "argument": 0 })"));
  EXPECT_EQ(Rows.Channels[0].Zero, ZeroCapacity::Invalid);
  EXPECT_EQ(loadedSection(channel(R"("capacity": { "argument": 0 },
                                     "zero_means": "unbounded")"))
                .Channels[0]
                .Zero,
            ZeroCapacity::Unbounded);
}

TEST(ChannelRows, ALaterFileReplacesARow) {
  Models Rows = loadedSection(channel("\"capacity\": \"unbounded\""));
  EXPECT_EQ(llvm::toString(loadModelText(
                R"({ "library": "m", "channels": [ { "type": "a::c",
                     "capacity": "rendezvous", "receive": [ "pop" ] } ] })",
                "n.json", Rows)),
            "");
  ASSERT_EQ(Rows.Channels.size(), 1u);
  EXPECT_EQ(Rows.Channels[0].Capacity.Kind, ChannelCapacity::Rendezvous);
  EXPECT_TRUE(Rows.Channels[0].Send.empty());
}

TEST(ChannelRowErrors, PlaceAndReason) {
  EXPECT_EQ(errorIn(R"("channels": [ { "type": "a", "send": [ "p" ] } ])"),
            "m.json: /channels/0: the key \"capacity\" is missing");
  EXPECT_EQ(errorIn(channel("\"capacity\": \"big\"")),
            "m.json: /channels/0/capacity: expected one of \"unbounded\", "
            "\"rendezvous\", found \"big\"");
  EXPECT_EQ(errorIn(channel(R"("capacity": { "fixed": 1, "argument": 0 })")),
            "m.json: /channels/0/capacity: expected exactly one of the keys "
            "\"fixed\", \"argument\", \"template_argument\" and \"setter\"");
  EXPECT_EQ(errorIn(channel(R"("capacity": { "fixed": 1, "default": 0 })")),
            "m.json: /channels/0/capacity/default: only an \"argument\" has a "
            "default");
  EXPECT_EQ(errorIn(R"("channels": [ { "type": "a", "capacity": "unbounded" }
                     ])"),
            "m.json: /channels/0: a channel needs a way to send or to receive");
  EXPECT_EQ(errorIn(channel("\"capacity\": \"unbounded\", \"recieve\": []")),
            "m.json: /channels/0: unknown key \"recieve\"; did you mean "
            "\"receive\"?");
  EXPECT_EQ(errorIn(channel("\"capacity\": \"unbounded\", "
                            "\"close\": [ \"a::close\" ]")),
            "m.json: /channels/0/close/0: expected the name of a member "
            "function, without its class, found \"a::close\"");
  EXPECT_EQ(errorIn(channel("\"capacity\": \"unbounded\", "
                            "\"made_by\": [ {} ]")),
            "m.json: /channels/0/made_by/0: the key \"function\" is missing");
}

TEST(WaiterSlotRows, AllFields) {
  Models Rows = loadedSection(R"("waiter_slots": [ { "type": "a::queue",
    "waits": [ [ "co_await", "pop" ], [ "push" ] ], "stores": [ "assign" ],
    "lent_by": "a::signal::slot", "binders": [ "a::binder" ],
    "second": "why" } ])");
  ASSERT_EQ(Rows.WaiterSlots.size(), 1u);
  const WaiterSlotModel &Row = Rows.WaiterSlots[0];
  EXPECT_EQ(Row.Type, "a::queue");
  ASSERT_EQ(Row.Waits.size(), 2u);
  EXPECT_EQ(Row.Waits[0], (std::vector<std::string>{"co_await", "pop"}));
  EXPECT_EQ(Row.Waits[1], std::vector<std::string>{"push"});
  EXPECT_EQ(Row.Stores, std::vector<std::string>{"assign"});
  EXPECT_EQ(Row.LentBy, "a::signal::slot");
  EXPECT_EQ(Row.Binders, std::vector<std::string>{"a::binder"});
  EXPECT_EQ(Row.Second, "why");
}
TEST(WaiterSlotRows, Errors) {
  auto error = [](const std::string &Fields) {
    return errorIn(R"("waiter_slots": [ { "type": "a", )" + Fields + " } ]");
  };
  EXPECT_EQ(error(R"("waits": [ [ "b" ] ])"),
            "m.json: /waiter_slots/0: the key \"second\" is missing");
  EXPECT_EQ(error(R"("second": "why")"),
            "m.json: /waiter_slots/0: expected one of the keys \"waits\", "
            "\"stores\" and \"binders\"");
  EXPECT_EQ(error(R"("waits": [ [ ] ], "second": "why")"),
            "m.json: /waiter_slots/0/waits/0: expected the names of the "
            "functions that wait in one slot, found []");
  EXPECT_EQ(error(R"("waits": [ [ "b::c" ] ], "second": "why")"),
            "m.json: /waiter_slots/0/waits/0/0: expected the name of a member "
            "function, without its class, found \"b::c\"");
  EXPECT_EQ(error(R"("stores": [ "b" ], "second": "why.")"),
            "m.json: /waiter_slots/0/second: expected a clause without a final "
            "period, found \"why.\"");
}

TEST(RaceRows, AllFields) {
  Models Rows = loadedSection(R"("races": [ { "function": "a::any",
    "loser": "kept", "deadline": true, "ordered": true, "evidence": "src" },
    { "function": "a::operator||", "loser": "dropped" },
    { "function": "a::late", "loser": "detached" },
    { "function": "a::select", "loser": "untouched" } ])");
  ASSERT_EQ(Rows.Races.size(), 4u);
  EXPECT_EQ(Rows.Races[0].Function, "a::any");
  EXPECT_EQ(Rows.Races[0].Loser, RaceLoser::Kept);
  EXPECT_TRUE(Rows.Races[0].Deadline);
  EXPECT_TRUE(Rows.Races[0].Ordered);
  EXPECT_EQ(Rows.Races[1].Loser, RaceLoser::Dropped);
  EXPECT_FALSE(Rows.Races[1].Deadline);
  EXPECT_EQ(Rows.Races[2].Loser, RaceLoser::Detached);
  EXPECT_EQ(Rows.Races[3].Loser, RaceLoser::Untouched);
}

TEST(RaceRowErrors, PlaceAndReason) {
  EXPECT_EQ(errorIn(R"("races": [ { "function": "a" } ])"),
            "m.json: /races/0: the key \"loser\" is missing");
  EXPECT_EQ(errorIn(R"("races": [ { "function": "a", "loser": "kept" },
                                  { "function": "a", "loser": "kept" } ])"),
            "m.json: /races/1: 'a' has two rows in this section");
}

TEST(BuiltinChannels, RowsHaveEvidenceAndSource) {
  auto Rows = loadModels("");
  ASSERT_TRUE(bool(Rows));
  EXPECT_GE((*Rows)->Channels.size(), 35u);
  for (const ChannelModel &Row : (*Rows)->Channels) {
    EXPECT_FALSE(Row.From.Evidence.empty()) << Row.Type;
    EXPECT_FALSE(Row.From.Source.empty()) << Row.Type;
  }
  for (const RaceModel &Row : (*Rows)->Races) {
    EXPECT_FALSE(Row.From.Evidence.empty()) << Row.Function;
    EXPECT_FALSE(Row.From.Source.empty()) << Row.Function;
  }
}

} // namespace
