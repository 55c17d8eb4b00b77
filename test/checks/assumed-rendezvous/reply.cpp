// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// The reply part of a shared message, read as soon as the message is sent.
#include "channels.h"
#include <memory>
#include <string>

void use(int);

struct request {
  int Number = 0;
  int Result = 0;
  std::string Text;
};

int sharedPointer(bounded<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  Message->Number = 1;
  Channel.push(Message);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}member 'Result'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE+1]]:19: note: 'Result' is read here
  return Message->Result;
}

void rawPointer(bounded<request *> &Channel) {
  auto *Message = new request;
  Channel.push(Message);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}member 'Result'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE+1]]:16: note: 'Result' is read here
  use(Message->Result);
}

std::string classMember(unbounded<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  Channel.send(Message);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is unbounded{{.*}}member 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE+1]]:19: note: 'Text' is read here
  return Message->Text;
}

bool sizeOfIt(bounded<std::shared_ptr<request>> &Channel) {
  std::shared_ptr<request> Message(new request);
  Channel.push(Message);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}member 'Text'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE+1]]:19: note: 'Text' is read here
  return Message->Text.empty();
}

// What the receiver writes is the reply, whoever made the message.
struct made_elsewhere {
  int Question = 0;
  int Answer = 0;
};
void receiver(bounded<std::shared_ptr<made_elsewhere>> &Channel) {
  while (auto Message = Channel.pop())
    (*Message)->Answer = (*Message)->Question + 1;
}
int givenMessage(bounded<std::shared_ptr<made_elsewhere>> &Channel,
                 std::shared_ptr<made_elsewhere> Message) {
  Channel.push(Message);
// CHECK: :[[@LINE-1]]:11: warning: 'Channel' is buffered{{.*}}member 'Answer'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: channels.h:{{[0-9]+:[0-9]+}}: note: a send returns once the message is stored here
// CHECK: :[[@LINE+2]]:19: note: 'Answer' is read here
// CHECK: :[[@LINE-8]]:17: note: 'Answer' is written here
  return Message->Answer;
}
