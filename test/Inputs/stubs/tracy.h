//===- tracy.h - The names of Tracy that guards use -----------------------===//
//
// As in the original, the macros are empty unless TRACY_ENABLE is defined.
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_TEST_STUBS_TRACY_H
#define THREADHOP_TEST_STUBS_TRACY_H

#ifndef TRACY_ENABLE

#define ZoneNamed(x, y)
#define ZoneNamedN(x, y, z)
#define ZoneScoped
#define ZoneScopedN(x)
#define ZoneScopedC(x)
#define FrameMark

#else

namespace tracy {
struct SourceLocationData {
  const char *name;
  const char *function;
};
class ScopedZone {
public:
  ScopedZone(const ScopedZone &) = delete;
  explicit ScopedZone(const SourceLocationData *location,
                      bool is_active = true);
  ~ScopedZone();
};
} // namespace tracy

#define TracyConcat(x, y) TracyConcatIndirect(x, y)
#define TracyConcatIndirect(x, y) x##y
#define ZoneNamedN(variable, name, active)                                     \
  static constexpr tracy::SourceLocationData TracyConcat(                      \
      tracy_source_location, __LINE__){name, __func__};                        \
  tracy::ScopedZone variable(&TracyConcat(tracy_source_location, __LINE__),    \
                             active)
#define ZoneNamed(variable, active) ZoneNamedN(variable, nullptr, active)
#define ZoneScoped ZoneNamed(___tracy_scoped_zone, true)
#define ZoneScopedN(name) ZoneNamedN(___tracy_scoped_zone, name, true)
#define FrameMark

#endif // TRACY_ENABLE

#endif // THREADHOP_TEST_STUBS_TRACY_H
