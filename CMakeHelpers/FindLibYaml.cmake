# Finds libyaml. Asks pkg-config, and looks in the usual places where that knows nothing.
#
#   LibYaml_FOUND, LibYaml_VERSION, LibYaml_INCLUDE_DIR, LibYaml_LIBRARY
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_LibYaml QUIET yaml-0.1)
endif()

find_path(LibYaml_INCLUDE_DIR NAMES yaml.h HINTS ${PC_LibYaml_INCLUDEDIR}
  PATHS /usr/include /usr/local/include)
find_library(LibYaml_LIBRARY NAMES yaml libyaml.so HINTS ${PC_LibYaml_LIBDIR}
  PATHS /usr/lib /usr/lib64 /usr/local/lib
  PATH_SUFFIXES ${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu)

set(LibYaml_VERSION "${PC_LibYaml_VERSION}")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibYaml
  REQUIRED_VARS LibYaml_LIBRARY LibYaml_INCLUDE_DIR
  VERSION_VAR LibYaml_VERSION
  REASON_FAILURE_MESSAGE "On Debian: apt-get install libyaml-dev pkg-config")
mark_as_advanced(LibYaml_INCLUDE_DIR LibYaml_LIBRARY)
