// REQUIRES: qt6
// RUN: %check_threadhop %s threadhop-confined-value-crosses-thread -- \
// RUN:   -std=c++20 -fPIC -isystem %qt6_include \
// RUN:   -isystem %qt6_include/QtCore -isystem %qt6_include/QtGui \
// RUN:   -isystem %qt6_include/QtWidgets -isystem %qt6_include/QtConcurrent

// Qt's own headers: widgets and pixmaps are the main thread's, a timer is its
// event loop's.

#include <QtConcurrent/QtConcurrentRun>
#include <QtCore/QObject>
#include <QtCore/QSharedPointer>
#include <QtCore/QString>
#include <QtCore/QThread>
#include <QtCore/QThreadPool>
#include <QtCore/QTimer>
#include <QtGui/QImage>
#include <QtGui/QPixmap>
#include <QtWidgets/QLabel>

void a_label_written_by_a_task(QLabel *label) {
  auto done = QtConcurrent::run([label] {
  // CHECK: :[[@LINE-1]]:34: warning: {{.*}}'label'{{.*}} [threadhop-confined-value-crosses-thread]
    label->setText(QStringLiteral("done"));
  });
}

void a_pixmap_copied_into_a_task(QThreadPool *pool, const QPixmap &picture) {
  pool->start([picture] { (void)picture.toImage(); });
  // CHECK: :[[@LINE-1]]:16: warning: {{.*}}'picture'{{.*}} [threadhop-confined-value-crosses-thread]
}

class window : public QWidget {
public:
  void load() {
    auto done = QtConcurrent::run([this] { status->clear(); });
  // CHECK: :[[@LINE-1]]:36: warning: {{.*}}'status'{{.*}} [threadhop-confined-value-crosses-thread]
  }

private:
  QLabel *status = new QLabel(this);
};

void a_timer_started_by_a_thread(QTimer *timer) {
  QThread *worker = QThread::create([timer] { timer->start(10); });
  // CHECK: :[[@LINE-1]]:38: warning: {{.*}}'timer'{{.*}} [threadhop-confined-value-crosses-thread]
  worker->start();
}

void silent_an_image(QThreadPool *pool, const QImage &picture) {
  pool->start([picture] { (void)picture.width(); });
}

void silent_made_in_the_task() {
  auto done = QtConcurrent::run([] {
    QTimer own;
    own.start(10);
  });
}

void silent_a_text_taken_before(QThreadPool *pool, QLabel *label) {
  pool->start([text = label->text()] { (void)text.size(); });
}

void silent_counted_atomically(QThreadPool *pool,
                               const QSharedPointer<int> &number) {
  pool->start([number] { (void)*number; });
}

void silent_run_by_the_objects_own_thread(QLabel *label) {
  QMetaObject::invokeMethod(
      label, [label] { label->clear(); }, Qt::QueuedConnection);
  QTimer::singleShot(10, label, [label] { label->clear(); });
}

class silent_connected : public QWidget {
public:
  void watch(QThread *worker) {
    QObject::connect(worker, &QThread::finished, this,
                     [this] { status->clear(); });
  }

private:
  QLabel *status = new QLabel(this);
};

class silent_posts_back : public QWidget {
public:
  void load() {
    auto done = QtConcurrent::run([this] {
      QMetaObject::invokeMethod(
          this, [this] { status->clear(); }, Qt::QueuedConnection);
    });
  }

private:
  QLabel *status = new QLabel(this);
};
