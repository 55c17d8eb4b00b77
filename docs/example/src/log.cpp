#include "log.h"
#include "trace.h"

#include <cstdio>

namespace quotes {

void log(std::string_view text) {
  std::string line;
  if (const span *current = trace_scope::current())
    line += "[" + current->name() + "] ";
  line += text;
  for (const std::string &field : log_fields)
    line += " " + field;
  line += "\n";
  std::fputs(line.c_str(), stderr);
}

} // namespace quotes
