// REQUIRES: tbb, boost
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20

// oneTBB's own headers: the public names are those of an inner namespace.

#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <boost/smart_ptr/make_local_shared.hpp>
#include <tbb/parallel_for.h>
#include <tbb/parallel_for_each.h>
#include <tbb/parallel_invoke.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>
#include <vector>

using counted = boost::local_shared_ptr<int>;

void look(const int &value);

void a_task_of_a_group(tbb::task_group &group, const counted &value) {
  group.run([value] { look(*value); });
  // CHECK: :[[@LINE-1]]:14: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

void a_task_of_an_arena(tbb::task_arena &arena, const counted &value) {
  arena.enqueue([value] { look(*value); });
  // CHECK: :[[@LINE-1]]:18: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

void several_threads_at_once(const counted &value) {
  tbb::parallel_for(0, 8, [&](int) {
    counted copy = value;
  // CHECK: :[[@LINE-1]]:20: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
    look(*copy);
  });
}

void several_threads_with_a_copy(const counted &value) {
  tbb::parallel_for(0, 8, [value](int) { look(*value); });
  // CHECK: :[[@LINE-1]]:28: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
}

void invoked_side_by_side(const counted &value) {
  tbb::parallel_invoke([value] { look(*value); },
  // CHECK: :[[@LINE-1]]:25: warning: {{.*}}'value'{{.*}} [threadhop-confined-value-crosses-thread]
                       [] {});
}

void silent_made_in_the_task(tbb::task_group &group) {
  group.run([] {
    counted own = boost::make_local_shared<int>(1);
    look(*own);
  });
}

void silent_a_plain_value(tbb::task_group &group, const counted &value) {
  group.run([number = *value] { look(number); });
}

void silent_waited_for_before_it_is_touched() {
  counted value = boost::make_local_shared<int>(1);
  tbb::task_group group;
  group.run([&value] { look(*value); });
  group.wait();
  look(*value);
}

void silent_plain_values_in_parallel(std::vector<int> &values) {
  tbb::parallel_for_each(values, [](int &value) { look(value); });
}
