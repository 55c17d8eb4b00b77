//===--- ParsedSnippet.cpp - a few lines of C++, parsed -------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ParsedSnippet.h"
#include "analysis/Names.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Tooling/Tooling.h"
#include <gtest/gtest.h>

using namespace clang;

namespace threadhop {

const char *const StdPrelude = R"cpp(
namespace std {
using size_t = decltype(sizeof(0));
using nullptr_t = decltype(nullptr);
template <class T> struct remove_reference { using type = T; };
template <class T> struct remove_reference<T &> { using type = T; };
template <class T> struct remove_reference<T &&> { using type = T; };
template <class T> using remove_reference_t = typename remove_reference<T>::type;
template <class T> constexpr remove_reference_t<T> &&move(T &&t) noexcept {
  return static_cast<remove_reference_t<T> &&>(t);
}
template <class T> constexpr T &&forward(remove_reference_t<T> &t) noexcept {
  return static_cast<T &&>(t);
}
template <class T> constexpr const T &as_const(T &t) noexcept { return t; }
template <class T> T *addressof(T &t) noexcept { return __builtin_addressof(t); }
template <class T, class U = T> T exchange(T &object, U &&value);
template <class T> void swap(T &, T &);
struct nullopt_t { explicit constexpr nullopt_t(int) {} };
inline constexpr nullopt_t nullopt{0};
struct in_place_t {};
inline constexpr in_place_t in_place{};
template <class T> struct optional {
  optional(); optional(nullopt_t); optional(const T &); optional(T &&);
  template <class... A> explicit optional(in_place_t, A &&...);
  ~optional();
  optional &operator=(nullopt_t); optional &operator=(T &&);
  template <class... A> T &emplace(A &&...);
  void reset();
  bool has_value() const; explicit operator bool() const;
  T &value(); T &operator*(); T *operator->();
};
template <class T> struct unique_ptr {
  unique_ptr(); unique_ptr(nullptr_t); explicit unique_ptr(T *);
  unique_ptr(unique_ptr &&); ~unique_ptr();
  unique_ptr &operator=(unique_ptr &&); unique_ptr &operator=(nullptr_t);
  T *get() const; T *release(); void reset(T * = nullptr);
  T &operator*() const; T *operator->() const; explicit operator bool() const;
};
template <class T, class... A> unique_ptr<T> make_unique(A &&...);
template <class T> struct reference_wrapper {
  reference_wrapper(T &); T &get() const; operator T &() const;
};
template <class T> reference_wrapper<T> ref(T &);
template <class T> struct vector {
  vector(); ~vector(); void push_back(T); void pop_back(); void clear();
  T &back(); T &front(); T &operator[](size_t); T *begin(); T *end();
  bool empty() const; size_t size() const;
};
template <class A, class B> struct pair { A first; B second; };
template <class... T> struct tuple { tuple(); tuple(T...); ~tuple(); };
template <int I, class... T> int &get(tuple<T...> &);
struct thread {
  thread(); template <class F, class... A> explicit thread(F &&, A &&...) {}
  thread(thread &&); ~thread(); void join(); void detach();
};

struct defer_lock_t {}; struct adopt_lock_t {}; struct try_to_lock_t {};
inline constexpr defer_lock_t defer_lock{};
inline constexpr adopt_lock_t adopt_lock{};
inline constexpr try_to_lock_t try_to_lock{};
struct mutex { mutex(); ~mutex(); void lock(); void unlock(); bool try_lock(); };
struct shared_mutex {
  void lock(); void unlock(); bool try_lock();
  void lock_shared(); void unlock_shared(); bool try_lock_shared();
};
template <class M> struct lock_guard {
  explicit lock_guard(M &); lock_guard(M &, adopt_lock_t);
  lock_guard(const lock_guard &) = delete; ~lock_guard();
};
template <class... M> struct scoped_lock {
  explicit scoped_lock(M &...); scoped_lock(const scoped_lock &) = delete;
  ~scoped_lock();
};
template <class M> struct unique_lock {
  unique_lock() noexcept; explicit unique_lock(M &);
  unique_lock(M &, defer_lock_t) noexcept; unique_lock(M &, adopt_lock_t);
  unique_lock(M &, try_to_lock_t);
  unique_lock(unique_lock &&) noexcept; ~unique_lock();
  unique_lock &operator=(unique_lock &&) noexcept;
  void lock(); bool try_lock(); void unlock(); M *release();
  void swap(unique_lock &);
  bool owns_lock() const noexcept; explicit operator bool() const noexcept;
  M *mutex() const;
};
template <class M> struct shared_lock {
  explicit shared_lock(M &); shared_lock(shared_lock &&); ~shared_lock();
  void unlock();
};
template <class... M> void lock(M &...);
struct condition_variable { void wait(unique_lock<mutex> &); };

template <class R, class... A> struct coroutine_traits {
  using promise_type = typename R::promise_type;
};
template <class P = void> struct coroutine_handle;
template <> struct coroutine_handle<void> {
  static coroutine_handle from_address(void *) noexcept;
  void *address() const noexcept;
  void resume() const; void operator()() const; void destroy() const;
  bool done() const;
};
template <class P> struct coroutine_handle {
  static coroutine_handle from_address(void *) noexcept;
  static coroutine_handle from_promise(P &) noexcept;
  void *address() const noexcept;
  operator coroutine_handle<>() const noexcept;
  void resume() const; void operator()() const; P &promise() const;
};
struct suspend_always {
  constexpr bool await_ready() const noexcept { return false; }
  constexpr void await_suspend(coroutine_handle<>) const noexcept {}
  constexpr void await_resume() const noexcept {}
};
struct suspend_never {
  constexpr bool await_ready() const noexcept { return true; }
  constexpr void await_suspend(coroutine_handle<>) const noexcept {}
  constexpr void await_resume() const noexcept {}
};
} // namespace std

struct event {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
event tick();
bool flag();
int number();

template <class Self, class Initial, class Final> struct basic_promise {
  Self get_return_object();
  Initial initial_suspend() noexcept { return {}; }
  Final final_suspend() noexcept { return {}; }
  void unhandled_exception();
  void return_void();
  std::suspend_always yield_value(int);
};
struct task { // eager, and destroys itself
  using promise_type =
      basic_promise<task, std::suspend_never, std::suspend_never>;
};
struct lazy {
  using promise_type =
      basic_promise<lazy, std::suspend_always, std::suspend_always>;
};
)cpp";

namespace {

/// Collects the named declarations of one kind.
template <typename Kind>
class NameFinder : public RecursiveASTVisitor<NameFinder<Kind>> {
public:
  NameFinder(const std::string &Name, std::vector<const Kind *> &Into)
      : Name(Name), Into(Into) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return true; }
  bool VisitNamedDecl(NamedDecl *D) {
    if (const auto *Wanted = dyn_cast<Kind>(D))
      if (publicName(D) == Name)
        Into.push_back(Wanted);
    return true;
  }

private:
  const std::string &Name;
  std::vector<const Kind *> &Into;
};

template <typename Kind>
std::vector<const Kind *> findAll(const ASTContext &Context,
                                  const std::string &Name) {
  std::vector<const Kind *> Found;
  NameFinder<Kind>(Name, Found).TraverseDecl(Context.getTranslationUnitDecl());
  return Found;
}

template <typename Kind>
const Kind *orFail(const Kind *D, const std::string &Name) {
  if (!D)
    throw std::runtime_error("the snippet has no '" + Name + "'");
  return D;
}

bool isInstance(const Decl *D) {
  if (const auto *Function = dyn_cast<FunctionDecl>(D))
    return Function->isTemplateInstantiation();
  if (const auto *Record = dyn_cast<CXXRecordDecl>(D))
    return isTemplateInstantiation(Record->getTemplateSpecializationKind());
  return D->getDeclContext()->isDependentContext();
}

/// The best of several declarations of one name.
template <typename Kind>
const Kind *pick(const ASTContext &Context, const std::string &Name) {
  const Kind *Best = nullptr;
  auto rank = [](const Kind *D) {
    bool Defined = true;
    if constexpr (std::is_same_v<Kind, FunctionDecl> ||
                  std::is_same_v<Kind, CXXMethodDecl>)
      Defined = D->isThisDeclarationADefinition();
    else if constexpr (std::is_same_v<Kind, CXXRecordDecl>)
      Defined = D->isThisDeclarationADefinition() && !D->isInjectedClassName();
    return (isInstance(D) ? 0 : 2) + (Defined ? 1 : 0);
  };
  for (const Kind *D : findAll<Kind>(Context, Name))
    if (!Best || rank(D) > rank(Best))
      Best = D;
  return orFail(Best, Name);
}

} // namespace

