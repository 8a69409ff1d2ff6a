# Building for a system that is not Linux, with the libraries of build/cross/<platform>, which
# .ci/cross builds. AZURESTACK_PLATFORM is windows_amd64.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES AZURESTACK_PLATFORM AZURESTACK_CROSS)
if(NOT AZURESTACK_CROSS)
  set(AZURESTACK_CROSS ${CMAKE_CURRENT_LIST_DIR}/../build/cross/${AZURESTACK_PLATFORM})
endif()
cmake_path(ABSOLUTE_PATH AZURESTACK_CROSS NORMALIZE OUTPUT_VARIABLE prefix)

if(AZURESTACK_PLATFORM STREQUAL "windows_amd64")
  set(CMAKE_SYSTEM_NAME Windows)
  set(CMAKE_SYSTEM_PROCESSOR AMD64)
  # The compiler with the threads of POSIX: std::mutex and pthread_create are there.
  set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
  set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
  set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
  # Windows 10 and Server 2016 are the oldest that Terraform's own Go runs on.
  set(flags "-D_WIN32_WINNT=0x0A00 -D__USE_MINGW_ANSI_STDIO=1")
  # Behind everything else, since every library may want them; ssp is the hardening's.
  set(CMAKE_C_STANDARD_LIBRARIES "-lws2_32 -lcrypt32 -lbcrypt -liphlpapi -ldbghelp -lssp -lkernel32 -luser32 -ladvapi32 -lgdi32")
else()
  message(FATAL_ERROR "AZURESTACK_PLATFORM is \"${AZURESTACK_PLATFORM}\", not windows_amd64")
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
