# The libraries of others, each an INTERFACE target under a short name. They are linked by
# name (-lgrpc), not by path, so that -static-pie finds the archive and everything else
# finds the shared object.

find_package(PkgConfig REQUIRED)

# Ubuntu's archive of c-ares has a name that its pkg-config file does not have.
set(cares cares)
if(AZURESTACK_STATIC)
  find_library(cares_archive NAMES libcares.a libcares_static.a)
  if(cares_archive MATCHES "_static")
    set(cares cares_static)
  endif()
endif()

# external(NAME MODULE...)   the first module that pkg-config knows
# What its archives need in turn is collected for link_static().
set(static_libraries "")
function(external name)
  pkg_search_module(${name} REQUIRED QUIET ${ARGN})
  add_library(${name} INTERFACE)
  target_include_directories(${name} SYSTEM INTERFACE ${${name}_INCLUDE_DIRS})
  target_link_directories(${name} INTERFACE ${${name}_LIBRARY_DIRS})
  # -l, because the target's own name may be that of the library.
  list(TRANSFORM ${name}_LIBRARIES REPLACE "^cares$" "${cares}")
  list(TRANSFORM ${name}_LIBRARIES PREPEND "-l")
  target_link_libraries(${name} INTERFACE ${${name}_LIBRARIES})
  set(static_libraries ${static_libraries} ${${name}_STATIC_LIBRARIES} PARENT_SCOPE)
  set(${name}_VERSION ${${name}_VERSION} PARENT_SCOPE)
endfunction()

# gRPC's list of shared libraries repeats what the shared object brings along by itself.
external(grpc grpc)
if(NOT AZURESTACK_STATIC)
  set_target_properties(grpc PROPERTIES INTERFACE_LINK_LIBRARIES "-lgrpc;-lgpr")
endif()
# gRPC names the archive of re2, and not what newer ones of it need in turn: abseil's log.
pkg_check_modules(re2 QUIET re2)
list(APPEND static_libraries ${re2_STATIC_LIBRARIES})
external(protobuf-c libprotobuf-c)
external(msgpack msgpack-c msgpack)    # newer distributions call it msgpack-c
external(jansson jansson)
external(openssl openssl)

# Only tests need these, and they are never linked statically.
set(shipped_libraries "${static_libraries}")
if("${AZURESTACK_TESTS}" MATCHES "unit|wire|torture")
  external(cmocka cmocka)
endif()
set(static_libraries "${shipped_libraries}")

# --- libcurl ----------------------------------------------------------------------------

if(AZURESTACK_SYSTEM_CURL)
  external(curl libcurl)
else()
  # HTTP and nothing else, over OpenSSL. Names are looked up by the C library, on threads of
  # their own; provider/static_names.c keeps it from loading modules at run time. No place of CA
  # certificates is compiled in; the provider looks for the one of the machine it runs on.
  if(NOT EXISTS ${AZURESTACK_CURL_SOURCE}/CMakeLists.txt)
    message(FATAL_ERROR
      "The source of libcurl is not in ${AZURESTACK_CURL_SOURCE}.\n"
      "Run .ci/setup, which fetches it; or say -DAZURESTACK_CURL_SOURCE=<folder>; or take the "
      "system's shared libcurl with -DAZURESTACK_SYSTEM_CURL=ON (as the debug preset does).")
  endif()
  pkg_check_modules(curl_needs REQUIRED QUIET libnghttp2 openssl zlib)
  list(APPEND static_libraries ${curl_needs_STATIC_LIBRARIES})

  set(curl_c_flags "")
  if(WIN32)
    set(curl_c_flags "-DNGHTTP2_STATICLIB")
  endif()
  set(curl_options "")
  if(APPLE)   # of Apple's frameworks there is none; cmake/darwin says what that means
    set(curl_options -DSYSTEMCONFIGURATION_FRAMEWORK=none -DCOREFOUNDATION_FRAMEWORK=none)
  endif()
  include(ExternalProject)
  set(curl_build ${CMAKE_BINARY_DIR}/curl)
  set(curl_archive ${curl_build}/lib/libcurl.a)
  ExternalProject_Add(curl_archive
    SOURCE_DIR ${AZURESTACK_CURL_SOURCE}
    BINARY_DIR ${curl_build}
    PREFIX ${CMAKE_BINARY_DIR}/curl-steps
    CMAKE_ARGS
      -DCMAKE_BUILD_TYPE=Release
      -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER} -DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE}
      -DAZURESTACK_ARCHITECTURE=${AZURESTACK_ARCHITECTURE}
      -DAZURESTACK_PLATFORM=${AZURESTACK_PLATFORM} -DAZURESTACK_CROSS=${AZURESTACK_CROSS}
      "-DCMAKE_C_FLAGS=${CMAKE_C_FLAGS_INIT} ${common_c_flags} ${curl_c_flags} -ffile-prefix-map=${AZURESTACK_CURL_SOURCE}=curl -ffile-prefix-map=${curl_build}=curl -w"
      "-DCMAKE_C_FLAGS_RELEASE=-O2 -g0"
      -DBUILD_SHARED_LIBS=OFF -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DENABLE_MANUAL=OFF
      -DHTTP_ONLY=ON -DENABLE_ARES=OFF -DENABLE_THREADED_RESOLVER=ON -DUSE_NGHTTP2=ON
      -DCURL_USE_OPENSSL=ON -DCURL_ZLIB=ON
      -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none -DCURL_CA_FALLBACK=OFF
      -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DUSE_LIBIDN2=OFF -DUSE_LIBRTMP=OFF
      -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH=OFF -DCURL_USE_LIBSSH2=OFF
      -DCURL_USE_GSSAPI=OFF -DCURL_DISABLE_LDAP=ON -DCURL_DISABLE_LDAPS=ON ${curl_options}
    BUILD_COMMAND ${CMAKE_COMMAND} --build <BINARY_DIR>   # nothing but the library is on
    INSTALL_COMMAND ""
    LOG_CONFIGURE ON LOG_BUILD ON LOG_OUTPUT_ON_FAILURE ON   # hundreds of lines otherwise
    BUILD_BYPRODUCTS ${curl_archive})
  add_library(curl INTERFACE)
  add_dependencies(curl curl_archive)
  target_include_directories(curl SYSTEM INTERFACE ${AZURESTACK_CURL_SOURCE}/include)
  if(WIN32)
    target_compile_definitions(curl INTERFACE CURL_STATICLIB)
  endif()
  list(TRANSFORM curl_needs_LIBRARIES PREPEND "-l")
  target_link_libraries(curl INTERFACE ${curl_archive} ${curl_needs_LIBRARIES})
