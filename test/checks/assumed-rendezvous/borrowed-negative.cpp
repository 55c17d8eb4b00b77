// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// Messages that own what they carry, or whose objects live long enough.
#include "channels.h"
#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <semaphore>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct note {
  const std::string *Text;
};

void rendezvous(meeting<note> &Channel) {
  std::string Text = "hello";
  Channel.hand({&Text});
}

void value(bounded<std::string> &Channel) {
  std::string Text = "hello";
  Channel.push(Text);
  Channel.push(Text.c_str());
  Channel.push(std::move(Text));
}

std::string Global = "hello";
void longLived(bounded<note> &Channel, const std::string &Callers) {
  static std::string Static = "hello";
  Channel.push({&Static});
  Channel.push({&Global});
  Channel.push({&Callers});
  Channel.push({new std::string("hello")});
}

struct server {
  std::string Name;
  void announce(bounded<note> &Channel) { Channel.push({&Name}); }
};

void literal(bounded<std::string_view> &Channel) { Channel.push("hello"); }

struct asked {
  const std::string *Text;
  std::promise<int> *Answer;
};
int answered(bounded<asked> &Channel) {
  std::string Text = "hello";
  std::promise<int> Answer;
  auto Future = Answer.get_future();
  if (!Channel.push({&Text, &Answer}))
    return 0;
  return Future.get();
}

void latched(bounded<std::latch *> &Channel) {
  std::latch Done(1);
  Channel.push(&Done);
  Done.wait();
}

struct polled {
  const std::string *Text;
  std::atomic<bool> *Done;
};
void spins(bounded<polled> &Channel) {
  std::string Text = "hello";
  std::atomic<bool> Done = false;
  Channel.push({&Text, &Done});
  while (!Done)
    std::this_thread::yield();
}

void joined(bounded<note> &Channel, std::thread &Receiver) {
  std::string Text = "hello";
  Channel.push({&Text});
  Channel.close();
  Receiver.join();
}

void joinedAtTheEnd() {
  bounded<note> Channel(1);
  std::string Text = "hello";
  std::jthread Receiver([&] {
    while (Channel.pop())
      ;
  });
  Channel.push({&Text});
  Channel.close();
}

void channelEndsFirst() {
  std::string Text = "hello";
  bounded<note> Channel(1);
  Channel.push({&Text});
}

void drained(bounded<note> &Channel, void (*waitUntilEmpty)(bounded<note> &));
void waitUntilEmpty(bounded<note> &Channel);
void waitsByName(bounded<note> &Channel) {
  std::string Text = "hello";
  Channel.push({&Text});
  waitUntilEmpty(Channel);
}

void takenBack(bounded<note> &Channel) {
  std::string Text = "hello";
  Channel.push({&Text});
  (void)Channel.pop();
}

void movedOn(bounded<std::span<int>> &Channel, std::vector<int> &Keeps) {
  std::vector<int> Numbers(4);
  Channel.push(Numbers);
  Keeps = std::move(Numbers);
}

void pointerSetAgain(bounded<note> &Channel) {
  std::string Text = "hello";
  const std::string *Where = &Text;
  Where = &Global;
  Channel.push({Where});
}

void failed(bounded<note> &Channel) {
  std::string Text = "hello";
  if (!Channel.push({&Text}))
    return;
  (void)Channel.pop();
}

struct pinned {
  explicit pinned(bounded<note> &Channel);
  ~pinned();
};
void endsInADestructor(bounded<note> &Channel) {
  std::string Text = "hello";
  pinned Waits(Channel);
  Channel.push({&Text});
}

// A loop that waits is there to be run.
struct part {
  int *First;
  std::counting_semaphore<> *Done;
};
void asOftenAsSent(bounded<part> &Channel) {
  int Numbers[8] = {};
  std::counting_semaphore<> Done{0};
  for (int I = 0; I != 2; ++I)
    Channel.push(part{Numbers + 4 * I, &Done});
  for (int I = 0; I != 2; ++I)
    Done.acquire();
}
void joinsAll(bounded<int *> &Channel, std::vector<std::thread> &Workers) {
  int Number = 1;
  Channel.push(&Number);
  for (std::thread &Worker : Workers)
    Worker.join();
}

void pairOfString(bounded<std::pair<std::string, int>> &Channel) {
  char Bytes[8] = {};
  Channel.push({Bytes, 8});
}
