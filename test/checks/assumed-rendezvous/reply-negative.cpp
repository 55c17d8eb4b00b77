// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20 -I%S/Inputs
// What is read was written by the sender, or was waited for.
#include "channels.h"
#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>

void use(int);

struct request {
  int Number = 0;
  int Result = 0;
  std::binary_semaphore Done{0};
  std::promise<int> Promise;
  std::atomic<int> Progress = 0;
  std::mutex Mutex;
  const int Version = 1;
};

int rendezvous(meeting<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  Channel.hand(Message);
  return Message->Result;
}

int acknowledged(bounded<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  Channel.push(Message);
  Message->Done.acquire();
  return Message->Result;
}

int ownPart(bounded<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  Message->Number = 1;
  Channel.push(Message);
  return Message->Number;
}

int future(bounded<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  auto Future = Message->Promise.get_future();
  Channel.push(Message);
  use(Future.get());
  return Message->Result;
}

int atomicPart(bounded<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  Channel.push(Message);
  return Message->Progress;
}

int locked(bounded<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  Channel.push(Message);
  std::lock_guard<std::mutex> Lock(Message->Mutex);
  return Message->Result;
}

int constant(bounded<std::shared_ptr<request>> &Channel) {
  auto Message = std::make_shared<request>();
  Channel.push(Message);
  return Message->Version;
}

struct point {
  int X = 0, Y = 0;
};
int copied(bounded<point> &Channel) {
  point Message;
  Channel.push(Message);
  return Message.X;
}

int given(bounded<std::shared_ptr<point>> &Channel,
          std::shared_ptr<point> Message) {
  Channel.push(Message);
  return Message->X;
}

int initialized(bounded<std::shared_ptr<point>> &Channel) {
  auto Message = std::make_shared<point>(point{1, 2});
  Channel.push(Message);
  return Message->X;
}

void anotherMessage(bounded<std::shared_ptr<point>> &Channel) {
  for (;;) {
    auto Message = std::make_shared<point>();
    use(Message->X);
    Channel.push(Message);
  }
}