ParsedSnippet::ParsedSnippet(const std::string &Code,
                             std::vector<std::string> Args) {
  Args.insert(Args.begin(), {"-std=c++20", "-Wno-everything"});
  Unit = tooling::buildASTFromCodeWithArgs(
      std::string(StdPrelude) + "#line 1 \"snippet.cpp\"\n" + Code, Args,
      "prelude.cpp");
  if (!Unit || Unit->getDiagnostics().hasErrorOccurred())
    throw std::runtime_error("the snippet does not compile");
}

ParsedSnippet::~ParsedSnippet() = default;

const FunctionDecl *ParsedSnippet::function(const std::string &Name) const {
  return pick<FunctionDecl>(context(), Name);
}
const VarDecl *ParsedSnippet::variable(const std::string &Name) const {
  // A local variable's public name has its function's.
  for (const VarDecl *Var : findAll<VarDecl>(context(), Name))
    return Var;
  const VarDecl *Found = nullptr;
  struct Visitor : RecursiveASTVisitor<Visitor> {
    const std::string &Name;
    const VarDecl *&Found;
    Visitor(const std::string &Name, const VarDecl *&Found)
        : Name(Name), Found(Found) {}
    bool shouldVisitTemplateInstantiations() const { return true; }
    bool VisitVarDecl(VarDecl *Var) {
      if (!Found && Var->getNameAsString() == Name)
        Found = Var;
      return true;
    }
  };
  Visitor(Name, Found).TraverseDecl(context().getTranslationUnitDecl());
  return orFail(Found, Name);
}
const CXXRecordDecl *ParsedSnippet::record(const std::string &Name) const {
  return pick<CXXRecordDecl>(context(), Name);
}
const CXXMethodDecl *ParsedSnippet::method(const std::string &Name) const {
  return pick<CXXMethodDecl>(context(), Name);
}
const FunctionDecl *ParsedSnippet::instance(const std::string &Name) const {
  const FunctionDecl *Found = nullptr;
  for (const FunctionDecl *D : findAll<FunctionDecl>(context(), Name))
    if (D->isTemplateInstantiation() && (!Found || D->hasBody()))
      Found = D;
  return orFail(Found, Name);
}
const CXXRecordDecl *ParsedSnippet::special(const std::string &Name) const {
  const CXXRecordDecl *Found = nullptr;
  for (const auto *D :
       findAll<ClassTemplateSpecializationDecl>(context(), Name))
    Found = D;
  return orFail(Found, Name);
}

