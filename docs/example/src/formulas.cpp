#include "formulas.h"
#include "log.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace asio = boost::asio;

namespace quotes {

double machine::run(std::string_view formula) {
  return last = static_cast<double>(formula.size()) / 4;
}

// WRONG: confined-value-crosses-thread. The copy in the task and the one that
// the caller keeps share a machine and a count that is a plain integer: two
// threads change it at once, and the machine is freed twice or never.
void recompute_shared(asio::thread_pool &pool, const formula &f) {
  asio::post(pool, [f] { log(std::to_string(f.value())); });
}

// RIGHT: the text travels; the task has a machine of its own.
void recompute(asio::thread_pool &pool, const formula &f) {
  asio::post(pool,
             [text = f.text] { log(std::to_string(formula(text).value())); });
}

// WRONG: confined-value-crosses-thread. The scope was entered on this thread
// and is closed on a thread of the pool: this one stays in the span, and that
// one gets the span that was current here.
void look_up_in_scope(asio::thread_pool &blocking,
                      std::shared_ptr<span> request) {
  auto scope = std::make_unique<trace_scope>(*request);
  asio::post(blocking,
             [request, scope = std::move(scope)] { log("looking up"); });
}

// RIGHT: the span travels, and the thread that works enters it.
void look_up_in_span(asio::thread_pool &blocking,
                     std::shared_ptr<span> request) {
  asio::post(blocking, [request] {
    trace_scope scope(*request);
    log("looking up");
  });
}

// WRONG: nonsendable-error-payload. Whoever waits for the value gets a copy of
// the machine's pointer with the error, while the thread of the pool still has
// its own: again two threads change one plain count.
std::future<double> value_or_machine(asio::thread_pool &pool,
                                     std::string text) {
  auto promise = std::make_shared<std::promise<double>>();
  auto result = promise->get_future();
  asio::post(pool, [promise, text] {
    formula f(text);
    if (text.empty())
      promise->set_exception(
          std::make_exception_ptr(formula_error("empty", f.on)));
    else
      promise->set_value(f.value());
    log("evaluated by " + std::to_string(f.on->run("")));
  });
  return result;
}

// RIGHT: what the machine has to say goes as text.
std::future<double> value_later(asio::thread_pool &pool, std::string text) {
  auto promise = std::make_shared<std::promise<double>>();
  auto result = promise->get_future();
  asio::post(pool, [promise, text] {
    formula f(text);
    if (text.empty())
      promise->set_exception(
          std::make_exception_ptr(evaluation_error("empty formula")));
    else
      promise->set_value(f.value());
  });
  return result;
}

// WRONG: nonsendable-error-payload. Nobody knows what a plugin's failure holds,
// and whether it may be looked at and destroyed on another thread. Reported
// with the option StrictErasedPayload, which .clang-tidy of this project sets.
std::future<double> value_of_plugin(std::shared_ptr<plugin_failure> why) {
  return std::async(std::launch::async,
                    [why]() -> double { throw plugin_error(why); });
}

// WRONG: error-views-dead-storage. 'upper' is gone when a handler looks at the
// name.
void require_known_symbol(const std::string &name) {
  std::string upper(name);
  std::transform(name.begin(), name.end(), upper.begin(), ::toupper);
  if (upper != "ACME" && upper != "INITECH")
    throw unknown_symbol{upper};
}

// RIGHT: the error owns its text.
void require_symbol(const std::string &name) {
  std::string upper(name);
  std::transform(name.begin(), name.end(), upper.begin(), ::toupper);
  if (upper != "ACME" && upper != "INITECH")
    throw evaluation_error("no symbol: " + upper);
}

// WRONG: shared-exception-mutated. All who wait for the quote get the same
// error object, and add to its text at once.
double wait_and_annotate(std::shared_future<double> quote, std::string symbol) {
  try {
    return quote.get();
  } catch (quote_error &error) {
    error.add("for " + symbol);
    throw;
  }
}

// RIGHT: each throws an error of its own.
double wait_for_quote(std::shared_future<double> quote, std::string symbol) {
  try {
    return quote.get();
  } catch (const quote_error &error) {
    quote_error own(error);
    own.add("for " + symbol);
    throw own;
  }
}

} // namespace quotes
