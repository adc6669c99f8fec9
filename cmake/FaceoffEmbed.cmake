# faceoff_embed(<target> <namespace> <function> <folder> <names...>)
#
# Compiles the files <folder>/<name>.json into <target>: `std::string_view <namespace>::<function>(name)`
# gives the text of one, or an empty one. A change of a file builds it anew.
function(faceoff_embed target namespace function folder)
  set(rows "")
  foreach(name IN LISTS ARGN)
    set(file ${folder}/${name}.json)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND rows "  if (name == \"${name}\") {\n    return R\"json(${text})json\";\n  }\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp @ONLY CONTENT
"#include <string_view>

namespace ${namespace} {

std::string_view ${function}(std::string_view name);

std::string_view ${function}(std::string_view name) {
${rows}  return {};
}

}  // namespace ${namespace}
")
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
endfunction()
