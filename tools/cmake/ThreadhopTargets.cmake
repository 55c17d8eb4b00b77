set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(THREADHOP_CCACHE ccache)
if(THREADHOP_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${THREADHOP_CCACHE})
  # A precompiled header is an input that ccache cannot look into; these
  # settings are the ones its manual asks for.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros
      ${THREADHOP_CCACHE})
endif()
find_program(THREADHOP_LLD NAMES ld.lld
             HINTS ${THREADHOP_LLVM_PREFIX}/bin /usr/lib/llvm-22/bin)
if(THREADHOP_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(--ld-path=${THREADHOP_LLD})
endif()

# Flags of every target of ours. Errors are reported through llvm::Error, but
# nlohmann_json throws, so exceptions stay on.
add_library(threadhopFlags INTERFACE)
target_compile_options(threadhopFlags INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter
  $<$<CXX_COMPILER_ID:Clang>:-Xclang=-fno-pch-timestamp>
  $<$<NOT:$<BOOL:${LLVM_ENABLE_RTTI}>>:-fno-rtti>)
target_compile_definitions(threadhopFlags INTERFACE ${LLVM_DEFINITIONS_LIST}
  THREADHOP_VERSION="${PROJECT_VERSION}")
target_include_directories(threadhopFlags SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
target_include_directories(threadhopFlags INTERFACE
  ${CMAKE_SOURCE_DIR}/lib ${CMAKE_BINARY_DIR}/lib)
if(THREADHOP_SANITIZE)
  target_compile_options(threadhopFlags INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr -fno-omit-frame-pointer)
  target_link_options(threadhopFlags INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr)
endif()

# threadhop_library(NAME source...): one analysis library, as objects, so that
# plugin, driver and language server hold the same single copy.
function(threadhop_library name)
  add_library(${name} OBJECT ${ARGN})
  target_link_libraries(${name} PUBLIC threadhopFlags)
endfunction()

# The precompiled header with clang's AST, built once and reused.
function(threadhop_use_pch name)
  if(TARGET threadhopAnalysis AND NOT name STREQUAL threadhopAnalysis)
    target_precompile_headers(${name} REUSE_FROM threadhopAnalysis)
  else()
    target_precompile_headers(${name} PRIVATE
      ${CMAKE_SOURCE_DIR}/lib/support/Precompiled.h)
  endif()
endfunction()
