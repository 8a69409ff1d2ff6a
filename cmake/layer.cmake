# layer(NAME [USES layer...] [LIBS library...] [DIR folder])
#
# A static library of the folder's sources: provider/NAME/*.c, or with DIR those of that
# folder and the folders in it. A folder without sources makes a layer of nothing.
set(LAYERS "")
function(layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIR" "USES;LIBS")
  if(arg_DIR)
    set(patterns ${arg_DIR}/*.c ${arg_DIR}/*/*.c)
  else()
    set(patterns provider/${name}/*.c)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PRIVATE own_code PUBLIC ${arg_USES} ${arg_LIBS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_USES} ${arg_LIBS})
  endif()
  # From the top down, as the linker wants them.
  set(LAYERS ${name} ${LAYERS} PARENT_SCOPE)
endfunction()
