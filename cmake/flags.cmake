# How code of ours is compiled and linked. Code that is generated, and libcurl's, gets the
# hardening but not the warnings.

include(CheckCCompilerFlag)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# No NDEBUG: an assertion that fails is better than a state file that lies.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g0")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g3 -fno-omit-frame-pointer")

# The same sources give the same bytes, wherever they were unpacked. The later map wins.
# Only in what ships: a debugger wants the true paths.
set(reproducible "")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(reproducible
    "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build")
endif()

set(hardening "-fstack-protector-strong")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # Undefined first: some distributions' compilers define it themselves.
  string(APPEND hardening " -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2")
endif()
set(CMAKE_REQUIRED_FLAGS -Werror)   # clang only warns of a flag of another architecture
set(branch_protection -fcf-protection -mbranch-protection=standard)   # x86 and arm64 in turn
if(APPLE)   # gives neither to programs of others
  set(branch_protection "")
endif()
foreach(flag ${branch_protection})
  string(MAKE_C_IDENTIFIER "HAS${flag}" has)
  check_c_compiler_flag(${flag} ${has})
  if(${has})
    string(APPEND hardening " ${flag}")
  endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)

# Kept as text as well, because the sub-build of libcurl takes them too.
set(position "-fPIE")
if(WIN32)   # all code may sit anywhere
  set(position "")
endif()
set(common_c_flags "${reproducible} ${hardening} ${position} -ffunction-sections -fdata-sections -pthread")
separate_arguments(common_c_options UNIX_COMMAND "${common_c_flags}")
add_compile_options(${common_c_options})
if(WIN32)
  # One file that needs nothing but Windows, at a random address, with the same bytes at any time.
  add_link_options(-pthread -static -Wl,--dynamicbase,--nxcompat,--high-entropy-va,--no-insert-timestamp)
elseif(NOT APPLE)   # where every program is at a random address
  # As needed: gRPC's list names dozens of libraries, most of which are not used directly.
  add_link_options(-pthread -Wl,--as-needed -Wl,-z,relro,-z,now,-z,noexecstack)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  if(APPLE)
    add_link_options(-Wl,-dead_strip -s)
  else()
    add_link_options(-Wl,--gc-sections -s)
  endif()
endif()

if(AZURESTACK_SANITIZE)
  add_compile_options(-fsanitize=${AZURESTACK_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${AZURESTACK_SANITIZE})
endif()

# Warnings are errors, unless a package is built with a newer compiler, whose warnings are not known
# here: cmake --compile-no-warning-as-error.
set(CMAKE_COMPILE_WARNING_AS_ERROR ON)

# Linked by everything that is written here.
add_library(own_code INTERFACE)
target_compile_definitions(own_code INTERFACE _GNU_SOURCE)
target_compile_options(own_code INTERFACE -Wall -Wextra -Wshadow -Wstrict-prototypes
  -Wmissing-prototypes -Wvla
  -Wno-format-truncation)   # error texts have a fixed size and are cut on purpose
if(AZURESTACK_SANITIZE)
  # What sanitizers insert makes gcc see paths that are not there; the release build,
  # which has no sanitizers, keeps these warnings.
  target_compile_options(own_code INTERFACE -Wno-maybe-uninitialized -Wno-stringop-overflow
    -Wno-stringop-truncation -Wno-format-overflow)
  if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
    target_compile_options(own_code INTERFACE -Wno-unknown-warning-option)
    target_compile_definitions(own_code INTERFACE __SANITIZE_ADDRESS__)   # as gcc says it
  endif()
endif()
# "base/arena.h" is under provider/; "schema/schema.h" and "proto/x.pb-c.h" start at the root,
# of the repository and of the generated files.
target_include_directories(own_code INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/provider)
if(WIN32)
  # The functions of GNU's C library that are written for in every layer.
  target_compile_options(own_code INTERFACE
    "SHELL:-include ${CMAKE_SOURCE_DIR}/provider/base/libc_windows.h")
elseif(APPLE)
  target_compile_options(own_code INTERFACE
    "SHELL:-include ${CMAKE_SOURCE_DIR}/provider/base/libc_darwin.h")
endif()
