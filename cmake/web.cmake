# The web app: `web` builds it with npm, from web/ to build/web, whichever build directory asks.
# arrears_embed_web(<target>) puts it into the program; where it was not built, a page that says so.
# What it consists of is looked up when a build begins, so build `web` first: `./dev build` does.
find_program(NPM npm)
if(NPM)
  add_custom_target(web
    COMMAND ${NPM} ci --no-audit --no-fund
    COMMAND ${NPM} run build
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/web
    COMMENT "Building the web app in build/web"
    USES_TERMINAL)
endif()

function(arrears_embed_web target)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
    ${CMAKE_SOURCE_DIR}/build/web/*)
  if(files)
    arrears_embed(${target} web build/web ${files})
  else()
    arrears_embed(${target} web src/programs/arrears/no_web src/programs/arrears/no_web/index.html)
  endif()
endfunction()
