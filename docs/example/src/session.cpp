#include "session.h"
#include "log.h"
#include "statistics.h"
#include "trace.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace asio = boost::asio;

namespace quotes {

// WRONG: guard-across-suspension. While this coroutine waits, other sessions
// run on its thread and log under this request; it goes on on any thread of the
// pool, whose current span its scope then overwrites.
asio::awaitable<std::string> session::quote_in_scope(std::string symbol) {
  span request("quote " + symbol);
  trace_scope scope(request);
  log("asked");
  double price = co_await cache.price(symbol);
  log("answered");
  co_return std::to_string(price);
}

// RIGHT: the span is carried over the await; the scope, which belongs to a
// thread, is closed before it and entered again after it.
asio::awaitable<std::string> session::quote(std::string symbol) {
  span request("quote " + symbol);
  {
    trace_scope scope(request);
    log("asked");
  }
  double price = co_await counted_price(cache, symbol);
  {
    trace_scope scope(request);
    log("answered");
  }
  co_return std::to_string(price);
}

// WRONG: guard-across-suspension. Meant for the log lines of this session, the
// field is on those of every session that shares the thread, and popped from
// the fields of the thread on which the session ends.
asio::awaitable<void> session::run_with_field() {
  log_field peer("peer=" + socket.remote_endpoint().address().to_string());
  for (;;) {
    std::string request = co_await read_line();
    if (request.empty())
      break;
    std::string reply = co_await answer(request);
    co_await asio::async_write(socket, asio::buffer(reply),
                               asio::use_awaitable);
  }
}

// RIGHT: the text of the field is kept, the field is set where lines are
// logged.
asio::awaitable<void> session::run() {
  std::string peer = "peer=" + socket.remote_endpoint().address().to_string();
  for (;;) {
    std::string request = co_await read_line();
    if (request.empty())
      break;
    std::string reply = co_await answer(request);
    co_await asio::async_write(socket, asio::buffer(reply),
                               asio::use_awaitable);
    log_field field(peer);
    log("replied");
  }
}

/// The next line without its end; empty when the client has gone.
asio::awaitable<std::string> session::read_line() {
  boost::system::error_code gone;
  std::size_t length = co_await asio::async_read_until(
      socket, asio::dynamic_buffer(received, 256), '\n',
      asio::redirect_error(asio::use_awaitable, gone));
  if (gone)
    co_return std::string();
  std::string line = received.substr(0, length - 1);
  received.erase(0, length);
  co_return line;
}

asio::awaitable<std::string> session::answer(std::string request) {
  std::string reply = co_await quote(std::move(request));
  co_return reply + "\n";
}

} // namespace quotes
