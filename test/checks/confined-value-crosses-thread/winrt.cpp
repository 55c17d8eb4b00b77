// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%stubs

// COM: an interface pointer belongs to its apartment, unless the object is
// agile or the pointer is brought over by an agile reference.

#include "winrt.h"
#include <thread>

struct IDocument : IUnknown {
  virtual int Pages() = 0;
};
struct IAgileDocument : IAgileObject {
  virtual int Pages() = 0;
};

void copied_into_a_thread(const winrt::com_ptr<IDocument> &document) {
  std::thread([document] { document->Pages(); }).detach();
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'document'{{.*}} [threadhop-confined-value-crosses-thread]
}

class viewer {
public:
  void count() {
    std::thread([this] { document->Pages(); }).detach();
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'document'{{.*}} [threadhop-confined-value-crosses-thread]
  }
  int pages() { return document->Pages(); }

private:
  winrt::com_ptr<IDocument> document;
};

void silent_an_agile_reference(const winrt::com_ptr<IDocument> &document) {
  winrt::agile_ref<IDocument> agile(document);
  std::thread([agile] { agile.get()->Pages(); }).detach();
  std::thread([other = winrt::make_agile(document)] {
    other.get()->Pages();
  }).detach();
}

void silent_an_agile_interface(const winrt::com_ptr<IAgileDocument> &document) {
  std::thread([document] { document->Pages(); }).detach();
}

void silent_a_plain_value(const winrt::com_ptr<IDocument> &document) {
  std::thread([pages = document->Pages()] { (void)pages; }).detach();
}
