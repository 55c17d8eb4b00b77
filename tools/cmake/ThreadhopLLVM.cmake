# Finds the LLVM and Clang packages of THREADHOP_LLVM_VERSION. Their version
# files accept only the same major.minor, so the major is checked here.
find_package(Clang REQUIRED CONFIG
             PATHS ${THREADHOP_LLVM_PREFIX}/lib/cmake/clang NO_DEFAULT_PATH)
if(NOT LLVM_VERSION_MAJOR EQUAL THREADHOP_LLVM_VERSION)
  message(FATAL_ERROR
          "found LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}, but "
          "THREADHOP_LLVM_VERSION is ${THREADHOP_LLVM_VERSION}")
endif()
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}")

# What clang-tidy's own library needs beside libclang-cpp.
set(THREADHOP_TIDY_LIBS clangTidy clangTidyUtils)
