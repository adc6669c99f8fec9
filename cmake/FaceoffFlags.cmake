# faceoff_flags: what every target of the project is compiled with.
include(CheckCXXCompilerFlag)

# Not -Wnull-dereference: it needs optimisation, and then g++ 12 reports std::vector itself.
add_library(faceoff_flags INTERFACE)
target_compile_options(faceoff_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align
  -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough -Wextra-semi -Wundef
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wuseless-cast>
  $<$<BOOL:${FACEOFF_WERROR}>:-Werror>
  -fstack-protector-strong -fstack-clash-protection
  $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
target_compile_definitions(faceoff_flags INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
target_link_options(faceoff_flags INTERFACE -Wl,-z,relro,-z,now)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(FACEOFF_SANITIZE)
  add_compile_options(-fsanitize=${FACEOFF_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FACEOFF_SANITIZE})
  # Reports false positives when sanitizer instrumentation is inlined (g++ 12).
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

# Reuses earlier compilations where ccache is installed, also between build folders.
find_program(FACEOFF_CCACHE ccache)
if(FACEOFF_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${FACEOFF_CCACHE})
endif()
