// REQUIRES: boost-fiber
// RUN: %check_threadhop %s threadhop-assumed-rendezvous -- -std=c++20
// Boost.Fiber's own headers: one channel buffers, the other is a rendezvous.
#include <boost/fiber/buffered_channel.hpp>
#include <boost/fiber/future.hpp>
#include <boost/fiber/unbuffered_channel.hpp>
#include <span>

bool step();

struct request {
  boost::fibers::promise<void> Done;
};

struct buffered {
  boost::fibers::buffered_channel<request> Requests{2};
  void run() {
    request Request;
    while (Requests.pop(Request) ==
           boost::fibers::channel_op_status::success) {
      bool Last = step();
      Request.Done.set_value();
      if (Last)
        return;
    }
  }
  void call() {
    request Request;
    auto Done = Request.Done.get_future();
    Requests.push(std::move(Request));
// CHECK: :[[@LINE-1]]:14: warning: 'Requests' holds 1 message{{.*}}acknowledgement{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-16]]:53: note: the capacity 2 is given here: it holds one{{.*}}
// CHECK: :[[@LINE+3]]:5: note: waited for here, without a deadline
// CHECK: :[[@LINE-15]]:21: note: the only receiver is here
// CHECK: :[[@LINE-11]]:9: note: it leaves here without closing the channel or emptying it
    Done.wait();
  }
};

struct unbuffered {
  boost::fibers::unbuffered_channel<request> Requests;
  void run() {
    request Request;
    while (Requests.pop(Request) ==
           boost::fibers::channel_op_status::success) {
      bool Last = step();
      Request.Done.set_value();
      if (Last)
        return;
    }
  }
  void call() {
    request Request;
    auto Done = Request.Done.get_future();
    Requests.push(std::move(Request));
    Done.wait();
  }
};

void borrowed() {
  boost::fibers::buffered_channel<int *> Channel(4);
  {
    int Number = 1;
    Channel.push(&Number);
// CHECK: :[[@LINE-1]]:13: warning: 'Channel' holds 3 messages{{.*}}points to 'Number'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:50: note: the capacity 4 is given here: it holds one{{.*}}
// CHECK: :[[@LINE-4]]:9: note: 'Number' is declared here
// CHECK: :[[@LINE+1]]:3: note: 'Number' ends here
  }
  Channel.close();
}

void taken() {
  boost::fibers::unbuffered_channel<int *> Channel;
  int Number = 1;
  Channel.push(&Number);
}

struct frame {
  int Number;
  std::span<const char> Bytes;
};

void ofAnyCapacity(boost::fibers::buffered_channel<frame> &Frames) {
  char Bytes[16] = {};
  frame Frame{1, Bytes};
  Frames.push(Frame);
// CHECK: :[[@LINE-1]]:10: warning: 'Frames' is buffered{{.*}}points to 'Bytes'{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-5]]:60: note: it buffers, whatever capacity it is made with{{.*}}
// CHECK: :[[@LINE-5]]:8: note: 'Bytes' is declared here
// CHECK: :[[@LINE+1]]:1: note: 'Bytes' ends here
}

void takenOfNoCapacity(boost::fibers::unbuffered_channel<frame> &Frames) {
  char Bytes[16] = {};
  Frames.push(frame{1, Bytes});
}

struct ranged {
  boost::fibers::buffered_channel<request> Requests{4};
  void run(int Most) {
    for (request &Request : Requests) {
      Request.Done.set_value();
      if (--Most == 0)
        return;
    }
  }
  void call() {
    request Request;
    auto Done = Request.Done.get_future();
    Requests.push(std::move(Request));
// CHECK: :[[@LINE-1]]:14: warning: 'Requests' holds 3 messages{{.*}}acknowledgement{{.*}}[threadhop-assumed-rendezvous]
// CHECK: :[[@LINE-13]]:53: note: the capacity 4 is given here{{.*}}
// CHECK: :[[@LINE+3]]:5: note: waited for here, without a deadline
// CHECK: :[[@LINE-13]]:27: note: the only receiver is here
// CHECK: :[[@LINE-11]]:9: note: it leaves here without closing the channel or emptying it
    Done.wait();
  }
};

struct ranged_to_the_end {
  boost::fibers::buffered_channel<request> Requests{4};
  void run() {
    for (request &Request : Requests)
      Request.Done.set_value();
  }
  void call() {
    request Request;
    auto Done = Request.Done.get_future();
    Requests.push(std::move(Request));
    Done.wait();
  }
};

struct closes {
  boost::fibers::buffered_channel<request> Requests{4};
  void run(int Most) {
    for (request &Request : Requests) {
      Request.Done.set_value();
      if (--Most == 0)
        break;
    }
    Requests.close();
  }
  void call() {
    request Request;
    auto Done = Request.Done.get_future();
    Requests.push(std::move(Request));
    Done.wait();
  }
};