const Expr *ParsedSnippet::returned(const std::string &Function) const {
  auto Returns = all<ReturnStmt>(Function);
  if (Returns.empty())
    throw std::runtime_error("'" + Function + "' returns nothing");
  return Returns.front()->getRetValue();
}

/// What the built-in models say of the threads of StdPrelude.
static const char *const ThreadRows = R"({ "library": "threads", "sinks": [
  { "function": "std::thread::thread", "task": "all", "hops": "always",
    "evidence": "deb", "source": "thread" },
  { "function": "std::jthread::jthread", "task": "all", "hops": "always",
    "evidence": "deb", "source": "thread" }
] })";

std::shared_ptr<Models> modelsFrom(const std::string &Sections) {
  auto Rows = std::make_shared<Models>();
  if (llvm::Error Err = loadModelText(ThreadRows, "threads.json", *Rows))
    throw std::runtime_error(llvm::toString(std::move(Err)));
  std::string Text = "{ \"library\": \"test\"" +
                     (Sections.empty() ? "" : ", " + Sections) + " }";
  if (llvm::Error Err = loadModelText(Text, "test.json", *Rows))
    throw std::runtime_error(llvm::toString(std::move(Err)));
  return Rows;
}

AnalyzedSnippet::AnalyzedSnippet(const std::string &Code,
                                 const std::string &ModelText,
                                 std::vector<std::string> Args)
    : ParsedSnippet(Code, std::move(Args)),
      Analyses(std::make_unique<Session>(context(), modelsFrom(ModelText))) {}

} // namespace threadhop
