# Building for a system that is not Linux, with the libraries and the compiler of
# build/cross/<platform>, where .ci/cross puts them. AZURESTACK_PLATFORM is windows_amd64, darwin_arm64
# or darwin_amd64.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES AZURESTACK_PLATFORM AZURESTACK_CROSS)
if(NOT AZURESTACK_CROSS)
  set(AZURESTACK_CROSS ${CMAKE_CURRENT_LIST_DIR}/../build/cross/${AZURESTACK_PLATFORM})
endif()
cmake_path(ABSOLUTE_PATH AZURESTACK_CROSS NORMALIZE OUTPUT_VARIABLE prefix)
if(NOT EXISTS ${prefix}/tools/cc)
  message(FATAL_ERROR "The libraries for ${AZURESTACK_PLATFORM} are not in ${prefix}.\n"
    "Run .ci/cross ${AZURESTACK_PLATFORM}, which builds them.")
endif()

set(CMAKE_C_COMPILER ${prefix}/tools/cc)
set(CMAKE_CXX_COMPILER ${prefix}/tools/c++)
set(CMAKE_AR ${prefix}/tools/ar CACHE FILEPATH "")
set(CMAKE_RANLIB ${prefix}/tools/ranlib CACHE FILEPATH "")
if(AZURESTACK_PLATFORM STREQUAL "windows_amd64")
  set(CMAKE_SYSTEM_NAME Windows)
  set(CMAKE_SYSTEM_PROCESSOR AMD64)
  set(CMAKE_RC_COMPILER ${prefix}/tools/windres)
  # Windows 10 and Server 2016 are the oldest that Terraform's own Go runs on.
  set(flags "-D_WIN32_WINNT=0x0A00 -D__USE_MINGW_ANSI_STDIO=1")
  # Behind everything else, since every library may want them; ssp is the hardening's.
  set(CMAKE_C_STANDARD_LIBRARIES "-lws2_32 -lcrypt32 -lbcrypt -liphlpapi -ldbghelp -lssp -lkernel32 -luser32 -ladvapi32 -lgdi32")
elseif(AZURESTACK_PLATFORM MATCHES "^darwin_(arm64|amd64)$")
  set(CMAKE_SYSTEM_NAME Darwin)
  set(CMAKE_SYSTEM_PROCESSOR arm64)
  if(AZURESTACK_PLATFORM STREQUAL "darwin_amd64")
    set(CMAKE_SYSTEM_PROCESSOR x86_64)
  endif()
  # No tool of Apple is needed: the compiler knows its target and has the system's headers.
  set(CMAKE_OSX_SYSROOT "" CACHE STRING "")
  set(CMAKE_OSX_DEPLOYMENT_TARGET "" CACHE STRING "")
  set(CMAKE_INSTALL_NAME_TOOL true CACHE FILEPATH "")
  # Stand-ins for the few functions of Apple's frameworks that the libraries call.
  set(flags "-isystem ${CMAKE_CURRENT_LIST_DIR}/darwin")
  set(CoreFoundation "" CACHE STRING "")
else()
  message(FATAL_ERROR "AZURESTACK_PLATFORM is \"${AZURESTACK_PLATFORM}\", not windows_amd64, darwin_arm64 or darwin_amd64")
endif()
set(CMAKE_C_FLAGS_INIT "${flags}")
set(CMAKE_CXX_FLAGS_INIT "${flags}")

set(CMAKE_FIND_ROOT_PATH ${prefix})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_PATH} "")
set(ENV{PKG_CONFIG_LIBDIR} ${prefix}/lib/pkgconfig)
