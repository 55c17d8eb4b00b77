// clang-tidy/ClangTidyForceLinker.h includes this file, which LLVM's build
// generates and its packages leave out. The values are those of the packages.
#ifndef THREADHOP_DRIVER_UPSTREAM_CLANG_TIDY_CONFIG_H
#define THREADHOP_DRIVER_UPSTREAM_CLANG_TIDY_CONFIG_H

#define CLANG_TIDY_ENABLE_STATIC_ANALYZER 1
#define CLANG_TIDY_ENABLE_QUERY_BASED_CUSTOM_CHECKS 1

#endif
