// Prices that are computed: a small language with a machine that runs it.
#pragma once

#include "local_ptr.h"
#include "trace.h"

#include <boost/asio/thread_pool.hpp>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace quotes {

/// Runs formulas; one thread at a time.
class machine {
public:
  double run(std::string_view formula);

private:
  double last = 0;
};

/// A formula and the machine that it runs on. Copies share the machine.
struct formula {
  std::string text;
  local_ptr<machine> on;

  explicit formula(std::string text) : text(std::move(text)), on(new machine) {}
  double value() const { return on->run(text); }
};

/// What went wrong, with the machine to look at.
struct formula_error : std::runtime_error {
  formula_error(const std::string &what, local_ptr<machine> on)
      : std::runtime_error(what), on(on) {}
  local_ptr<machine> on;
};

/// What went wrong, in text.
struct evaluation_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Whatever a plugin made of its failure.
struct plugin_failure {
  virtual ~plugin_failure() = default;
  virtual std::string text() const = 0;
};

/// A failure of a plugin, as it comes.
struct plugin_error : std::exception {
  explicit plugin_error(std::shared_ptr<plugin_failure> why)
      : why(std::move(why)) {}
  std::shared_ptr<plugin_failure> why;
};

/// A name that is no symbol.
struct unknown_symbol {
  std::string_view name;
};

/// A failed quote; whoever passes it on may add where.
struct quote_error : std::exception {
  void add(const std::string &place) { trail += " " + place; }
  const char *what() const noexcept override { return trail.c_str(); }
  std::string trail = "no quote";
};

// Right.
void recompute(boost::asio::thread_pool &pool, const formula &f);
std::future<double> value_later(boost::asio::thread_pool &pool,
                                std::string text);
void look_up_in_span(boost::asio::thread_pool &blocking,
                     std::shared_ptr<span> request);
void require_symbol(const std::string &name);
double wait_for_quote(std::shared_future<double> quote, std::string symbol);

// Wrong.
void recompute_shared(boost::asio::thread_pool &pool, const formula &f);
void look_up_in_scope(boost::asio::thread_pool &blocking,
                      std::shared_ptr<span> request);
std::future<double> value_or_machine(boost::asio::thread_pool &pool,
                                     std::string text);
std::future<double> value_of_plugin(std::shared_ptr<plugin_failure> why);
void require_known_symbol(const std::string &name);
double wait_and_annotate(std::shared_future<double> quote, std::string symbol);

} // namespace quotes