endif()

# --- the wire contracts -----------------------------------------------------------------

file(GLOB proto_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} proto/*.proto)
find_program(PROTOC_C protoc-c REQUIRED)
set(generated ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated})
set(proto_sources "")
foreach(file ${proto_files})
  string(REGEX REPLACE "\\.proto$" ".pb-c" stem ${generated}/${file})
  add_custom_command(
    OUTPUT ${stem}.c ${stem}.h
    COMMAND ${PROTOC_C} --proto_path=. --c_out=${generated} ${file}
    DEPENDS ${proto_files}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    VERBATIM)
  list(APPEND proto_sources ${stem}.c ${stem}.h)
endforeach()
add_library(proto STATIC ${proto_sources})
target_compile_options(proto PRIVATE -w)
target_include_directories(proto SYSTEM PUBLIC ${generated})
target_link_libraries(proto PUBLIC protobuf-c)

# --- how the provider ships ---------------------------------------------------------------

# One file that needs nothing but the system's kernel, or on Windows its DLLs, or on macOS libSystem,
# and still sits at a random address. On Linux the linker warns about getaddrinfo and similar
# functions, which may load shared objects: provider/static_names.c sees to it that they do not, and
# tests/acceptance/names_test.py watches.
function(link_static target)
  if(APPLE)
    # The system's one library is no archive. The linker looks through the archives until it has
    # all, and needs no group.
    list(REMOVE_DUPLICATES static_libraries)
    list(REMOVE_ITEM static_libraries pthread dl rt)
    list(TRANSFORM static_libraries PREPEND "-l")
    target_link_libraries(${target} PRIVATE ${static_libraries} -lc++)
    return()
  endif()
  set(libraries ${static_libraries} stdc++ m)
  list(REMOVE_DUPLICATES libraries)
  list(REMOVE_ITEM libraries pthread dl rt)      # parts of libc itself
  list(TRANSFORM libraries REPLACE "^cares$" "${cares}")
  list(TRANSFORM libraries PREPEND "-l")
  # The archives need each other in circles, so the linker goes round until it has all. One
  # item, so that nothing comes between its parts.
  list(JOIN libraries "," group)
  # Relocations as a bitmap instead of 24 bytes each: 0.7 MB less to store and to read at each
  # start. The C library applies them from 2.36 on, and a static file does not say that it must.
  include(CheckCSourceCompiles)
  set(CMAKE_REQUIRED_LINK_OPTIONS -Wl,-z,pack-relative-relocs)
  check_c_source_compiles("#include <features.h>
    #if !__GLIBC_PREREQ(2, 36)
    #error too old
    #endif
    int main(void) { return 0; }" HAS_PACKED_RELOCATIONS)
  if(HAS_PACKED_RELOCATIONS)
    target_link_options(${target} PRIVATE -Wl,-z,pack-relative-relocs)
  endif()
  # The map says what was linked, for the list of it that a release holds.
  if(NOT WIN32)
    target_link_options(${target} PRIVATE -static-pie)
  endif()
  target_link_options(${target} PRIVATE "-Wl,-Map=${CMAKE_BINARY_DIR}/${target}.map")
  target_link_libraries(${target} PRIVATE "-Wl,--start-group,${group},--end-group")
endfunction()
