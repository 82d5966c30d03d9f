# Drives SwiftPM from CMake. SwiftPM itself knows what is out of date, so its target is always run, and does nothing
# when nothing has changed.
#
#   swiftpm_find(VERSION)                  finds `swift` of that version or newer: SWIFT_EXECUTABLE
#   swiftpm_build(TARGET PRODUCTS name…)   a target, part of ALL, that builds the package's executables;
#                                          sets SWIFTPM_BIN_DIR to where they will be
option(SWIFT_STATIC_STDLIB "Put the Swift runtime into the programs, so that they run where no Swift is installed" ON)
set(SWIFTPM_SCRATCH_PATH "${CMAKE_BINARY_DIR}/swiftpm" CACHE PATH "Where SwiftPM builds")
set(SWIFTPM_CONFIGURATION release CACHE STRING "SwiftPM's configuration: release or debug")
set_property(CACHE SWIFTPM_CONFIGURATION PROPERTY STRINGS release debug)

function(swiftpm_find minimum)
  find_program(SWIFT_EXECUTABLE swift HINTS "$ENV{HOME}/.local/share/swiftly/bin" DOC "The swift command" REQUIRED)
  execute_process(COMMAND "${SWIFT_EXECUTABLE}" --version OUTPUT_VARIABLE output ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT output MATCHES "Swift version ([0-9.]+)")
    message(FATAL_ERROR "${SWIFT_EXECUTABLE} --version failed (${result}): ${error}")
  endif()
  if(CMAKE_MATCH_1 VERSION_LESS minimum)
    message(FATAL_ERROR
      "Swift ${CMAKE_MATCH_1} is too old: ${minimum} or newer is needed, see https://www.swift.org/install/linux")
  endif()
  message(STATUS "Found Swift: ${SWIFT_EXECUTABLE} (version ${CMAKE_MATCH_1}, minimum ${minimum})")
endfunction()

function(swiftpm_build target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PRODUCTS")
  set(command "${SWIFT_EXECUTABLE}" build
    --package-path "${CMAKE_SOURCE_DIR}" --scratch-path "${SWIFTPM_SCRATCH_PATH}" -c "${SWIFTPM_CONFIGURATION}")
  if(SWIFT_STATIC_STDLIB)
    list(APPEND command --static-swift-stdlib)
  endif()
  # SwiftPM keeps this link to the directory of the host's own triple.
  set(bin "${SWIFTPM_SCRATCH_PATH}/${SWIFTPM_CONFIGURATION}")
  set(programs ${arg_PRODUCTS})
  list(TRANSFORM programs PREPEND "${bin}/")
  add_custom_target(${target} ALL COMMAND ${command} BYPRODUCTS ${programs}
    COMMENT "swift build" USES_TERMINAL VERBATIM)
  set(SWIFTPM_BIN_DIR "${bin}" PARENT_SCOPE)
endfunction()
