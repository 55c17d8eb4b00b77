// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// Messages that point to the sender's stack, and nothing that waits.
#include "channels.h"
#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct note {
  const std::string *Text;
};

void addressOfALocal(bounded<note> &Channel) {
  std::string Text = "hello";
  Channel.push(note{&Text});
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}

void plainPointer(unbounded<int *> &Channel) {
  int Number = 1;
  Channel.send(&Number);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is unbounded{{.*}}points to 'Number'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:7: note: 'Number' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Number' ends here
}

void view(bounded<std::string_view> &Channel) {
  std::string Text = "hello";
  Channel.push(Text);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}

void span(bounded<std::span<const char>> &Channel) {
  char Bytes[16] = {};
  Channel.push(Bytes);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Bytes'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:8: note: 'Bytes' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Bytes' ends here
}

void partOfASpan(bounded<std::span<const char>> &Channel) {
  std::array<char, 16> Bytes = {};
  Channel.push(std::span(Bytes).first(4));
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Bytes'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:24: note: 'Bytes' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Bytes' ends here
}

void wrapper(bounded<std::reference_wrapper<std::vector<int>>> &Channel) {
  std::vector<int> Numbers(4);
  Channel.push(std::ref(Numbers));
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Numbers'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:20: note: 'Numbers' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Numbers' ends here
}

void closure(bounded<std::function<void()>> &Channel) {
  int Count = 0;
  Channel.push([&] { ++Count; });
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Count'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:7: note: 'Count' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Count' ends here
}

void closureWithAPointer(bounded<std::function<void()>> &Channel) {
  int Count = 0;
  Channel.push([Where = &Count] { ++*Where; });
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Count'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:7: note: 'Count' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Count' ends here
}

void throughAVariable(bounded<note> &Channel) {
  std::string Text = "hello";
  const std::string *Where = &Text;
  note Message;
  Message.Text = Where;
  Channel.push(Message);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-7]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}

struct job {
  explicit job(std::string &Text) : Text(Text) {}
  std::string &Text;
};
void throughAConstructor(bounded<job> &Channel) {
  std::string Text = "hello";
  Channel.push(job(Text));
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}

inline note noteOf(const std::string &Text) { return {&Text}; }
void throughAHelper(bounded<note> &Channel) {
  std::string Text = "hello";
  Channel.push(noteOf(Text));
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}

void inAnInnerScope(bounded<note> &Channel) {
  {
    std::string Text = "hello";
    Channel.push({&Text});
// CHECK: :[[@LINE-1]]:13: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:17: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:3: note: 'Text' ends here
  }
  (void)Channel.pop();
}

void parameter(std::string Text, bounded<note> &Channel) {
  Channel.push({&Text});
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:28: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}

void ownedByALocal(bounded<int *> &Channel) {
  auto Number = std::make_unique<int>(1);
  Channel.push(Number.get());
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Number'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:8: note: 'Number' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Number' ends here
}

int readInto(std::span<char> Bytes);
void writtenAgain(bounded<std::span<const char>> &Channel) {
  std::array<char, 16> Bytes;
  for (;;) {
    readInto(Bytes);
    Channel.push(Bytes);
// CHECK: :[[@LINE-1]]:13: warning: 'Channel' is buffered{{.*}}points to 'Bytes'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-6]]:24: note: 'Bytes' is declared here
// CHECK: :[[@LINE-5]]:5: note: 'Bytes' is written here
  }
}

void onOnePath(bounded<note> &Channel, bool Quick) {
  std::string Text = "hello";
  Channel.push({&Text});
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+2]]:5: note: 'Text' ends here
  if (Quick)
    return;
  (void)Channel.pop();
}

template <typename Channel> void inATemplate(Channel &To) {
  std::string Text = "hello";
  To.push({&Text});
// CHECK: :[[@LINE-1]]:6: warning: 'To' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}
template void inATemplate(bounded<note> &);

struct with_address {
  int Value;
  int *Where;
};
void byMember(bounded<with_address> &Channel) {
  int Local = 0;
  with_address Message{};
  Message.Value = 1;
  Message.Where = &Local;
  Channel.push(std::move(Message));
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Local'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-7]]:7: note: 'Local' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Local' ends here
}

void sharedMessage(bounded<std::shared_ptr<note>> &Channel) {
  std::string Text = "hello";
  Channel.push(std::make_shared<note>(note{&Text}));
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}

void filledThroughAPointer(bounded<std::shared_ptr<note>> &Channel) {
  std::string Text = "hello";
  auto Message = std::make_shared<note>();
  Message->Text = &Text;
  Channel.push(Message);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-6]]:15: note: 'Text' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Text' ends here
}

void pairOfArray(bounded<std::pair<const char *, int>> &Channel) {
  char Bytes[8] = {};
  Channel.push({Bytes, 8});
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}points to 'Bytes'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE-4]]:8: note: 'Bytes' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Bytes' ends here
}
