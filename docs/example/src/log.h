// Log lines, and the fields that belong to what this thread is doing.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quotes {

/// The fields that are printed with every line logged on this thread.
inline thread_local std::vector<std::string> log_fields;

/// Adds a field for as long as it lives.
class log_field {
public:
  explicit log_field(std::string text) {
    log_fields.push_back(std::move(text));
  }
  ~log_field() { log_fields.pop_back(); }
  log_field(const log_field &) = delete;
  log_field &operator=(const log_field &) = delete;
};

void log(std::string_view text);

} // namespace quotes
