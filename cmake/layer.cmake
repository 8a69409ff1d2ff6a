# layer(NAME [USES layer...] [LIBS library...] [DIR folder])
#
# A static library of the folder's sources: provider/NAME/*.c, or with DIR those of that
# folder and the folders in it. A file whose name ends in _posix, _linux, _darwin or _windows is
# for these systems only.
if(WIN32)
  set(other_systems "_(posix|linux|darwin)[.]c$")
elseif(APPLE)
  set(other_systems "_(windows|linux)[.]c$")
else()
  set(other_systems "_(windows|darwin)[.]c$")
endif()
set(LAYERS "")
function(layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIR" "USES;LIBS")
  if(arg_DIR)
    set(patterns ${arg_DIR}/*.c ${arg_DIR}/*/*.c)
  else()
    set(patterns provider/${name}/*.c)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  list(FILTER sources EXCLUDE REGEX "${other_systems}")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PRIVATE own_code PUBLIC ${arg_USES} ${arg_LIBS})
  # From the top down, as the linker wants them.
  set(LAYERS ${name} ${LAYERS} PARENT_SCOPE)
endfunction()
