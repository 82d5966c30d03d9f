# Finds libseccomp. Asks pkg-config, and looks in the usual places where that knows nothing.
#
#   LibSeccomp_FOUND, LibSeccomp_VERSION, LibSeccomp_INCLUDE_DIR, LibSeccomp_LIBRARY
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_LibSeccomp QUIET libseccomp)
endif()

find_path(LibSeccomp_INCLUDE_DIR NAMES seccomp.h HINTS ${PC_LibSeccomp_INCLUDEDIR}
  PATHS /usr/include /usr/local/include)
find_library(LibSeccomp_LIBRARY NAMES seccomp libseccomp.so HINTS ${PC_LibSeccomp_LIBDIR}
  PATHS /usr/lib /usr/lib64 /usr/local/lib
  PATH_SUFFIXES ${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu)

set(LibSeccomp_VERSION "${PC_LibSeccomp_VERSION}")
if(NOT LibSeccomp_VERSION AND LibSeccomp_INCLUDE_DIR)
  set(_numbers)
  foreach(_part MAJOR MINOR MICRO)
    file(STRINGS "${LibSeccomp_INCLUDE_DIR}/seccomp.h" _line REGEX "#define SCMP_VER_${_part}")
    string(REGEX MATCH "[0-9]+" _number "${_line}")
    list(APPEND _numbers "${_number}")
  endforeach()
  list(JOIN _numbers "." LibSeccomp_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibSeccomp
  REQUIRED_VARS LibSeccomp_LIBRARY LibSeccomp_INCLUDE_DIR
  VERSION_VAR LibSeccomp_VERSION
  REASON_FAILURE_MESSAGE "On Debian: apt-get install libseccomp-dev pkg-config")
mark_as_advanced(LibSeccomp_INCLUDE_DIR LibSeccomp_LIBRARY)
