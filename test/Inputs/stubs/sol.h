//===- sol.h - The names of sol2 that tasks meet --------------------------===//

#ifndef THREADHOP_TEST_STUBS_SOL_H
#define THREADHOP_TEST_STUBS_SOL_H

#include <stdexcept>
#include <string>

struct lua_State;

namespace sol {

class state_view {
public:
  state_view(lua_State *L);
  lua_State *lua_state() const;
  void collect_garbage();

private:
  lua_State *L;
};

class state : public state_view {
public:
  state();
  state(const state &) = delete;
  state(state &&) noexcept;
  ~state();
};

class reference {
public:
  reference(const reference &);
  reference(reference &&) noexcept;
  ~reference();

private:
  lua_State *luastate;
  int ref;
};

template <bool main_only> class basic_reference : public reference {};

class protected_function_result {
public:
  protected_function_result(const protected_function_result &) = delete;
  protected_function_result(protected_function_result &&) noexcept;
  ~protected_function_result();
  bool valid() const;
  int get() const;

private:
  lua_State *L;
  int index;
};

template <class Reference> class basic_protected_function : public Reference {
public:
  protected_function_result operator()() const;
};
using protected_function = basic_protected_function<basic_reference<false>>;

template <class Reference> class basic_object : public Reference {
public:
  template <class T> T as() const;
};
using object = basic_object<basic_reference<false>>;

class error : public std::runtime_error {
public:
  error(const std::string &what);
};

} // namespace sol

#endif // THREADHOP_TEST_STUBS_SOL_H
