# Building what ships: Debian's compiler for AZURESTACK_ARCHITECTURE (amd64 or arm64), and the
# libraries of build/sources/sysroot-<architecture>, which .ci/sysroot unpacks.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES AZURESTACK_ARCHITECTURE)
set(CMAKE_SYSTEM_NAME Linux)
if(AZURESTACK_ARCHITECTURE STREQUAL "amd64")
  set(CMAKE_SYSTEM_PROCESSOR x86_64)
else()
  set(CMAKE_SYSTEM_PROCESSOR aarch64)
endif()
set(triplet ${CMAKE_SYSTEM_PROCESSOR}-linux-gnu)
set(CMAKE_C_COMPILER ${triplet}-gcc)

cmake_path(SET CMAKE_SYSROOT NORMALIZE
  ${CMAKE_CURRENT_LIST_DIR}/../build/sources/sysroot-${AZURESTACK_ARCHITECTURE})
if(NOT EXISTS ${CMAKE_SYSROOT}/wanted.sha256)
  message(FATAL_ERROR "The ${AZURESTACK_ARCHITECTURE} libraries are not in ${CMAKE_SYSROOT}.\n"
    "Run .ci/sysroot ${AZURESTACK_ARCHITECTURE}, which fetches them.")
endif()

# A cross compiler brings a C library and a libstdc++ of its own, which get no security fixes,
# and looks there first. What ships is linked from the sysroot, and from it alone;
# .ci/packing/linked fails on anything else.
file(GLOB start_files ${CMAKE_SYSROOT}/usr/lib/gcc/${triplet}/*)
string(JOIN " " flags
  -B${start_files}/ -B${CMAKE_SYSROOT}/usr/lib/${triplet}/
  -isystem ${CMAKE_SYSROOT}/usr/include/${triplet} -isystem ${CMAKE_SYSROOT}/usr/include)
set(CMAKE_C_FLAGS_INIT "${flags}")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_LIBRARY_ARCHITECTURE ${triplet})
set(ENV{PKG_CONFIG_PATH} "")
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
  ${CMAKE_SYSROOT}/usr/lib/${triplet}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
