# Building for linux_arm64 on another machine: Debian's cross compiler, and the libraries of
# build/sources/sysroot-arm64, which .ci/sysroot unpacks.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(triplet aarch64-linux-gnu)
set(CMAKE_C_COMPILER ${triplet}-gcc)

cmake_path(SET CMAKE_SYSROOT NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../build/sources/sysroot-arm64)
if(NOT EXISTS ${CMAKE_SYSROOT}/wanted.sha256)
  message(FATAL_ERROR "The arm64 libraries are not in ${CMAKE_SYSROOT}.\n"
    "Run .ci/sysroot, which fetches them.")
endif()

# The cross compiler brings a C library and a libstdc++ of its own, and looks there first.
# What ships is to be linked from the distribution's arm64 packages, and from them alone:
# they get its security fixes.
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
