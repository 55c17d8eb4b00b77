#include "server.h"
#include "session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace quotes {

static asio::awaitable<void> run_session(tcp::socket socket,
                                         price_cache &cache) {
  session client(std::move(socket), cache);
  co_await client.run();
}

asio::awaitable<void> serve(tcp::acceptor &acceptor, price_cache &cache) {
  auto executor = co_await asio::this_coro::executor;
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(executor, run_session(std::move(socket), cache),
                   asio::detached);
  }
}

asio::awaitable<int> ask(tcp::endpoint server) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(server, asio::use_awaitable);
  int answers = 0;
  std::string received;
  for (std::string request : {"ACME\n", "INITECH\n", "ACME\n"}) {
    co_await asio::async_write(socket, asio::buffer(request),
                               asio::use_awaitable);
    std::size_t length = co_await asio::async_read_until(
        socket, asio::dynamic_buffer(received, 256), '\n', asio::use_awaitable);
    answers += std::stod(received.substr(0, length)) > 0;
    received.erase(0, length);
  }
  co_return answers;
}

} // namespace quotes
