# Finds libmount (util-linux). Asks pkg-config, and looks in the usual places where that knows nothing.
#
#   LibMount_FOUND, LibMount_VERSION, LibMount_INCLUDE_DIR, LibMount_LIBRARY
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_LibMount QUIET mount)
endif()

find_path(LibMount_INCLUDE_DIR NAMES libmount/libmount.h HINTS ${PC_LibMount_INCLUDEDIR}
  PATHS /usr/include /usr/local/include)
find_library(LibMount_LIBRARY NAMES mount libmount.so HINTS ${PC_LibMount_LIBDIR}
  PATHS /usr/lib /usr/lib64 /usr/local/lib
  PATH_SUFFIXES ${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu)

set(LibMount_VERSION "${PC_LibMount_VERSION}")
if(NOT LibMount_VERSION AND LibMount_INCLUDE_DIR)
  file(STRINGS "${LibMount_INCLUDE_DIR}/libmount/libmount.h" _version REGEX "#define LIBMOUNT_VERSION ")
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" LibMount_VERSION "${_version}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibMount
  REQUIRED_VARS LibMount_LIBRARY LibMount_INCLUDE_DIR
  VERSION_VAR LibMount_VERSION
  REASON_FAILURE_MESSAGE "On Debian: apt-get install libmount-dev pkg-config")
mark_as_advanced(LibMount_INCLUDE_DIR LibMount_LIBRARY)
