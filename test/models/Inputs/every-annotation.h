// Every macro in every place that it is meant for, in both forms.
#ifndef EVERY_ANNOTATION_H
#define EVERY_ANNOTATION_H

#include <threadhop/annotations.h>

namespace types {
class THREADHOP_THREAD_BOUND a1 {};
class THREADHOP_THREAD_BOUND_BECAUSE("r") a2 {};
class THREADHOP_THREAD_CONFINED b1 {};
class THREADHOP_THREAD_CONFINED_BECAUSE("r") b2 {};
class THREADHOP_SEQUENCE_CONFINED c1 {};
class THREADHOP_SEQUENCE_CONFINED_BECAUSE("r") c2 {};
class THREADHOP_SENDABLE d1 {};
class THREADHOP_SENDABLE_BECAUSE("r") d2 {};
class THREADHOP_RESUMES_HERE e1 {};
class THREADHOP_RESUMES_HERE_BECAUSE("r") e2 {};
class THREADHOP_RESUMES_ELSEWHERE f1 {};
class THREADHOP_RESUMES_ELSEWHERE_BECAUSE("r") f2 {};
class THREADHOP_WAKER g1 {};
class THREADHOP_WAKER_BECAUSE("r") g2 {};
class THREADHOP_SINGLE_WAITER h1 {};
class THREADHOP_SINGLE_WAITER_BECAUSE("r") h2 {};
class THREADHOP_RENDEZVOUS i1 {};
class THREADHOP_RENDEZVOUS_BECAUSE("r") i2 {};
template <class T> class THREADHOP_THREAD_BOUND j1 { T value; };
using k1 THREADHOP_THREAD_BOUND = int;
} // namespace types

namespace functions {
THREADHOP_HOPS void a1(int);
THREADHOP_HOPS_BECAUSE("r") void a2(int);
THREADHOP_STAYS void b1(int);
THREADHOP_STAYS_BECAUSE("r") void b2(int);
THREADHOP_RESUMES_HERE int c1();
THREADHOP_RESUMES_HERE_BECAUSE("r") int c2();
THREADHOP_RESUMES_ELSEWHERE int d1();
THREADHOP_RESUMES_ELSEWHERE_BECAUSE("r") int d2();
void e1(THREADHOP_HOPS int work, THREADHOP_STAYS int more);
void e2(THREADHOP_HOPS_BECAUSE("r") int work,
        THREADHOP_STAYS_BECAUSE("r") int more);
} // namespace functions

namespace members {
struct channels {
  THREADHOP_RENDEZVOUS int a1 = 0;
  THREADHOP_RENDEZVOUS_BECAUSE("r") int a2 = 0;
  THREADHOP_SINGLE_WAITER int b1 = 0;
  THREADHOP_SINGLE_WAITER_BECAUSE("r") int b2 = 0;
};
THREADHOP_RENDEZVOUS extern int a1;
THREADHOP_RENDEZVOUS_BECAUSE("r") extern int a2;
} // namespace members

#endif // EVERY_ANNOTATION_H
