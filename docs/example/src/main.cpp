// quote-server PORT     serves until it is interrupted
// quote-server --smoke  serves itself a few requests and ends
#include "formulas.h"
#include "server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

namespace asio = boost::asio;
using asio::ip::tcp;

static int run(unsigned short port, bool smoke) {
  asio::thread_pool pool(2);
  quotes::price_feed feed(pool.get_executor());
  quotes::price_cache cache(feed);
  tcp::acceptor acceptor(pool, {asio::ip::address_v4::loopback(), port});
  asio::co_spawn(pool, quotes::serve(acceptor, cache), asio::detached);
  std::printf("listening on port %d\n", acceptor.local_endpoint().port());

  int status = EXIT_SUCCESS;
  asio::steady_timer deadline(pool, std::chrono::seconds(10));
  asio::signal_set interrupted(pool, SIGINT, SIGTERM);
  if (smoke) {
    // The formulas, once.
    quotes::recompute(pool, quotes::formula("ACME * 2"));
    quotes::look_up_in_span(pool, std::make_shared<quotes::span>("look-up"));
    quotes::require_symbol("acme");
    quotes::wait_for_quote(quotes::value_later(pool, "ACME / 2").share(),
                           "ACME");
    status = EXIT_FAILURE;
    deadline.async_wait([&](boost::system::error_code cancelled) {
      if (!cancelled)
        pool.stop();
    });
    asio::co_spawn(pool, quotes::ask(acceptor.local_endpoint()),
                   [&](std::exception_ptr failed, int answers) {
                     if (!failed && answers == 3)
                       status = EXIT_SUCCESS;
                     pool.stop();
                   });
  } else {
    interrupted.async_wait(
        [&](boost::system::error_code, int) { pool.stop(); });
  }
  pool.join();
  std::puts(status == EXIT_SUCCESS ? "done" : "failed");
  return status;
}

int main(int argc, char **argv) {
  try {
    if (argc == 2 && std::string_view(argv[1]) == "--smoke")
      return run(0, /*smoke=*/true);
    if (argc == 2 && std::atoi(argv[1]) > 0)
      return run(static_cast<unsigned short>(std::atoi(argv[1])),
                 /*smoke=*/false);
    std::fputs("usage: quote-server PORT | --smoke\n", stderr);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "quote-server: %s\n", error.what());
  }
  return EXIT_FAILURE;
}
