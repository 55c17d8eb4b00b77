// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -I%stubs

// Seastar: a pointer counted without atomics stays on its shard, unless it is
// wrapped.

#include "seastar.h"

struct page {
  int number;
};
using page_ptr = seastar::lw_shared_ptr<page>;

struct cache {
  page_ptr newest;
  void keep(int number);
};

void look(int number);

void sent_to_another_shard(page_ptr page) {
  (void)seastar::smp::submit_to(1, [page] { look(page->number); });
  // CHECK: :[[@LINE-1]]:37: warning: {{.*}}'page'{{.*}} [threadhop-confined-value-crosses-thread]
}

void moved_to_another_shard(page_ptr page) {
  (void)seastar::smp::submit_to(1, [page = std::move(page)] {
  // CHECK: :[[@LINE-1]]:37: warning: {{.*}}'page'{{.*}} [threadhop-confined-value-crosses-thread]
    look(page->number);
  });
}

void sent_to_a_service_of_another_shard(seastar::sharded<cache> &caches,
                                        page_ptr page) {
  (void)caches.invoke_on(1, [page](cache &c) { c.newest = page; });
  // CHECK: :[[@LINE-1]]:30: warning: {{.*}}'page'{{.*}} [threadhop-confined-value-crosses-thread]
}

void sent_to_all_shards(seastar::sharded<cache> &caches, page_ptr page) {
  (void)caches.invoke_on_all([page](cache &c) { c.keep(page->number); });
  // CHECK: :[[@LINE-1]]:31: warning: {{.*}}'page'{{.*}} [threadhop-confined-value-crosses-thread]
}

struct request {
  page_ptr page;
  int shard;
};

void inside_a_struct(request r) {
  (void)seastar::smp::submit_to(r.shard, [r] { look(r.page->number); });
  // CHECK: :[[@LINE-1]]:43: warning: {{.*}}'r'{{.*}} [threadhop-confined-value-crosses-thread]
}

void silent_wrapped(page_ptr page) {
  (void)seastar::smp::submit_to(
      1, [page = seastar::make_foreign(std::move(page))] {
        look(page->number);
      });
}

void silent_made_on_the_other_shard() {
  (void)seastar::smp::submit_to(1, [] {
    page_ptr own = seastar::make_lw_shared<page>();
    look(own->number);
  });
}

void silent_a_plain_value(page_ptr page) {
  int number = page->number;
  (void)seastar::smp::submit_to(1, [number] { look(number); });
}

void silent_the_other_shards_own(seastar::sharded<cache> &caches, int number) {
  (void)caches.invoke_on(1, [number](cache &c) { c.keep(number); });
}

void silent_on_this_shard(page_ptr page) {
  (void)seastar::async([page] { look(page->number); });
}
